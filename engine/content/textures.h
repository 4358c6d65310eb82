// SPDX-License-Identifier: Apache-2.0
// Owns: mip chains in the form the shaders read.
// Colour is stored as the square root of its linear value (8 bits UNORM, decoded by one multiplication): as fine as sRGB in the
// dark, and it lets the software driver filter in 8-bit lanes, which it does not for sRGB formats.
// Thread: any.
#pragma once

#include "engine/content/scene_asset.h"

namespace accalmie::content {

void make_mips(Image& image);

}  // namespace accalmie::content
