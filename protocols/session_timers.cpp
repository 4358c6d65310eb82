// SPDX-License-Identifier: Apache-2.0
#include "protocols/session_timers.h"

#include <algorithm>
#include <utility>

namespace accalmie::protocols {
namespace timers {

std::int64_t plus(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return a > 0 ? kNever_ms : std::numeric_limits<std::int64_t>::min();
    return sum;
}

bool in_step(const SessionPlan& plan, const SessionState& state) {
    return state.step >= 0 && std::cmp_less(state.step, plan.steps.size());
}

const Step& step_of(const SessionPlan& plan, const SessionState& state) { return plan.steps[static_cast<std::size_t>(state.step)]; }

int level_of(const Step& step, int index) {
    if (step.levels.empty()) return 0;
    return step.levels[static_cast<std::size_t>(std::clamp(index, 0, static_cast<int>(step.levels.size()) - 1))];
}

bool rule_met(const Step& step, const SessionState& state) {
    return step.kind == StepKind::exposure && state.met_in_a_row >= std::max(1, step.rule.consecutive_ratings);
}

std::int64_t end_ms(const Step& step, const SessionState& state) {
    if (step.kind != StepKind::exposure) return plus(state.step_started_ms, std::max<std::int64_t>(0, step.duration_ms));
    std::int64_t end = kNever_ms;
    if (step.rule.maximum_ms > 0) end = plus(state.level_started_ms, step.rule.maximum_ms);
    if (rule_met(step, state)) end = std::min(end, plus(state.level_started_ms, std::max<std::int64_t>(0, step.rule.minimum_ms)));
    return end;
}

std::int64_t next_question_ms(const Step& step, const SessionState& state, std::int64_t after_ms, bool inclusive) {
    const bool exposure = step.kind == StepKind::exposure;
    std::int64_t limit = kNever_ms;
    if (!exposure) limit = plus(state.step_started_ms, step.duration_ms);
    else if (step.rule.maximum_ms > 0) limit = plus(state.level_started_ms, step.rule.maximum_ms);

    std::int64_t best = kNever_ms;
    if (step.rating_every_ms > 0) {
        const std::int64_t origin = exposure ? state.level_started_ms : state.step_started_ms;
        const std::int64_t passed = std::max<std::int64_t>(0, after_ms - origin) / step.rating_every_ms;
        std::int64_t due = 0;
        if (!__builtin_mul_overflow(passed + 1, step.rating_every_ms, &due)) best = plus(origin, due);
    }
    for (const std::int64_t at : step.rating_at_ms) {
        if (at < 0) continue;
        const std::int64_t due = plus(state.step_started_ms, at);
        if (due > after_ms || (inclusive && due == after_ms)) best = std::min(best, due);
    }
    return best <= limit && best != kNever_ms ? best : -1;
}

}  // namespace timers

std::optional<std::int64_t> next_timer_ms(const SessionPlan& plan, const SessionState& state) {
    using namespace timers;
    if (state.phase != Phase::running || !in_step(plan, state)) return std::nullopt;
    if (state.open_request) {
        if (plan.scale.timeout_ms <= 0) return std::nullopt;
        return plus(state.request_asked_ms, plan.scale.timeout_ms);
    }
    std::int64_t due = end_ms(step_of(plan, state), state);
    if (state.next_rating_ms >= 0) due = std::min(due, state.next_rating_ms);
    if (due == kNever_ms) return std::nullopt;
    return due;
}

}  // namespace accalmie::protocols
