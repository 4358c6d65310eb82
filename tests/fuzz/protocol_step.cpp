// SPDX-License-Identifier: Apache-2.0
// Any bytes as events of a session: six bytes an event. Time never runs back, at most one question is open, a stop brings calm first,
// no scene comes after a stop, and nothing but calm after the end.
#include "protocols/session.h"

#include <cstdint>
#include <cstdlib>

using namespace accalmie::protocols;

namespace {

SessionPlan plan() {
    SessionPlan plan;
    plan.ceiling = 90;
    plan.scale.timeout_ms = 45'000;
    plan.steps.resize(4);
    plan.steps[0] = {.id = "a", .kind = StepKind::baseline, .scene = "waiting-room", .duration_ms = 300'000, .rating_every_ms = 60'000};
    plan.steps[1] = {.id = "b", .kind = StepKind::exposure, .scene = "bar-night", .levels = {0, 1, 2, 3, 4}, .rating_every_ms = 60'000,
                     .rule = {0.5, 10, 2, 120'000, 360'000}};
    plan.steps[2] = {.id = "c", .kind = StepKind::coping, .scene = "calm-room", .duration_ms = 180'000};
    plan.steps[3] = {.id = "d", .kind = StepKind::aftercare, .scene = "calm-room", .duration_ms = 1'200'000, .rating_at_ms = {300'000, 1'200'000}};
    return plan;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SessionPlan the_plan = plan();
    SessionState state;
    std::int64_t t_ms = 0;
    bool open = false, over = false, stopped = false;
    for (; size >= 6; data += 6, size -= 6) {
        t_ms += (data[1] << 8 | data[2]) - 500;
        const Event event{.t_ms = t_ms,
                          .kind = static_cast<EventKind>(data[0] % 15),
                          .source = static_cast<Source>(data[3] % 4),
                          .value = data[4],
                          .request = data[5] < 200 ? state.open_request.value_or(0) : data[5] - 200};
        StepResult result = step(the_plan, state, event);
        if (result.state.now_ms < state.now_ms) std::abort();
        if (event.kind == EventKind::stop && (result.commands.empty() || result.commands[0].kind != CommandKind::show_calm)) std::abort();
        if (event.kind == EventKind::stop && state.phase != Phase::not_started) stopped = true;
        for (const Command& command : result.commands) {
            if (stopped && command.kind == CommandKind::show_scene) std::abort();
            if (over && command.kind != CommandKind::show_calm) std::abort();
            if (command.kind == CommandKind::ask_rating && open) std::abort();
            if (command.kind == CommandKind::ask_rating) open = true;
            if (command.kind == CommandKind::hide_rating) open = false;
            if (command.kind == CommandKind::finished) over = true;
        }
        if (open != result.state.open_request.has_value()) std::abort();
        const auto timer = next_timer_ms(the_plan, result.state);
        if (timer && *timer <= result.state.now_ms) std::abort();
        state = std::move(result.state);
    }
    return 0;
}
