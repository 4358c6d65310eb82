// SPDX-License-Identifier: Apache-2.0
// Brightness, flashes, speed of the head and lateness, second by second.
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "scenes/player/comfort_meter.h"

using namespace accalmie;
using Catch::Approx;

namespace {

constexpr std::int64_t kPeriod_ns = 11'111'111;

render::Luminance picture(double time_s, float left, float right) {
    render::Luminance luminance{.time_s = time_s, .mean = {left, right}};
    for (std::size_t i = 0; i < luminance.cells.size(); ++i) luminance.cells[i] = i < luminance.cells.size() / 2 ? left : right;
    return luminance;
}

// A head that turns at a speed, frame by frame.
struct Turning {
    xr::Frame frame{.predicted_display_time_ns = kPeriod_ns, .predicted_period_ns = kPeriod_ns};
    float yaw = 0;
    const xr::Frame& next(float deg_s) {
        frame.predicted_display_time_ns += kPeriod_ns;
        yaw += glm::radians(deg_s) * static_cast<float>(kPeriod_ns) * 1e-9f;
        frame.world_from_head.orientation = glm::angleAxis(yaw, glm::vec3(0, 1, 0));
        return frame;
    }
};

}  // namespace

TEST_CASE("luminance is the mean of the pictures of each eye, and the brightest is kept") {
    scenes::ComfortMeter meter;
    meter.luminance(picture(0, 0.2f, 0.1f), false);
    meter.luminance(picture(0.1, 0.4f, 0.1f), false);
    const auto told = meter.report(1, 3);
    CHECK(told.left_luminance == Approx(0.3));
    CHECK(told.right_luminance == Approx(0.1));
    CHECK(told.greatest_luminance == Approx(0.4));
    CHECK(told.missed == 3);
    CHECK(meter.report(1, 0).left_luminance == -1);  // no picture, no number
}

TEST_CASE("flashes of the picture and of its areas are told, and the most in any second") {
    scenes::ComfortMeter meter;
    for (int i = 0; i < 90; ++i) {
        auto blink = picture(i / 90.0, 0.3f, 0.3f);
        if (i / 9 % 2 != 0) blink.cells[5] = 0.9f;  // one area alone: the mean of the picture hardly moves
        meter.luminance(blink, false);
    }
    const auto told = meter.report(1, 0);
    CHECK(told.flashes == 0);
    CHECK(told.area_flashes == 4);
    CHECK(told.flashes_in_a_second == 4);
}

TEST_CASE("what moves through an area because the head turns is no flash of it") {
    scenes::ComfortMeter meter;
    Turning head;
    for (int i = 0; i < 90; ++i) {
        meter.frame(head.next(60), false, {}, {});
        auto blink = picture(i / 90.0, 0.3f, 0.3f);
        if (i / 9 % 2 != 0) blink.cells[5] = 0.9f;
        meter.luminance(blink, false);
    }
    CHECK(meter.report(1, 0).area_flashes == 0);
}

TEST_CASE("the head's speed is told by its median and 95th percentile") {
    scenes::ComfortMeter meter;
    Turning head;
    for (int i = 0; i < 101; ++i) meter.frame(head.next(i > 90 ? 120.0f : 12.0f), false, {}, {});
    const auto told = meter.report(1, 0);
    CHECK(told.head_median_deg_s == Approx(12).epsilon(0.02));
    CHECK(told.head_p95_deg_s == Approx(120).epsilon(0.02));
    CHECK(told.scene_deg_s == 0);
}

TEST_CASE("motion to photon is display time minus the time of the pose, and there is none without the runtime's clock") {
    scenes::ComfortMeter meter;
    Turning head;
    for (int i = 0; i < 10; ++i) meter.frame(head.next(0), false, {}, {});
    auto told = meter.report(1, 0);
    CHECK(told.motion_to_photon_ms == -1);
    CHECK(told.late == -1);
    for (int i = 0; i < 10; ++i) {
        const xr::Frame& frame = head.next(0);
        meter.frame(frame, false, frame.predicted_display_time_ns - 15'000'000, frame.predicted_display_time_ns + (i < 3 ? 1'000'000 : -1'000'000));
    }
    told = meter.report(1, 0);
    CHECK(told.motion_to_photon_ms == Approx(15));
    CHECK(told.late == 3);
}

TEST_CASE("in virtual time nobody looks: brightness is told, speeds and flashes are not") {
    scenes::ComfortMeter meter;
    Turning head;
    for (int i = 0; i < 20; ++i) {
        meter.frame(head.next(90), true, 1, 2);
        meter.luminance(picture(i, i % 2 != 0 ? 0.9f : 0.1f, 0.5f), true);
    }
    const auto told = meter.report(1, 0);
    CHECK(told.left_luminance == Approx(0.5));
    CHECK(told.flashes == -1);
    CHECK(told.area_flashes == -1);
    CHECK(told.head_median_deg_s == -1);
    CHECK(told.motion_to_photon_ms == -1);
    CHECK(told.frames == 20);
}
