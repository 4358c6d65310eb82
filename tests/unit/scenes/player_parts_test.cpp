// SPDX-License-Identifier: Apache-2.0
// The small parts of the frame loop: watches, simulated hands, frame statistics, options.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "scenes/player/frame_statistics.h"
#include "scenes/player/mirror_feed.h"
#include "scenes/player/options.h"
#include "scenes/player/simulated_hands.h"
#include "scenes/player/watches.h"

using namespace accalmie;

TEST_CASE("a console is silent after 1.5 s, once, and back with its next word, once") {
    scenes::ConsoleWatch watch;
    watch.heard(10);
    CHECK_FALSE(watch.look(11.4));
    CHECK(watch.look(11.6) == true);
    CHECK_FALSE(watch.look(12));
    CHECK(watch.silent());
    watch.heard(12.1);
    CHECK(watch.look(12.2) == false);
    CHECK_FALSE(watch.look(12.3));
}

TEST_CASE("a blink of the tracking changes nothing, a loss does, and so does its return") {
    scenes::TrackingWatch watch;
    CHECK_FALSE(watch.look(false, 0));
    CHECK_FALSE(watch.look(true, 0.2));
    CHECK_FALSE(watch.look(false, 0.3));
    CHECK_FALSE(watch.look(false, 0.5));
    CHECK(watch.look(false, 0.6) == false);
    CHECK_FALSE(watch.look(true, 0.7));
    CHECK(watch.look(true, 1.3) == true);
}

TEST_CASE("the scene's time is the session's in virtual time, and flows gently in real time") {
    scenes::SceneTime time;
    time.session_says(5000, true, 1);
    CHECK(time.at(100) == 5.0);
    time.session_says(5000, false, 100);
    CHECK(time.at(101) == Catch::Approx(6.0));
    time.session_says(6100, false, 101);  // 0.1 s ahead: drawn towards it, no jump
    CHECK(time.at(101) > 6.0);
    CHECK(time.at(101) < 6.1);
    time.session_says(60'000, false, 102);
    CHECK(time.at(102) == 60.0);
    time.pause(true, 103);
    CHECK(time.at(110) == Catch::Approx(61.0));
    time.pause(false, 110);
    CHECK(time.at(111) == Catch::Approx(62.0));
}

TEST_CASE("a press and its release in one batch are two frames; a stop overtakes") {
    scenes::SimulatedHandQueue hands;
    link::SimulatedHands one{.aim_valid = true};
    hands.push(one, 0);
    one.select = true;
    hands.push(one, 0);
    one.select = false;
    hands.push(one, 0);
    hands.next();
    CHECK(hands.input()->input.select);
    hands.next();
    CHECK_FALSE(hands.input()->input.select);

    one.select = true;
    hands.push(one, 7);
    one.select = false;
    hands.push(one, 7);
    one.stop = true;
    hands.push(one, 8);
    one.stop = false;
    hands.push(one, 9);
    hands.next();
    CHECK(hands.input()->input.stop);
    CHECK(hands.take_stop_frames() == 8);
    CHECK_FALSE(hands.take_stop_frames());
    hands.next();
    CHECK_FALSE(hands.input()->input.stop);
}

TEST_CASE("without a hand the head points") {
    scenes::SimulatedHandQueue hands;
    hands.push(link::SimulatedHands{}, 0);
    hands.next();
    CHECK(hands.input()->input.aim_is_head);
}

TEST_CASE("missed displays are counted by their times, and a report starts over") {
    scenes::FrameStatistics statistics;
    constexpr std::int64_t period = 11'000'000;
    xr::Frame frame{.predicted_display_time_ns = period, .predicted_period_ns = period};
    for (int i = 1; i <= 100; ++i) {
        frame.predicted_display_time_ns += i == 50 ? 3 * period : period + (i % 2 == 0 ? period / 5 : -period / 5);
        statistics.add(frame, i, {.draws = 5, .triangles = 7}, true);
    }
    const auto times = statistics.report(100);
    CHECK(times.missed == 2);
    CHECK(times.frames == 100);
    CHECK(times.median_ms == Catch::Approx(50).margin(1));
    CHECK(times.p95_ms == Catch::Approx(95).margin(1));
    CHECK(times.worst_ms == 100);
    CHECK(times.triangles == 7);
    CHECK(statistics.report(100).missed == 0);
    for (int i = 0; i < 10; ++i) {
        frame.predicted_display_time_ns += 2 * period;
        statistics.add(frame, 1, {}, true);
    }
    CHECK(statistics.missed_in_a_row() == 10);
    frame.predicted_display_time_ns += period;
    statistics.add(frame, 1, {}, true);
    CHECK(statistics.missed_in_a_row() == 0);
    statistics.add(frame, 1, {}, false);
    CHECK(statistics.report(0).missed == 10);
}

TEST_CASE("a runtime that plans fewer displays for a slow program hides no missed one, and another refresh rate is none") {
    constexpr std::int64_t period = 11'111'111;
    for (const bool slow : {true, false}) {
        CAPTURE(slow);
        scenes::FrameStatistics statistics;
        xr::Frame frame{.predicted_display_time_ns = period, .predicted_period_ns = period};
        statistics.add(frame, 1, {}, true);
        frame.predicted_period_ns = slow ? 3 * period : period * 5 / 4;  // 90 to 72 Hz
        for (int i = 0; i < 10; ++i) {
            frame.predicted_display_time_ns += frame.predicted_period_ns;
            statistics.add(frame, 1, {}, true);
        }
        CHECK(statistics.missed_in_a_row() == (slow ? 20 : 0));
    }
}

TEST_CASE("the mirror is the eye's shape, at most 960 wide") {
    CHECK(scenes::mirror_extent({640, 480}).width == 640);
    CHECK(scenes::mirror_extent({1920, 1080}).width == 960);
    CHECK(scenes::mirror_extent({1920, 1080}).height == 540);
    CHECK(scenes::mirror_extent({8192, 1}).height == 1);
}

TEST_CASE("the command line is read, and a wrong one says what to do") {
    const auto parse = [](std::vector<const char*> words) {
        words.insert(words.begin(), "accalmie-player");
        return scenes::parse_options(static_cast<int>(words.size()), words.data());
    };
    const auto good = parse({"--link-fd", "3", "--xr", "openxr", "--size", "640x480", "--msaa", "1", "--validation", "--linger", "5"});
    REQUIRE(good);
    REQUIRE(*good);
    CHECK((*good)->link == 3);
    CHECK((*good)->xr == scenes::XrChoice::openxr);
    CHECK((*good)->width == 640);
    CHECK((*good)->height == 480);
    CHECK((*good)->samples == 1);
    CHECK((*good)->validation);
    CHECK((*good)->linger_s == 5);
    CHECK_FALSE((*good)->plants.ignore_stop);
    CHECK((*good)->refresh_hz == 90);
    CHECK_FALSE((*good)->quirks.no_visibility_mask);
    const auto quirky = parse({"--link-fd", "3", "--quirk", "no_visibility_mask,dynamic_resolution", "--quirk", "no_overlap", "--refresh", "72"});
    REQUIRE((quirky && *quirky));
    CHECK((*quirky)->quirks.no_visibility_mask);
    CHECK((*quirky)->quirks.dynamic_resolution);
    CHECK((*quirky)->quirks.no_overlap);
    CHECK_FALSE((*quirky)->quirks.no_depth_layer);
    CHECK((*quirky)->refresh_hz == 72);
    CHECK(scenes::stereo_wish((*quirky)->quirks) == gpu::StereoWish::automatic);
    CHECK_FALSE(scenes::wants_bc7((*quirky)->quirks, true, true));  // the quirk software_no_bc7
    CHECK(scenes::wants_bc7((*quirky)->quirks, true, false));
    CHECK_FALSE(scenes::wants_bc7((*quirky)->quirks, false, false));
    CHECK(scenes::wants_bc7({.bc7 = true}, true, true));
    CHECK_FALSE(scenes::wants_bc7({.bc7 = true}, false, true));
    CHECK_FALSE(scenes::wants_bc7({.no_bc7 = true}, true, false));
    const auto forced = parse({"--link-fd", "3", "--quirk", "two_passes,no_multiview"});
    REQUIRE((forced && *forced));
    CHECK(scenes::stereo_wish((*forced)->quirks) == gpu::StereoWish::two_passes);
    for (const std::vector<const char*>& wrong : {std::vector<const char*>{"--size", "640"}, {"--size", "8x8"}, {"--size", "640x480x3"}, {"--size", "99999x99999"}, {"--xr", "hololens"},
                                                  {"--msaa", "3"}, {"--plant", "nothing"}, {"--link-fd", "3", "--quirk", "nothing"}, {"--link-fd", "3", "--quirk", "multiview,no_multiview"}, {"--link-fd", "3", "--quirk", "bc7,no_bc7"}, {"--link-fd", "3", "--refresh", "0"}, {"--shot", "a.png"}, {}, {"--scene", "bar-night"}, {"--nonsense"}}) {
        const auto read = parse(wrong);
        REQUIRE_FALSE(read);
        CHECK_FALSE(read.error().message.empty());
    }
}
