// SPDX-License-Identifier: Apache-2.0
// The stop, heard: cue sound is below -60 dB of what it was within 20 ms, whenever it comes; the calm room's stays. A slow ramp is caught.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <random>

#include "tests/unit/engine/sound_stage.h"

using namespace sound_test;

namespace {

constexpr double kCueTone_hz = 1000, kCalmTone_hz = 250;
constexpr std::size_t kWithin = kMixRate_hz * 20 / 1000;

struct Outcome {
    double cue_db = -200;          // loudest 4 ms of the cue's tone after 20 ms, against what it was
    double calm_change_db = -200;  // of the calm room's tone
    std::size_t gone_after = 0;    // samples until no cue sample is above -60 dB of its peak before
    float largest_step = 0;        // between two samples, in the 20 ms, as a multiple of the tone's own: a click
};

// `stop` is called at a random moment in mid-frame; afterwards frames may go on or hang.
Outcome try_stop(std::mt19937& random, bool frames_go_on, bool with_calm, const std::function<void(Stage&, PlayId)>& stop) {
    Stage stage;
    const float side = std::uniform_real_distribution<float>(-2, 2)(random);
    const PlayId cue = stage.mixer().play({.clip = stage.clip(tone(kCueTone_hz, 1, 0.8f)), .bus = Bus::cue, .position_m = glm::vec3(side, 0.3f, -1)});
    for (int i = 0; i < 3; ++i) stage.mixer().play({.clip = stage.clip(tone(kCueTone_hz, 1, 0.2f)), .bus = Bus::cue, .position_m = glm::vec3(i, 0, 2)});
    if (with_calm) stage.mixer().play({.clip = stage.clip(tone(kCalmTone_hz, 1, 0.3f)), .bus = Bus::calm});
    stage.listen(0.5);
    Heard before;
    stage.render(before, std::uniform_int_distribution<std::size_t>(4800, 4800 + 2000)(random));
    stop(stage, cue);
    Heard after;
    if (frames_go_on) after = stage.listen(0.4);
    else stage.render(after, kMixRate_hz * 4 / 10);
    Outcome outcome;
    for (const int ear : {0, 1}) {
        const auto was = before.ear(ear), is = after.ear(ear);
        const double was_db = tone_db(was.last(4800), kCueTone_hz);
        constexpr std::size_t kWindow = 192;  // 4 ms: whole periods of both tones
        for (std::size_t at = kWithin; at + kWindow <= is.size(); at += kWindow / 4) outcome.cue_db = std::max(outcome.cue_db, tone_db(is.subspan(at, kWindow), kCueTone_hz) - was_db);
        if (with_calm) outcome.calm_change_db = std::max(outcome.calm_change_db, std::abs(tone_db(is.last(4800), kCalmTone_hz) - tone_db(was.last(4800), kCalmTone_hz)));
        if (with_calm) continue;
        const double limit = std::pow(10, (peak_db(was) - 60) / 20);
        for (std::size_t i = 0; i < is.size(); ++i)
            if (std::abs(static_cast<double>(is[i])) > limit) outcome.gone_after = std::max(outcome.gone_after, i + 1);
        float own_step = 0, step = std::abs(is[0] - was.back());
        for (std::size_t i = 1; i < was.size(); ++i) own_step = std::max(own_step, std::abs(was[i] - was[i - 1]));
        for (std::size_t i = 1; i < kWithin; ++i) step = std::max(step, std::abs(is[i] - is[i - 1]));
        outcome.largest_step = std::max(outcome.largest_step, step / own_step);
    }
    return outcome;
}

void cut(Stage& stage, PlayId) { stage.mixer().cut(Bus::cue); }

}  // namespace

TEST_CASE("cue sound is gone within 20 ms of a stop at any moment, even when no frame follows") {
    std::mt19937 random(11);
    std::size_t slowest = 0;
    float largest_step = 0;
    for (int trial = 0; trial < 60; ++trial) {
        const Outcome outcome = try_stop(random, trial % 2 == 0, false, cut);
        CHECK(outcome.cue_db < -60);
        CHECK(outcome.gone_after <= kWithin);
        slowest = std::max(slowest, outcome.gone_after);
        largest_step = std::max(largest_step, outcome.largest_step);
    }
    INFO("slowest " << slowest << " samples, largest step " << largest_step);
    CHECK(slowest > 16);            // a ramp, not a break
    CHECK(largest_step < 1.5f);   // a ramp of one sample measures 8
}

TEST_CASE("the calm room's sound goes on through a stop") {
    std::mt19937 random(12);
    for (int trial = 0; trial < 10; ++trial) {
        const Outcome outcome = try_stop(random, true, true, cut);
        CHECK(outcome.cue_db < -60);
        CHECK(outcome.calm_change_db < 0.2);
    }
}

TEST_CASE("a slow ramp and a cut that is forgotten are caught by the stop test") {
    std::mt19937 random(13);
    const auto slow = [](Stage& stage, PlayId cue) { stage.mixer().stop(cue, 0.1f); };
    const auto forgotten = [](Stage&, PlayId) {};
    const auto wrong_bus = [](Stage& stage, PlayId) { stage.mixer().cut(Bus::ambience); };
    for (const std::function<void(Stage&, PlayId)>& planted : {std::function<void(Stage&, PlayId)>(slow), {forgotten}, {wrong_bus}}) {
        const Outcome outcome = try_stop(random, true, false, planted);
        CHECK(outcome.cue_db > -60);
        CHECK(outcome.gone_after > kWithin);
    }
}

TEST_CASE("after a cut the bus is free for the next scene") {
    Stage stage;
    const ClipId clip = stage.clip(tone(kCueTone_hz));
    for (int i = 0; i < 30; ++i) stage.mixer().play({.clip = clip, .bus = Bus::cue});
    stage.listen(0.2);
    stage.mixer().cut(Bus::cue);
    stage.listen(0.2);
    int places = 0;
    while (stage.mixer().play({.clip = clip, .bus = Bus::cue, .gain_db = -40})) ++places;
    CHECK(places == kMostSounds);
    CHECK(tone_db(stage.listen(0.2).left, kCueTone_hz) > -60);
}

TEST_CASE("a calm room fades in slowly after the cue is gone") {
    Stage stage;
    const ClipId cue = stage.clip(tone(kCueTone_hz)), calm = stage.clip(tone(kCalmTone_hz));
    stage.mixer().play({.clip = cue, .bus = Bus::cue});
    stage.listen(0.3);
    stage.mixer().cut(Bus::cue);
    stage.mixer().play({.clip = calm, .bus = Bus::calm, .fade_in_s = 4});
    double before_db = -200;
    for (int second = 0; second < 5; ++second) {
        const double level = tone_db(std::span<const float>(stage.listen(1).left).last(4800), kCalmTone_hz);
        if (second < 4) CHECK(level > before_db + 1.5);
        if (second == 0) CHECK(level < -20);
        before_db = level;
    }
    CHECK(before_db > -18);  // -9 dB of the file, less HRTF's loss ahead
}
