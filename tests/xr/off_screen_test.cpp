// SPDX-License-Identifier: Apache-2.0
// The off-screen session keeps the contract of xr::Session without any runtime.
#include "headset.h"

#include "engine/xr/pose_math.h"

#include <set>

#include <catch2/matchers/catch_matchers_floating_point.hpp>

using namespace accalmie;
using Catch::Matchers::WithinAbs;

TEST_CASE("off-screen frames are drawn in a ring with what the simulated hands do, and validation is silent", "[off-screen]") {
    xr::SimulatedInput simulated;
    auto session = xr::make_off_screen_session({.width = 64, .height = 32}, &simulated);
    REQUIRE(session);
    test::Headset headset(std::move(*session));
    CHECK(headset.session().runtime_name() == "off-screen");
    CHECK(headset.session().eye_extent().width == 64);
    REQUIRE(headset.session().color_images().size() == 2);

    simulated.input.stop = true;
    simulated.world_from_head.position_m = {0.5f, 1.1f, 0.2f};
    std::set<std::uint32_t> used;
    std::int64_t before = 0;
    for (int i = 0; i < 6; ++i) {
        REQUIRE(headset.step() == xr::Status::running);
        CHECK(headset.frame.should_render);
        CHECK(headset.frame.predicted_display_time_ns > before);
        before = headset.frame.predicted_display_time_ns;
        used.insert(headset.frame.image_index);
    }
    CHECK(used.size() == 2);
    CHECK(headset.frame.input.stop);
    CHECK_FALSE(headset.frame.input.select);
    CHECK(headset.frame.tracking == xr::TrackingState::tracked);
    const auto& views = headset.frame.views;
    CHECK_THAT(views[0].world_from_eye.position_m.x, WithinAbs(0.5 - 0.0315, 1e-6));
    CHECK_THAT(views[1].world_from_eye.position_m.x, WithinAbs(0.5 + 0.0315, 1e-6));
    CHECK_THAT(views[0].fov.right, WithinAbs(glm::radians(42.0), 1e-6));
    CHECK_THAT(std::tan(views[0].fov.up) / std::tan(views[0].fov.right), WithinAbs(0.5, 1e-5));

    simulated.input = {};
    simulated.input.aim_is_head = true;
    headset.step();
    CHECK(headset.frame.input.aim_valid);
    CHECK(headset.frame.input.world_from_aim.position_m == simulated.world_from_head.position_m);

    // What was drawn is there to be read, in both eyes: linear 0.4 is 170 in sRGB.
    for (const std::uint32_t eye : {0u, 1u})
        CHECK(headset.painter().pixel(headset.session().color_images()[headset.frame.image_index], eye, 10, 10)[1] == 170);
    headset.session().shutdown();
    CHECK(headset.device().validation_messages() == 0);
}

TEST_CASE("two panel pictures in flight are two images, and one that nobody asked for is not turned", "[off-screen]") {
    auto session = xr::make_off_screen_session({.width = 16, .height = 16}, nullptr);
    REQUIRE(session);
    test::Headset headset(std::move(*session));
    xr::Frame frame;
    std::vector<VkImage> images;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(headset.session().step_begin(frame));
        auto image = headset.session().acquire_quad_image();
        REQUIRE(image);
        REQUIRE(*image);
        images.push_back(**image);
        if (i == 0) CHECK(**headset.session().acquire_quad_image() == **image);
        REQUIRE(headset.session().step_end(frame, headset.quad));
        if (i == 0) {
            REQUIRE(headset.session().step_begin(frame));
            REQUIRE(headset.session().step_end(frame, headset.quad));
        }
    }
    CHECK(images[0] != images[1]);
    CHECK(images[1] != images[2]);
    CHECK(images[0] != images[2]);
}

TEST_CASE("poses compose and invert", "[off-screen]") {
    const xr::Pose a{glm::angleAxis(0.7f, glm::normalize(glm::vec3(1, 2, 3))), {1, 2, 3}};
    const xr::Pose b{glm::angleAxis(-1.2f, glm::vec3(0, 1, 0)), {-4, 0.5f, 2}};
    const glm::vec3 point(0.3f, -0.7f, 1.1f);
    const xr::Pose ab = xr::compose(a, b);
    const glm::vec3 once = ab.position_m + ab.orientation * point;
    const glm::vec3 twice = a.position_m + a.orientation * (b.position_m + b.orientation * point);
    CHECK(glm::distance(once, twice) < 1e-5f);
    const xr::Pose none = xr::compose(xr::inverse(a), a);
    CHECK(glm::length(none.position_m) < 1e-5f);
    CHECK(std::abs(none.orientation.w) > 0.999999f);
}
