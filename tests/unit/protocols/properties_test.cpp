// SPDX-License-Identifier: Apache-2.0
// What holds for every sequence of events, tried on many random ones. The watcher itself is first shown results that break each rule.
#include "tests/unit/protocols/support.h"

#include "protocols/simulation.h"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace accalmie::protocols;
using namespace accalmie::protocols::testing;

namespace {

// Looks at one step from outside, with nothing but the commands so far, as the patient's program would.
class Watcher {
public:
    explicit Watcher(const SessionPlan& plan) : plan_(plan) {}

    // What is wrong; empty when nothing is.
    std::string look(const SessionState& before, const Event& event, const StepResult& result) {
        const SessionState& after = result.state;
        if (after.now_ms < before.now_ms) return "time ran back";
        if (after.now_ms > kLatest_ms) return "time ran past its end";
        if (event.kind == EventKind::stop && before.phase != Phase::not_started) stopped_ = true;
        if (event.kind == EventKind::stop && (result.commands.empty() || result.commands.front().kind != CommandKind::show_calm)) return "a stop without calm first";
        const bool live = after.phase == Phase::running || after.phase == Phase::paused;
        if (live && (after.step < 0 || after.step >= static_cast<int>(plan_.steps.size()))) return "no such step";
        if (live && (after.level_index < 0 || after.level_index >= static_cast<int>(plan_.steps[static_cast<std::size_t>(after.step)].levels.size()))) return "no such level";
        if (!live && after.open_request) return "a question outside a session";
        if (after.phase == Phase::paused && after.open_request) return "a question during a pause";
        const std::optional<std::int64_t> timer = next_timer_ms(plan_, after);
        if (timer && *timer <= after.now_ms) return "a timer was left behind";
        if (after.ratings.size() < before.ratings.size() || after.missed.size() < before.missed.size()) return "a rating was lost";
        for (std::size_t i = before.ratings.size(); i < after.ratings.size(); ++i) {
            if (after.ratings[i].value < plan_.scale.minimum || after.ratings[i].value > plan_.scale.maximum) return "a rating off the scale";
            if (i > 0 && after.ratings[i].t_ms < after.ratings[i - 1].t_ms) return "ratings out of order";
        }
        for (const Command& command : result.commands) {
            if (std::string wrong = obey(command); !wrong.empty()) return wrong;
        }
        if (open_ != after.open_request) return "the panel and the state disagree about the open question";
        if (frozen_ != after.scene_frozen) return "the scene and the state disagree about the pause";
        return {};
    }

private:
    std::string obey(const Command& command) {
        if (command.reason.empty()) return "a command without a reason";
        if (over_ && command.kind != CommandKind::show_calm) return "a command after the end";
        switch (command.kind) {
            case CommandKind::ask_rating:
                if (open_) return "two open questions";
                if (command.request <= newest_) return "a question's number came twice";
                open_ = newest_ = command.request;
                break;
            case CommandKind::hide_rating:
                if (open_ != command.request) return "a question was hidden that was not open";
                open_.reset();
                break;
            case CommandKind::show_scene: {
                if (stopped_) return "a scene after a stop";
                const auto known = std::ranges::any_of(plan_.steps, [&](const Step& step) {
                    return step.scene == command.scene && std::ranges::find(step.levels, command.level) != step.levels.end();
                });
                if (!known) return "a scene or level that the plan does not have";
                if (frozen_) return "a scene was shown while it stands still";
                break;
            }
            case CommandKind::pause_scene:
                if (frozen_) return "paused twice";
                frozen_ = true;
                break;
            case CommandKind::resume_scene:
                if (!frozen_) return "resumed without a pause";
                frozen_ = false;
                break;
            case CommandKind::show_calm:
                // A new program after a loss knows of no pause.
                if (command.why.code == ReasonCode::player_lost || command.why.code == ReasonCode::player_back) frozen_ = false;
                break;
            case CommandKind::finished: over_ = true; break;
            case CommandKind::show_text:
            case CommandKind::hide_text: break;
        }
        return {};
    }

    const SessionPlan& plan_;
    std::optional<int> open_;
    int newest_ = 0;
    bool over_ = false;
    bool stopped_ = false;
    bool frozen_ = false;
};

struct Draw {
    std::mt19937_64 engine;
    int below(int bound) { return static_cast<int>(engine() % static_cast<std::uint64_t>(bound)); }
};

// Mostly what happens in sessions, sometimes what never should.
Event random_event(Draw& draw, const SessionState& state, std::int64_t t_ms) {
    static constexpr EventKind kAll[] = {EventKind::start, EventKind::tick, EventKind::rating, EventKind::rating_missed, EventKind::next_level,
                                         EventKind::previous_level, EventKind::pause, EventKind::resume, EventKind::coping, EventKind::stop,
                                         EventKind::player_lost, EventKind::player_ready, EventKind::tracking_lost, EventKind::tracking_back, EventKind::end};
    Event event{.t_ms = t_ms, .kind = EventKind::tick, .source = static_cast<Source>(draw.below(4))};
    const int die = draw.below(100);
    if (die < 35) event.kind = EventKind::tick;
    else if (die < 65) event.kind = EventKind::rating;
    else if (die < 72) event.kind = EventKind::resume;
    else if (die < 99) event.kind = kAll[draw.below(13)];
    else event.kind = kAll[draw.below(15)];
    if (event.kind == EventKind::stop && draw.below(4) != 0) event.kind = EventKind::start;
    event.value = draw.below(20) == 0 ? draw.below(4000) - 2000 : draw.below(90);
    event.request = draw.below(4) == 0 ? draw.below(6) - 1 : state.open_request.value_or(0);
    return event;
}

SessionPlan random_plan(Draw& draw) {
    static const SessionPlan shipped_plan = shipped("short-check");
    SessionPlan plan = shipped_plan;
    plan.source_text.clear();
    for (Step& step : plan.steps) {
        step.rating_every_ms = draw.below(3) == 0 ? 0 : 1 + draw.below(150);
        step.rating_at_ms.clear();
        if (draw.below(2) == 0) step.rating_at_ms = {draw.below(100), 100 + draw.below(100)};
        step.duration_ms = draw.below(500);
        step.rule = {0.5, draw.below(20), draw.below(4), draw.below(200), draw.below(5) == 0 ? 0 : 100 + draw.below(300)};
        if (draw.below(8) == 0) step.kind = static_cast<StepKind>(draw.below(4));
    }
    plan.scale.timeout_ms = draw.below(10) == 0 ? 0 : 1 + draw.below(150);
    plan.ceiling = 70 + draw.below(40);
    return plan;
}

struct Run {
    SessionState state;
    std::vector<TimedCommand> commands;

    void take(const SessionPlan& plan, const Event& event) {
        StepResult result = step(plan, std::move(state), event);
        state = std::move(result.state);
        for (Command& command : result.commands) commands.push_back({event.t_ms, std::move(command)});
    }
};

}  // namespace

TEST_CASE("the watcher sees each kind of broken result", "[protocols][properties]") {
    const SessionPlan plan = small_plan();
    Session session(plan);
    session.begin();
    const SessionState before = session.state;
    const Event event{60'000, EventKind::tick};
    const StepResult good = step(plan, before, event);
    const Event stop{1000, EventKind::stop, Source::patient};
    const StepResult stopped = step(plan, before, stop);
    CHECK(Watcher(plan).look(before, event, good).empty());
    CHECK(Watcher(plan).look(before, stop, stopped).empty());

    const auto broken = [&](auto&& change) {
        StepResult result = good;
        change(result);
        return Watcher(plan).look(before, event, result);
    };
    CHECK(broken([](StepResult& r) { r.state.now_ms = -1; }) == "time ran back");
    CHECK(broken([](StepResult& r) { r.state.level_index = 7; }) == "no such level");
    CHECK(broken([](StepResult& r) { r.state.step = 9; }) == "no such step");
    CHECK(broken([](StepResult& r) { r.commands.push_back(r.commands.back()); }) == "two open questions");
    CHECK(broken([](StepResult& r) { r.commands.clear(); }) == "the panel and the state disagree about the open question");
    CHECK(broken([](StepResult& r) { r.commands.back().reason.clear(); }) == "a command without a reason");
    CHECK(broken([](StepResult& r) { r.state.open_request.reset(); r.state.next_rating_ms = 60'000; }) == "a timer was left behind");
    CHECK(broken([](StepResult& r) { r.commands.push_back({.kind = CommandKind::show_scene, .scene = "elsewhere", .reason = "x"}); }) ==
          "a scene or level that the plan does not have");

    // A stop that the machine ignored, and one that forgot that it had stopped.
    StepResult ignored = stopped;
    std::erase_if(ignored.commands, [](const Command& command) { return command.kind == CommandKind::show_calm; });
    CHECK(Watcher(plan).look(before, stop, ignored) == "a stop without calm first");
    StepResult cue_after = stopped;
    cue_after.commands.push_back({.kind = CommandKind::show_scene, .scene = "bar-night", .reason = "x"});
    CHECK(Watcher(plan).look(before, stop, cue_after) == "a scene after a stop");
}

TEST_CASE("a hundred thousand random events keep every rule of the machine", "[protocols][properties]") {
    Draw draw{std::mt19937_64(20'240'501)};
    int events = 0, finished = 0, ratings = 0, exposures = 0;
    while (events < 100'000) {
        const SessionPlan plan = random_plan(draw);
        Watcher watcher(plan);
        SessionState state;
        std::int64_t t_ms = 0;
        for (int i = 0; i < 100; ++i, ++events) {
            t_ms += draw.below(60);
            const std::int64_t told_ms = draw.below(50) == 0 ? t_ms - 500 : draw.below(2000) == 0 ? std::numeric_limits<std::int64_t>::max() : t_ms;
            const Event event = i == 0 ? Event{0, EventKind::start, Source::clinician} : random_event(draw, state, told_ms);
            StepResult result = step(plan, state, event);
            std::string wrong = watcher.look(state, event, result);
            if (events % 8 == 0) {  // pure: the same again
                const StepResult again = step(plan, state, event);
                if (again.state != result.state || again.commands != result.commands) wrong = "another result the second time";
            }
            if (!wrong.empty()) FAIL(wrong << ": " << name_of(event.kind) << " at " << event.t_ms << " in " << name_of(state.phase) << ", event " << events);
            state = std::move(result.state);
            t_ms = std::max(t_ms, std::min(state.now_ms, kLatest_ms - 10'000));
        }
        finished += state.phase == Phase::finished ? 1 : 0;
        ratings += static_cast<int>(state.ratings.size());
        exposures += state.level_index > 0 ? 1 : 0;
    }
    // The random sessions go somewhere.
    CHECK(finished > 50);
    CHECK(ratings > 5000);
    CHECK(exposures > 5);
}

TEST_CASE("ticking at the timers alone gives what ticking every millisecond gives", "[protocols][properties]") {
    Draw draw{std::mt19937_64(7)};
    for (int round = 0; round < 300; ++round) {
        const SessionPlan plan = random_plan(draw);
        Run sparse, dense;
        std::int64_t t_ms = 0;
        Event event{0, EventKind::start, Source::clinician};
        for (int i = 0; i < 25; ++i) {
            while (const std::optional<std::int64_t> timer = next_timer_ms(plan, sparse.state)) {
                if (*timer > event.t_ms) break;
                sparse.take(plan, {*timer, EventKind::tick});
            }
            for (; t_ms <= event.t_ms; ++t_ms) dense.take(plan, {t_ms, EventKind::tick});
            sparse.take(plan, event);
            dense.take(plan, event);
            event = random_event(draw, sparse.state, event.t_ms + draw.below(200));
        }
        INFO("round " << round);
        REQUIRE(sparse.commands == dense.commands);
        sparse.state.now_ms = dense.state.now_ms;
        REQUIRE(sparse.state == dense.state);
    }
}

TEST_CASE("timers that were ticked late leave the same state behind", "[protocols][properties]") {
    Draw draw{std::mt19937_64(11)};
    for (int round = 0; round < 300; ++round) {
        const SessionPlan plan = random_plan(draw);
        Run exact, late;
        Event event{0, EventKind::start, Source::clinician};
        for (int i = 0; i < 25; ++i) {
            while (const std::optional<std::int64_t> timer = next_timer_ms(plan, exact.state)) {
                if (*timer > event.t_ms) break;
                exact.take(plan, {*timer, EventKind::tick});
            }
            exact.take(plan, event);
            late.take(plan, event);
            // stop and the two losses do not wait for late timers, so that nothing comes before calm
            do event = random_event(draw, exact.state, event.t_ms + draw.below(200));
            while (event.kind == EventKind::stop || event.kind == EventKind::player_lost || event.kind == EventKind::tracking_lost);
        }
        INFO("round " << round);
        REQUIRE(exact.state == late.state);
    }
}

TEST_CASE("a session replayed from its events gives the same commands and state", "[protocols][properties]") {
    for (const std::uint64_t seed : {3U, 5U, 8U}) {
        const SessionPlan plan = shipped("alcohol-bar");
        PatientParameters parameters;
        parameters.miss_probability = 0.2;
        const SimulatedSession session = simulate_session(plan, parameters, seed);
        Run replay;
        for (const Event& event : session.events) replay.take(plan, event);
        CHECK(replay.state == session.state);
        CHECK(replay.commands == session.commands);
        CHECK_FALSE(session.state.missed.empty());
    }
}
