// SPDX-License-Identifier: Apache-2.0
// Pure choices of the headset's side: refresh rate, level origin, the part of the picture that is drawn.
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "engine/xr/pose_math.h"
#include "engine/xr/refresh_rate.h"
#include "engine/xr/resolution_scale.h"

using namespace accalmie::xr;

TEST_CASE("the refresh rate is the nearest to the wish, the faster of two as near, and none where none makes sense") {
    const std::array rates{72.0f, 80.0f, 90.0f, 120.0f};
    CHECK(nearest_rate(rates, 90) == 90.0f);
    CHECK(nearest_rate(rates, 100) == 90.0f);
    CHECK(nearest_rate(rates, 76) == 80.0f);
    CHECK(nearest_rate(rates, 1000) == 120.0f);
    CHECK(nearest_rate(std::array{60.0f}, 90) == 60.0f);
    CHECK_FALSE(nearest_rate({}, 90));
    CHECK_FALSE(nearest_rate(std::array{0.0f, -90.0f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}, 90));
    CHECK(nearest_rate(std::array{std::numeric_limits<float>::quiet_NaN(), 72.0f}, 90) == 72.0f);
}

TEST_CASE("a level origin lies under the head on the floor and looks where the head looks, without its pitch and roll") {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> turn(-3.1f, 3.1f), lean(-1.2f, 1.2f), at(-2, 2);
    for (int i = 0; i < 200; ++i) {
        const float yaw = turn(random);
        const glm::quat level = glm::angleAxis(yaw, glm::vec3(0, 1, 0));
        const Pose head{level * glm::angleAxis(lean(random), glm::vec3(1, 0, 0)) * glm::angleAxis(lean(random), glm::vec3(0, 0, 1)), {at(random), 1.2f, at(random)}};
        const Pose origin = level_origin(head);
        CHECK(origin.position_m == glm::vec3(head.position_m.x, 0, head.position_m.z));
        CHECK(std::abs(glm::dot(origin.orientation, level)) > 0.9999f);
        const Pose from_origin = compose(inverse(origin), head);
        CHECK(std::abs(from_origin.position_m.x) + std::abs(from_origin.position_m.z) < 1e-5f);
        CHECK(std::abs(from_origin.position_m.y - 1.2f) < 1e-5f);
    }
    const Pose up{glm::angleAxis(glm::radians(90.0f), glm::vec3(1, 0, 0)), {1, 1.2f, 2}};
    CHECK(std::abs(level_origin(up).orientation.w) > 0.9999f);
}

namespace {

constexpr double kPeriod_ms = 1000.0 / 90;

// What a GPU takes: a part that does not shrink with the picture, and one that does; told two frames late.
struct Gpu {
    double fixed_ms, pixels_ms;
    std::array<double, 2> pipe{0, 0};
    double next(float scale) {
        const double told = pipe[0];
        pipe[0] = pipe[1];
        pipe[1] = fixed_ms + pixels_ms * static_cast<double>(scale) * static_cast<double>(scale);
        return told;
    }
};

}  // namespace

TEST_CASE("on a constant load the scale never goes below the floor, moves one way only, and one step in ten frames at most") {
    std::mt19937 random(11);
    std::uniform_real_distribution<double> load(0, 1.4 * kPeriod_ms);
    for (int trial = 0; trial < 300; ++trial) {
        ResolutionScale scale;
        // From a state that another load left.
        Gpu before{load(random), load(random)};
        for (int frame = 0; frame < trial; ++frame) scale.next(before.next(scale.scale()), kPeriod_ms);
        Gpu gpu{load(random), load(random), before.pipe};
        for (int frame = 0; frame < 20; ++frame) scale.next(gpu.next(scale.scale()), kPeriod_ms);  // the old load's frames have gone
        int changed_at = -100, turns = 0, direction = 0;
        float last = scale.scale();
        for (int frame = 0; frame < 1000; ++frame) {
            const float now = scale.next(gpu.next(scale.scale()), kPeriod_ms);
            CHECK(now >= 0.85f);
            CHECK(now <= 1.0f);
            if (now == last) continue;
            CHECK(std::abs(now - last) < 0.0501f);
            CHECK(frame - changed_at >= ResolutionScale::kWindow);
            const int way = now > last ? 1 : -1;
            turns += direction != 0 && way != direction;
            direction = way;
            changed_at = frame;
            last = now;
        }
        CHECK(turns == 0);
        // It rests where it should: at the floor, or under the limit.
        const double share = (gpu.fixed_ms + gpu.pixels_ms * static_cast<double>(last) * static_cast<double>(last)) / kPeriod_ms;
        CHECK((share <= ResolutionScale::kDown || last == 0.85f));
    }
}

TEST_CASE("a heavy load brings the floor within forty frames, a light one the whole picture within five seconds, an unknown one changes nothing") {
    ResolutionScale scale;
    for (int frame = 0; frame < 40; ++frame) scale.next(kPeriod_ms * 0.95, kPeriod_ms);
    CHECK(scale.scale() == 0.85f);
    for (int frame = 0; frame < 100; ++frame) scale.next(0, kPeriod_ms);
    for (int frame = 0; frame < 100; ++frame) scale.next(std::numeric_limits<double>::quiet_NaN(), kPeriod_ms);
    for (int frame = 0; frame < 100; ++frame) scale.next(5, 0);
    CHECK(scale.scale() == 0.85f);
    int frames = 0;
    while (scale.scale() < 1 && frames < 1000) scale.next(kPeriod_ms * 0.3, kPeriod_ms), ++frames;
    CHECK(frames > 90);
    CHECK(frames <= 450);
}

TEST_CASE("the part that is drawn is even, never below the floor and never larger than the picture") {
    ResolutionScale scale;
    for (int step = 0; step < 4; ++step) {
        for (const VkExtent2D whole : {VkExtent2D{2064, 2208}, {320, 240}, {1, 1}, {17, 33}, {8191, 8192}}) {
            const VkExtent2D part = scale.part_of(whole);
            CHECK(part.width <= whole.width);
            CHECK(part.height <= whole.height);
            CHECK(static_cast<float>(part.width) >= 0.85f * static_cast<float>(whole.width));
            CHECK(static_cast<float>(part.height) >= 0.85f * static_cast<float>(whole.height));
            CHECK((part.width == whole.width || part.width % 2 == 0));
        }
        CHECK((step > 0 || scale.part_of({2064, 2208}).width == 2064));
        for (int frame = 0; frame < 12; ++frame) scale.next(kPeriod_ms, kPeriod_ms);
    }
    CHECK(scale.part_of({2064, 2208}).width == 1756);
}
