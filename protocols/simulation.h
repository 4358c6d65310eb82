// SPDX-License-Identifier: Apache-2.0
// Owns: one whole session of a plan with a simulated patient, in virtual time: what happened and what was commanded, and its summary.
// Never: evidence about people. Pure: plan, parameters and seed decide everything. Units: milliseconds of session time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/session.h"
#include "protocols/simulated_patient.h"

namespace accalmie::protocols {

struct TimedCommand {
    std::int64_t t_ms = 0;
    Command command;
    bool operator==(const TimedCommand&) const = default;
};

struct SimulatedSession {
    std::uint64_t seed = 0;
    SessionState state;                   // the last one
    std::vector<Event> events;
    std::vector<TimedCommand> commands;
    std::string outcome;                  // "completed", "stopped"; "unfinished" when only a clinician could have gone on
};

SimulatedSession simulate_session(const SessionPlan& plan, const PatientParameters& parameters, std::uint64_t seed);

struct SimulationSummary {
    std::int64_t duration_ms = 0;
    int ratings = 0;
    int missed = 0;
    int baseline = -1;         // -1: never rated
    int peak = -1;             // of the exposure's ratings
    int last = -1;             // the newest rating of all
    int levels_shown = 0;
    int levels_passed = 0;     // by the rule
    int levels_by_time = 0;    // at their maximum time
    bool ceiling_reached = false;
};
SimulationSummary summarise(const SessionPlan& plan, const SimulatedSession& session);

}  // namespace accalmie::protocols
