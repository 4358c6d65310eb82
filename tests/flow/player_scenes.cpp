// SPDX-License-Identifier: Apache-2.0
// The player by itself over a real link: what it shows, how it changes, and that nothing that arrives breaks it.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>

#include <algorithm>
#include <random>

#include "tests/flow/player_harness.h"

using namespace flow;

namespace {

// Every picture of a change: the least share of the picture that was neither one scene nor the other, and the darkest one.
struct Change {
    int pictures = 0;
    int least_coloured = 1 << 30;
    double darkest = 1e9, brightest = 0;
};

double mean_of(const Pixels& pixels) {
    double sum = 0;
    for (std::size_t i = 0; i < pixels.rgba.size(); i += 4) sum += pixels.rgba[i] + pixels.rgba[i + 1] + pixels.rgba[i + 2];
    return sum / pixels.all();
}

Change watch_change(DrivenPlayer& player, std::uint64_t after, milliseconds time) {
    Change change;
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
        player.pump(milliseconds(2));
        const auto pixels = player.newer_picture(after);
        if (!pixels) continue;
        after = pixels->frame;
        ++change.pictures;
        change.least_coloured = std::min(change.least_coloured, pixels->red() + pixels->green() + pixels->blue());
        change.darkest = std::min(change.darkest, mean_of(*pixels));
        change.brightest = std::max(change.brightest, mean_of(*pixels));
    }
    return change;
}

}  // namespace

TEST_CASE("the player begins in the calm room, says so, and ends when it is told to", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    CHECK(std::holds_alternative<link::Hello>(player.heard().front()));
    CHECK(player.ready().eye_width == 128);
    CHECK(player.ready().runtime == "off-screen");
    const auto first = player.picture_from(1);
    REQUIRE(first);
    CHECK(first->green() == first->all());
    player.say(link::Quit{});
    CHECK(player.wait_for<link::Goodbye>());
    CHECK(player.exit_code(milliseconds(10'000)) == 0);
}

TEST_CASE("a scene that is asked for is read beside the frames and then shown", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    player.say(link::LoadScenes{{"calm-room", "bar-night", "waiting-room"}});
    for (int i = 0; i < 3; ++i) {
        const auto loaded = player.wait_for<link::SceneLoaded>();
        REQUIRE(loaded);
        CHECK(loaded->triangles == 2);
    }
    player.say(link::ShowScene{"waiting-room", 0, 1});
    auto shown = player.wait_for<link::SceneShown>();
    REQUIRE(shown);
    auto pixels = player.picture_from(shown->frame);
    REQUIRE(pixels);
    CHECK(pixels->blue() == pixels->all());

    player.say(link::ShowScene{"bar-night", 3, 1});
    shown = player.wait_for<link::SceneShown>();
    REQUIRE(shown);
    CHECK(shown->scene == "bar-night");
    CHECK(shown->level == 3);
    pixels = player.picture_from(shown->frame);
    REQUIRE(pixels);
    CHECK(pixels->red() == pixels->all());

    player.say(link::ShowCalm{"asked"});
    const auto calm = player.wait_for<link::CalmShown>();
    REQUIRE(calm);
    CHECK(calm->reason == "asked");
    CHECK(calm->frames_after_input <= 2);
    pixels = player.picture_from(calm->frame);
    REQUIRE(pixels);
    CHECK(pixels->red() == 0);
}

TEST_CASE("a change of scenes dims and brightens, and is never black", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    player.say(link::LoadScenes{{"bar-night"}});
    REQUIRE(player.wait_for<link::SceneLoaded>());
    const auto before = player.picture_from(1);
    REQUIRE(before);
    player.say(link::ShowScene{"bar-night", 0, 0});
    const Change change = watch_change(player, before->frame, milliseconds(1500));
    REQUIRE(player.wait_for<link::SceneShown>());
    CHECK(change.pictures > 4);
    CHECK(change.least_coloured == before->all());
    CHECK(change.darkest < 0.75 * mean_of(*before));
    CHECK(change.darkest > 20);
    const auto after = player.picture_from(0);
    REQUIRE(after);
    CHECK(after->red() == after->all());
}

TEST_CASE("a scene or a level that is not there is a fault, and the calm room stays", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root()});
    REQUIRE(player.wait_until_ready());
    for (const link::ShowScene& wrong : {link::ShowScene{"no-such-scene", 0, 1}, link::ShowScene{"../../etc", 0, 1}, link::ShowScene{"bar-night", 99, 1}, link::ShowScene{"bar-night", -1, 1}}) {
        player.say(wrong);
        const auto fault = player.wait_for<link::Fault>();
        REQUIRE(fault);
        CHECK_FALSE(fault->what.empty());
    }
    player.pump_for(milliseconds(300));
    CHECK(player.count<link::SceneShown>() == 0);
    const auto pixels = player.picture_from(1);
    REQUIRE(pixels);
    CHECK(pixels->red() == 0);
}

TEST_CASE("bytes that make no sense do not end the player", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    std::mt19937_64 random(17);
    for (int round = 0; round < 3000; ++round) {
        std::vector<std::uint8_t> bytes(1 + random() % 80);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        if (bytes.size() > 1 && round % 2 == 0) bytes[0] = static_cast<std::uint8_t>(bytes[0] % 30), bytes[1] = 0;
        const bool quits = bytes.size() == 2 && bytes[1] == 0 && bytes[0] == link::encode(link::Quit{})[0];
        if (!quits) player.say_bytes(bytes);
        if (round % 50 == 0) player.pump_for(milliseconds(10));
    }
    player.say_bytes(std::vector<std::uint8_t>(40'000, 0xee));
    player.say(link::ShowText{std::string("\xff\xfe\x80 \xc3\x28 \xf0\x9f", 10)});
    player.say(link::AskRating{1, 2'000'000'000, -2'000'000'000, "?", "", ""});
    player.pump_for(milliseconds(300));
    REQUIRE(player.alive());
    player.say(link::ShowCalm{"after the noise"});
    const auto calm = player.wait_for<link::CalmShown>(milliseconds(20'000), [](const link::CalmShown& one) { return one.reason == "after the noise"; });
    CHECK(calm);
    player.say(link::Quit{});
    CHECK(player.exit_code(milliseconds(10'000)) == 0);
}

TEST_CASE("a console of another build is refused in words", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root(), .size = "64x64"});
    player.say(link::Hello{link::kVersion + 1, "fr"});
    const auto fault = player.wait_for<link::Fault>(milliseconds(60'000));
    REQUIRE(fault);
    CHECK(fault->what.contains("version"));
    CHECK(player.exit_code(milliseconds(20'000)) == 1);
}

TEST_CASE("Ctrl-C in the console's terminal does not take the patient's view away", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.root = scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    ::kill(player.pid(), SIGINT);
    ::kill(player.pid(), SIGHUP);
    player.pump_for(milliseconds(300));
    CHECK(player.alive());
}

TEST_CASE("the player's frame thread speaks at least every 250 ms, while the real scenes are read too", "[player]") {
    DrivenPlayer player({.size = "96x96"});
    REQUIRE(player.wait_until_ready());
    player.say(link::LoadScenes{{"bar-night", "waiting-room"}});
    auto last = std::chrono::steady_clock::now();
    milliseconds worst(0);
    int beats = 0;
    for (int loaded = 0; loaded < 2 && player.pump(milliseconds(5));) {
        const auto before = beats;
        beats = player.count<link::Heartbeat>();
        loaded = player.count<link::SceneLoaded>();
        const auto now = std::chrono::steady_clock::now();
        if (beats == before) continue;
        worst = std::max(worst, std::chrono::duration_cast<milliseconds>(now - last));
        last = now;
    }
    CHECK(player.count<link::SceneLoaded>() == 2);
    // 250 ms by itself; the console counts a player as hung at 900 ms, and a busy machine lies between.
    CHECK(worst < milliseconds(900));
}

TEST_CASE("without a graphics driver, a font's package or the project's files there is one clear line", "[player]") {
    const auto first_line_only = [](const Finished& finished) { return std::ranges::count(finished.errors, '\n') <= 2; };
    Program without_driver("accalmie-player", {"--link-fd", "0", "--size", "64x64"}, {"VK_DRIVER_FILES=/nonexistent.json", "VK_ICD_FILENAMES=/nonexistent.json"});
    const Finished no_driver = without_driver.finish(std::chrono::seconds(60));
    CHECK(no_driver.exit_code == 1);
    CHECK(no_driver.errors.contains("accalmie-player: error: "));
    CHECK(first_line_only(no_driver));
    Program without_files("accalmie-player", {"--link-fd", "0"}, {"ACCALMIE_ROOT=/nonexistent"});
    const Finished no_files = without_files.finish(std::chrono::seconds(60));
    CHECK(no_files.exit_code == 1);
    CHECK(no_files.errors.contains("ACCALMIE_ROOT=/nonexistent"));
    CHECK(first_line_only(no_files));
}

TEST_CASE("under Vulkan validation a whole course of scenes, questions and a stop gives no message", "[player]") {
    const SmallScenes scenes;
    DrivenPlayer player({.arguments = {"--validation"}, .root = scenes.root(), .size = "96x96"});
    REQUIRE(player.wait_until_ready());
    player.say(link::ShowScene{"waiting-room", 0, 0});
    REQUIRE(player.wait_for<link::SceneShown>());
    player.say(link::ShowText{"Respirez."});
    player.pump_for(milliseconds(400));
    player.say(link::AskRating{1, 0, 100, "?", "0", "100"});
    REQUIRE(player.wait_for<link::RatingShown>());
    player.say(link::ShowScene{"bar-night", 1, 1});
    REQUIRE(player.wait_for<link::SceneShown>());
    link::SimulatedHands hands;
    hands.stop = true;
    player.say(hands);
    REQUIRE(player.wait_for<link::StopPressed>());
    player.pump_for(milliseconds(500));
    player.say(link::Quit{});
    CHECK(player.wait_for<link::Goodbye>());
    CHECK(player.exit_code(milliseconds(20'000)) == 0);  // a validation message makes it 1
}
