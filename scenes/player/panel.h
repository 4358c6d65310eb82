// SPDX-License-Identifier: Apache-2.0
// Owns: the panel that hangs before the patient: which question or text is on it, where the patient points, when an answer counts.
// Never: draws (panel_picture) or decides when to ask. Units: seconds of the player's clock (_s); values of the rating scale.
// An answer counts once the panel was part of a submitted frame, so that a press that was meant for something else is no rating.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/xr/session.h"
#include "scenes/link/messages.h"

namespace accalmie::scenes {

inline constexpr double kDwell_s = 1.2;          // gaze on one value
inline constexpr double kAttention_s = 0.25;     // a press sooner than this after the question appeared was not meant for it
inline constexpr double kConfirmation_s = 0.8;

// What the panel's picture shows; it is drawn anew only when this changes.
struct PanelContent {
    enum class Kind : std::uint8_t { hidden, question, confirmed, text };
    Kind kind = Kind::hidden;
    std::string language;
    std::string text;                  // the question or the text
    std::string low_anchor, high_anchor;
    int minimum = 0, maximum = 100;
    std::optional<int> value;          // pointed at, or given
    bool by_gaze = false;
    int dwell_percent = 0;             // in steps of 5
    bool operator==(const PanelContent&) const = default;
};

class Panel {
public:
    void set_language(const std::string& language) { language_ = language; }
    void set_instant(bool instant) { instant_ = instant; }

    void ask(const link::AskRating& question);
    void hide_rating();
    void show_text(const std::string& text) { text_ = text; }
    void hide_text() { text_.clear(); }
    // Over everything else: the player speaks for itself ("your clinician is coming back").
    void notice(const std::string& text) { notice_ = text; }
    void clear_notice() { notice_.clear(); }

    // The patient's hand or head in this frame; the answer when one was given. `frame` is left for the caller to fill.
    std::optional<link::RatingGiven> look(const xr::Input& input, double now_s);
    PanelContent content(double now_s) const;
    // The frame with this content was submitted; RatingShown the first time that a question was on it.
    std::optional<link::RatingShown> submitted(const PanelContent& content, double now_s, std::uint64_t frame);

private:
    std::optional<int> dwelled(int value, double now_s);
    void forget_gaze();

    std::string language_ = "en";
    std::optional<link::AskRating> question_;
    std::optional<double> shown_s_;
    std::string text_, notice_;
    std::optional<int> pointed_;
    bool by_gaze_ = false;
    bool held_ = false;
    double gaze_start_s_ = 0, gaze_sum_ = 0;
    int gaze_samples_ = 0;
    int dwell_percent_ = 0;
    std::optional<PanelContent> confirmed_;
    double confirmed_s_ = 0;
    bool instant_ = false;
};

}  // namespace accalmie::scenes
