// SPDX-License-Identifier: Apache-2.0
// Owns: a vertex as the GPU reads it (40 bytes instead of 56). Thread: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <vulkan/vulkan.h>

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

inline constexpr std::array<VkVertexInputAttributeDescription, 5> kVertexAttributes{{
    {0, 0, VK_FORMAT_R32G32B32_SFLOAT, offsetof(PackedVertex, position)},
    {1, 0, VK_FORMAT_R16G16B16A16_SNORM, offsetof(PackedVertex, normal)},
    {2, 0, VK_FORMAT_R16G16B16A16_SNORM, offsetof(PackedVertex, tangent)},
    {3, 0, VK_FORMAT_R32G32_SFLOAT, offsetof(PackedVertex, uv0)},
    {4, 0, VK_FORMAT_R16G16_UNORM, offsetof(PackedVertex, uv1)},
}};
// Of passes that only ask where a thing is, and where it is cut out.
inline constexpr std::array kPlaceAttributes{kVertexAttributes[0], kVertexAttributes[3]};

PackedVertex pack(const content::Vertex& vertex);

}  // namespace accalmie::render
