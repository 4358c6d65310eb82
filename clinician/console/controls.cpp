// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/panels.h"

namespace accalmie::console {

using protocols::Phase;
using protocols::StepKind;
using session::Action;

bool allowed(Action action, const session::View& view, const protocols::SessionPlan& plan) {
    if (view.finished) return action == Action::stop;
    if (!view.outcome.empty()) return action == Action::stop || action == Action::end;  // over, but the record is still open
    const auto& state = view.state;
    const bool running = state.phase == Phase::running;
    const bool in_step = state.step >= 0 && static_cast<std::size_t>(state.step) < plan.steps.size();
    const auto kind = in_step ? plan.steps[static_cast<std::size_t>(state.step)].kind : StepKind::baseline;
    switch (action) {
        case Action::start: return state.phase == Phase::not_started && view.player_up;
        case Action::pause: return running;
        case Action::resume: return state.phase == Phase::paused;
        case Action::next_level: return running && in_step && kind != StepKind::aftercare;
        case Action::previous_level: return running && in_step && kind == StepKind::exposure && state.level_index > 0;
        case Action::coping: return running && in_step && kind == StepKind::exposure;
        case Action::stop: return true;
        case Action::end: return running && in_step && kind == StepKind::aftercare;  // before it, an end is a stop
    }
    return false;
}

void controls_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    if (view.finished) {
        ui.surface(rect, colour::panel, 8);
        if (ui.button("control.close", ui.tr("control.close"), rect.cut_right(ui.px(190), ui.px(16)), Look::primary)) state.may_close = true;
        const bool written = model.disk().writing;
        rect = rect.inset(ui.px(18), 0);
        if (written) draw_icon(ui.draw(), Icon::check, rect.cut_left(ui.px(22), ui.px(12)).center(), ui.px(20), colour::ink, colour::panel);
        rect.y0 = rect.center().y - ui.line(ui.fonts().strong);
        ui.text(rect, ui.language().format(written ? "control.over" : "control.over_unwritten", {{"n", std::to_string(view.ratings.size())}, {"rows", std::to_string(view.acknowledged_rows)}}),
                {.font = ui.fonts().strong, .ink = written ? colour::ink : colour::yellow, .lines = 2});
        return;
    }
    const float gap = ui.px(10), each = (rect.width() - 4 * gap) / 5;
    const bool compact = each < ui.px(160);
    const auto control = [&](std::string_view id, const std::string& label, Action action, Icon icon, Look look) {
        const bool may = allowed(action, view, model.plan());
        if (ui.button(id, label, rect.cut_left(each, gap), may ? look : Look::normal, may, icon, compact)) model.act(action);
    };
    if (view.state.phase == Phase::not_started) control("control.start", ui.tr("control.start"), Action::start, Icon::play, Look::primary);
    else if (view.state.phase == Phase::paused) control("control.resume", ui.tr("control.resume"), Action::resume, Icon::play, Look::primary);
    else control("control.pause", ui.tr("control.pause"), Action::pause, Icon::pause, Look::normal);

    const auto step = static_cast<std::size_t>(view.state.step < 0 ? 0 : view.state.step);
    const bool exposure = view.state.step >= 0 && step < model.plan().steps.size() && model.plan().steps[step].kind == StepKind::exposure;
    control("control.previous", ui.tr("control.previous_level"), Action::previous_level, Icon::previous, Look::normal);
    control("control.next", exposure ? ui.tr("control.next_level") : ui.tr("control.next_step"), Action::next_level, Icon::next, Look::normal);
    control("control.coping", ui.tr("control.coping"), Action::coping, Icon::calm, Look::normal);
    control("control.end", ui.tr("control.end"), Action::end, Icon::finish, Look::primary);
}

}  // namespace accalmie::console
