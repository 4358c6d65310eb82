// SPDX-License-Identifier: Apache-2.0
// The player by itself when graphics memory ends: it draws less, says so in words, and goes on; or it ends with an error.
#include <catch2/catch_test_macros.hpp>

#include "tests/flow/player_harness.h"

using namespace flow;

TEST_CASE("a player whose graphics memory is short draws a smaller picture, says so and goes on", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.arguments = {"--memory-fault", "1", "--memory-fault-times", "2"}, .root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    CHECK(player.ready().eye_width == 116);  // 90 % of 128, made even
    std::string said;
    for (const auto& message : player.heard())
        if (const auto* fault = std::get_if<link::Fault>(&message)) said += fault->what + "; " + fault->hint + "\n";
    CHECK(said.contains("memory is full"));
    CHECK(said.contains("90 %"));
    CHECK(said.contains("the session can go on"));
    const auto calm = player.picture_from(1);
    REQUIRE(calm);
    CHECK(calm->green() == calm->all());
    player.say(link::ShowScene{"bar-night", 1, 1});
    const auto shown = player.wait_for<link::SceneShown>();
    REQUIRE(shown);
    const auto cue = player.picture_from(shown->frame);
    REQUIRE(cue);
    CHECK(cue->red() == cue->all());
    player.say(link::Quit{});
    CHECK(player.exit_code(milliseconds(20'000)) == 0);
}

TEST_CASE("a player without any graphics memory ends with an error that says it", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.arguments = {"--memory-fault", "1", "--memory-fault-times", "1000000"}, .root = scenes.root()});
    CHECK_FALSE(player.wait_until_ready());
    CHECK(player.exit_code(milliseconds(20'000)) == 1);
    const auto said = [&] {
        for (const auto& message : player.heard())
            if (const auto* fault = std::get_if<link::Fault>(&message); fault != nullptr && fault->hint.contains("out of graphics memory")) return true;
        return false;
    };
    CHECK(said());
}
