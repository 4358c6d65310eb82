// SPDX-License-Identifier: Apache-2.0
// A console that dies or hangs must not leave a patient alone before a cue: the calm room is there within 2 s, by the player itself.
#include <catch2/catch_test_macros.hpp>

#include "tests/flow/player_harness.h"

using namespace flow;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kWithin = milliseconds(2000);

struct Stage {
    SmallScenes scenes;
    DrivenPlayer player;
    bool cue = false;
    explicit Stage(std::vector<std::string> arguments) : player({.arguments = std::move(arguments), .root = scenes.root()}) {
        if (!player.wait_until_ready()) return;
        player.say(link::ShowScene{"bar-night", 2, 1});
        const auto shown = player.wait_for<link::SceneShown>();
        const auto pixels = shown ? player.picture_from(shown->frame) : std::nullopt;
        cue = pixels && pixels->red() == pixels->all();
    }
};

// How long cue pixels were still in the mirror after the loss; nullopt: longer than the limit.
std::optional<milliseconds> cue_is_gone(DrivenPlayer& player, milliseconds limit) {
    const auto start = Clock::now();
    std::uint64_t last = 0;
    while (Clock::now() - start < limit) {
        if (const auto pixels = player.newer_picture(last)) {
            last = pixels->frame;
            if (pixels->red() == 0 && pixels->green() > 0) return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
        }
        player.pump(milliseconds(5));
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("a console that dies leaves the patient in the calm room within 2 s, and the player ends by itself later", "[player]") {
    Stage stage({"--linger", "1"});
    REQUIRE(stage.cue);
    stage.player.close_link();
    const auto gone = cue_is_gone(stage.player, kWithin);
    REQUIRE(gone);
    CHECK(*gone < kWithin);
    CHECK(stage.player.alive());
    CHECK(stage.player.exit_code(milliseconds(20'000)) == 4);
}

TEST_CASE("a console that hangs leaves the patient in the calm room within 2 s, until it asks for the scene again", "[player]") {
    Stage stage({});
    REQUIRE(stage.cue);
    auto& player = stage.player;
    player.be_silent();
    const auto gone = cue_is_gone(player, milliseconds(5000));
    REQUIRE(gone);
    CHECK(*gone <= kWithin);
    const auto calm = player.wait_for<link::CalmShown>();
    REQUIRE(calm);
    CHECK(calm->reason == "console hung");

    // Being alive again is not enough: the console's word is.
    player.say(link::Heartbeat{1});
    player.pump_for(milliseconds(300));
    const auto still = player.picture_from(calm->frame + 1);
    REQUIRE(still);
    CHECK(still->red() == 0);
    player.say(link::ShowScene{"bar-night", 2, 1});
    const auto shown = player.wait_for<link::SceneShown>();
    REQUIRE(shown);
    const auto back = player.picture_from(shown->frame);
    REQUIRE(back);
    CHECK(back->red() > 0);
}

TEST_CASE("a player that does not watch its console is caught by the lost-console test", "[player]") {
    Stage stage({"--plant", "ignore-silence", "--linger", "30"});
    REQUIRE(stage.cue);
    stage.player.close_link();
    CHECK_FALSE(cue_is_gone(stage.player, kWithin));
}

TEST_CASE("a console that speaks keeps the scene", "[player]") {
    Stage stage({});
    REQUIRE(stage.cue);
    stage.player.pump_for(milliseconds(3000));
    CHECK(stage.player.count<link::CalmShown>() == 0);
}
