// SPDX-License-Identifier: Apache-2.0
// A rating is an aimed hand and a press, or a look that stays: the value that was aimed at is the value that arrives.
#include <catch2/catch_test_macros.hpp>

#include "scenes/link/panel_layout.h"
#include "tests/flow/player_harness.h"

using namespace flow;

namespace {

link::AskRating question(int request, int minimum = 0, int maximum = 100) {
    return {request, minimum, maximum, "Quelle est votre envie de boire, là, maintenant ?", "aucune envie", "envie irrésistible"};
}

std::optional<int> rate(DrivenPlayer& player, int request, int value, int minimum, int maximum) {
    player.say(question(request, minimum, maximum));
    if (!player.wait_for<link::RatingShown>(milliseconds(20'000), [&](const link::RatingShown& shown) { return shown.request == request; })) return std::nullopt;
    auto hands = pointing_at(link::rating_point(value, minimum, maximum));
    player.say(hands);
    hands.select = true;
    player.say(hands);
    hands.select = false;
    player.say(hands);  // at once: a short press is a press
    const auto given = player.wait_for<link::RatingGiven>();
    if (!given || given->request != request) return std::nullopt;
    return given->value;
}

}  // namespace

TEST_CASE("a simulated hand gives the value it aims at, over the whole scale", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    player.say(link::SceneClock{0, true});
    int request = 0;
    for (int value = 0; value <= 100; value += 7) CHECK(rate(player, ++request, value, 0, 100) == value);
    CHECK(rate(player, ++request, 100, 0, 100) == 100);
    for (int value = 0; value <= 10; ++value) CHECK(rate(player, ++request, value, 0, 10) == value);
    CHECK(player.count<link::RatingGiven>() == request);
}

TEST_CASE("the question is part of the mirror's picture from the frame that is named", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root(), .size = "256x256"});
    REQUIRE(player.wait_until_ready());
    const auto before = player.picture_from(1);
    REQUIRE(before);
    player.say(question(1));
    const auto shown = player.wait_for<link::RatingShown>();
    REQUIRE(shown);
    const auto with = player.picture_from(shown->frame);
    REQUIRE(with);
    CHECK(with->green() < before->green() * 9 / 10);  // the dark plate covers a part of the room
    CHECK(with->green() > before->green() / 3);
    player.say(link::HideRating{});
    player.pump_for(milliseconds(300));
    const auto without = player.picture_from(with->frame + 3);
    REQUIRE(without);
    CHECK(without->green() == before->green());
}

TEST_CASE("a press before the patient could read the question is no answer", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    auto hands = pointing_at(link::rating_point(40, 0, 100));
    hands.select = true;
    player.say(question(1));
    player.say(hands);  // in the same moment
    player.pump_for(milliseconds(700));
    CHECK(player.count<link::RatingGiven>() == 0);
    hands.select = false;
    player.say(hands);
    player.pump_for(milliseconds(100));
    hands.select = true;
    player.say(hands);
    const auto given = player.wait_for<link::RatingGiven>();
    REQUIRE(given);
    CHECK(given->value == 40);
    CHECK(given->how == "controller");
}

TEST_CASE("a look that stays on a value is an answer, and a passing look is none", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    const auto looking_at = [](int value) {
        link::SimulatedHands head;
        head.head_orientation = glm::quatLookAt(glm::normalize(link::rating_point(value, 0, 100) - head.head_position_m), glm::vec3(0, 1, 0));
        return head;
    };
    player.say(question(1));
    REQUIRE(player.wait_for<link::RatingShown>());
    player.pump_for(milliseconds(400));
    for (const int value : {10, 30, 80, 50}) {
        player.say(looking_at(value));
        player.pump_for(milliseconds(500));
    }
    CHECK(player.count<link::RatingGiven>() == 0);
    player.say(looking_at(63));
    const auto given = player.wait_for<link::RatingGiven>(milliseconds(5000));
    REQUIRE(given);
    CHECK(given->value == 63);
    CHECK(given->how == "gaze dwell");
}

TEST_CASE("one question takes one answer", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    player.say(link::SceneClock{0, true});
    REQUIRE(rate(player, 1, 20, 0, 100) == 20);
    auto hands = pointing_at(link::rating_point(90, 0, 100));
    hands.select = true;
    player.say(hands);
    player.pump_for(milliseconds(300));
    CHECK(player.count<link::RatingGiven>() == 1);
}
