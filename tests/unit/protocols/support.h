// SPDX-License-Identifier: Apache-2.0
// Owns: what the protocol tests share: a small valid file, the shipped templates, and events in few words.
#pragma once

#include "protocols/plan.h"
#include "protocols/session.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace accalmie::protocols::testing {

// Line numbers of this text are named in parser_errors_test.cpp.
inline const std::string kValidFile = R"(id = "small"
version = 3
title = { en = "Small", fr = "Petit" }
evidence = { en = "None.", fr = "Aucune." }

[rating]
instrument = "line"
timeout = "30 s"

[safety]
ceiling = 9

[[step]]
id = "before"
kind = "baseline"
title = { en = "Before", fr = "Avant" }
scene = "waiting-room"
duration = "2 min"
ratings_every = "60 s"

[[step]]
id = "cue"
kind = "exposure"
title = { en = "Cue", fr = "Indice" }
scene = "bar-night"
levels = [0, 2]
ratings_every = "60 s"
level_time = { minimum = "1 min", maximum = "4 min" }
passed_when = { fall_from_peak = "50 %", return_to_baseline_within = 1, consecutive_ratings = 2 }

[[step]]
id = "calm"
kind = "coping"
title = { en = "Calm", fr = "Calme" }
instruction = { en = "Breathe.", fr = "Respirez." }
scene = "calm-room"
duration = "3 min"

[[step]]
id = "after"
kind = "aftercare"
title = { en = "After", fr = "Suite" }
scene = "calm-room"
duration = "20 min"
ratings_at = ["5 min", "20 min"]

[instruments.line]
minimum = 0
maximum = 10
question = { en = "How strong?", fr = "Quelle force ?" }
low_anchor = { en = "none", fr = "aucune" }
high_anchor = { en = "strongest", fr = "maximale" }
rights = { en = "free", fr = "libre" }
)";

inline SessionPlan small_plan() {
    const Result<SessionPlan> plan = parse_plan(kValidFile, "small.toml");
    INFO((plan ? std::string() : describe(plan.error())));
    REQUIRE(plan.has_value());
    return *plan;
}

inline SessionPlan shipped(const std::string& id) {
    const Result<SessionPlan> plan = load_plan(std::string(ACCALMIE_SOURCE_DIR) + "/protocols/templates/" + id + ".toml");
    INFO((plan ? std::string() : describe(plan.error())));
    REQUIRE(plan.has_value());
    return *plan;
}

// A session that keeps its state and the commands of its last event.
struct Session {
    explicit Session(SessionPlan the_plan) : plan(std::move(the_plan)) {}

    const std::vector<Command>& at(std::int64_t t_ms, EventKind kind, Source source = Source::clinician, int value = 0, int request = 0) {
        StepResult result = step(plan, state, {t_ms, kind, source, value, request});
        state = std::move(result.state);
        commands = std::move(result.commands);
        return commands;
    }
    const std::vector<Command>& tick(std::int64_t t_ms) { return at(t_ms, EventKind::tick, Source::timer); }
    const std::vector<Command>& rate(std::int64_t t_ms, int value) { return at(t_ms, EventKind::rating, Source::patient, value, state.open_request.value_or(0)); }
    const std::vector<Command>& begin() {
        at(0, EventKind::player_ready, Source::player);
        return at(0, EventKind::start);
    }

    SessionPlan plan;
    SessionState state;
    std::vector<Command> commands;
};

inline bool has(const std::vector<Command>& commands, CommandKind kind) {
    return std::ranges::any_of(commands, [kind](const Command& command) { return command.kind == kind; });
}

inline std::vector<CommandKind> kinds(const std::vector<Command>& commands) {
    std::vector<CommandKind> all;
    for (const Command& command : commands) all.push_back(command.kind);
    return all;
}

}  // namespace accalmie::protocols::testing
