// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/screen.h"

namespace accalmie::console {
namespace {

void take_stop_keys(SessionModel& model, ScreenState& state) {
    if (ImGui::IsKeyPressed(ImGuiKey_F12, false)) model.act(session::Action::stop);
    const double before = state.escape_down_s;
    state.escape_down_s = ImGui::IsKeyDown(ImGuiKey_Escape) ? before + ImGui::GetIO().DeltaTime : 0;
    if (before < kEscapeHold_s && state.escape_down_s >= kEscapeHold_s) model.act(session::Action::stop);
}

bool over(const SessionModel& model) {
    const auto phase = model.view().state.phase;
    return model.view().finished || phase == protocols::Phase::not_started || phase == protocols::Phase::finished;
}

void close_question(Ui& ui, Rect screen, SessionModel& model, ScreenState& state) {
    ui.set_covered(false);
    ui.draw().AddRectFilled(screen.min(), screen.max(), with_alpha(colour::ground, 0.75f));
    const ImVec2 middle = screen.center();
    Rect box{middle.x - ui.px(270), middle.y - ui.px(105), middle.x + ui.px(270), middle.y + ui.px(105)};
    ui.surface(box, colour::raised, 12, colour::ink_faint);
    Rect inner = box.inset(ui.px(24));
    Rect buttons = inner.cut_bottom(ui.px(52));
    inner.y0 += ui.text(inner, ui.tr("close.title"), {.font = ui.fonts().title}) + ui.px(6);
    ui.text(inner, ui.tr("close.text"), {.ink = colour::ink_soft, .lines = 3});
    if (ui.button("close.stop", ui.tr("close.stop"), buttons.cut_right(ui.px(236)), Look::primary)) {
        model.act(session::Action::stop);
        state.may_close = true;
    }
    if (ui.button("close.back", ui.tr("close.back"), buttons.cut_left(ui.px(236)))) state.asks_to_close = false;
}

}  // namespace

void draw_session_screen(Ui& ui, SessionModel& model, ScreenState& state) {
    const Rect screen = ui.begin();
    take_stop_keys(model, state);
    if (state.asks_to_close && over(model)) state.may_close = true;
    const bool asking = state.asks_to_close && !state.may_close;
    ui.set_covered(asking);

    const bool wide = screen.width() >= ui.px(1500);
    const float gap = ui.px(12);
    Rect rest = screen;
    ui.surface(rest, colour::ground, 0);
    header_panel(ui, rest.cut_top(ui.px(68)), model, state);
    rest = rest.inset(gap);

    Rect right = rest.cut_right(ui.px(wide ? 400.0f : 348.0f), gap);
    const Rect stop = right.cut_bottom(ui.px(kStopHeight), gap);
    rating_entry(ui, right.cut_bottom(ui.px(wide ? 318.0f : 270.0f), gap), model, state);
    craving_plot(ui, right, model);

    Rect bottom = rest.cut_bottom(ui.px(wide ? 168.0f : 132.0f), gap);
    Rect left = rest.cut_left(ui.px(wide ? 312.0f : 268.0f), gap);
    steps_panel(ui, left, model);
    controls_panel(ui, rest.cut_bottom(ui.px(62), gap), model, state);
    voice_panel(ui, rest.cut_bottom(ui.px(50), gap), model, state);
    mirror_panel(ui, rest, model, state);
    banner_over(ui, rest, model);
    notes_panel(ui, bottom.cut_right(bottom.width() * 0.42f, gap), model, state);
    timeline_panel(ui, bottom, model);

    if (asking) close_question(ui, screen, model, state);
    // Last, so that it stands over everything.
    if (ui.stop_button("stop", ui.tr("stop.label"), ui.tr("stop.hint"), stop)) model.act(session::Action::stop);
    ui.end();
}

}  // namespace accalmie::console
