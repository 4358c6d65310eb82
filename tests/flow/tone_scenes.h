// SPDX-License-Identifier: Apache-2.0
// The small scenes with a tone each, so that what is heard is a question about the samples; the bar has a person whose mouth is at the left.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <format>
#include <fstream>

#include "tests/flow/player_harness.h"
#include "tests/unit/engine/sound_stage.h"

namespace flow {

struct ToneScenes {
    static constexpr double kCalm_hz = 250, kCue_hz = 1000;
    SmallScenes scenes;
    Folder folder;
    ToneScenes() {
        add("calm-room", kCalm_hz);
        add("bar-night", kCue_hz);
        std::ofstream(scenes.root() + "/scenes/bar-night/scene.toml", std::ios::app) << "[voice]\nat_m = [-1.5, 1.2, 0]\n";
    }
    std::string path(const std::string& name) const { return scenes.root() + "/assets/scenes/" + name + ".wav"; }
    std::string wav() const { return folder / "heard.wav"; }

private:
    void add(const std::string& name, double hz) {
        std::ofstream(scenes.root() + "/scenes/" + name + "/scene.toml", std::ios::app) << "[sound]\nambience = \"assets/scenes/" << name << ".wav\"\n";
        const accalmie::content::SoundFile tone = sound_test::tone(hz);
        REQUIRE(accalmie::sound::write_wav(path(name), tone.samples, 1, tone.rate_hz));
    }
};

}  // namespace flow
