// SPDX-License-Identifier: Apache-2.0
// Owns: what one level of a scene shows to a patient who sits still and looks ahead: every cue's share of the view, brightness, flashes.
// The scene author's tool; drawn off-screen by the same code as on a headset. Never: needs a runtime, a window or a console.
// Units: steradians, degrees, relative luminance 0 to 1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/render/measure.h"

namespace accalmie::scenes {

struct CueAtSeat {
    std::string cue;
    render::CueView view;
    double disc_degrees = 0;      // across, of a disc with the same solid angle
};

struct SceneMeasures {
    std::string scene;
    int level = 0;
    std::vector<CueAtSeat> cues;  // all of the scene's; those that the level does not show have no pixels
    std::array<double, 2> luminance{};
    double greatest_luminance = 0;
    double seconds = 0;           // of the scene's own time that was watched
    std::uint32_t flashes = 0, area_flashes = 0, flashes_in_a_second = 0;
    double gpu_measure_ms = 0, gpu_luminance_ms = 0, gpu_frame_ms = 0;  // medians of a frame that looks for cues, of luminance, of the rest
};

struct SceneMeasureRequest {
    std::string scene;
    int level = 0;
    double seconds = 4;           // one breath of the people in it
    std::uint32_t side = 256, samples = 1;  // of the pictures that luminance is taken from
    bool validation = false;
};

Result<SceneMeasures> measure_scene(const SceneMeasureRequest& request);

// Across, of a disc seen under a solid angle: 2 acos(1 - sr / 2 pi).
double disc_degrees(double solid_angle_sr);

}  // namespace accalmie::scenes
