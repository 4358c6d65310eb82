// SPDX-License-Identifier: Apache-2.0
// Owns: the list of the console's panels, one file each, and the little that the screen itself remembers between frames (drafts, what
// is being asked). Never: session data: that is the model's. A panel is a function of the model and a place. Units: pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "clinician/console/model.h"
#include "clinician/console/ui.h"

namespace accalmie::console {

// The key that is held to speak; its name stands on the button.
inline constexpr ImGuiKey kVoiceKey = ImGuiKey_F8;
inline constexpr const char* kVoiceKeyName = "F8";

struct ScreenState {
    std::string note_draft;
    std::string rating_draft;           // digits, at most the scale's width
    std::optional<int> rating_focus;    // the question for which the keyboard was last brought to the rating entry
    bool voice_held = false;            // the model was told so
    bool voice_let_go = true;           // since the window lost the keyboard, or the patient's view was lost
    bool note_active = false;           // the note's field has the keyboard: digits are text there
    bool asks_to_close = false;         // the window's close button was pressed while the session runs
    bool may_close = false;
    double escape_down_s = 0;
    std::string language = "fr";        // what the clinician wants; the application follows
    ImTextureID mirror_texture = nullptr;
    double question_opened_s = -1;      // when the open question was first seen, in UI time
};

void header_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
void steps_panel(Ui& ui, Rect rect, SessionModel& model);
void mirror_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
void controls_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
void voice_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
void craving_plot(Ui& ui, Rect rect, SessionModel& model);
void rating_entry(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
void timeline_panel(Ui& ui, Rect rect, SessionModel& model);
void notes_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state);
// The newest warning or alarm that still matters; drawn over the mirror's upper edge, so that nothing moves under the hand.
void banner_over(Ui& ui, Rect rect, SessionModel& model);

// What the clinician may do now. Stop is not asked: it always may.
bool allowed(session::Action action, const session::View& view, const protocols::SessionPlan& plan);
// Why the step goes on, as a sentence with this level's own numbers.
std::string rule_in_words(const Language& language, const protocols::SessionPlan& plan, const protocols::SessionState& state);
std::string scene_title(const Language& language, const SessionModel& model, const std::string& scene);
std::string level_title(const Language& language, const SessionModel& model, const std::string& scene, int level);  // empty: none
std::string step_kind_name(const Language& language, protocols::StepKind kind);

}  // namespace accalmie::console
