// SPDX-License-Identifier: Apache-2.0
// Owns: SessionPlan, one protocol file after parsing: what a session does, in order, and by which rules it goes on.
// Never: reads a clock, draws a random number, touches a screen. Units: milliseconds of session time (_ms), craving points (0-100).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/error.h"

namespace accalmie::protocols {

// The room that is always resident in the player. A step that plays in it is shown with show_calm, at once and without a fade.
inline constexpr std::string_view kCalmRoom = "calm-room";

// Craving is still above baseline right after exposure and back to it by 20 minutes (facts/clinical.md 2a, n = 21).
inline constexpr std::int64_t kShortestAftercare_ms = 20 * 60'000;

// A sentence in the languages that the product ships.
struct Text {
    std::string en;
    std::string fr;
    const std::string& in(std::string_view language) const { return language.starts_with("fr") ? fr : en; }
    bool empty() const { return en.empty() && fr.empty(); }
    bool operator==(const Text&) const = default;
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
    bool operator==(const RatingScale&) const = default;
};

// When an exposure level is passed (facts: habituation rules of cue-exposure manuals; all are editable in the file).
struct HabituationRule {
    double fall_from_peak = 0.5;          // passed when the rating is <= (1 - fall) * peak ...
    int return_to_baseline_within = 10;   // ... or <= baseline + this
    int consecutive_ratings = 2;          // that many ratings in a row have to meet it
    std::int64_t minimum_ms = 0;          // no level ends before this
    std::int64_t maximum_ms = 0;          // at this time the level ends whatever was rated, as "time reached"
    bool operator==(const HabituationRule&) const = default;
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
    bool operator==(const Step&) const = default;
};

struct SessionPlan {
    std::string id;
    int version = 1;
    Text title;
    Text evidence;                 // one sentence, as it is, failures included
    RatingScale scale;
    int ceiling = 100;             // a rating at or over this brings coping at once (safety ceiling); > maximum: off
    std::vector<Step> steps;
    std::string source_text;       // the file as read, then the instrument's file when it was read from one, so that what the ledger
                                   // keeps parses to the same plan without any file
    bool rehearsal_only = false;   // for trials of the software: no patient sees it, so aftercare may be short
    bool operator==(const SessionPlan&) const = default;
};

// What the caller knows about the world outside the file. protocols/ never looks into scenes/.
struct KnownScene {
    std::string name;
    int levels = 1;       // cue levels from 0
    bool cue = false;     // holds cues: no place for a baseline, coping or aftercare
};
struct ParseOptions {
    std::optional<std::vector<KnownScene>> known_scenes;      // none: scene names are checked for their form only
    std::vector<std::string> instrument_folders;              // searched for ID.toml when the file does not hold the instrument itself
};

// Everything that is wrong with a file, in the order of its lines. Warnings do not keep a plan from being used.
struct Diagnosis {
    std::optional<SessionPlan> plan;  // none when there is an error
    std::vector<Error> errors;
    std::vector<Error> warnings;
};
Diagnosis diagnose_plan(std::string_view text, const std::string& file_name, const ParseOptions& options = {});

// Reads one protocol file; the first mistake is the error, as file:line:column and what to do. load_plan also looks for instruments in
// the folders `instruments` beside and above the file, and in the shipped one; a name without a slash or ".toml" is a shipped template.
Result<SessionPlan> load_plan(const std::string& path, const ParseOptions& options = {});
Result<Diagnosis> diagnose_file(const std::string& path, ParseOptions options = {});  // the error: the file cannot be read at all
Result<SessionPlan> parse_plan(std::string_view text, const std::string& file_name, const ParseOptions& options = {});

}  // namespace accalmie::protocols
