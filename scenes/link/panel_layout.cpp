// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/panel_layout.h"

#include <algorithm>
#include <cmath>

#include <glm/gtc/quaternion.hpp>

namespace accalmie::link {
namespace {

constexpr float kEyeHeight_m = 1.20f;

glm::vec3 to_world(glm::vec2 point_m) {
    const xr::Pose pose = panel_pose();
    return pose.position_m + pose.orientation * glm::vec3(point_m, 0);
}

}  // namespace

// The panel's +z looks back along the line to the eyes, so that every part of it is seen nearly square on.
xr::Pose panel_pose() {
    const float down = glm::radians(kPanelBelowEyes_deg);
    return {glm::angleAxis(-down, glm::vec3(1, 0, 0)), {0, kEyeHeight_m - kPanelDistance_m * std::sin(down), -kPanelDistance_m * std::cos(down)}};
}

glm::vec3 rating_point(int value, int minimum, int maximum) {
    const int last = std::max(maximum, minimum + 1);
    const float along = std::clamp(static_cast<float>(value - minimum) / static_cast<float>(last - minimum), 0.0f, 1.0f);
    return to_world({(along * 2 - 1) * kScaleHalf_m, -kScaleBelowCentre_m});
}

std::optional<glm::vec2> panel_point(const xr::Pose& world_from_aim) {
    const xr::Pose pose = panel_pose();
    const glm::quat panel_from_world = glm::conjugate(pose.orientation);
    const glm::vec3 from = panel_from_world * (world_from_aim.position_m - pose.position_m);
    const glm::vec3 along = panel_from_world * (world_from_aim.orientation * glm::vec3(0, 0, -1));
    if (!(along.z < -1e-4f) || !(from.z > 0)) return std::nullopt;  // from behind, along it, or away from it
    const glm::vec3 met = from + along * (from.z / -along.z);
    if (!std::isfinite(met.x) || !std::isfinite(met.y)) return std::nullopt;
    return glm::vec2(met);
}

std::optional<int> rating_at(const xr::Pose& world_from_aim, int minimum, int maximum) {
    if (maximum <= minimum) return std::nullopt;
    const auto met = panel_point(world_from_aim);
    if (!met || std::abs(met->y + kScaleBelowCentre_m) > kScaleBand_m || std::abs(met->x) > kScaleHalf_m + kScaleOvershoot_m) return std::nullopt;
    const float along = std::clamp((met->x / kScaleHalf_m + 1) / 2, 0.0f, 1.0f);
    return minimum + static_cast<int>(std::lround(along * static_cast<float>(maximum - minimum)));
}

}  // namespace accalmie::link
