// SPDX-License-Identifier: Apache-2.0
// Owns: why a command was given, as a code with its numbers, and its sentence in the languages that the product ships.
// Never: decides anything. The English sentence goes into the ledger with the command (Command.reason).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace accalmie::protocols {

enum class Source : std::uint8_t { clinician, patient, timer, player };
std::string_view name_of(Source source);

enum class ReasonCode : std::uint8_t {
    none,
    session_started,
    step_time_over,          // a: the step's duration in ms
    fell_from_peak,          // a: percent asked for, b: peak, c: ratings in a row
    back_to_baseline,        // a: points asked for, b: baseline, c: ratings in a row
    level_time_reached,      // a: the level's maximum time in ms
    next_asked,              // source
    previous_asked,          // source
    ceiling_reached,         // a: the rating, b: the ceiling
    coping_asked,            // source
    stopped,                 // source
    ended_early,             // source; the session was closed before its aftercare
    aftercare_ended,         // source, a: aftercare given in ms
    aftercare_over,          // a: its duration in ms
    plan_over,               // the last step, not an aftercare, is over
    paused, resumed,         // source
    player_lost, player_back, player_ready,
    tracking_lost, tracking_back, tracking_missing, player_missing,
    rating_due,              // a: ms since the step began; b = 1: since the level began
    rating_answered, rating_declined, rating_entered,
    rating_unanswered,       // a: the time-out in ms
    rating_withdrawn,        // the question was taken back, unanswered, because the scene changed or stopped
    instruction,             // the step's own text
};
std::string_view name_of(ReasonCode code);

struct Reason {
    ReasonCode code = ReasonCode::none;
    Source source = Source::timer;
    std::int64_t a = 0, b = 0, c = 0;
    bool operator==(const Reason&) const = default;
};

// One sentence without a full stop, "fr..." in French, anything else in English.
std::string text_of(const Reason& reason, std::string_view language);

// "5 min", "90 s", "1 min 30 s", "250 ms": how the product writes a duration, the same in both languages.
std::string duration_text(std::int64_t duration_ms);

}  // namespace accalmie::protocols
