// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/protocols/support.h"

#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace accalmie::protocols;
using namespace accalmie::protocols::testing;

namespace {

constexpr std::int64_t kMinute_ms = 60'000;

struct Row {
    const char* what;
    std::vector<int> ratings;             // one a minute on the first level; -1: left unanswered
    std::optional<int> passed_after;      // how many ratings until the level is passed by the rule; none: not within them
    ReasonCode code = ReasonCode::none;
    std::string reason;
};

// The shipped rule (50 %, baseline +- 10, twice in a row, 2 to 6 minutes) with a baseline of 20.
void check(const Row& row) {
    INFO(row.what);
    Session session(shipped("alcohol-bar"));
    session.begin();
    for (int i = 1; i <= 5; ++i) {
        session.tick(i * kMinute_ms);
        session.rate(i * kMinute_ms, 20);
    }
    REQUIRE(session.state.step == 1);
    const std::int64_t start_ms = session.state.level_started_ms;
    std::optional<int> passed;
    for (std::size_t i = 0; i < row.ratings.size() && !passed; ++i) {
        const std::int64_t t_ms = start_ms + static_cast<std::int64_t>(i + 1) * kMinute_ms;
        session.tick(t_ms);
        REQUIRE(session.state.open_request.has_value());
        const std::vector<Command> commands = row.ratings[i] < 0 ? session.tick(t_ms + 45'000) : session.rate(t_ms, row.ratings[i]);
        if (session.state.level_index != 1) continue;
        passed = static_cast<int>(i + 1);
        CHECK(commands.back().kind == CommandKind::show_scene);
        CHECK(commands.back().why.code == row.code);
        CHECK(commands.back().reason == row.reason);
    }
    CHECK(passed == row.passed_after);
}

}  // namespace

TEST_CASE("a level is passed by the rule of the file and by nothing else", "[protocols][habituation]") {
    check({"half the peak, twice", {80, 40, 40}, 3, ReasonCode::fell_from_peak, "fell 50 % from peak 80 twice in a row"});
    check({"half the peak once is not enough", {80, 40, 41}, std::nullopt, {}, {}});
    check({"a rise breaks the row", {80, 40, 60, 40, 39}, 5, ReasonCode::fell_from_peak, "fell 50 % from peak 80 twice in a row"});
    check({"just over half is over", {80, 41, 41, 41}, std::nullopt, {}, {}});
    check({"near the baseline, twice", {55, 31, 30, 30}, 4, ReasonCode::back_to_baseline, "within 10 of baseline 20 twice in a row"});
    check({"below the baseline counts as back", {25, 5}, 2, ReasonCode::fell_from_peak, "fell 50 % from peak 25 twice in a row"});
    check({"never over the baseline", {22, 28}, 2, ReasonCode::back_to_baseline, "within 10 of baseline 20 twice in a row"});
    check({"one over the border is out", {50, 31, 31, 31}, std::nullopt, {}, {}});
    check({"the peak is the highest so far", {40, 80, 40, 38}, 4, ReasonCode::fell_from_peak, "fell 50 % from peak 80 twice in a row"});
    check({"a missing answer breaks the row", {80, 40, -1, 40}, std::nullopt, {}, {}});
    check({"at the longest time the level ends whatever was rated", {80, 80, 80, 80, 80, 80}, 6, ReasonCode::level_time_reached, "time reached (6 min)"});
}

TEST_CASE("no level ends before its shortest time, and then without waiting for another rating", "[protocols][habituation]") {
    Session session(small_plan());  // a level lasts 1 to 4 min
    session.plan.steps[1].rule.minimum_ms = 150'000;
    session.plan.steps[1].rule.maximum_ms = 600'000;
    session.begin();
    session.at(0, EventKind::next_level);
    session.tick(kMinute_ms);
    session.rate(kMinute_ms, 8);
    session.at(kMinute_ms + 1, EventKind::rating, Source::clinician, 4);
    session.at(kMinute_ms + 2, EventKind::rating, Source::clinician, 3);
    CHECK(session.state.met_in_a_row == 2);
    CHECK(session.state.level_index == 0);
    session.tick(2 * kMinute_ms);
    session.rate(2 * kMinute_ms, 4);
    CHECK(session.state.level_index == 0);
    CHECK(next_timer_ms(session.plan, session.state) == 150'000);
    CHECK(session.tick(150'000 - 1).empty());
    CHECK(session.tick(150'000)[0].why.code == ReasonCode::fell_from_peak);
    CHECK(session.state.level_index == 1);
}

TEST_CASE("without a baseline only the fall from the peak passes a level", "[protocols][habituation]") {
    Session session(small_plan());
    session.begin();
    session.at(1, EventKind::next_level);
    for (int minute = 1; minute <= 3; ++minute) {
        session.tick(1 + minute * kMinute_ms);
        session.rate(1 + minute * kMinute_ms, 1);
    }
    CHECK(session.state.met_in_a_row == 0);
    CHECK(session.state.level_index == 0);
}

TEST_CASE("each level has a peak and a row of its own", "[protocols][habituation]") {
    Session session(shipped("alcohol-bar"));
    session.begin();
    session.at(1, EventKind::next_level);
    session.at(2, EventKind::rating, Source::clinician, 80);
    session.at(3, EventKind::rating, Source::clinician, 40);
    CHECK(session.state.level_peak == 80);
    session.at(4, EventKind::next_level);
    CHECK_FALSE(session.state.level_peak.has_value());
    CHECK(session.state.met_in_a_row == 0);
    session.at(5, EventKind::rating, Source::clinician, 40);
    CHECK(session.state.level_peak == 40);
    CHECK(session.state.met_in_a_row == 0);
}
