// SPDX-License-Identifier: Apache-2.0
#include "engine/render/projection.h"

#include <algorithm>
#include <cmath>

#include <glm/gtc/matrix_access.hpp>

namespace accalmie::render {

glm::mat4 world_from_eye(const xr::Pose& pose) {
    glm::mat4 matrix = glm::mat4_cast(pose.orientation);
    matrix[3] = glm::vec4(pose.position_m, 1);
    return matrix;
}

glm::mat4 eye_from_world(const xr::Pose& pose) {
    const glm::mat3 turn = glm::transpose(glm::mat3_cast(pose.orientation));
    glm::mat4 matrix(turn);
    matrix[3] = glm::vec4(-(turn * pose.position_m), 1);
    return matrix;
}

glm::mat4 clip_from_eye(const xr::Fov& fov) {
    const float left = std::tan(fov.left), right = std::tan(fov.right), up = std::tan(fov.up), down = std::tan(fov.down);
    glm::mat4 matrix(0);
    matrix[0][0] = 2 / (right - left);
    matrix[2][0] = (right + left) / (right - left);
    matrix[1][1] = -2 / (up - down);  // Vulkan's y points down
    matrix[2][1] = -(up + down) / (up - down);
    matrix[3][2] = kNear_m;
    matrix[2][3] = -1;
    return matrix;
}

xr::Fov widened(const xr::Fov& fov, float by_rad) {
    const float most = glm::radians(89.0f);
    return {std::max(fov.left - by_rad, -most), std::min(fov.right + by_rad, most), std::min(fov.up + by_rad, most), std::max(fov.down - by_rad, -most)};
}

Box transformed(const glm::mat4& world_from_node, const glm::vec3& minimum, const glm::vec3& maximum) {
    const glm::vec3 center = (minimum + maximum) * 0.5f, half = (maximum - minimum) * 0.5f;
    Box box{.center = glm::vec3(world_from_node * glm::vec4(center, 1))};
    for (int axis = 0; axis < 3; ++axis) box.half += glm::abs(glm::vec3(world_from_node[axis])) * half[axis];
    return box;
}

Frustum frustum_of(const glm::mat4& clip_from_world) {
    const glm::vec4 x = glm::row(clip_from_world, 0), y = glm::row(clip_from_world, 1), z = glm::row(clip_from_world, 2), w = glm::row(clip_from_world, 3);
    return {{w + x, w - x, w + y, w - y, w - z}};
}

bool touches(const Frustum& frustum, const Box& box) {
    return std::ranges::all_of(frustum.planes, [&](const glm::vec4& plane) {
        const glm::vec3 normal(plane);
        return glm::dot(normal, box.center) + plane.w + glm::dot(glm::abs(normal), box.half) >= 0;
    });
}

}  // namespace accalmie::render
