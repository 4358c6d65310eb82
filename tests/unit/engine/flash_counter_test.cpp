// SPDX-License-Identifier: Apache-2.0
// General flashes by their rule: 10 % of the maximum, the darker below 0.8, pairs of opposing changes.
#include <cmath>
#include <numbers>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "engine/render/flash_counter.h"

using accalmie::render::FlashCounter;

namespace {

FlashCounter::Count square_wave(float low, float high, double flashes_a_second, double seconds = 2, double rate_hz = 90) {
    FlashCounter counter(1);
    for (int i = 0; i < static_cast<int>(seconds * rate_hz); ++i) {
        const double t = i / rate_hz;
        const float luminance = std::fmod(t * flashes_a_second, 1.0) < 0.5 ? low : high;
        counter.add(t, std::vector{luminance});
    }
    return counter.take();
}

}  // namespace

TEST_CASE("a flash is a change and its opposite: n up and n down are n flashes") {
    CHECK(square_wave(0.1f, 0.5f, 3).most_in_a_second == 3);
    CHECK(square_wave(0.1f, 0.5f, 5).most_in_a_second == 5);
    CHECK(square_wave(0.1f, 0.5f, 3).flashes == 5);  // 11 changes in two seconds: the last one waits for its opposite
    CHECK(square_wave(0.1f, 0.5f, 30).most_in_a_second == 8);  // eight stands for eight or more
}

TEST_CASE("less than a tenth is no flash, and a tenth is one") {
    CHECK(square_wave(0.30f, 0.39f, 4).flashes == 0);
    CHECK(square_wave(0.30f, 0.40f, 4).flashes > 0);
}

TEST_CASE("where the darker image is at 0.8 or above there is no flash") {
    CHECK(square_wave(0.80f, 0.95f, 4).flashes == 0);
    CHECK(square_wave(0.79f, 0.95f, 4).flashes > 0);
}

TEST_CASE("a slow swell counts as its extremes say, in however many steps it comes") {
    FlashCounter counter(1);
    for (int i = 0; i < 900; ++i) counter.add(i / 90.0, std::vector{0.4f + 0.2f * static_cast<float>(std::sin(2 * std::numbers::pi * i / 180.0))});
    const auto count = counter.take();
    CHECK(count.flashes >= 4);
    CHECK(count.flashes <= 5);
    CHECK(count.most_in_a_second <= 1);
}

TEST_CASE("noise about a level is no flash") {
    FlashCounter counter(1);
    for (int i = 0; i < 900; ++i) counter.add(i / 90.0, std::vector{0.4f + (i % 2 != 0 ? 0.04f : -0.04f)});
    CHECK(counter.take().flashes == 0);
}

TEST_CASE("a picture whose halves blink against each other flashes in its areas, though its mean is still") {
    FlashCounter whole(1), areas(2);
    for (int i = 0; i < 90; ++i) {
        const bool first = i / 9 % 2 != 0;
        areas.add(i / 90.0, std::vector{first ? 0.6f : 0.2f, first ? 0.2f : 0.6f});
        whole.add(i / 90.0, std::vector{0.4f});
    }
    CHECK(whole.take().flashes == 0);
    CHECK(areas.take().flashes == 4);
}

TEST_CASE("what was taken is not counted again, and what was forgotten is not compared with what follows") {
    FlashCounter counter(1);
    auto add = [&, t = 0.0](float luminance) mutable { counter.add(t += 0.1, std::vector{luminance}); };
    add(0.2f), add(0.6f), add(0.2f);
    CHECK(counter.take().flashes == 1);
    CHECK(counter.take().flashes == 0);
    add(0.6f);              // half a flash
    counter.forget();
    add(0.2f);              // after the gap: no change that anybody saw
    CHECK(counter.take().flashes == 0);
    add(0.6f), add(0.2f);
    counter.forget();
    CHECK(counter.take().flashes == 1);  // it was whole before the gap
}
