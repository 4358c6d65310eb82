// SPDX-License-Identifier: Apache-2.0
// The stop and the guards, heard: the player mixes into a WAV in which the cue is one tone and the calm room another, so that "no cue
// sound" is a question about the samples and not about what the player says of itself. The check is shown a planted fault.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include <fstream>

#include "tests/flow/tone_scenes.h"

using namespace flow;

namespace {

constexpr double kCue_hz = ToneScenes::kCue_hz;
constexpr std::size_t kWindow = 480, kStep = 48;  // 10 ms, looked at every millisecond

// Of the cue's tone in the WAV, against its loudest: one value a millisecond.
struct CueTrace {
    std::vector<double> db;
    bool heard = false;
    double end_db = -200;     // the last 200 ms
    double fall_ms = 1e9;     // from the last moment at full to the last above -60 dB, less the window's own length
};

CueTrace trace(const std::string& wav) {
    const auto file = accalmie::content::read_sound(wav);
    if (!file) FAIL(describe(file.error()));
    std::vector<float> left;
    for (std::size_t i = 0; i < file->samples.size(); i += file->channels) left.push_back(file->samples[i]);
    CueTrace cue;
    for (std::size_t at = 0; at + kWindow <= left.size(); at += kStep) cue.db.push_back(sound_test::windowed_tone_db(std::span<const float>(left).subspan(at, kWindow), kCue_hz));
    REQUIRE(cue.db.size() > 300);
    const double full_db = *std::ranges::max_element(cue.db);
    cue.heard = full_db > -40;
    for (double& db : cue.db) db -= full_db;
    cue.end_db = *std::ranges::max_element(cue.db.end() - 200, cue.db.end());
    std::size_t last_full = 0, last_heard = 0;
    for (std::size_t i = 0; i < cue.db.size(); ++i) {
        if (cue.db[i] > -1) last_full = i;
        if (cue.db[i] > -60) last_heard = i;
    }
    cue.fall_ms = static_cast<double>(last_heard - last_full) - static_cast<double>(kWindow / kStep);
    return cue;
}

link::SimulatedHands stop_held() {
    link::SimulatedHands hands;
    hands.stop = true;
    return hands;
}

// Shows the cue, does `then`, and gives back what was heard.
template <class Then>
CueTrace hear(std::vector<std::string> plants, const Then& then) {
    const ToneScenes stage;
    std::vector<std::string> arguments{"--sound-wav", stage.wav(), "--linger", "1"};
    arguments.insert(arguments.end(), plants.begin(), plants.end());
    DrivenPlayer player({.arguments = arguments, .root = stage.scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    player.say(link::ShowScene{"bar-night", 2, 1});
    REQUIRE(player.wait_for<link::SceneShown>());
    player.pump_for(milliseconds(1200));
    then(player);
    REQUIRE(player.exit_code(milliseconds(10'000)));
    return trace(stage.wav());
}

void stop_and_quit(DrivenPlayer& player) {
    player.say(stop_held());
    REQUIRE(player.wait_for<link::StopPressed>());
    player.pump_for(milliseconds(900));
    player.say(link::Quit{});
}

}  // namespace

TEST_CASE("a stop from the headset silences the cue within 20 ms and it does not come back", "[player][sound]") {
    const CueTrace cue = hear({}, stop_and_quit);
    CHECK(cue.heard);
    CHECK(cue.fall_ms <= 20);
    CHECK(cue.end_db < -60);
}

TEST_CASE("a stop that is ignored is heard by the sound test", "[player][sound]") {
    const CueTrace cue = hear({"--plant", "ignore-stop"}, stop_and_quit);
    CHECK(cue.heard);
    CHECK(cue.end_db > -60);
}

TEST_CASE("a console that is gone takes the cue's sound with it", "[player][sound]") {
    const CueTrace cue = hear({}, [](DrivenPlayer& player) { player.close_link(); });
    CHECK(cue.heard);
    CHECK(cue.fall_ms <= 20);
    CHECK(cue.end_db < -60);
}

TEST_CASE("a scene with a broken sound is not shown, and the file and the reason are told", "[player][sound]") {
    const ToneScenes stage;
    std::ofstream(stage.path("bar-night"), std::ios::trunc) << "RIFF, and nothing of it";
    DrivenPlayer player({.arguments = {"--sound", "null"}, .root = stage.scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    player.say(link::ShowScene{"bar-night", 2, 1});
    const auto fault = player.wait_for<link::Fault>();
    REQUIRE(fault);
    CHECK(fault->what.contains("bar-night.wav"));
    CHECK(fault->what.contains("no WAV"));
    CHECK(player.count<link::SceneShown>() == 0);
}

TEST_CASE("a calm room with a broken sound is there all the same", "[player][sound]") {
    const ToneScenes stage;
    std::ofstream(stage.path("calm-room"), std::ios::trunc) << "broken";
    DrivenPlayer player({.arguments = {"--sound", "null"}, .root = stage.scenes.root(), .size = "64x64"});
    CHECK(player.wait_until_ready());
}
