// SPDX-License-Identifier: Apache-2.0
// What bare hands mean: a pinch chooses once, whatever the tracker makes of it.
#include <limits>
#include <random>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "engine/xr/bare_hands.h"

using namespace accalmie::xr;

namespace {

constexpr std::optional<float> kUnseen;
const Pose kHead{{1, 0, 0, 0}, {0, 1.2f, 0}};

// Before the chest, pointing ahead.
HandPoints hand(float apart_m, float x_m = 0.2f) {
    HandPoints points{.world_from_palm = {glm::angleAxis(0.1f, glm::vec3(0, 1, 0)), {x_m, 0.95f, -0.3f}}};
    points.index_knuckle_m = {x_m, 0.95f, -0.34f};
    points.index_tip_m = {x_m, 0.95f, -0.4f};
    points.thumb_tip_m = points.index_tip_m - glm::vec3(0, apart_m, 0);
    return points;
}
constexpr float kOpen_m = 0.08f, kClosed_m = 0.011f;

Input taken(BareHands& hands, SeenHands seen, Input input = {.aim_valid = true, .aim_is_head = true}) {
    hands.take(std::move(seen), &kHead, input);
    return input;
}

}  // namespace

TEST_CASE("a pinch begins where the tips touch and ends where they are clearly apart") {
    Pinch pinch;
    CHECK_FALSE(pinch.next(kOpen_m));
    CHECK_FALSE(pinch.next(kPinchBegins_m + 0.001f));
    CHECK(pinch.next(kPinchBegins_m));
    CHECK(pinch.next(kPinchEnds_m - 0.001f));
    CHECK_FALSE(pinch.next(kPinchEnds_m));
    CHECK_FALSE(pinch.next(kPinchBegins_m + 0.001f));
    CHECK(pinch.next(0.0f));
}

TEST_CASE("trembling about either threshold changes a pinch once at most, and with one threshold it would chatter") {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> tremor(-0.009f, 0.009f);
    for (const float middle_m : {kPinchBegins_m, kPinchEnds_m}) {
        Pinch pinch;
        pinch.next(kOpen_m);
        if (middle_m == kPinchEnds_m) REQUIRE(pinch.next(kClosed_m));
        int changes = 0, of_one_threshold = 0;
        bool before = pinch.held(), below = before;
        for (int frame = 0; frame < 900; ++frame) {
            const float apart_m = middle_m + tremor(random);
            const bool held = pinch.next(apart_m), is_below = apart_m < middle_m;
            changes += std::exchange(before, held) != held;
            of_one_threshold += std::exchange(below, is_below) != is_below;
        }
        CHECK(changes <= 1);
        CHECK(of_one_threshold > 100);
    }
}

TEST_CASE("a hand that is not seen lets go at once, and has to be seen open before it chooses again") {
    for (const auto& lost : {kUnseen, std::optional(std::numeric_limits<float>::quiet_NaN())}) {
        Pinch pinch;
        pinch.next(kOpen_m);
        REQUIRE(pinch.next(kClosed_m));
        for (int frame = 0; frame < 300; ++frame) CHECK_FALSE(pinch.next(lost));
        CHECK_FALSE(pinch.next(kClosed_m));
        CHECK_FALSE(pinch.next(0.025f));
        CHECK_FALSE(pinch.next(kClosed_m));
        pinch.next(kOpen_m);
        CHECK(pinch.next(kClosed_m));
    }
    Pinch fresh;
    CHECK_FALSE(fresh.next(kClosed_m));
}

TEST_CASE("a raised hand aims from its knuckle along the palm and chooses by pinching; the one that pinched last aims") {
    BareHands hands;
    auto input = taken(hands, {std::nullopt, hand(kOpen_m)});
    CHECK((input.aim_valid && input.aim_is_bare_hand && !input.aim_is_head && !input.select && !input.stop));
    CHECK(input.world_from_aim.position_m == hand(kOpen_m).index_knuckle_m);
    CHECK(input.world_from_aim.orientation == hand(kOpen_m).world_from_palm.orientation);
    input = taken(hands, {std::nullopt, hand(kClosed_m)});
    CHECK(input.select);
    CHECK(input.world_from_aim.position_m == hand(kOpen_m).index_knuckle_m);  // a pinch does not move the ray
    taken(hands, {hand(kOpen_m, -0.2f), hand(kOpen_m)});
    CHECK(taken(hands, {hand(kOpen_m, -0.2f), hand(kOpen_m)}).world_from_aim.position_m.x > 0);
    input = taken(hands, {hand(kClosed_m, -0.2f), hand(kOpen_m)});
    CHECK(input.select);
    CHECK(input.world_from_aim.position_m.x < 0);
    CHECK(taken(hands, {hand(kOpen_m, -0.2f), hand(kOpen_m)}).world_from_aim.position_m.x < 0);
    CHECK(taken(hands, {std::nullopt, hand(kOpen_m)}).world_from_aim.position_m.x > 0);
}

TEST_CASE("no hand, a hand in the lap, and a head that is lost leave the aim as it was") {
    BareHands hands;
    const Input by_head{.aim_valid = true, .world_from_aim = kHead, .aim_is_head = true};
    HandPoints lap = hand(kOpen_m);
    lap.index_knuckle_m = {0.15f, 0.6f, -0.25f};
    for (const SeenHands& seen : {SeenHands{}, SeenHands{lap, lap}}) {
        const auto input = taken(hands, seen, by_head);
        CHECK((input.aim_is_head && !input.aim_is_bare_hand && !input.select));
    }
    Input lost;
    hands.take({hand(kOpen_m), hand(kOpen_m)}, nullptr, lost);
    hands.take({hand(kClosed_m), hand(kClosed_m)}, nullptr, lost);
    CHECK((!lost.aim_valid && !lost.select));
}

TEST_CASE("a controller that aims wins, and a pinch made meanwhile chooses nothing when it is laid down") {
    BareHands hands;
    const Input controller{.aim_valid = true, .world_from_aim = {{1, 0, 0, 0}, {0.3f, 1, 0}}};
    taken(hands, {std::nullopt, hand(kOpen_m)});
    REQUIRE(taken(hands, {std::nullopt, hand(kClosed_m)}).select);
    auto input = taken(hands, {std::nullopt, hand(kClosed_m)}, controller);
    CHECK((!input.select && !input.aim_is_bare_hand && input.world_from_aim.position_m.x == 0.3f));
    CHECK_FALSE(taken(hands, {std::nullopt, hand(kClosed_m)}).select);
    taken(hands, {std::nullopt, hand(kOpen_m)});
    CHECK(taken(hands, {std::nullopt, hand(kClosed_m)}).select);
}
