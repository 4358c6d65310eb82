// SPDX-License-Identifier: Apache-2.0
// Owns: which probe lights a thing, and the part of the frame block that a probe has instead of the scene's own.
// Never: costs a scene without probes anything; a shader knows nothing of them: the draw loop binds another set and block.
// Units: metres. Thread: any.
#pragma once

#include <span>

#include "engine/content/scene_asset.h"
#include "engine/shaders/shared.h"

namespace accalmie::render {

// Frame blocks of one frame: the scene's own and one a probe.
inline constexpr std::size_t kBlocksAFrame = 1 + content::kMostProbes;

// 1 + the place of the smallest probe whose box holds the point; 0: none does, the scene's own environment.
std::uint8_t probe_at(std::span<const content::ReflectionProbe> probes, const glm::vec3& point_m);

// Light from around, the box that reflections lie on, and the place they were seen from.
struct Surroundings {
    glm::vec3 box_min_m{0}, box_max_m{0}, center_m{0};
    std::array<glm::vec3, 9> irradiance{};
};
Surroundings surroundings_of(const content::ReflectionProbe& probe);
void put(const Surroundings& surroundings, shader::FrameBlock& block);

}  // namespace accalmie::render
