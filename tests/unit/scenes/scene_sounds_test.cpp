// SPDX-License-Identifier: Apache-2.0
// The [sound] part of a scene file: read as written, every mistake with its place, and the shipped sounds at their levels.
#include "scenes/scene_sounds.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include "scenes/scene_file.h"

using namespace accalmie;

namespace {

const std::string kHead = R"(kind = "cue"
substance = "alcohol"
title = { en = "Bar", fr = "Bar" }
asset = "assets/scenes/bar.glb"
evidence = { en = "e", fr = "f" }
[comfort]
maximum_luminance = 0.5
flashes_per_second = 1
[[level]]
level = 0
title = { en = "Empty", fr = "Vide" }
note = { en = "n", fr = "n" }
[[level]]
level = 1
title = { en = "Bottle", fr = "Bouteille" }
note = { en = "n", fr = "n" }
)";
const std::string kSound = R"([sound]
ambience = "assets/sounds/bar.wav"
gain_db = -6
[[sound.source]]
file = "assets/sounds/glass.wav"
position = [0.5, 1, -2]
levels = [1, 1]
gain_db = -3
loop = false
)";
constexpr int kFirstLine = 17;  // of [sound]

Result<scenes::SceneFile> parse(const std::string& sound) { return scenes::parse_scene_file(kHead + sound, "/root/scenes/my-bar/scene.toml"); }

struct Mistake {
    std::string from, to;
    int line;  // within [sound], from 0
    std::string says;
};

}  // namespace

TEST_CASE("the sound of a scene is read as it is written, and a scene without it is silent") {
    const auto scene = parse(kSound);
    if (!scene) FAIL(describe(scene.error()));
    const auto& sounds = scene->sounds;
    CHECK(sounds.ambience_path == "/root/assets/sounds/bar.wav");
    CHECK(sounds.ambience_gain_db == -6);
    REQUIRE(sounds.sources.size() == 1);
    CHECK(sounds.sources[0].path == "/root/assets/sounds/glass.wav");
    CHECK(sounds.sources[0].position_m == glm::vec3(0.5f, 1, -2));
    CHECK(sounds.sources[0].level_first == 1);
    CHECK(sounds.sources[0].level_last == 1);
    CHECK(sounds.sources[0].gain_db == -3);
    CHECK_FALSE(sounds.sources[0].loop);
    const auto silent = parse("");
    REQUIRE(silent);
    CHECK(silent->sounds.empty());
    const auto plain = parse("[[sound.source]]\nfile = \"a.wav\"\nposition = [0, 0, 0]\n");
    REQUIRE(plain);
    CHECK(plain->sounds.sources[0].level_last == 1);  // all of them
    CHECK(plain->sounds.sources[0].loop);
}

TEST_CASE("every mistake in the sound of a scene has its place and says what to do") {
    const std::vector<Mistake> mistakes{
        {"ambience = ", "ambiance = ", 1, "did you mean 'ambience'"},
        {"assets/sounds/bar.wav", "../../etc/passwd.wav", 1, "inside the project"},
        {"assets/sounds/bar.wav", "/etc/bar.wav", 1, "inside the project"},
        {"assets/sounds/bar.wav", "assets/sounds/bar.ogg", 1, ".wav"},
        {"gain_db = -6", "gain_db = 3", 2, "gain_db"},
        {"gain_db = -6", "gain_db = nan", 2, "gain_db"},
        {"file = \"assets/sounds/glass.wav\"\n", "", 3, "file"},
        {"position = [0.5, 1, -2]\n", "", 3, "position"},
        {"[0.5, 1, -2]", "[0.5, 1]", 5, "three numbers"},
        {"[0.5, 1, -2]", "[0.5, 1, -2000]", 5, "three numbers"},
        {"levels = [1, 1]", "levels = [1, 2]", 6, "from 0 to 1"},
        {"levels = [1, 1]", "levels = [1, 0]", 6, "first and the last"},
        {"levels = [1, 1]", "levels = [1]", 6, "first and the last"},
        {"levels = [1, 1]", "levels = 1", 6, "levels"},
        {"loop = false", "loop = 3", 8, "loop"},
        {"loop = false", "lop = false", 8, "did you mean 'loop'"},
        {"[[sound.source]]", "[sound.source]", 3, "source"},
    };
    for (const Mistake& mistake : mistakes) {
        INFO(mistake.from << " -> " << mistake.to);
        std::string text = kSound;
        const auto at = text.find(mistake.from);
        REQUIRE(at != std::string::npos);
        const auto scene = parse(text.replace(at, mistake.from.size(), mistake.to));
        REQUIRE_FALSE(scene);
        const std::string said = describe(scene.error());
        INFO(said);
        CHECK(scene.error().line == kFirstLine + mistake.line);
        CHECK(scene.error().column > 0);
        CHECK(said.contains(mistake.says));
    }
    CHECK_FALSE(parse("[sound]\n"));
}

TEST_CASE("a sound that is not there or cannot be decoded is an error with its own path") {
    scenes::SceneSounds sounds;
    sounds.ambience_path = "/nonexistent/room.wav";
    const auto missing = scenes::load_sounds(sounds);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().file == "/nonexistent/room.wav");
    sounds.ambience_path = std::string(ACCALMIE_SOURCE_DIR) + "/scenes/calm-room/scene.toml";
    const auto broken = scenes::load_sounds(sounds);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().message.contains("no WAV"));
}

TEST_CASE("every shipped scene has sound, at its level, without a seam and without clipping") {
    const auto all = scenes::list_scenes(ACCALMIE_SOURCE_DIR);
    REQUIRE(all);
    for (const auto& scene : *all) {
        INFO(scene.name);
        CHECK_FALSE(scene.sounds.empty());
        const auto files = scenes::load_sounds(scene.sounds);
        if (!files) FAIL(describe(files.error()));
        for (std::size_t i = 0; i < files->size(); ++i) {
            INFO("sound " << i);
            const auto& samples = (*files)[i].samples;
            double power = 0;
            float peak = 0, step = 0;
            for (std::size_t at = 0; at < samples.size(); ++at) {
                power += static_cast<double>(samples[at]) * samples[at];
                peak = std::max(peak, std::abs(samples[at]));
                if (at > 0) step = std::max(step, std::abs(samples[at] - samples[at - 1]));
            }
            const double rms_db = 10 * std::log10(power / static_cast<double>(samples.size()));
            if (i == 0) CHECK(rms_db == Catch::Approx(-30).margin(0.5));
            CHECK(peak < 0.5f);
            CHECK(std::abs(samples.front() - samples.back()) <= step / 2);
            CHECK((*files)[i].seconds() >= 8);
        }
    }
}

TEST_CASE("the mouth of a scene is read as it is written, at all levels or at some, and is optional") {
    const auto some = parse("[voice]\nat_m = [0.01, 1.46, -1.38]\nlevels = [1, 1]\n");
    REQUIRE(some);
    REQUIRE(some->voice);
    CHECK(some->voice->at_m == glm::vec3(0.01f, 1.46f, -1.38f));
    CHECK(some->voice->level_first == 1);
    CHECK(some->voice->level_last == 1);
    const auto all = parse("[voice]\nat_m = [1, 1, -1]\n");
    REQUIRE(all);
    CHECK(all->voice->level_first == 0);
    CHECK(all->voice->level_last == 1);
    CHECK_FALSE(parse("")->voice);
}

TEST_CASE("every mistake in the mouth of a scene has its place and says what to do") {
    struct {
        const char* text;
        int line;
        int column;
        const char* word;
    } const mistakes[] = {
        {"[voice]\n", 0, 1, "at_m"},
        {"[voice]\nat_m = [1, 2]\n", 1, 8, "three numbers"},
        {"[voice]\nat_m = [1, 2, 80]\n", 1, 8, "at most 50"},
        {"[voice]\nat_m = \"mouth\"\n", 1, 8, "at_m"},
        {"[voice]\nat_m = [1, 2, 3]\nlevels = [1, 7]\n", 2, 10, "levels"},
        {"[voice]\nat_m = [1, 2, 3]\nlevel = 1\n", 2, 1, "level"},
    };
    for (const auto& mistake : mistakes) {
        INFO(mistake.text);
        const auto scene = parse(mistake.text);
        REQUIRE_FALSE(scene);
        CHECK(scene.error().line == kFirstLine + mistake.line);
        CHECK(scene.error().column == mistake.column);
        CHECK(describe(scene.error()).contains(mistake.word));
    }
}

TEST_CASE("the shipped bar speaks out of the barkeeper's mouth while he is there") {
    const auto bar = scenes::load_scene_file(ACCALMIE_SOURCE_DIR "/scenes/bar-night/scene.toml");
    REQUIRE(bar);
    REQUIRE(bar->voice);
    CHECK(bar->voice->level_first == 3);
    CHECK(bar->voice->level_last == 4);
    CHECK(glm::length(bar->voice->at_m - glm::vec3(0, 1.45f, -1.4f)) < 0.1f);
}
