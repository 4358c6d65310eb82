// SPDX-License-Identifier: Apache-2.0
// Bare hands through XR_EXT_hand_tracking on Monado: our API layer has the joints that the simulated headset lacks.
#include "counted.h"

#include "engine/xr/bare_hands.h"

#include <catch2/generators/catch_generators.hpp>

#include <openxr/openxr.h>

#include <random>

using namespace accalmie;
using namespace std::chrono_literals;

namespace {

constexpr float kOpen_m = 0.08f, kClosed_m = 0.011f;

xr::layer::BareHand hand(float apart_m, bool seen = true) {
    return {.stage_from_palm = {glm::angleAxis(0.2f, glm::vec3(0, 1, 0)), {0.2f, 0.95f, -0.35f}}, .apart_m = apart_m, .seen = seen};
}

// The patient sits, and one frame has passed.
struct Seated {
    std::unique_ptr<test::Headset> headset = test::openxr_headset();
    const xr::Input& input = headset->frame.input;
    test::Monado& monado;
    explicit Seated(test::Monado& with) : monado(with) {
        monado.hands().set_head(xr::Pose{{1, 0, 0, 0}, {0, 1.2f, 0}});
        REQUIRE(headset->step_frames(4));
    }
    void make(const std::optional<xr::layer::BareHand>& bare, std::size_t which = 1) {
        monado.hands().set_joints(which, bare);
        REQUIRE(headset->step_frames(2));
    }
};

}  // namespace

TEST_CASE("joints aim and a pinch chooses, with both validation layers silent in either order", "[xr]") {
    const bool hands_above_validation = GENERATE(false, true);
    CAPTURE(hands_above_validation);
    test::Monado monado({.hands_above_validation = hands_above_validation});
    {
        Seated patient(monado);
        CHECK(patient.headset->session().features().contains("hand joints on"));
        CHECK(patient.input.aim_is_head);
        patient.make(hand(kOpen_m));
        CHECK((patient.input.aim_valid && !patient.input.aim_is_head && patient.input.aim_is_bare_hand));
        CHECK_FALSE(patient.input.select);
        const auto palm = hand(kOpen_m).stage_from_palm;
        CHECK(glm::distance(patient.input.world_from_aim.position_m, palm.position_m + palm.orientation * glm::vec3(0, 0, -0.04f)) < 1e-4f);
        CHECK(std::abs(glm::dot(patient.input.world_from_aim.orientation, palm.orientation)) > 0.99999f);
        patient.make(hand(kClosed_m));
        CHECK(patient.input.select);
        CHECK_FALSE(patient.input.stop);
        patient.make(hand(kOpen_m));
        CHECK_FALSE(patient.input.select);
        patient.headset->session().shutdown();
        CHECK(patient.headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a hand that trembles about a threshold chooses once, one that is lost or only guessed lets go and stays so for seconds", "[xr]") {
    test::Monado monado;
    Seated patient(monado);
    patient.make(hand(kOpen_m));
    std::mt19937 random(1);
    std::uniform_real_distribution<float> tremor(-0.006f, 0.006f);
    int presses = 0;
    bool before = false;
    for (int frame = 0; frame < 60; ++frame) {
        monado.hands().set_joints(1, hand(xr::kPinchBegins_m + tremor(random)));
        REQUIRE(patient.headset->step_frames(1));
        presses += patient.input.select && !before;
        before = patient.input.select;
    }
    CHECK(presses == 1);

    for (const bool guessed : {false, true}) {
        CAPTURE(guessed);
        patient.make(hand(kOpen_m));
        patient.make(hand(kClosed_m));
        REQUIRE(patient.input.select);
        patient.make(guessed ? std::optional(hand(kClosed_m, false)) : std::nullopt);
        int stuck = 0;
        for (const auto end = std::chrono::steady_clock::now() + 2500ms; std::chrono::steady_clock::now() < end;) {
            REQUIRE(patient.headset->step_frames(1));
            stuck += patient.input.select || !patient.input.aim_is_head;
        }
        CHECK(stuck == 0);
        patient.make(hand(kClosed_m));  // comes back closed
        CHECK_FALSE(patient.input.select);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a controller wins over bare hands, and without focus neither is read", "[xr]") {
    test::Monado monado;
    Seated patient(monado);
    patient.make(hand(kOpen_m));
    patient.make(hand(kClosed_m));
    REQUIRE(patient.input.select);
    monado.hands().set_aim(xr::Pose{{1, 0, 0, 0}, {-0.3f, 1, 0}});
    REQUIRE(patient.headset->step_until([&] { return patient.input.world_from_aim.position_m.x < 0; }));
    CHECK_FALSE(patient.input.select);
    CHECK_FALSE(patient.input.aim_is_bare_hand);
    monado.hands().set_aim(std::nullopt);
    REQUIRE(patient.headset->step_until([&] { return patient.input.aim_is_bare_hand; }));
    CHECK_FALSE(patient.input.select);  // the pinch is still that of before
    patient.make(hand(kOpen_m));
    patient.make(hand(kClosed_m));
    REQUIRE(patient.input.select);
    monado.hands().set_fault(xr::LayerFault::not_focused, true);
    REQUIRE(patient.headset->step_until([&] { return !patient.input.select && !patient.input.aim_valid; }));
    monado.hands().set_fault(xr::LayerFault::not_focused, false);
    REQUIRE(patient.headset->step_until([&] { return patient.input.aim_is_bare_hand; }));
    CHECK_FALSE(patient.input.select);
    CHECK(monado.complaints() == "");
}

TEST_CASE("a session that goes takes its trackers of hands with it, and one without hands has none", "[xr]") {
    test::Monado monado;
    for (int session = 0; session < 2; ++session) {
        Seated patient(monado);
        CHECK(test::counted(monado, *patient.headset).trackers == 2);
    }
}

TEST_CASE("a headset without hand tracking has no joints, although its runtime knows the extension", "[xr]") {
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(3));
        CHECK(headset->session().features().contains("hand joints not there"));
        CHECK_FALSE(headset->frame.input.aim_is_bare_hand);
    }
    CHECK(monado.complaints() == "");
}
