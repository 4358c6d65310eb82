// SPDX-License-Identifier: Apache-2.0
// Owns: the scene that the peers are measured with, made when it is wanted from the shipped bar: one glTF file that every renderer reads in the
// same way. The shipped bar's objects are merged into few draws and lit by a light map that only we read; here they are taken apart
// into objects of their own, without the ceiling (the peers' sun has to get in), with two guests more.
// Never: shown to anybody, committed as a file. Units: metres.
#pragma once

#include <string>

#include "engine/error.h"

namespace accalmie::bench {

struct BarScene {
    int objects = 0, triangles = 0, materials = 0, textures = 0;
};

// At least `objects` objects: the largest are halved until there are so many.
Result<BarScene> write_bar_scene(const std::string& shipped_glb, const std::string& out_glb, int objects = 226);

}  // namespace accalmie::bench
