// SPDX-License-Identifier: Apache-2.0
// Owns: by which way both eyes get into their picture (an array image of two layers), and how a way is chosen. All of them give the same
// picture; tests/gpu/stereo_paths_test.cpp holds them to it. Never: asks a driver. Thread: any.
#pragma once

#include <cstdint>

#include "engine/error.h"

namespace accalmie::gpu {

enum class Stereo : std::uint8_t {
    layered,     // one pass; every draw has two instances, and the vertex shader sends each to its layer (gl_Layer)
    multiview,   // one pass; the driver repeats every draw for each view (gl_ViewIndex)
    two_passes,  // one pass an eye, for a device that has neither
};
const char* name_of(Stereo stereo);

// What is forced by a quirk's name.
enum class StereoWish : std::uint8_t { automatic, multiview, no_multiview, two_passes };

struct StereoSupport {
    bool shader_output_layer = false;
    bool multiview = false;
    bool lavapipe = false;
};
// Instancing wherever it is: it is measured safe and as fast as anything else on desktops. Then multiview, then two passes.
// Quirk lavapipe_no_multiview: Mesa's software driver (25.0.7) dies in multiview drawing; there it is taken only when it is forced.
Result<Stereo> choose_stereo(const StereoSupport& has, StereoWish wish);

// What follows from the way for whoever records a pass.
constexpr std::uint32_t pass_count(Stereo stereo) { return stereo == Stereo::two_passes ? 2 : 1; }
constexpr std::uint32_t instance_count(Stereo stereo) { return stereo == Stereo::layered ? 2 : 1; }  // the first instance is the pass's number
constexpr std::uint32_t view_mask(Stereo stereo) { return stereo == Stereo::multiview ? 3 : 0; }

}  // namespace accalmie::gpu
