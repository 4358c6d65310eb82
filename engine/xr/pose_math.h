// SPDX-License-Identifier: Apache-2.0
// Owns: rigid transforms on xr::Pose. Never: scale, Euler angles. Units: metres, unit quaternions. Any thread.
#pragma once

#include <cmath>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

#include "engine/xr/session.h"

namespace accalmie::xr {

// world_from_b = compose(world_from_a, a_from_b)
inline Pose compose(const Pose& outer, const Pose& inner) {
    return {glm::normalize(outer.orientation * inner.orientation), outer.position_m + outer.orientation * inner.position_m};
}

inline Pose inverse(const Pose& pose) {
    const glm::quat back = glm::conjugate(pose.orientation);
    return {back, -(back * pose.position_m)};
}

// The same opening on both sides; the height follows the picture's shape.
inline Fov symmetric_fov(float across_degrees, std::uint32_t width, std::uint32_t height) {
    const float half = glm::radians(across_degrees) * 0.5f;
    const float half_up = std::atan(std::tan(half) * static_cast<float>(height) / static_cast<float>(width));
    return {-half, half, half_up, -half_up};
}

// What stands under a head on the floor and looks where the head looks, level. A head that looks straight up or down has no direction of
// its own: then the world's.
inline Pose level_origin(const Pose& world_from_head) {
    const glm::vec3 ahead = world_from_head.orientation * glm::vec3(0, 0, -1);
    const bool steep = ahead.x * ahead.x + ahead.z * ahead.z < 0.01f;
    const float turn = steep ? 0.0f : std::atan2(-ahead.x, -ahead.z);
    return {glm::angleAxis(turn, glm::vec3(0, 1, 0)), {world_from_head.position_m.x, 0, world_from_head.position_m.z}};
}

// Both eyes beside a head that looks along -z.
inline std::array<View, 2> eyes_of_head(const Pose& world_from_head, float ipd_m, const Fov& fov) {
    const Pose left{glm::quat(1, 0, 0, 0), glm::vec3(-ipd_m * 0.5f, 0, 0)};
    const Pose right{glm::quat(1, 0, 0, 0), glm::vec3(ipd_m * 0.5f, 0, 0)};
    return {View{compose(world_from_head, left), fov}, View{compose(world_from_head, right), fov}};
}

}  // namespace accalmie::xr
