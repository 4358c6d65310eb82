// SPDX-License-Identifier: Apache-2.0
// Owns: the session state machine. `step` is pure: no clock, no file, no random device; time arrives in the event.
// Everything that happens is an Event; everything that is to be done is a Command. Replaying a session's events gives the same
// states and commands. Units: milliseconds of session time. Thread: any, nothing is shared. Errors: none, `step` is total.
//
// Time. An event first fires every timer that is due by its t_ms, each at its own due time, then takes effect, then fires what it
// made due. So ticking at next_timer_ms alone gives what ticking every millisecond gives. Session time never runs back: an earlier
// t_ms counts as now_ms, and one past kLatest_ms as kLatest_ms. stop, player_lost and tracking_lost do not wait for late timers.
//
// Timers run in the phase `running` only; a pause shifts them all. Among timers due together: a question's time-out, then a question,
// then the end of a level or step. An open question is never torn away by a timer: the level or step ends once it is closed.
//
// Questions. At most one is open. It closes with an answer (request equal to the open one, or 0: entered without being asked), with
// rating_missed (declined), or with its time-out, which `step` itself finds when time passes request_asked_ms + timeout_ms: it then
// commands hide_rating and records a MissedRating, no event rating_missed is needed. Anything that changes the scene withdraws it; a
// pause withdraws it and asks again on resume. An answer to a closed question, or one off the scale, changes nothing. A question
// whose time comes while another is open is skipped. A missed rating breaks a row of ratings that met the rule.
//
// Levels. Ratings count for the level on which they arrive. The rule is judged at every rating; once met it takes effect at minimum_ms.
//
// Safety. stop: show_calm is the first command, whatever the state, and no scene is shown after it: the session goes on in its
// aftercare, in the calm room, so that nobody is left alone with a craving, and ends as "stopped". A rating at or over the ceiling
// in baseline or exposure brings the next coping step at once (while paused: calm at once, coping on resume). A lost player or lost
// tracking pauses in calm; the clinician resumes once it is back, never the machine. `end` closes in aftercare; before it, it is a stop, and a second one closes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/plan.h"
#include "protocols/reason.h"

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

inline constexpr std::int64_t kLatest_ms = 24LL * 3600 * 1000;

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
    Reason why{};        // the same as a value; reason is its English text (finished: the outcome), text_of(why, "fr") the French one
    bool operator==(const Command&) const = default;
};

enum class Phase : std::uint8_t { not_started, running, paused, stopped, finished };
enum class PauseCause : std::uint8_t {
    none,
    clinician,  // the scene stands still
    player, tracking,  // lost: the patient is in calm
    calm,       // coping was called for during a clinician's pause: the patient is in calm
};
std::string_view name_of(Phase phase);

struct RatingPoint {
    std::int64_t t_ms = 0;
    int value = 0;
    int step = 0;
    int level = 0;
    Source source = Source::patient;
    int request = 0;   // which question it answers; 0: unasked
    bool operator==(const RatingPoint&) const = default;
};

// A question that the patient did not answer in time or declined: a missing value, which is data too.
struct MissedRating {
    std::int64_t t_ms = 0;
    int step = 0;
    int level = 0;
    int request = 0;
    bool declined = false;  // else it timed out
    bool operator==(const MissedRating&) const = default;
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
    std::vector<MissedRating> missed;
    bool met_by_fall = false;               // the newest judged rating met the rule by its fall from the peak
    PauseCause pause_cause = PauseCause::none;
    bool tracked = true;
    bool scene_frozen = false;              // pause_scene was sent and not taken back
    bool text_shown = false;                // show_text was sent and not taken back
    bool stopped = false;                   // somebody pressed stop: what is left is aftercare
    bool coping_on_resume = false;          // coping was called for while the session was paused in calm
    bool operator==(const SessionState&) const = default;
};

struct StepResult {
    SessionState state;
    std::vector<Command> commands;
};

// Commands come in the order in which they are to be carried out.
StepResult step(const SessionPlan& plan, SessionState state, const Event& event);

// The next session time at which a tick changes something; none: only an event from outside can.
// After a step it is always later than now_ms.
std::optional<std::int64_t> next_timer_ms(const SessionPlan& plan, const SessionState& state);

}  // namespace accalmie::protocols
