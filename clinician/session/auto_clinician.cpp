// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/auto_clinician.h"

#include <format>

namespace accalmie::session {

void play_clinician(LiveSession& session) {
    const auto& view = session.view();
    if (!view.player_up || view.finished) return;
    if (view.state.phase == protocols::Phase::not_started) session.act(Action::start);
    if (view.state.phase == protocols::Phase::paused) session.act(Action::resume);
    if (!view.outcome.empty()) session.act(Action::end);
}

std::string progress_line(const LiveSession& session) {
    const auto& view = session.view();
    const auto& plan = session.plan();
    const auto step = view.state.step;
    const std::string what = step >= 0 && step < static_cast<int>(plan.steps.size())
                                 ? std::string(protocols::name_of(plan.steps[static_cast<std::size_t>(step)].kind))
                                 : std::string("-");
    const auto seconds = view.t_ms / 1000;
    return std::format("{:02}:{:02}  {:<10} {:<14} level {}  craving {}", seconds / 60, seconds % 60, what, view.scene, view.level,
                       view.ratings.empty() ? std::string("-") : std::to_string(view.ratings.back().value));
}

}  // namespace accalmie::session
