// SPDX-License-Identifier: Apache-2.0
// Owns: the ways round a runtime or a driver that a person can force by name. Never: chooses what nobody forced.
#pragma once

#include <span>
#include <string>

#include "engine/error.h"
#include "engine/gpu/stereo.h"

namespace accalmie::scenes {

// What is not named is chosen by what is there.
struct Quirks {
    bool no_visibility_mask = false;    // what the lenses hide is drawn all the same
    bool no_foveation = false;          // all pixels fine, and none of the runtime's coarser ones
    bool no_depth_layer = false;        // the runtime's warp gets no depth
    bool no_overlap = false;            // the wait for a frame begins when the one before is done
    bool dynamic_resolution = false;    // even on a software driver
    bool no_dynamic_resolution = false; // not even on a headset
    bool multiview = false;             // both eyes by the driver's multiview (gpu/stereo.h)
    bool no_multiview = false;
    bool two_passes = false;            // each eye in a pass of its own
    bool bc7 = false;                   // textures as BC7 blocks once the cache has them, even on a software driver
    bool no_bc7 = false;                // not even on a graphics card
};

inline constexpr const char* kQuirkHelp =
    "A way round a runtime or driver: no_visibility_mask, no_foveation, no_depth_layer, no_overlap, dynamic_resolution, no_dynamic_resolution, multiview, no_multiview, two_passes, bc7, no_bc7";
Result<Quirks> read_quirks(std::span<const std::string> names);
gpu::StereoWish stereo_wish(const Quirks& quirks);
// Quirk software_no_bc7: a driver that draws on the CPU takes a block apart at every fetch, which costs time and saves none of a card's
// memory. There textures stay as they are unless somebody names bc7.
bool wants_bc7(const Quirks& quirks, bool device_takes_it, bool software);

}  // namespace accalmie::scenes
