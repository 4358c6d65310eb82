// SPDX-License-Identifier: Apache-2.0
// Owns: what a patient who sits still would hear of a scene at one level, as a WAV: mixed by the player's own sound, in memory, from the
// moment the scene begins (its fade-in included). The scene author's tool, and a test's. Never: needs a device, a headset or a console; never
// has anybody's voice in it. Units: decibels of full scale (_db), degrees to the left (_deg). Thread: any.
#pragma once

#include <array>
#include <string>

#include "engine/error.h"

namespace accalmie::scenes {

struct HearRequest {
    std::string scene;
    int level = 0;
    double seconds = 5;
    double turned_deg = 0;  // the head, to the left
    double brightness = 1;  // of the picture, which the sound follows
};

struct HeardScene {
    double seconds = 0;
    std::array<double, 2> level_db{};  // of the left and the right ear, over all of it
    double peak_db = 0;
};

Result<HeardScene> hear_scene(const HearRequest& request, const std::string& wav_path);

}  // namespace accalmie::scenes
