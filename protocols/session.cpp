// SPDX-License-Identifier: Apache-2.0
#include "protocols/session.h"

#include "protocols/session_machine.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace accalmie::protocols {

using namespace timers;

Machine::Machine(const SessionPlan& plan, SessionState state) : plan_(plan), state_(std::move(state)) {
    // A state from elsewhere (a file, a test) may point outside the plan.
    if (state_.phase == Phase::running || state_.phase == Phase::paused) {
        if (!in_step(plan_, state_)) state_.phase = Phase::stopped;
        else state_.level_index = std::clamp(state_.level_index, 0, std::max(0, static_cast<int>(step_of(plan_, state_).levels.size()) - 1));
    }
}

void Machine::command(CommandKind kind, const Reason& why, int request) {
    Command command{.kind = kind, .request = request, .step = state_.step, .reason = text_of(why, "en"), .why = why};
    if (kind == CommandKind::show_calm) command.scene = kCalmRoom;
    if (kind == CommandKind::show_scene) {
        command.scene = current().scene;
        command.level = level_of(current(), state_.level_index);
    }
    commands_.push_back(std::move(command));
}

void Machine::take(const Event& event) {
    const std::int64_t t_ms = std::clamp(event.t_ms, std::min(state_.now_ms, kLatest_ms), kLatest_ms);
    const bool at_once = event.kind == EventKind::stop || event.kind == EventKind::player_lost || event.kind == EventKind::tracking_lost;
    if (!at_once) advance(t_ms);
    state_.now_ms = std::max(state_.now_ms, t_ms);

    switch (event.kind) {
        case EventKind::start: start(event); break;
        case EventKind::tick: break;
        case EventKind::rating: rating(event); break;
        case EventKind::rating_missed:
            if (state_.phase == Phase::running && state_.open_request && (event.request == 0 || event.request == *state_.open_request)) missed(true);
            break;
        case EventKind::next_level: next(event.source); break;
        case EventKind::previous_level: previous(event.source); break;
        case EventKind::pause:
            if (state_.phase == Phase::running) pause(PauseCause::clinician, {ReasonCode::paused, event.source});
            break;
        case EventKind::resume: resume(event); break;
        case EventKind::coping: coping({ReasonCode::coping_asked, event.source}); break;
        case EventKind::stop: stop({ReasonCode::stopped, event.source}); break;
        case EventKind::player_lost:
            state_.player_up = false;
            if (live()) pause(PauseCause::player, {ReasonCode::player_lost, event.source});
            break;
        case EventKind::player_ready: player_ready(); break;
        case EventKind::tracking_lost:
            state_.tracked = false;
            if (live()) pause(PauseCause::tracking, {ReasonCode::tracking_lost, event.source});
            break;
        case EventKind::tracking_back: tracking_back(); break;
        case EventKind::end: end(event); break;
    }
    advance(state_.now_ms);
}

void Machine::advance(std::int64_t t_ms) {
    while (const std::optional<std::int64_t> due = next_timer_ms(plan_, state_)) {
        if (*due > t_ms) return;
        state_.now_ms = std::max(state_.now_ms, *due);
        if (state_.open_request) {
            missed(false);
        } else if (state_.next_rating_ms >= 0 && state_.next_rating_ms <= state_.now_ms) {
            const bool exposure = current().kind == StepKind::exposure;
            const std::int64_t into_ms = state_.next_rating_ms - (exposure ? state_.level_started_ms : state_.step_started_ms);
            state_.open_request = state_.next_request++;
            state_.request_asked_ms = state_.now_ms;
            state_.next_rating_ms = next_question_ms(current(), state_, state_.now_ms, false);
            command(CommandKind::ask_rating, {ReasonCode::rating_due, Source::timer, into_ms, exposure ? 1 : 0}, *state_.open_request);
        } else {
            end_of_level_or_step();
        }
    }
}

void Machine::end_of_level_or_step() {
    const Step& step = current();
    if (step.kind == StepKind::exposure) {
        Reason why{ReasonCode::level_time_reached, Source::timer, step.rule.maximum_ms};
        if (rule_met(step, state_)) {
            // Which half of the rule the newest rating met; the fall from the peak is named first because it is the stronger claim.
            if (state_.met_by_fall) {
                why = {ReasonCode::fell_from_peak, Source::timer, std::llround(step.rule.fall_from_peak * 100), state_.level_peak.value_or(0),
                       state_.met_in_a_row};
            } else {
                why = {ReasonCode::back_to_baseline, Source::timer, step.rule.return_to_baseline_within, state_.baseline.value_or(0), state_.met_in_a_row};
            }
        }
        enter_level(state_.level_index + 1, why);
    } else if (step.kind == StepKind::aftercare && std::cmp_equal(state_.step + 1, plan_.steps.size())) {
        calm_and_finish({ReasonCode::aftercare_over, Source::timer, step.duration_ms}, Phase::finished);
    } else {
        enter(state_.step + 1, {ReasonCode::step_time_over, Source::timer, step.duration_ms});
    }
}

// The current step's scene at its level; the calm room is never faded to.
void Machine::show(const Reason& why) {
    if (state_.scene_frozen) command(CommandKind::resume_scene, why);
    state_.scene_frozen = false;
    command(current().scene == kCalmRoom || state_.stopped ? CommandKind::show_calm : CommandKind::show_scene, why);
}

void Machine::withdraw_question() {
    if (!state_.open_request) return;
    command(CommandKind::hide_rating, {ReasonCode::rating_withdrawn}, *state_.open_request);
    state_.open_request.reset();
}

void Machine::enter(int index, const Reason& why) {
    withdraw_question();
    if (!std::cmp_less(index, plan_.steps.size())) {
        calm_and_finish({ReasonCode::plan_over}, Phase::finished);
        return;
    }
    state_.step = index;
    state_.level_index = 0;
    state_.step_started_ms = state_.level_started_ms = state_.now_ms;
    state_.level_peak.reset();
    state_.met_in_a_row = 0;
    show(why);
    if (!current().instruction.empty()) {
        command(CommandKind::show_text, {ReasonCode::instruction});
        state_.text_shown = true;
    } else if (state_.text_shown) {
        command(CommandKind::hide_text, why);
        state_.text_shown = false;
    }
    state_.next_rating_ms = next_question_ms(current(), state_, state_.now_ms, true);
}

void Machine::enter_level(int index, const Reason& why) {
    if (!std::cmp_less(index, current().levels.size())) {
        enter(state_.step + 1, why);
        return;
    }
    withdraw_question();
    state_.level_index = std::max(0, index);
    state_.level_started_ms = state_.now_ms;
    state_.level_peak.reset();
    state_.met_in_a_row = 0;
    show(why);
    state_.next_rating_ms = next_question_ms(current(), state_, state_.now_ms, false);
}

void Machine::calm_and_finish(const Reason& why, Phase phase) {
    command(CommandKind::show_calm, why);
    if (state_.scene_frozen) command(CommandKind::resume_scene, why);
    withdraw_question();
    if (state_.text_shown) command(CommandKind::hide_text, why);
    state_.scene_frozen = state_.text_shown = state_.coping_on_resume = false;
    state_.phase = state_.stopped ? Phase::stopped : phase;
    state_.pause_cause = PauseCause::none;
    state_.next_rating_ms = -1;
    command(CommandKind::finished, why);
    commands_.back().reason = state_.phase == Phase::finished ? "completed" : "stopped";  // the outcome's own word, as the ledger keeps it
}

void Machine::stop(const Reason& why) {
    if (over()) {
        command(CommandKind::show_calm, why);  // pressed again: calm again, but the session ends once
        return;
    }
    if (!live() || plan_.steps.back().kind != StepKind::aftercare) {
        calm_and_finish(why, Phase::stopped);
        return;
    }
    command(CommandKind::show_calm, why);
    const bool already_resting = current().kind == StepKind::aftercare && std::cmp_equal(state_.step + 1, plan_.steps.size());
    state_.stopped = true;
    state_.coping_on_resume = false;
    if (std::exchange(state_.scene_frozen, false)) command(CommandKind::resume_scene, why);
    const bool away = state_.phase == Phase::paused && (state_.pause_cause == PauseCause::player || state_.pause_cause == PauseCause::tracking);
    if (already_resting) {
        withdraw_question();
        if (state_.phase == Phase::running) skip_questions_passed();  // nobody who just stopped is asked at once
        return;
    }
    if (away) {
        state_.paused_at_ms = state_.now_ms;  // aftercare begins when the patient's view is back
    } else {
        state_.phase = Phase::running;
        state_.pause_cause = PauseCause::none;
    }
    enter(static_cast<int>(plan_.steps.size()) - 1, why);
}

void Machine::start(const Event& event) {
    if (state_.phase != Phase::not_started) return;
    if (!state_.tracked) {
        command(CommandKind::show_calm, {ReasonCode::tracking_missing, event.source});
        return;
    }
    state_.phase = Phase::running;
    enter(0, {ReasonCode::session_started, event.source});
}

void Machine::next(Source source) {
    if (state_.phase != Phase::running || current().kind == StepKind::aftercare) return;
    const Reason why{ReasonCode::next_asked, source};
    if (current().kind == StepKind::exposure) enter_level(state_.level_index + 1, why);
    else enter(state_.step + 1, why);
}

void Machine::previous(Source source) {
    if (state_.phase != Phase::running || current().kind != StepKind::exposure || state_.level_index == 0) return;
    enter_level(state_.level_index - 1, {ReasonCode::previous_asked, source});
}

void Machine::pause(PauseCause cause, const Reason& why) {
    const bool was_running = state_.phase == Phase::running;
    if (was_running) {
        state_.paused_at_ms = state_.now_ms;
        state_.phase = Phase::paused;
    }
    // A lost program says more than lost tracking: tracking comes back with the program.
    if (!(cause == PauseCause::tracking && state_.pause_cause == PauseCause::player)) state_.pause_cause = cause;
    if (cause == PauseCause::clinician) {
        command(CommandKind::pause_scene, why);
        state_.scene_frozen = true;
    } else {
        command(CommandKind::show_calm, why);
        if (cause == PauseCause::player) state_.scene_frozen = false;  // the new program knows of no pause
    }
    if (state_.open_request) {
        withdraw_question();
        state_.next_rating_ms = state_.paused_at_ms;  // asked again on resume
    }
}

void Machine::resume(const Event& event) {
    if (state_.phase != Phase::paused) return;
    if (state_.pause_cause == PauseCause::player && !state_.player_up) {
        command(CommandKind::show_calm, {ReasonCode::player_missing, event.source});
        return;
    }
    if (!state_.tracked) {
        command(CommandKind::show_calm, {ReasonCode::tracking_missing, event.source});
        return;
    }
    const Reason why{ReasonCode::resumed, event.source};
    const std::int64_t away_ms = state_.now_ms - state_.paused_at_ms;
    state_.step_started_ms = plus(state_.step_started_ms, away_ms);
    state_.level_started_ms = plus(state_.level_started_ms, away_ms);
    if (state_.next_rating_ms >= 0) state_.next_rating_ms = plus(state_.next_rating_ms, away_ms);
    state_.phase = Phase::running;
    const bool in_calm = state_.pause_cause != PauseCause::clinician;
    state_.pause_cause = PauseCause::none;
    if (std::exchange(state_.coping_on_resume, false)) {
        coping({ReasonCode::coping_asked, event.source});
    } else if (in_calm) {
        show(why);
        if (state_.text_shown) command(CommandKind::show_text, {ReasonCode::instruction});
    } else {
        command(CommandKind::resume_scene, why);
        state_.scene_frozen = false;
    }
}

// The coping step that comes next, else the newest one before, else the last step (aftercare): calm in every case.
void Machine::coping(const Reason& why) {
    if (!live() || state_.stopped) return;  // after a stop there is only rest
    if (current().kind == StepKind::coping) return;
    if (state_.phase == Phase::paused) {
        state_.coping_on_resume = true;
        if (state_.pause_cause == PauseCause::clinician) state_.pause_cause = PauseCause::calm;
        command(CommandKind::show_calm, why);
        return;
    }
    int target = -1;
    const int count = static_cast<int>(plan_.steps.size());
    for (int i = 0; i < count; ++i) {
        if (plan_.steps[static_cast<std::size_t>(i)].kind != StepKind::coping) continue;
        target = i;
        if (i > state_.step) break;
    }
    if (target < 0 && current().kind == StepKind::aftercare) return;
    if (target < 0 && plan_.steps.back().kind == StepKind::aftercare) target = count - 1;
    if (target < 0) stop(why);
    else enter(target, why);
}

void Machine::player_ready() {
    const bool restarted = state_.player_up;  // it came up again without having been reported lost
    state_.player_up = true;
    state_.tracked = true;
    if (!live()) return;
    if (state_.phase == Phase::running && !restarted) {
        show({ReasonCode::player_ready, Source::player});  // started before the program was up: say again what it should show
        if (state_.text_shown) command(CommandKind::show_text, {ReasonCode::instruction});
        return;
    }
    pause(PauseCause::player, {ReasonCode::player_back, Source::player});
}

void Machine::tracking_back() {
    state_.tracked = true;
    if (state_.phase == Phase::paused && state_.pause_cause == PauseCause::tracking) {
        command(CommandKind::show_calm, {ReasonCode::tracking_back, Source::player});
    }
}

void Machine::end(const Event& event) {
    if (over()) return;
    if (live() && current().kind == StepKind::aftercare) {
        const std::int64_t until_ms = state_.phase == Phase::paused ? state_.paused_at_ms : state_.now_ms;
        calm_and_finish({ReasonCode::aftercare_ended, event.source, until_ms - state_.step_started_ms}, Phase::finished);
    } else {
        stop({ReasonCode::ended_early, event.source});
    }
}

StepResult step(const SessionPlan& plan, SessionState state, const Event& event) {
    Machine machine(plan, std::move(state));
    machine.take(event);
    return std::move(machine).result();
}

}  // namespace accalmie::protocols
