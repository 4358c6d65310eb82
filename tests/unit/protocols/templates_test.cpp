// SPDX-License-Identifier: Apache-2.0
#include "protocols/library.h"
#include "protocols/simulation.h"
#include "tests/unit/protocols/support.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace accalmie::protocols;
using accalmie::protocols::testing::shipped;

TEST_CASE("the shipped templates are read as they are written", "[protocols][templates]") {
    const SessionPlan bar = shipped("alcohol-bar");
    CHECK(bar.id == "alcohol-bar");
    CHECK(bar.ceiling == 90);
    CHECK(bar.scale.id == "craving-vas-100");
    CHECK(bar.scale.maximum == 100);
    CHECK(bar.scale.timeout_ms == 45'000);
    REQUIRE(bar.steps.size() == 4);
    CHECK(bar.steps[0].duration_ms == 300'000);
    CHECK(bar.steps[0].rating_every_ms == 60'000);
    CHECK(bar.steps[1].levels == std::vector{0, 1, 2, 3, 4});
    CHECK(bar.steps[1].rule == HabituationRule{0.5, 10, 2, 120'000, 360'000});
    CHECK(bar.steps[2].scene == kCalmRoom);
    CHECK(bar.steps[3].rating_at_ms == std::vector<std::int64_t>{300'000, 600'000, 1'200'000});
    CHECK_FALSE(bar.rehearsal_only);
    CHECK(shipped("short-check").rehearsal_only);
}

TEST_CASE("what the ledger keeps of a plan parses to the same plan without any file", "[protocols][templates]") {
    for (const char* id : {"alcohol-bar", "short-check"}) {
        const SessionPlan plan = shipped(id);
        const Result<SessionPlan> again = parse_plan(plan.source_text, "ledger");
        INFO((again ? std::string() : describe(again.error())));
        REQUIRE(again.has_value());
        CHECK(*again == plan);
    }
}

TEST_CASE("a simulated patient goes through a shipped template to its end", "[protocols][templates]") {
    for (const std::uint64_t seed : {1U, 7U, 11U, 42U}) {
        const SimulatedSession session = simulate_session(shipped("alcohol-bar"), {}, seed);
        const SimulationSummary summary = summarise(shipped("alcohol-bar"), session);
        CHECK(session.outcome == "completed");
        CHECK(session.state.phase == Phase::finished);
        CHECK(summary.duration_ms >= 28 * 60'000);
        CHECK(summary.duration_ms <= 60 * 60'000);
        CHECK(summary.level_ends.size() == 5);
        CHECK(summary.missed == 0);
    }
    const SimulatedSession quick = simulate_session(shipped("short-check"), {}, 7);
    CHECK(quick.outcome == "completed");
    CHECK(quick.state.now_ms <= 2'500);
    CHECK(quick.state.ratings.size() >= 8);
}

TEST_CASE("every shipped template is listed and reads without a finding", "[protocols][templates]") {
    const Result<std::vector<Listed>> listed = list_templates();
    REQUIRE(listed.has_value());
    CHECK(listed->size() >= 2);
    for (const Listed& one : *listed) {
        INFO(one.path);
        CHECK(one.diagnosis.plan.has_value());
        CHECK(one.diagnosis.errors.empty());
        CHECK(one.diagnosis.warnings.empty());
    }
}
