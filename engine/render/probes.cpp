// SPDX-License-Identifier: Apache-2.0
#include "engine/render/probes.h"

#include <algorithm>
#include <limits>

namespace accalmie::render {

std::uint8_t probe_at(std::span<const content::ReflectionProbe> probes, const glm::vec3& point_m) {
    std::uint8_t best = 0;
    float smallest = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < std::min(probes.size(), content::kMostProbes); ++i) {
        const content::ReflectionProbe& probe = probes[i];
        const float size = probe.half_m.x * probe.half_m.y * probe.half_m.z;
        if (size >= smallest || glm::any(glm::greaterThan(glm::abs(point_m - probe.center_m), probe.half_m))) continue;
        smallest = size;
        best = static_cast<std::uint8_t>(i + 1);
    }
    return best;
}

Surroundings surroundings_of(const content::ReflectionProbe& probe) {
    return {probe.center_m - probe.half_m, probe.center_m + probe.half_m, probe.center_m, probe.light.irradiance};
}

void put(const Surroundings& surroundings, shader::FrameBlock& block) {
    block.room_min_m = glm::vec4(surroundings.box_min_m - 0.01f, 0);
    block.room_max_m = glm::vec4(surroundings.box_max_m + 0.01f, 0);
    for (std::size_t i = 0; i < surroundings.irradiance.size(); ++i) block.irradiance[i] = glm::vec4(surroundings.irradiance[i], 0);
    const float mean = std::max(glm::dot(surroundings.irradiance[0], glm::vec3(0.2126f, 0.7152f, 0.0722f)), 1e-4f);
    block.environment_center_m = glm::vec4(surroundings.center_m, 2 / mean);
}

}  // namespace accalmie::render
