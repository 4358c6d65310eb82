// SPDX-License-Identifier: Apache-2.0
// Owns: which meshes of hidden pixels are used. Pure. Never: asks the runtime.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <glm/glm.hpp>

namespace accalmie::xr {

inline constexpr std::size_t kMostHiddenPoints = 48 * 1024;  // of one eye; more would cost more than it saves

// Whole triangles of numbers. A mesh that is not is better not used: too much is drawn then, and nothing is missing.
inline bool usable(std::span<const glm::vec2> triangles) {
    return triangles.size() % 3 == 0 && triangles.size() <= kMostHiddenPoints &&
           std::ranges::all_of(triangles, [](const glm::vec2& point) { return std::isfinite(point.x) && std::isfinite(point.y); });
}

}  // namespace accalmie::xr
