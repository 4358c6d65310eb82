// SPDX-License-Identifier: Apache-2.0
// The exposure dose: what was seen, added up over time.
#include <array>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "scenes/player/dose_meter.h"

using namespace accalmie;
using Catch::Approx;

namespace {

const std::array<std::string, 2> kNames{"glass", "bottles"};

render::CueView cue(float sr, float central_sr = 0, float gaze_sr = 0) {
    render::CueView made;
    for (auto& eye : made.eyes) eye = {.pixels = sr > 0 ? 100U : 0U, .solid_angle_sr = sr, .central_sr = central_sr, .gaze_sr = gaze_sr};
    return made;
}

render::CueViews views(render::CueView glass, render::CueView bottles = {}, bool by_eyes = false) { return {.by_eyes = by_eyes, .cues = {glass, bottles}}; }

struct Meter : scenes::DoseMeter {
    void look(double time_s, const render::CueViews& seen, int level = 1, const std::string& scene = "bar") { see(time_s, scene, level, kNames, seen); }
};

}  // namespace

TEST_CASE("what is seen at one look counts until the next, second by second") {
    Meter meter;
    for (int i = 0; i <= 20; ++i) meter.look(5 + i * 0.1, views(i < 5 ? cue(0.1f) : cue(0.2f, 0.05f, 0.01f)));
    const auto told = meter.take();
    REQUIRE(told.size() == 2);
    CHECK(told[0].scene == "bar");
    CHECK(told[0].level == 1);
    CHECK(told[0].gaze == "head");
    CHECK(told[0].seconds == Approx(1));
    REQUIRE(told[0].cues.size() == 1);  // the bottles were not seen
    CHECK(told[0].cues[0].cue == "glass");
    CHECK(told[0].cues[0].visible_s == Approx(1));
    CHECK(told[0].cues[0].central_s == Approx(0.5));
    CHECK(told[0].cues[0].gaze_s == Approx(0.5));
    CHECK(told[0].cues[0].sr_s == Approx(0.5 * 0.1 + 0.5 * 0.2));
    CHECK(told[0].cues[0].greatest_sr == Approx(0.2));
    CHECK(told[1].cues[0].sr_s == Approx(0.2));
    CHECK(meter.take().empty());
}

TEST_CASE("a change of level ends a report at its moment, and the time before counts for the level before") {
    Meter meter;
    meter.look(0, views(cue(0.1f)), 1);
    meter.look(0.3, views(cue(0.1f), cue(0.4f)), 2);
    meter.until(0.8);
    meter.close();
    const auto told = meter.take();
    REQUIRE(told.size() == 2);
    CHECK(told[0].level == 1);
    CHECK(told[0].seconds == Approx(0.3));
    CHECK(told[1].level == 2);
    CHECK(told[1].seconds == Approx(0.5));
    REQUIRE(told[1].cues.size() == 2);
    CHECK(told[1].cues[1].sr_s == Approx(0.2));
}

TEST_CASE("a stop ends the dose at once, and the calm room has none") {
    Meter meter;
    meter.look(0, views(cue(0.1f)));
    meter.see(0.4, "calm-room", 0, {}, {});
    meter.until(100);
    const auto told = meter.take();
    REQUIRE(told.size() == 1);
    CHECK(told[0].cues[0].visible_s == Approx(0.4));
}

TEST_CASE("while the headset is off nothing is seen, and what was seen before is told") {
    Meter meter;
    meter.look(0, views(cue(0.1f)));
    meter.see_nothing(0.25);
    meter.see_nothing(60);
    meter.until(90);
    meter.look(90, views(cue(0.1f)));
    meter.see_nothing(90.5);
    const auto told = meter.take();
    REQUIRE(told.size() == 2);
    CHECK(told[0].seconds == Approx(0.25));
    CHECK(told[1].seconds == Approx(0.5));
}

TEST_CASE("a time in which nothing was seen is not told, and is no part of what follows") {
    Meter meter;
    meter.look(0, views({}, {}));
    meter.look(10, views(cue(0.1f)));
    meter.until(10.5);
    meter.close();
    const auto told = meter.take();
    REQUIRE(told.size() == 1);
    CHECK(told[0].seconds == Approx(0.5));
}

TEST_CASE("whose direction stands for the gaze is said, and never mixed in one report") {
    Meter meter;
    meter.look(0, views(cue(0.1f)));
    meter.look(0.5, views(cue(0.1f), {}, true));
    meter.until(1);
    meter.close();
    const auto told = meter.take();
    REQUIRE(told.size() == 2);
    CHECK(told[0].gaze == "head");
    CHECK(told[1].gaze == "eyes");
}

TEST_CASE("a long stretch of virtual time is one report, and how it is cut does not change the sum") {
    const auto dose_of = [](std::initializer_list<double> cuts) {
        Meter meter;
        meter.look(0, views(cue(0.125f, 0.0625f)));
        for (const double cut : cuts) meter.until(cut);
        meter.close();
        double sum = 0;
        for (const auto& told : meter.take()) sum += static_cast<double>(told.cues[0].sr_s);
        return sum;
    };
    CHECK(dose_of({64}) == 8);
    CHECK(dose_of({0.5, 16, 16.25, 64}) == 8);
}

TEST_CASE("time that goes back counts for nothing") {
    Meter meter;
    meter.look(10, views(cue(0.1f)));
    meter.until(9);
    meter.until(10.5);
    meter.close();
    CHECK(meter.take()[0].cues[0].visible_s == Approx(0.5));
}
