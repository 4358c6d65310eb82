// SPDX-License-Identifier: Apache-2.0
// Push-to-talk: the button and its key, how loud the microphone is, and in words whether the patient hears it. Only the player's own word
// turns the strip bright: a clinician who thinks to be heard and is not is worse off than one who knows.
#include <algorithm>
#include <cmath>
#include <format>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

using State = session::VoiceView::State;

constexpr float kQuietest_db = -60, kLoudest_db = 0, kTooLoud_db = -6;
constexpr int kBars = 12;

// Bars that grow: how many says it, the last ones are taller and another colour.
void meter(Ui& ui, Rect place, float level_db) {
    const float share = std::clamp((level_db - kQuietest_db) / (kLoudest_db - kQuietest_db), 0.0f, 1.0f);
    const int lit = static_cast<int>(std::lround(share * kBars));
    const float step = place.width() / kBars, middle = place.center().y;
    for (int i = 0; i < kBars; ++i) {
        const bool loud = kQuietest_db + (static_cast<float>(i) + 0.5f) * (kLoudest_db - kQuietest_db) / kBars > kTooLoud_db;
        const float half = ui.px(loud ? 12.0f : 8.0f), x = place.x0 + static_cast<float>(i) * step;
        const ImU32 on = loud ? colour::orange : colour::sky;
        ui.draw().AddRectFilled({x, middle - half}, {x + step - ui.px(3), middle + half}, i < lit ? on : colour::outline, ui.px(2));
    }
    ui.record({.id = "voice.level", .role = Role::light, .rect = place, .label = {}, .value = std::to_string(lit), .data = true});
}

std::string sentence(const Ui& ui, const session::View& view) {
    if (view.finished) return ui.tr("voice.over");
    if (!view.player_up) return ui.tr("voice.away");
    switch (view.voice.state) {
        case State::silent: return ui.tr("voice.silent");
        case State::opening: return ui.tr("voice.opening");
        case State::heard: return ui.tr(view.voice.person ? "voice.heard_person" : "voice.heard_beside");
        case State::unheard: break;
    }
    const std::string& why = view.voice.why;
    if (why == "microphone") return ui.tr("voice.no_microphone");
    if (why == "no sound") return ui.tr("voice.no_sound");
    if (why == "kept") return ui.tr("voice.kept");
    return ui.tr(why == "stop" ? "voice.stopped" : "voice.broken_off");
}

// Held by the button or the key. What ends it by itself has to be let go before it is heard again.
bool take_hold(SessionModel& model, ScreenState& state, bool by_button, bool may) {
    const bool asked = by_button || ImGui::IsKeyDown(kVoiceKey);
    if (!asked) state.voice_let_go = true;
    else if (ImGui::GetIO().AppFocusLost || !may) state.voice_let_go = false;
    const bool held = asked && may && state.voice_let_go;
    if (held || state.voice_held) model.speak(held);
    state.voice_held = held;
    return held;
}

}  // namespace

void voice_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    const session::VoiceView& voice = view.voice;
    const bool may = view.player_up && !view.finished && !state.asks_to_close;
    const bool heard = may && voice.state == State::heard, unheard = may && voice.state == State::unheard;
    ui.surface(rect, heard ? colour::sky : colour::panel, 8, unheard ? colour::yellow : 0);
    const std::string label = ui.language().format("voice.hold", {{"key", kVoiceKeyName}});
    const bool button = ui.hold_button("voice.hold", label, rect.cut_left(ui.px(rect.width() < ui.px(700) ? 210.0f : 262.0f), ui.px(14)), heard, may, Icon::voice);
    const bool held = take_hold(model, state, button, may);
    ui.set_ground(heard ? colour::sky : colour::panel);
    if (held) {
        const Rect place = rect.cut_left(ui.px(100), ui.px(14));
        if (heard) ui.draw().AddRectFilled({place.x0 - ui.px(6), place.y0 + ui.px(8)}, {place.x1 + ui.px(4), place.y1 - ui.px(8)}, colour::panel, ui.px(4));
        meter(ui, place, voice.level_db);
    }
    if (unheard) draw_icon(ui.draw(), Icon::warning, rect.cut_left(ui.px(22), ui.px(8)).center(), ui.px(20), colour::yellow, colour::panel);
    const std::string what = sentence(ui, view);
    ImFont* font = heard ? ui.fonts().small_strong : ui.fonts().small;
    rect.x1 -= ui.px(10);
    rect.y0 = rect.center().y - ui.measure(what, font, rect.width()) / 2;
    ui.text(rect, what, {.font = font, .ink = heard ? colour::ink_dark : unheard ? colour::yellow : colour::ink_soft, .lines = 2});
    ui.record({.id = "voice.state", .role = Role::light, .rect = rect, .label = {}, .value = what});
}

}  // namespace accalmie::console
