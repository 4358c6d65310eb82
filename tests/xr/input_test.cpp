// SPDX-License-Identifier: Apache-2.0
// What our API layer's simulated hands do arrives in Frame::input as genuine OpenXR action states.
#include "counted.h"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <openxr/openxr.h>

using namespace accalmie;
using Catch::Matchers::WithinAbs;

namespace {

void check_same(const xr::Pose& a, const xr::Pose& b) {
    CHECK(glm::distance(a.position_m, b.position_m) < 1e-4f);
    CHECK(std::abs(glm::dot(a.orientation, b.orientation)) > 0.99999f);
}

}  // namespace

TEST_CASE("select, stop and aim of the simulated hand arrive, and both validation layers stay silent in either order", "[xr]") {
    const bool hands_above_validation = GENERATE(false, true);
    CAPTURE(hands_above_validation);
    test::Monado monado({.hands_above_validation = hands_above_validation});
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(3));
        REQUIRE(monado.hands().connected() == false);  // it is taken in at the next poll
        const xr::Pose aim{glm::angleAxis(glm::radians(-12.0f), glm::vec3(0, 1, 0)), {0.2f, 1.0f, -0.1f}};
        monado.hands().set_aim(aim);
        REQUIRE(monado.hands().connected());

        REQUIRE(headset->step_until([&] { return headset->frame.input.aim_valid && !headset->frame.input.aim_is_head; }));
        check_same(headset->frame.input.world_from_aim, aim);
        CHECK_FALSE(headset->frame.input.select);
        CHECK_FALSE(headset->frame.input.stop);

        monado.hands().set_select(true);
        CHECK(headset->step_until([&] { return headset->frame.input.select; }));
        CHECK_FALSE(headset->frame.input.stop);
        monado.hands().set_select(false);
        CHECK(headset->step_until([&] { return !headset->frame.input.select; }));

        monado.hands().set_stop(true);
        CHECK(headset->step_until([&] { return headset->frame.input.stop; }));
        const auto counted = test::counted(monado, *headset);
        CHECK(counted.stop_readable_frame > 0);
        CHECK(counted.stop_read_frame == counted.stop_readable_frame);
        CHECK(counted.session_state == XR_SESSION_STATE_FOCUSED);

        monado.hands().set_aim(std::nullopt);
        CHECK(headset->step_until([&] { return headset->frame.input.aim_is_head; }));
        headset->session().shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("the runtime knows every binding that we suggest", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(1));
    const auto before = test::counted(monado, *headset);
    headset.reset();
    headset = test::openxr_headset();
    REQUIRE(headset->step_frames(1));
    const auto after = test::counted(monado, *headset);
    CHECK(after.profiles_taken - before.profiles_taken == 7);  // five controllers, bare hands, eyes
    CHECK(after.profiles_refused - before.profiles_refused == 0);
}

TEST_CASE("a press shorter than a frame is read once, and the hand points where it pointed when it pressed", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(3));
    const xr::Pose there{{1, 0, 0, 0}, {0.1f, 1.1f, 0}}, elsewhere{{1, 0, 0, 0}, {-0.4f, 0.8f, 0}};
    monado.hands().set_aim(there);
    monado.hands().set_select(true);
    monado.hands().set_select(false);
    monado.hands().set_aim(elsewhere);
    int presses = 0;
    bool before = false;
    REQUIRE(headset->step_until([&] {
        const auto& input = headset->frame.input;
        if (input.select && !before) {
            ++presses;
            check_same(input.world_from_aim, there);
        }
        before = input.select;
        return input.aim_valid && !input.aim_is_head && input.world_from_aim.position_m.x < 0;
    }));
    CHECK(presses == 1);
    CHECK_FALSE(headset->frame.input.select);
}

TEST_CASE("the simulated head moves the views and keeps the distance between the eyes", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(2));
    const xr::Pose head{glm::angleAxis(glm::radians(30.0f), glm::vec3(0, 1, 0)), {0.1f, 1.2f, 0.05f}};
    monado.hands().set_head(head);
    REQUIRE(headset->step_until([&] { return glm::distance(headset->frame.world_from_head.position_m, head.position_m) < 1e-4f; }));
    check_same(headset->frame.world_from_head, head);
    const auto& left = headset->frame.views[0].world_from_eye;
    const auto& right = headset->frame.views[1].world_from_eye;
    CHECK_THAT(glm::distance(left.position_m, right.position_m), WithinAbs(0.063, 0.01));
    check_same({head.orientation, (left.position_m + right.position_m) * 0.5f}, head);
    CHECK(headset->frame.input.aim_is_head);
    check_same(headset->frame.input.world_from_aim, head);
}

TEST_CASE("frames and panels are counted as the runtime takes them", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(2));
    const auto before = test::counted(monado, *headset);
    headset->quad.visible = true;
    REQUIRE(headset->step_frames(10));
    headset->quad.visible = false;
    REQUIRE(headset->step_frames(5));
    const auto after = test::counted(monado, *headset);
    CHECK(after.sessions == before.sessions);
    CHECK(after.projection_frames - before.projection_frames == 16);
    CHECK(after.frames_submitted - before.frames_submitted >= 16);
    CHECK(after.quad_frames - before.quad_frames >= 10);
    CHECK(after.quad_frames - before.quad_frames <= 11);
}

TEST_CASE("a console that dies takes its simulated hand with it, and the buttons are let go", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    monado.hands().set_aim(xr::Pose{});
    monado.hands().set_select(true);
    REQUIRE(headset->step_until([&] { return headset->frame.input.select; }));
    { xr::LayerClient gone(std::move(monado.hands())); }
    CHECK(headset->step_until([&] { return !headset->frame.input.select && headset->frame.input.aim_is_head; }));
    CHECK(headset->error.empty());
}

TEST_CASE("a controller that Monado itself simulates aims through our bindings, without our layer", "[xr]") {
    test::MonadoSetup setup{.hands = false};
    setup.service.extra_environment = {{"SIMULATED_ENABLE", "1"}, {"SIMULATED_RIGHT", "simple"}};
    test::Monado monado(setup);
    {
        auto headset = test::openxr_headset();
        CHECK(headset->step_until([&] { return headset->frame.input.aim_valid && !headset->frame.input.aim_is_head; }));
    }
    CHECK(monado.complaints() == "");
}
