// SPDX-License-Identifier: Apache-2.0
// Owns: the session state machine. `step` is pure: no clock, no file, no random device; time arrives in the event.
// Everything that happens is an Event; everything that is to be done is a Command. Replaying a session's events gives the same
// states and commands. Units: milliseconds of session time. Thread: any, nothing is shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/plan.h"

namespace accalmie::protocols {

enum class EventKind : std::uint8_t {
    start,            // the clinician starts the session
    tick,             // time passed; t_ms says how far
    rating,           // value; from the patient's panel or entered by the clinician
    rating_missed,    // the panel timed out or the patient refused
    next_level,       // the clinician goes on
    previous_level,   // the clinician goes back
    pause, resume,
    coping,           // the clinician asks for the coping step now
    stop,             // anybody stops: calm at once
    player_lost,      // the patient's program died or hung
    player_ready,     // it is (back) up, in the calm room
    tracking_lost, tracking_back,
    end,              // the clinician closes the session in aftercare
};
std::string_view name_of(EventKind kind);

enum class Source : std::uint8_t { clinician, patient, timer, player };
std::string_view name_of(Source source);

struct Event {
    std::int64_t t_ms = 0;
    EventKind kind = EventKind::tick;
    Source source = Source::timer;
    int value = 0;     // rating: the value
    int request = 0;   // rating, rating_missed: which request it answers; 0: unasked
};

enum class CommandKind : std::uint8_t {
    show_scene,    // scene, level
    show_calm,     // at once; reason in text
    ask_rating,    // request
    hide_rating,
    show_text,     // step index: its instruction is shown on the patient's panel
    hide_text,
    pause_scene, resume_scene,
    finished,      // the session is over; text: "completed", "stopped"
};
std::string_view name_of(CommandKind kind);

struct Command {
    CommandKind kind = CommandKind::show_calm;
    std::string scene;
    int level = 0;
    int request = 0;
    int step = -1;
    std::string reason;  // why, in the rule's own words ("fell 50 % from peak 82 twice in a row"): recorded and shown
    bool operator==(const Command&) const = default;
};

enum class Phase : std::uint8_t { not_started, running, paused, stopped, finished };
std::string_view name_of(Phase phase);

struct RatingPoint {
    std::int64_t t_ms = 0;
    int value = 0;
    int step = 0;
    int level = 0;
    Source source = Source::patient;
    bool operator==(const RatingPoint&) const = default;
};

struct SessionState {
    Phase phase = Phase::not_started;
    std::int64_t now_ms = 0;
    int step = -1;                          // index into plan.steps
    int level_index = 0;                    // index into step.levels
    std::int64_t step_started_ms = 0;
    std::int64_t level_started_ms = 0;
    std::int64_t paused_at_ms = 0;
    std::optional<int> baseline;            // mean of the baseline step's ratings, rounded
    std::optional<int> level_peak;
    int met_in_a_row = 0;
    int next_request = 1;
    std::optional<int> open_request;
    std::int64_t request_asked_ms = 0;
    std::int64_t next_rating_ms = -1;       // -1: none due
    bool player_up = false;
    std::vector<RatingPoint> ratings;
    bool operator==(const SessionState&) const = default;
};

struct StepResult {
    SessionState state;
    std::vector<Command> commands;
};

StepResult step(const SessionPlan& plan, SessionState state, const Event& event);

// The next session time at which a tick changes something; none: only an event from outside can.
std::optional<std::int64_t> next_timer_ms(const SessionPlan& plan, const SessionState& state);

}  // namespace accalmie::protocols
