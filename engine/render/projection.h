// SPDX-License-Identifier: Apache-2.0
// Owns: the way from a view (pose and half angles) to clip space, and what lies inside it. Reverse-Z without a far plane: depth is
// near / distance. Never: touches the GPU. Units: metres, radians. Thread: any.
#pragma once

#include <array>

#include <glm/glm.hpp>

#include "engine/xr/session.h"

namespace accalmie::render {

inline constexpr float kNear_m = 0.05f;

glm::mat4 world_from_eye(const xr::Pose& pose);
glm::mat4 eye_from_world(const xr::Pose& pose);
glm::mat4 clip_from_eye(const xr::Fov& fov);
// Opened by an angle on every side, up to 89 degrees.
xr::Fov widened(const xr::Fov& fov, float by_rad);

struct Box {
    glm::vec3 center{0}, half{0};  // world space, axis aligned
};
Box transformed(const glm::mat4& world_from_node, const glm::vec3& minimum, const glm::vec3& maximum);

// Left, right, lower and upper side and the near plane; a point is inside where dot(plane, (p, 1)) >= 0 for all.
struct Frustum {
    std::array<glm::vec4, 5> planes;
};
Frustum frustum_of(const glm::mat4& clip_from_world);
bool touches(const Frustum& frustum, const Box& box);

}  // namespace accalmie::render
