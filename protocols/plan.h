// SPDX-License-Identifier: Apache-2.0
// Owns: SessionPlan, one protocol file after parsing: what a session does, in order, and by which rules it goes on.
// Never: reads a clock, draws a random number, touches a screen. Units: milliseconds of session time (_ms), craving points (0-100).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/error.h"

namespace accalmie::protocols {

// A sentence in the languages that the product ships.
struct Text {
    std::string en;
    std::string fr;
    const std::string& in(std::string_view language) const { return language.starts_with("fr") ? fr : en; }
};

enum class StepKind : std::uint8_t { baseline, exposure, coping, aftercare };
std::string_view name_of(StepKind kind);

struct RatingScale {
    std::string id;  // "craving-vas-100"
    int minimum = 0;
    int maximum = 100;
    Text question;
    Text low_anchor;
    Text high_anchor;
    std::int64_t timeout_ms = 45'000;  // unanswered after this: recorded as missing
};

// When an exposure level is passed (facts: habituation rules of cue-exposure manuals; all are editable in the file).
struct HabituationRule {
    double fall_from_peak = 0.5;          // passed when the rating is <= (1 - fall) * peak ...
    int return_to_baseline_within = 10;   // ... or <= baseline + this
    int consecutive_ratings = 2;          // that many ratings in a row have to meet it
    std::int64_t minimum_ms = 0;          // no level ends before this
    std::int64_t maximum_ms = 0;          // at this time the level ends whatever was rated, as "time reached"
};

struct Step {
    std::string id;
    StepKind kind = StepKind::baseline;
    Text title;
    Text instruction;                         // shown to the patient on the panel; may be empty
    std::string scene;                        // folder name under scenes/
    std::vector<int> levels{0};               // exposure: cue levels, in order; others: one level
    std::int64_t duration_ms = 0;             // baseline, coping, aftercare
    std::int64_t rating_every_ms = 0;         // 0: only at rating_at_ms
    std::vector<std::int64_t> rating_at_ms;   // from the step's start
    HabituationRule rule;                     // exposure only
    int line = 0;                             // where the step starts in its file
};

struct SessionPlan {
    std::string id;
    int version = 1;
    Text title;
    Text evidence;                 // one sentence, as it is, failures included
    RatingScale scale;
    int ceiling = 100;             // a rating at or over this brings coping at once (safety ceiling); > maximum: off
    std::vector<Step> steps;
    std::string source_text;       // the file as read, so that the ledger can keep it
};

// Reads one protocol file. Errors name file:line:column and what to do.
Result<SessionPlan> load_plan(const std::string& path);
Result<SessionPlan> parse_plan(std::string_view text, const std::string& file_name);

}  // namespace accalmie::protocols
