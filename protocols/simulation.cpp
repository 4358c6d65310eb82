// SPDX-License-Identifier: Apache-2.0
#include "protocols/simulation.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace accalmie::protocols {

SimulatedSession simulate_session(const SessionPlan& plan, const PatientParameters& parameters, std::uint64_t seed) {
    SimulatedSession session{.seed = seed, .state = {}, .events = {}, .commands = {}, .outcome = "unfinished"};
    SimulatedPatient patient(parameters, seed);
    std::optional<Event> answer;

    const auto happen = [&](const Event& event) {
        StepResult result = step(plan, std::move(session.state), event);
        session.state = std::move(result.state);
        session.events.push_back(event);
        for (Command& command : result.commands) {
            patient.observe(command, event.t_ms);
            if (command.kind == CommandKind::hide_rating) answer.reset();
            if (command.kind == CommandKind::finished) session.outcome = command.reason;
            if (command.kind == CommandKind::ask_rating) {
                const SimulatedPatient::Answer given = patient.answer(event.t_ms, plan.scale);
                if (given.value) answer = Event{event.t_ms + given.after_ms, EventKind::rating, Source::patient, *given.value, command.request};
            }
            session.commands.push_back({event.t_ms, std::move(command)});
        }
    };

    happen({0, EventKind::player_ready, Source::player});
    happen({0, EventKind::start, Source::clinician});
    while (session.state.phase == Phase::running) {
        const std::optional<std::int64_t> timer = next_timer_ms(plan, session.state);
        if (answer && (!timer || answer->t_ms <= *timer)) {
            const Event given = *answer;
            answer.reset();
            happen(given);
        } else if (timer && *timer < kLatest_ms) {
            happen({*timer, EventKind::tick, Source::timer});
        } else {
            break;
        }
    }
    return session;
}

namespace {

const Step* step_at(const SessionPlan& plan, int index) {
    return index >= 0 && std::cmp_less(index, plan.steps.size()) ? &plan.steps[static_cast<std::size_t>(index)] : nullptr;
}

bool in_exposure(const SessionPlan& plan, int index) {
    const Step* step = step_at(plan, index);
    return step != nullptr && step->kind == StepKind::exposure;
}

}  // namespace

SimulationSummary summarise(const SessionPlan& plan, const SimulatedSession& session) {
    SimulationSummary summary;
    summary.duration_ms = session.state.now_ms;
    summary.ratings = static_cast<int>(session.state.ratings.size());
    summary.missed = static_cast<int>(session.state.missed.size());
    summary.baseline = session.state.baseline.value_or(-1);
    for (const RatingPoint& point : session.state.ratings) {
        if (in_exposure(plan, point.step)) summary.peak = std::max(summary.peak, point.value);
        summary.last = point.value;
    }
    bool level_open = false;
    for (const TimedCommand& timed : session.commands) {
        const Command& command = timed.command;
        if (command.kind != CommandKind::show_scene && command.kind != CommandKind::show_calm) continue;
        if (level_open) summary.level_ends.push_back(command.why.code);
        level_open = command.kind == CommandKind::show_scene && in_exposure(plan, command.step);
        summary.ceiling_reached = summary.ceiling_reached || command.why.code == ReasonCode::ceiling_reached;
    }
    return summary;
}

char level_end_letter(ReasonCode code) {
    switch (code) {
        case ReasonCode::fell_from_peak: return 'p';
        case ReasonCode::back_to_baseline: return 'b';
        case ReasonCode::level_time_reached: return 't';
        case ReasonCode::ceiling_reached:
        case ReasonCode::coping_asked: return 'c';
        case ReasonCode::next_asked:
        case ReasonCode::previous_asked: return 'n';
        case ReasonCode::stopped:
        case ReasonCode::ended_early: return 's';
        default: return '?';
    }
}

}  // namespace accalmie::protocols
