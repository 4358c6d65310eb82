// SPDX-License-Identifier: Apache-2.0
// What the patient hears of a session, on the rendered samples: each room is a tone, so that "no cue sound" is a question about a tone.
#include "scenes/player/scene_sound.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <random>

#include "tests/unit/engine/sound_stage.h"

using namespace accalmie;
using scenes::SceneKind;
using sound_test::Heard;
using sound_test::tone;
using sound_test::tone_db;

namespace {

constexpr double kCalm_hz = 250, kNeutral_hz = 500, kCue_hz = 1000, kGlass_hz = 2000, kFrame_s = 1.0 / 90;

scenes::SceneFile scene(const std::string& name, SceneKind kind, bool with_glass = false) {
    scenes::SceneFile file;
    file.name = name;
    file.kind = kind;
    file.sounds.ambience_path = name + ".wav";
    if (with_glass) file.sounds.sources.push_back({.path = "glass.wav", .position_m = {0.5f, 1.2f, -1}, .level_first = 2, .level_last = 3});
    return file;
}

// The player's own parts in the order of a frame: what is shown, then what is heard.
struct Patient {
    scenes::Showing showing;
    scenes::SceneSound sound;
    double now_s = 10;
    Patient() : sound([] {
        auto output = sound::open_loopback();
        REQUIRE(output);
        return std::move(*output);
    }()) {
        REQUIRE(sound.wanted());
        const auto add = [&](const scenes::SceneFile& file, std::vector<content::SoundFile> files) { REQUIRE(sound.add(file, files)); };
        // Tones that fit a quarter of a second, so that the room's four places sound in step.
        add(scene("calm-room", SceneKind::calm), {tone(kCalm_hz)});
        add(scene("waiting-room", SceneKind::neutral), {tone(kNeutral_hz)});
        add(scene("bar-night", SceneKind::cue, true), {tone(kCue_hz), tone(kGlass_hz)});
        showing.scene_ready("waiting-room");
        showing.scene_ready("bar-night");
    }
    Heard listen(double seconds) {
        Heard heard;
        std::vector<float> block(2 * static_cast<std::size_t>(kFrame_s * sound::kMixRate_hz));
        for (double end_s = now_s + seconds; now_s < end_s; now_s += kFrame_s) {
            sound.frame(showing.next(now_s), {.position_m = {0, 1.2f, 0}}, now_s);
            sound.mixer().output().render(block);
            for (std::size_t i = 0; i < block.size(); i += 2) heard.left.push_back(block[i]), heard.right.push_back(block[i + 1]);
        }
        return heard;
    }
    void calm(scenes::Hold hold = scenes::Hold::stop) {
        showing.calm("stop", 0, hold);
        if (showing.in_calm()) sound.calm();
    }
    double level_db(double hz, double seconds = 0.3) { return sound_test::windowed_tone_db(listen(seconds).left, hz); }
};

}  // namespace

TEST_CASE("each scene sounds, and only it") {
    Patient patient;
    patient.listen(6);
    CHECK(patient.level_db(kCalm_hz) > -30);
    patient.showing.show("waiting-room", 0, false);
    patient.listen(1.5);
    CHECK(patient.level_db(kNeutral_hz) > -30);
    CHECK(patient.level_db(kCalm_hz) < -80);
    patient.showing.show("bar-night", 0, false);
    patient.listen(1.5);
    CHECK(patient.level_db(kCue_hz) > -30);
    CHECK(patient.level_db(kNeutral_hz) < -80);
}

TEST_CASE("a source is heard at its levels alone") {
    Patient patient;
    const auto level_at = [&](int level) {
        patient.showing.show("bar-night", level, false);
        patient.listen(2);
        return patient.level_db(kGlass_hz);
    };
    CHECK(level_at(0) < -80);
    CHECK(level_at(2) > -30);
    CHECK(level_at(3) > -30);
    CHECK(level_at(4) < -80);
    CHECK(patient.level_db(kCue_hz) > -30);  // the room went on
}

TEST_CASE("every way to the calm room silences cue and glasses within 20 ms, and the calm room comes slowly") {
    std::mt19937 random(5);
    for (const auto hold : {scenes::Hold::none, scenes::Hold::tracking, scenes::Hold::fault, scenes::Hold::stop}) {
        Patient patient;
        patient.showing.show("bar-night", 3, true);
        patient.listen(1 + std::uniform_real_distribution<double>(0, 0.3)(random));
        const double cue_db = patient.level_db(kCue_hz), glass_db = patient.level_db(kGlass_hz);
        REQUIRE(cue_db > -40);
        REQUIRE(glass_db > -40);
        patient.calm(hold);
        const Heard after = patient.listen(1);
        const std::span<const float> late = std::span<const float>(after.left).subspan(sound::kMixRate_hz / 50);
        for (std::size_t at = 0; at + 960 <= late.size(); at += 480) {
            CHECK(sound_test::windowed_tone_db(late.subspan(at, 960), kCue_hz) < cue_db - 60);
            CHECK(sound_test::windowed_tone_db(late.subspan(at, 960), kGlass_hz) < glass_db - 60);
        }
        const double soon_db = tone_db(std::span<const float>(after.left).last(9600), kCalm_hz);
        patient.listen(4);
        CHECK(patient.level_db(kCalm_hz) > soon_db + 8);
        CHECK(soon_db > -60);
    }
}

TEST_CASE("a stop that is ignored is heard") {
    Patient patient;
    patient.showing.plant_ignored_stop();
    patient.showing.show("bar-night", 3, true);
    patient.listen(1);
    patient.calm();
    patient.listen(0.3);
    CHECK(patient.level_db(kCue_hz) > -40);
}

TEST_CASE("sound follows the picture through a change of scenes: down to nothing and up") {
    Patient patient;
    patient.showing.show("waiting-room", 0, true);
    patient.listen(1);
    const double before_db = patient.level_db(kNeutral_hz);
    patient.showing.show("bar-night", 0, false);
    const Heard change = patient.listen(0.6);
    const std::span<const float> ear(change.left);
    CHECK(tone_db(ear.subspan(sound::kMixRate_hz / 10, 960), kNeutral_hz) < before_db - 4);    // half way down
    CHECK(sound_test::level_db(ear.subspan(sound::kMixRate_hz * 195 / 1000, 480)) < before_db - 20);  // the dim floor
    CHECK(tone_db(ear.last(2400), kCue_hz) > -40);
}

TEST_CASE("the scene returns to the ear when tracking returns") {
    Patient patient;
    patient.showing.show("bar-night", 2, true);
    patient.listen(1);
    patient.calm(scenes::Hold::tracking);
    patient.listen(1);
    patient.showing.tracking_back();
    patient.listen(1.5);
    CHECK(patient.level_db(kCue_hz) > -30);
    CHECK(patient.level_db(kGlass_hz) > -30);
    CHECK(patient.level_db(kCalm_hz) < -80);
}

TEST_CASE("a session's worth of stops and scenes loses no place of the mixer") {
    Patient patient;
    for (int round = 0; round < 40; ++round) {
        patient.showing.acknowledge_stop();
        patient.showing.show("bar-night", round % 5, round % 2 == 0);
        patient.listen(0.6);
        if (round % 3 != 0) patient.calm();
        patient.listen(0.1);
    }
    patient.showing.acknowledge_stop();
    patient.showing.show("bar-night", 2, true);
    patient.listen(1);
    CHECK(patient.level_db(kCue_hz) > -30);
    CHECK(patient.level_db(kGlass_hz) > -30);
}

TEST_CASE("sound that is off reads nothing and does nothing") {
    scenes::SceneSound off(scenes::SoundChoice::off, {});
    CHECK_FALSE(off.wanted());
    CHECK(off.add(scene("bar-night", SceneKind::cue), {}));
    off.calm();
    off.frame({}, {}, 1);
    CHECK(off.finish());
}

TEST_CASE("a scene whose sounds were not all read is refused") {
    Patient patient;
    auto odd = scene("other", SceneKind::cue, true);
    const std::vector<content::SoundFile> one{tone(300)};
    CHECK_FALSE(patient.sound.add(odd, one));
}
