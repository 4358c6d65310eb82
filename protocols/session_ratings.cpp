// SPDX-License-Identifier: Apache-2.0
#include "protocols/session_machine.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace accalmie::protocols {

using namespace timers;

void Machine::rating(const Event& event) {
    if (event.value < plan_.scale.minimum || event.value > plan_.scale.maximum) return;
    if (over()) {
        // After a stop the patient stays with the clinician, who may still ask aloud.
        if (event.source == Source::clinician && in_step(plan_, state_)) record(event);
        return;
    }
    if (!live()) return;
    if (event.request != 0 && event.request != state_.open_request) return;
    const bool guarded = current().kind == StepKind::baseline || current().kind == StepKind::exposure;
    const bool too_high = guarded && event.value >= plan_.ceiling;
    record(event);
    if (state_.open_request) {
        const ReasonCode code = event.source == Source::clinician ? ReasonCode::rating_entered : ReasonCode::rating_answered;
        command(CommandKind::hide_rating, {code, event.source}, *state_.open_request);
        state_.open_request.reset();
        if (state_.phase == Phase::running) skip_questions_passed();
    }
    if (too_high) coping({ReasonCode::ceiling_reached, event.source, event.value, plan_.ceiling});
    else if (state_.phase == Phase::running) judge(event.value);
}

void Machine::record(const Event& event) {
    const int request = event.request != 0 ? event.request : state_.open_request.value_or(0);
    state_.ratings.push_back({state_.now_ms, event.value, state_.step, level_of(current(), state_.level_index), event.source, request});
    if (over() || current().kind != StepKind::baseline) return;
    double sum = 0;
    int count = 0;
    for (const RatingPoint& point : state_.ratings) {
        if (!std::cmp_less(point.step, plan_.steps.size()) || plan_.steps[static_cast<std::size_t>(point.step)].kind != StepKind::baseline) continue;
        sum += point.value;
        ++count;
    }
    state_.baseline = static_cast<int>(std::lround(sum / count));
}

// The habituation rule, at every rating of an exposure level.
void Machine::judge(int value) {
    const Step& step = current();
    if (step.kind != StepKind::exposure) return;
    state_.level_peak = std::max(state_.level_peak.value_or(value), value);
    state_.met_by_fall = value <= (1.0 - step.rule.fall_from_peak) * *state_.level_peak;
    const bool back = state_.baseline && value <= plus(*state_.baseline, step.rule.return_to_baseline_within);
    state_.met_in_a_row = state_.met_by_fall || back ? state_.met_in_a_row + 1 : 0;
}

void Machine::missed(bool declined) {
    state_.missed.push_back({state_.now_ms, state_.step, level_of(current(), state_.level_index), *state_.open_request, declined});
    const Reason why = declined ? Reason{ReasonCode::rating_declined, Source::patient}
                                : Reason{ReasonCode::rating_unanswered, Source::timer, plan_.scale.timeout_ms};
    command(CommandKind::hide_rating, why, *state_.open_request);
    state_.open_request.reset();
    state_.met_in_a_row = 0;
    skip_questions_passed();
}

void Machine::skip_questions_passed() {
    if (state_.next_rating_ms < 0 || state_.next_rating_ms > state_.now_ms) return;
    state_.next_rating_ms = next_question_ms(current(), state_, state_.now_ms, false);
}

}  // namespace accalmie::protocols
