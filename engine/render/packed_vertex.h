// SPDX-License-Identifier: Apache-2.0
// Owns: a vertex as the GPU reads it (40 bytes instead of 56). Thread: any.
#pragma once

#include <array>
#include <cstdint>

#include "engine/content/scene_asset.h"

namespace accalmie::render {

struct PackedVertex {
    glm::vec3 position;
    std::array<std::int16_t, 4> normal;   // SNORM; 8 bits would show as bands in polished things
    std::array<std::int16_t, 4> tangent;  // SNORM, w: handedness
    glm::vec2 uv0;                        // tiled, so any range
    std::array<std::uint16_t, 2> uv1;     // UNORM, inside the light map
};
static_assert(sizeof(PackedVertex) == 40);

PackedVertex pack(const content::Vertex& vertex);

}  // namespace accalmie::render
