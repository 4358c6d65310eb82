// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/showing.h"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace accalmie;
using scenes::Hold;
using scenes::Showing;

namespace {

constexpr double kFrame_s = 1.0 / 90;

// A player of which only this part is real.
struct Run {
    Showing showing;
    double now_s = 0;
    std::uint64_t frames = 0;
    std::vector<link::Message> told;

    Showing::Drawn frame() {
        now_s += kFrame_s;
        const auto drawn = showing.next(now_s);
        for (auto& message : showing.submitted(++frames)) told.push_back(std::move(message));
        return drawn;
    }
    Showing::Drawn frames_for(double seconds) {
        Showing::Drawn drawn;
        for (const double end = now_s + seconds; now_s < end;) drawn = frame();
        return drawn;
    }
    template <class M>
    const M* last() const {
        for (auto at = told.rbegin(); at != told.rend(); ++at)
            if (const M* message = std::get_if<M>(&*at)) return message;
        return nullptr;
    }
    void show_cue(int level = 2) {
        showing.scene_ready("bar");
        REQUIRE(showing.show("bar", level, true));
        REQUIRE(frame().scene == "bar");
    }
};

}  // namespace

TEST_CASE("the first frame is the calm room, whole") {
    Run run;
    const auto drawn = run.frame();
    CHECK(drawn.calm());
    CHECK(drawn.brightness == 1);
}

TEST_CASE("a scene is shown once it is ready, and said to be shown in the frame that has it") {
    Run run;
    REQUIRE(run.showing.show("bar", 3, true));
    CHECK(run.frames_for(0.5).calm());
    CHECK(run.told.empty());
    run.showing.scene_ready("bar");
    const auto drawn = run.frame();
    CHECK(drawn.scene == "bar");
    CHECK(drawn.level == 3);
    REQUIRE(run.last<link::SceneShown>());
    CHECK(run.last<link::SceneShown>()->frame == run.frames);
}

TEST_CASE("a fade takes at least 0.3 s, never goes below its floor, and jumps nowhere") {
    Run run;
    run.showing.scene_ready("bar");
    run.frame();
    REQUIRE(run.showing.show("bar", 0, false));
    float before = 1, darkest = 1;
    double changing_s = 0;
    bool switched_at_floor = true;
    bool calm = true;
    for (int i = 0; i < 90; ++i) {
        const auto drawn = run.frame();
        if (drawn.brightness < 1) changing_s += kFrame_s;
        CHECK(std::abs(drawn.brightness - before) < 0.06f);
        if (calm && !drawn.calm()) switched_at_floor = drawn.brightness < scenes::kDimmest + 0.01f;
        calm = drawn.calm();
        before = drawn.brightness;
        darkest = std::min(darkest, drawn.brightness);
    }
    CHECK(changing_s >= 0.3);
    CHECK(darkest >= scenes::kDimmest);
    CHECK(switched_at_floor);
    CHECK(before == 1);
    CHECK_FALSE(calm);
}

TEST_CASE("a stop is the very next frame, then brightens for at least 0.3 s") {
    Run run;
    run.show_cue();
    const auto input_at = run.frames;
    run.showing.calm("stop in the headset", input_at, Hold::stop);
    auto drawn = run.frame();
    CHECK(drawn.calm());
    CHECK(drawn.brightness == scenes::kDimmest);
    REQUIRE(run.last<link::CalmShown>());
    CHECK(run.last<link::CalmShown>()->frame == input_at + 1);
    CHECK(run.last<link::CalmShown>()->frames_after_input == 1);
    const double start_s = run.now_s;
    while (drawn.brightness < 1) {
        const auto next = run.frame();
        CHECK(next.brightness > drawn.brightness);
        CHECK(next.calm());
        drawn = next;
    }
    CHECK(run.now_s - start_s >= 0.3);
}

TEST_CASE("after a stop nothing but the console's word brings a scene back") {
    Run run;
    run.show_cue();
    REQUIRE(run.showing.show("bar", 4, false));  // under way when the patient presses
    run.frame();
    run.showing.calm("stop", run.frames, Hold::stop);
    CHECK_FALSE(run.showing.show("bar", 4, true));
    run.showing.calm("asked", run.frames, Hold::none);
    run.showing.tracking_back();
    run.showing.calm("tracking lost", run.frames, Hold::tracking);
    run.showing.tracking_back();
    run.showing.calm("console hung", run.frames, Hold::fault);
    CHECK_FALSE(run.showing.show("bar", 4, true));
    CHECK(run.frames_for(2).calm());
    CHECK(run.showing.show(scenes::kCalmRoom, 0, true));  // the calm room itself is never refused
    run.showing.acknowledge_stop();
    CHECK(run.showing.show("bar", 4, true));
    CHECK_FALSE(run.frame().calm());
}

TEST_CASE("lost tracking brings the calm room and gives the scene back with a fade") {
    Run run;
    run.show_cue(3);
    run.showing.calm("tracking lost", run.frames, Hold::tracking);
    CHECK(run.frame().calm());
    CHECK(run.frames_for(1).calm());
    run.showing.tracking_back();
    const auto drawn = run.frames_for(1);
    CHECK(drawn.scene == "bar");
    CHECK(drawn.level == 3);
}

TEST_CASE("a scene that is asked for while tracking is lost comes with it, and a calm room that is asked for stays") {
    Run run;
    run.show_cue(3);
    run.showing.calm("tracking lost", run.frames, Hold::tracking);
    REQUIRE(run.showing.show("bar", 1, false));
    CHECK(run.frames_for(1).calm());
    run.showing.tracking_back();
    CHECK(run.frames_for(1).level == 1);

    run.showing.calm("tracking lost", run.frames, Hold::tracking);
    run.showing.calm("asked", run.frames, Hold::none);
    run.showing.tracking_back();
    CHECK(run.frames_for(1).calm());
}

TEST_CASE("a fault holds until the console asks again") {
    Run run;
    run.show_cue();
    run.showing.calm("console hung", run.frames, Hold::fault);
    run.showing.tracking_back();
    CHECK(run.frames_for(1).calm());
    REQUIRE(run.showing.show("bar", 2, true));
    CHECK_FALSE(run.frame().calm());
}

TEST_CASE("a runtime that came back has the calm room alone until the scenes are read again") {
    Run run;
    run.show_cue();
    run.showing.calm("runtime lost", run.frames, Hold::fault);
    run.showing.lose_scenes();
    REQUIRE(run.showing.show("bar", 2, true));
    CHECK(run.frames_for(0.3).calm());
    run.showing.scene_ready("bar");
    CHECK_FALSE(run.frame().calm());
}

TEST_CASE("in virtual time every change is whole in one frame") {
    Run run;
    run.showing.set_instant(true);
    run.showing.scene_ready("bar");
    REQUIRE(run.showing.show("bar", 1, false));
    auto drawn = run.frame();
    CHECK(drawn.scene == "bar");
    CHECK(drawn.brightness == 1);
    run.showing.calm("asked", run.frames, Hold::none);
    drawn = run.frame();
    CHECK(drawn.calm());
    CHECK(drawn.brightness == 1);
}

TEST_CASE("whatever is asked in whatever order: no scene in the frame after a reason for calm, none while the stop holds, never below the floor") {
    std::mt19937_64 random(5);
    for (int round = 0; round < 300; ++round) {
        Run run;
        run.showing.scene_ready("bar");
        for (int step = 0; step < 200; ++step) {
            bool must_be_calm = false;
            switch (random() % 9) {
                case 0: (void)run.showing.show("bar", static_cast<int>(random() % 5), random() % 2 == 0); break;
                case 1: (void)run.showing.show("street", 0, random() % 2 == 0); break;  // never ready
                case 2: run.showing.calm("asked", run.frames, Hold::none); must_be_calm = true; break;
                case 3: run.showing.calm("stop", run.frames, Hold::stop); must_be_calm = true; break;
                case 4: run.showing.calm("tracking", run.frames, Hold::tracking); must_be_calm = true; break;
                case 5: run.showing.calm("hung", run.frames, Hold::fault); must_be_calm = true; break;
                case 6: run.showing.tracking_back(); break;
                case 7: run.showing.acknowledge_stop(); break;
                default: break;
            }
            const auto drawn = run.frame();
            REQUIRE((!must_be_calm || drawn.calm()));
            REQUIRE((run.showing.hold() == Hold::none || drawn.calm()));
            REQUIRE(drawn.scene != "street");
            REQUIRE(drawn.brightness >= scenes::kDimmest);
            REQUIRE(drawn.brightness <= 1);
        }
    }
}

TEST_CASE("the planted fault keeps the cue, as the stop test has to see") {
    Run run;
    run.showing.plant_ignored_stop();
    run.show_cue();
    run.showing.calm("stop", run.frames, Hold::stop);
    CHECK_FALSE(run.frame().calm());
}
