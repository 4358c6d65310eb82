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
    std::vector<ReasonCode> level_ends;   // one an exposure level shown, in order: how it ended
    bool ceiling_reached = false;
};
SimulationSummary summarise(const SessionPlan& plan, const SimulatedSession& session);

// A letter for how a level ended: p fell from its peak, b back to baseline, t time, c ceiling or coping, n moved on or back, s stopped.
char level_end_letter(ReasonCode code);
inline constexpr std::string_view kLevelEndLegend = "levels: p fell from peak, b back to baseline, t time, c coping, n moved by hand, s stopped";

// Ratings over time as lines of text, `columns` wide, with the steps below.
std::string text_plot(const SessionPlan& plan, const SimulatedSession& session, int columns = 72);

// One row a question or rating, missing ones included; RFC 4180, a header line, times in milliseconds of session time.
std::string ratings_csv(const SessionPlan& plan, const std::vector<SimulatedSession>& sessions);
// One row a session.
std::string sessions_csv(const SessionPlan& plan, const std::vector<SimulatedSession>& sessions);

}  // namespace accalmie::protocols
