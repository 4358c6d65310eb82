// SPDX-License-Identifier: Apache-2.0
// The stop guarantee, checked on the pictures and not on what the player says of itself: at most two submitted frames after the input
// no pixel of a cue is left, and none comes back before the console has said that it knows. Each check is shown a planted fault.
#include <catch2/catch_test_macros.hpp>

#include <format>

#include "tests/flow/player_harness.h"

using namespace flow;

namespace {

link::SimulatedHands stop_held(bool held) {
    link::SimulatedHands hands;
    hands.stop = held;
    return hands;
}

bool show_cue(DrivenPlayer& player, int level) {
    player.say(link::ShowScene{"bar-night", level, 1});
    const auto shown = player.wait_for<link::SceneShown>();
    if (!shown) return false;
    const auto pixels = player.picture_from(shown->frame);
    return pixels && pixels->red() == pixels->all();
}

// Empty when the guarantee held: what was wrong otherwise.
std::string check_stop(DrivenPlayer& player, const Pixels& calm_before) {
    player.say(stop_held(true));
    const auto calm = player.wait_for<link::CalmShown>();
    if (!calm) return "no calm room was announced";
    if (calm->reason != "stop in the headset") return "another reason: " + calm->reason;
    if (calm->frames_after_input > 2 || calm->frames_after_input < 1) return std::format("{} frames after the input", calm->frames_after_input);
    if (!player.wait_for<link::StopPressed>()) return "the stop was not told";
    std::uint64_t last = calm->frame - 1;
    for (int pictures = 0; pictures < 12; ++pictures) {
        const auto pixels = player.picture_from(last + 1);
        if (!pixels) return "no picture after the stop";
        if (pixels->red() != 0) return std::format("{} cue pixels in frame {}", pixels->red(), pixels->frame);
        last = pixels->frame;
    }
    player.say(stop_held(false));
    player.pump_for(milliseconds(900));  // the brightening
    const auto settled = player.picture_from(last + 1);
    if (!settled) return "no picture at the end";
    return settled->rgba == calm_before.rgba ? "" : "the picture is not that of the calm room";
}

// A scene that was under way when the patient pressed, and one that a console sends before it has read of the stop.
std::string check_late_scene(DrivenPlayer& player) {
    player.say(stop_held(true));
    player.say(link::ShowScene{"bar-night", 2, 1});
    const auto stopped = player.wait_for<link::StopPressed>();
    if (!stopped) return "the stop was not told";
    player.say(stop_held(false));
    player.pump_for(milliseconds(200));
    player.say(link::ShowCalm{"the step is over"});  // crossed the stop: no acknowledgement
    player.say(link::ShowScene{"bar-night", 3, 1});
    std::uint64_t last = stopped->frame;
    for (int pictures = 0; pictures < 12; ++pictures) {
        const auto pixels = player.picture_from(last + 1);
        if (!pixels) return "no picture after the stop";
        if (pixels->red() != 0) return std::format("{} cue pixels in frame {}", pixels->red(), pixels->frame);
        last = pixels->frame;
    }
    return player.count<link::Fault>() > 0 ? "" : "the scene was refused without a word";
}

struct Stage {
    SmallScenes scenes;
    DrivenPlayer player;
    std::optional<Pixels> calm;
    explicit Stage(std::vector<std::string> arguments = {}, std::string root = {}, std::string size = "128x128")
        : player({.arguments = std::move(arguments), .root = root.empty() ? scenes.root() : root, .size = std::move(size)}) {
        if (!player.wait_until_ready()) return;
        calm = player.picture_from(2);
    }
};

}  // namespace

TEST_CASE("a stop from the headset leaves no cue pixel and ends in the calm room's own picture", "[player]") {
    for (const int level : {0, 4}) {
        Stage stage;
        REQUIRE(stage.calm);
        REQUIRE(show_cue(stage.player, level));
        CHECK(check_stop(stage.player, *stage.calm) == "");
    }
}

TEST_CASE("a stop in the middle of a fade into a cue ends the fade", "[player]") {
    Stage stage;
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    stage.player.say(link::ShowScene{"bar-night", 4, 0});
    stage.player.pump_for(milliseconds(100));
    CHECK(check_stop(stage.player, *stage.calm) == "");
}

TEST_CASE("a stop that is ignored is caught by the stop test", "[player]") {
    Stage stage({"--plant", "ignore-stop"});
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    CHECK(check_stop(stage.player, *stage.calm).contains("cue pixels"));
}

TEST_CASE("a scene that was under way when the patient pressed stop does not bring a cue back", "[player]") {
    Stage stage;
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    CHECK(check_late_scene(stage.player) == "");

    // Once the console has said that it knows, the clinician may go on.
    stage.player.say(link::ShowCalm{std::string(link::kStopAcknowledged)});
    CHECK(show_cue(stage.player, 0));
}

TEST_CASE("a late scene that is trusted is caught by the late-scene test", "[player]") {
    Stage stage({"--plant", "trust-late-scenes"});
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    CHECK(check_late_scene(stage.player).contains("cue pixels"));
}

TEST_CASE("a stop that is pressed and let go at once is not lost", "[player]") {
    Stage stage;
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    stage.player.say(stop_held(true));
    stage.player.say(stop_held(false));
    CHECK(stage.player.wait_for<link::StopPressed>());
}

TEST_CASE("no scene is shown while the stop is held, whatever the console says", "[player]") {
    Stage stage;
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    stage.player.say(stop_held(true));
    REQUIRE(stage.player.wait_for<link::StopPressed>());
    stage.player.say(link::ShowCalm{std::string(link::kStopAcknowledged)});
    stage.player.say(link::ShowScene{"bar-night", 1, 1});
    CHECK(stage.player.wait_for<link::Fault>());
}

TEST_CASE("a question on the panel goes with the stop", "[player]") {
    Stage stage;
    REQUIRE(stage.calm);
    REQUIRE(show_cue(stage.player, 1));
    stage.player.say(link::AskRating{5, 0, 100, "Quelle est votre envie de boire ?", "aucune", "irrésistible"});
    REQUIRE(stage.player.wait_for<link::RatingShown>());
    CHECK(check_stop(stage.player, *stage.calm) == "");  // the settled picture holds no panel
}

TEST_CASE("with the real bar, the settled picture after a stop is the calm room's, byte for byte", "[player]") {
    Stage stage({}, ACCALMIE_SOURCE_DIR, "160x160");
    REQUIRE(stage.calm);
    auto& player = stage.player;
    player.say(link::SceneClock{1000, true});  // the animation stands, so that two pictures can be compared
    player.pump_for(milliseconds(200));
    const auto before = player.picture_from(stage.calm->frame + 3);
    player.say(link::ShowScene{"bar-night", 4, 1});
    const auto shown = player.wait_for<link::SceneShown>(milliseconds(60'000));
    REQUIRE(shown);
    const auto cue = player.picture_from(shown->frame);
    REQUIRE(cue);
    REQUIRE(cue->rgba != before->rgba);
    player.say(stop_held(true));
    const auto calm = player.wait_for<link::CalmShown>();
    REQUIRE(calm);
    CHECK(calm->frames_after_input <= 2);
    const auto after = player.picture_from(calm->frame);
    REQUIRE(after);
    CHECK(after->rgba == before->rgba);
}
