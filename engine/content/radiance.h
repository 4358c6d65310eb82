// SPDX-License-Identifier: Apache-2.0
// Owns: light in numbers: RGBM maps to linear radiance, the environment as an octahedral map with one mip a roughness step, and
// its irradiance as spherical harmonics.
// RGBM: radiance = (rgb * a)^2 * 64. Equirectangular: u = atan2(x, -z) / 2pi + 0.5, v = acos(y) / pi.
// Octahedral: y is the pole; the square takes the middle of the picture and a border of 1/16 all round repeats what lies over the
// edge, so that plain bilinear filtering has no seam at any mip.
// Thread: any.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <glm/glm.hpp>

#include "engine/content/scene_asset.h"

namespace accalmie::content {

// Linear radiance, row by row.
struct RadianceMap {
    std::uint32_t width = 0, height = 0;
    std::vector<glm::vec3> texels;
};

RadianceMap decode_rgbm(const Image& image);
std::vector<std::uint32_t> pack_shared_exponent(const std::vector<glm::vec3>& texels);
// Both in one, without the three numbers a texel between: a light map of 2048 x 2048 would take 48 MB.
std::vector<std::uint32_t> pack_rgbm(const Image& image);
EnvironmentLight make_environment_light(const RadianceMap& equirectangular);

// A scene without an environment picture: even light of one colour.
EnvironmentLight make_even_light(const glm::vec3& radiance);

// Irradiance / pi that falls on a surface with this normal; what scene.vert computes.
glm::vec3 irradiance_of(const EnvironmentLight& light, const glm::vec3& normal);

}  // namespace accalmie::content
