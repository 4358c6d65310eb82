// SPDX-License-Identifier: Apache-2.0
// What each event does in each state, in the words of session.h.
#include "tests/unit/protocols/support.h"

#include <catch2/catch_test_macros.hpp>

using namespace accalmie::protocols;
using namespace accalmie::protocols::testing;

namespace {

constexpr std::int64_t kMinute_ms = 60'000;

// At the first level of the small plan's exposure, baseline 2 (one rating each minute), t = 2 min and the time to answer.
Session in_exposure() {
    Session session(small_plan());
    session.begin();
    session.tick(kMinute_ms);
    session.rate(kMinute_ms + 1000, 2);
    session.tick(2 * kMinute_ms);
    session.rate(2 * kMinute_ms + 1000, 2);
    REQUIRE(session.state.step == 1);
    REQUIRE(session.state.baseline == 2);
    return session;
}

Session in_aftercare() {
    Session session = in_exposure();
    session.at(3 * kMinute_ms, EventKind::coping);
    session.tick(6 * kMinute_ms);
    REQUIRE(session.plan.steps[static_cast<std::size_t>(session.state.step)].kind == StepKind::aftercare);
    return session;
}

// Every kind of state that a session can be in.
std::vector<Session> everywhere() {
    std::vector<Session> all;
    all.emplace_back(small_plan());
    Session baseline(small_plan());
    baseline.begin();
    all.push_back(baseline);
    baseline.tick(kMinute_ms);
    REQUIRE(baseline.state.open_request.has_value());
    all.push_back(baseline);
    all.push_back(in_exposure());
    for (const EventKind kind : {EventKind::pause, EventKind::player_lost, EventKind::tracking_lost, EventKind::coping, EventKind::stop, EventKind::end}) {
        Session session = in_exposure();
        session.at(3 * kMinute_ms, kind);
        all.push_back(session);
    }
    all.push_back(in_aftercare());
    Session finished = in_aftercare();
    finished.at(10 * kMinute_ms, EventKind::end);
    REQUIRE(finished.state.phase == Phase::finished);
    all.push_back(finished);
    return all;
}

}  // namespace

TEST_CASE("a stop brings calm as the first command, from every state and at any time", "[protocols][session]") {
    for (Session session : everywhere()) {
        for (const Source source : {Source::clinician, Source::patient, Source::player}) {
            for (const std::int64_t later_ms : {std::int64_t{0}, kMinute_ms, 100 * kMinute_ms, std::int64_t{-5}}) {
                Session stopped = session;
                const bool was_over = stopped.state.phase == Phase::stopped || stopped.state.phase == Phase::finished;
                const std::vector<Command> commands = stopped.at(stopped.state.now_ms + later_ms, EventKind::stop, source);
                INFO(name_of(session.state.phase) << " step " << session.state.step);
                REQUIRE_FALSE(commands.empty());
                CHECK(commands.front().kind == CommandKind::show_calm);
                CHECK_FALSE(has(commands, CommandKind::show_scene));
                CHECK_FALSE(has(commands, CommandKind::ask_rating));
                CHECK_FALSE(stopped.state.open_request.has_value());
                if (was_over) continue;
                const bool had_begun = session.state.phase != Phase::not_started;
                // A stop ends a session only before it began, or when its aftercare was over already and nobody had looked.
                const bool was_resting = had_begun && session.plan.steps[static_cast<std::size_t>(session.state.step)].kind == StepKind::aftercare;
                CHECK(has(commands, CommandKind::finished) == (!had_begun || (was_resting && later_ms == 100 * kMinute_ms)));
                if (!had_begun) continue;
                CHECK(stopped.state.stopped);
                CHECK(stopped.plan.steps[static_cast<std::size_t>(stopped.state.step)].kind == StepKind::aftercare);
            }
        }
    }
}

TEST_CASE("after a stop the aftercare of the protocol runs in the calm room, and the session ends as stopped", "[protocols][session]") {
    Session session = in_exposure();
    session.at(3 * kMinute_ms, EventKind::stop, Source::patient);
    CHECK(session.state.phase == Phase::running);
    const std::int64_t start_ms = session.state.step_started_ms;
    CHECK(start_ms == 3 * kMinute_ms);
    for (const EventKind kind : {EventKind::start, EventKind::next_level, EventKind::previous_level, EventKind::coping, EventKind::pause, EventKind::resume,
                                 EventKind::player_lost, EventKind::player_ready, EventKind::resume, EventKind::tracking_lost, EventKind::tracking_back,
                                 EventKind::resume, EventKind::stop}) {
        INFO(name_of(kind));
        CHECK_FALSE(has(session.at(start_ms + kMinute_ms, kind), CommandKind::show_scene));
        CHECK(session.plan.steps[static_cast<std::size_t>(session.state.step)].kind == StepKind::aftercare);
    }
    const std::int64_t length_ms = session.plan.steps.back().duration_ms;
    bool asked = false;
    while (session.state.phase == Phase::running) {
        const auto due = next_timer_ms(session.plan, session.state);
        REQUIRE(due.has_value());
        asked = has(session.tick(*due), CommandKind::ask_rating) || asked;
    }
    CHECK(asked);
    CHECK(session.state.now_ms >= start_ms + length_ms);
    CHECK(session.state.phase == Phase::stopped);
    CHECK(session.commands.back().kind == CommandKind::finished);
    CHECK(session.commands.back().reason == "stopped");
}

TEST_CASE("a stop while the patient's view is lost leads to aftercare once it is back", "[protocols][session]") {
    Session session = in_exposure();
    session.at(3 * kMinute_ms, EventKind::player_lost, Source::player);
    session.at(4 * kMinute_ms, EventKind::stop, Source::clinician);
    CHECK(session.state.phase == Phase::paused);
    session.at(5 * kMinute_ms, EventKind::player_ready, Source::player);
    const auto commands = session.at(6 * kMinute_ms, EventKind::resume);
    CHECK_FALSE(has(commands, CommandKind::show_scene));
    CHECK(has(commands, CommandKind::show_calm));
    CHECK(session.plan.steps[static_cast<std::size_t>(session.state.step)].kind == StepKind::aftercare);
    CHECK(session.state.step_started_ms == 6 * kMinute_ms);
}

TEST_CASE("after the end nothing is shown, but the clinician may still record what the patient says", "[protocols][session]") {
    Session session = in_exposure();
    session.at(3 * kMinute_ms, EventKind::stop, Source::patient);
    session.at(3 * kMinute_ms, EventKind::end, Source::clinician);
    for (const EventKind kind : {EventKind::start, EventKind::next_level, EventKind::previous_level, EventKind::resume, EventKind::coping, EventKind::end,
                                 EventKind::player_ready, EventKind::tracking_back, EventKind::pause, EventKind::tick}) {
        CHECK(session.at(4 * kMinute_ms, kind).empty());
    }
    const std::size_t before = session.state.ratings.size();
    session.at(5 * kMinute_ms, EventKind::rating, Source::patient, 4);
    CHECK(session.state.ratings.size() == before);
    session.at(5 * kMinute_ms, EventKind::rating, Source::clinician, 4);
    REQUIRE(session.state.ratings.size() == before + 1);
    CHECK(session.state.ratings.back().t_ms == 5 * kMinute_ms);
    CHECK(session.state.phase == Phase::stopped);
}

TEST_CASE("a start shows the baseline scene and asks at the cadence of the file", "[protocols][session]") {
    Session session(small_plan());
    const std::vector<Command> commands = session.begin();
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].kind == CommandKind::show_scene);
    CHECK(commands[0].scene == "waiting-room");
    CHECK(commands[0].step == 0);
    CHECK(commands[0].reason == "session started by the clinician");
    CHECK(next_timer_ms(session.plan, session.state) == kMinute_ms);
    CHECK(session.tick(kMinute_ms - 1).empty());
    CHECK(kinds(session.tick(kMinute_ms)) == std::vector{CommandKind::ask_rating});
    CHECK(session.commands[0].request == 1);
    CHECK(session.at(kMinute_ms, EventKind::start).empty());
}

TEST_CASE("a question that nobody answers is hidden at its time-out and kept as missing", "[protocols][session]") {
    Session session(small_plan());
    session.begin();
    session.tick(kMinute_ms);
    CHECK(next_timer_ms(session.plan, session.state) == kMinute_ms + 30'000);
    CHECK(kinds(session.tick(kMinute_ms + 30'000)) == std::vector{CommandKind::hide_rating});
    CHECK(session.commands[0].reason == "no answer within 30 s: recorded as missing");
    REQUIRE(session.state.missed.size() == 1);
    CHECK(session.state.missed[0] == MissedRating{kMinute_ms + 30'000, 0, 0, 1, false});
    // The answer that comes after it changes nothing.
    CHECK(session.at(kMinute_ms + 30'001, EventKind::rating, Source::patient, 5, 1).empty());
    CHECK(session.state.ratings.empty());
}

TEST_CASE("an answer off the scale or to another question changes nothing", "[protocols][session]") {
    Session session(small_plan());
    session.begin();
    session.tick(kMinute_ms);
    const SessionState before = session.state;
    for (const auto& [value, request] : std::vector<std::pair<int, int>>{{11, 1}, {-1, 1}, {5, 2}, {5, -1}}) {
        CHECK(session.at(kMinute_ms, EventKind::rating, Source::patient, value, request).empty());
        CHECK(session.state == before);
    }
    CHECK(session.at(kMinute_ms, EventKind::rating_missed, Source::patient, 0, 7).empty());
    session.at(kMinute_ms, EventKind::rating_missed, Source::patient, 0, 1);
    REQUIRE(session.state.missed.size() == 1);
    CHECK(session.state.missed[0].declined);
}

TEST_CASE("a step waits for the question that was asked at its end", "[protocols][session]") {
    Session session(small_plan());
    session.begin();
    session.tick(kMinute_ms);
    session.rate(kMinute_ms + 1, 2);
    CHECK(kinds(session.tick(2 * kMinute_ms)) == std::vector{CommandKind::ask_rating});
    CHECK(session.tick(2 * kMinute_ms + 10'000).empty());
    const std::vector<Command> commands = session.rate(2 * kMinute_ms + 12'000, 4);
    CHECK(kinds(commands) == std::vector{CommandKind::hide_rating, CommandKind::show_scene});
    CHECK(commands[1].scene == "bar-night");
    CHECK(commands[1].reason == "time over (2 min)");
    CHECK(session.state.baseline == 3);
    CHECK(session.state.level_started_ms == 2 * kMinute_ms + 12'000);
}

TEST_CASE("a rating at the ceiling brings coping at once", "[protocols][session]") {
    Session session = in_exposure();
    session.tick(*next_timer_ms(session.plan, session.state));
    const std::vector<Command> commands = session.rate(session.state.now_ms + 2000, 9);
    CHECK(kinds(commands) == std::vector{CommandKind::hide_rating, CommandKind::show_calm, CommandKind::show_text});
    CHECK(commands[1].reason == "rating 9 reached the safety ceiling 9");
    CHECK(text_of(commands[1].why, "fr") == "la cotation 9 atteint le plafond de sécurité 9");
    CHECK(session.state.step == 2);
    // Already calm: the same rating moves nothing.
    session.at(5 * kMinute_ms, EventKind::rating, Source::clinician, 10);
    CHECK(session.state.step == 2);
}

TEST_CASE("a rating at the ceiling during a pause brings calm now and coping on resume", "[protocols][session]") {
    Session session = in_exposure();
    session.at(3 * kMinute_ms, EventKind::pause);
    CHECK(kinds(session.at(4 * kMinute_ms, EventKind::rating, Source::clinician, 10)) == std::vector{CommandKind::show_calm});
    CHECK(session.state.phase == Phase::paused);
    const std::vector<Command> commands = session.at(5 * kMinute_ms, EventKind::resume);
    CHECK_FALSE(has(commands, CommandKind::show_scene));
    CHECK(has(commands, CommandKind::show_calm));
    CHECK(session.plan.steps[static_cast<std::size_t>(session.state.step)].kind == StepKind::coping);
}

TEST_CASE("a pause stops every timer and a resume shifts them", "[protocols][session]") {
    Session session = in_exposure();
    const std::int64_t due_ms = *next_timer_ms(session.plan, session.state);
    CHECK(kinds(session.at(due_ms - 10'000, EventKind::pause)) == std::vector{CommandKind::pause_scene});
    CHECK_FALSE(next_timer_ms(session.plan, session.state).has_value());
    CHECK(session.tick(due_ms + 500'000).empty());
    CHECK(session.at(due_ms + 500'000, EventKind::next_level).empty());
    CHECK(kinds(session.at(due_ms + 590'000, EventKind::resume)) == std::vector{CommandKind::resume_scene});
    CHECK(next_timer_ms(session.plan, session.state) == due_ms + 600'000);
}

TEST_CASE("a question that a pause takes back is asked again on resume", "[protocols][session]") {
    Session session = in_exposure();
    session.tick(*next_timer_ms(session.plan, session.state));
    REQUIRE(session.state.open_request == 3);
    CHECK(kinds(session.at(session.state.now_ms + 1000, EventKind::pause)) == std::vector{CommandKind::pause_scene, CommandKind::hide_rating});
    CHECK(session.state.missed.empty());
    const std::vector<Command> commands = session.at(session.state.now_ms + kMinute_ms, EventKind::resume);
    CHECK(kinds(commands) == std::vector{CommandKind::resume_scene, CommandKind::ask_rating});
    CHECK(commands[1].request == 4);
}

TEST_CASE("a lost player pauses in calm and only the clinician resumes", "[protocols][session]") {
    Session session = in_exposure();
    const std::vector<Command> lost = session.at(3 * kMinute_ms - 1, EventKind::player_lost, Source::player);
    CHECK(kinds(lost) == std::vector{CommandKind::show_calm});
    CHECK(lost[0].reason == "the patient's program was lost");
    CHECK(session.state.phase == Phase::paused);
    // Not while it is away.
    CHECK(kinds(session.at(4 * kMinute_ms, EventKind::resume)) == std::vector{CommandKind::show_calm});
    CHECK(session.state.phase == Phase::paused);
    CHECK(kinds(session.at(5 * kMinute_ms, EventKind::player_ready, Source::player)) == std::vector{CommandKind::show_calm});
    CHECK(session.state.phase == Phase::paused);
    const std::vector<Command> commands = session.at(6 * kMinute_ms, EventKind::resume);
    REQUIRE_FALSE(commands.empty());
    CHECK(commands[0].kind == CommandKind::show_scene);
    CHECK(commands[0].scene == "bar-night");
    CHECK(session.state.phase == Phase::running);
}

TEST_CASE("a player that came back without having been reported lost counts as lost", "[protocols][session]") {
    Session session = in_exposure();
    CHECK(has(session.at(3 * kMinute_ms - 1, EventKind::player_ready, Source::player), CommandKind::show_calm));
    CHECK(session.state.phase == Phase::paused);
}

TEST_CASE("lost tracking pauses in calm until it is back and the clinician resumes", "[protocols][session]") {
    Session session = in_exposure();
    CHECK(kinds(session.at(3 * kMinute_ms - 1, EventKind::tracking_lost, Source::player)) == std::vector{CommandKind::show_calm});
    CHECK(session.at(4 * kMinute_ms, EventKind::resume)[0].why.code == ReasonCode::tracking_missing);
    session.at(5 * kMinute_ms, EventKind::tracking_back, Source::player);
    CHECK(session.state.phase == Phase::paused);
    CHECK(has(session.at(6 * kMinute_ms, EventKind::resume), CommandKind::show_scene));
    // And nothing starts without it.
    Session fresh(small_plan());
    fresh.at(0, EventKind::tracking_lost, Source::player);
    CHECK_FALSE(has(fresh.at(1, EventKind::start), CommandKind::show_scene));
    CHECK(fresh.state.phase == Phase::not_started);
}

TEST_CASE("the clinician moves along the ladder and off its end", "[protocols][session]") {
    Session session = in_exposure();
    CHECK(session.at(3 * kMinute_ms - 5, EventKind::previous_level).empty());
    CHECK(session.at(3 * kMinute_ms - 4, EventKind::next_level)[0].level == 2);
    CHECK(session.at(3 * kMinute_ms - 3, EventKind::previous_level)[0].level == 0);
    session.at(3 * kMinute_ms - 2, EventKind::next_level);
    const std::vector<Command> commands = session.at(3 * kMinute_ms - 1, EventKind::next_level);
    CHECK(commands[0].kind == CommandKind::show_calm);
    CHECK(commands[0].reason == "moved on by the clinician");
    CHECK(session.state.step == 2);
}

TEST_CASE("the instruction of a step is shown with it and taken back after it", "[protocols][session]") {
    Session session = in_exposure();
    CHECK(kinds(session.at(3 * kMinute_ms - 1, EventKind::coping)) == std::vector{CommandKind::show_calm, CommandKind::show_text});
    CHECK(kinds(session.tick(6 * kMinute_ms - 1)) == std::vector{CommandKind::show_calm, CommandKind::hide_text});
}

TEST_CASE("a session ends when its aftercare is over or when the clinician closes it there", "[protocols][session]") {
    Session over = in_aftercare();
    const std::int64_t start_ms = over.state.step_started_ms;
    over.tick(start_ms + 5 * kMinute_ms);
    over.rate(start_ms + 5 * kMinute_ms, 1);
    CHECK(over.tick(start_ms + 20 * kMinute_ms - 1).empty());
    CHECK(kinds(over.tick(start_ms + 20 * kMinute_ms)) == std::vector{CommandKind::ask_rating});
    CHECK(kinds(over.rate(start_ms + 20 * kMinute_ms + 3000, 1)) == std::vector{CommandKind::hide_rating, CommandKind::show_calm, CommandKind::finished});
    CHECK(over.commands.back().reason == "completed");
    CHECK(over.state.phase == Phase::finished);

    Session closed = in_aftercare();
    const std::vector<Command> commands = closed.at(closed.state.step_started_ms + 12 * kMinute_ms, EventKind::end);
    CHECK(has(commands, CommandKind::finished));
    CHECK(commands.back().reason == "completed");
    CHECK(commands.back().why.code == ReasonCode::aftercare_ended);
    CHECK(commands.back().why.a == 12 * kMinute_ms);

    Session early = in_exposure();
    CHECK(early.at(3 * kMinute_ms - 1, EventKind::end)[0].kind == CommandKind::show_calm);
    CHECK(early.plan.steps[static_cast<std::size_t>(early.state.step)].kind == StepKind::aftercare);
    CHECK(early.at(3 * kMinute_ms, EventKind::end).back().reason == "stopped");
    CHECK(early.state.phase == Phase::stopped);
}

TEST_CASE("every reason has a sentence in both languages", "[protocols][session]") {
    for (int code = 1; code <= static_cast<int>(ReasonCode::instruction); ++code) {
        const Reason reason{static_cast<ReasonCode>(code), Source::clinician, 120'000, 40, 2};
        INFO(name_of(reason.code));
        CHECK(name_of(reason.code) != "none");
        CHECK_FALSE(text_of(reason, "en").empty());
        CHECK_FALSE(text_of(reason, "fr").empty());
        CHECK(text_of(reason, "en") != text_of(reason, "fr"));
    }
}

TEST_CASE("a plan made by hand with nothing in it gives a defined session", "[protocols][session]") {
    Session empty{SessionPlan{}};
    CHECK(empty.begin().back().kind == CommandKind::finished);
    SessionPlan odd;
    odd.steps.resize(2);
    odd.steps[0].kind = StepKind::exposure;
    odd.steps[0].levels.clear();
    odd.steps[0].rule.maximum_ms = -1;
    odd.steps[1].duration_ms = -7;
    Session session(odd);
    session.begin();
    CHECK_FALSE(next_timer_ms(odd, session.state).has_value());
    CHECK(session.at(5, EventKind::next_level).back().kind == CommandKind::finished);
}

TEST_CASE("coping means the next coping step, or the newest one behind", "[protocols][session]") {
    SessionPlan plan = small_plan();
    plan.steps.insert(plan.steps.begin() + 3, plan.steps[1]);  // cue, calm, cue, calm, after
    plan.steps.insert(plan.steps.begin() + 4, plan.steps[2]);
    Session session(plan);
    session.begin();
    session.at(1, EventKind::next_level);
    REQUIRE(session.state.step == 1);
    session.at(2, EventKind::coping);
    CHECK(session.state.step == 2);
    session.at(3, EventKind::next_level);
    REQUIRE(session.state.step == 3);
    session.at(4, EventKind::coping);
    CHECK(session.state.step == 4);
    session.at(5, EventKind::coping);
    CHECK(session.state.step == 4);
    session.at(6, EventKind::next_level);
    REQUIRE(session.state.step == 5);
    session.at(7, EventKind::coping);
    CHECK(session.state.step == 4);
}

TEST_CASE("a question whose time comes while another is open is skipped", "[protocols][session]") {
    SessionPlan plan = small_plan();
    plan.scale.timeout_ms = 90'000;
    plan.steps[0].duration_ms = 10 * kMinute_ms;
    Session session(plan);
    session.begin();
    session.tick(kMinute_ms);
    CHECK(session.tick(2 * kMinute_ms).empty());
    CHECK(kinds(session.rate(2 * kMinute_ms + 10'000, 3)) == std::vector{CommandKind::hide_rating});
    CHECK(next_timer_ms(plan, session.state) == 3 * kMinute_ms);
}

TEST_CASE("a question may come with the beginning of a step", "[protocols][session]") {
    SessionPlan plan = small_plan();
    plan.steps[0].rating_at_ms = {0, 90'000};
    Session session(plan);
    CHECK(kinds(session.begin()) == std::vector{CommandKind::show_scene, CommandKind::ask_rating});
    session.rate(2000, 3);
    CHECK(next_timer_ms(plan, session.state) == kMinute_ms);
    session.tick(kMinute_ms);
    session.rate(kMinute_ms + 2000, 3);
    CHECK(next_timer_ms(plan, session.state) == 90'000);
}
