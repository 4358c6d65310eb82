// SPDX-License-Identifier: Apache-2.0
// Owns: where the rating panel hangs and which point of it means which value. Shared by the player (drawing, hit test) and by the
// simulated hands (console), so that a simulated rating is an aimed hand and a press, as a real one is.
// Units: metres in world space, y up, the patient seated at the origin looking along -z, eyes at 1.20 m.
#pragma once

#include <optional>

#include <glm/glm.hpp>

#include "engine/xr/session.h"

namespace accalmie::link {

// Comfort (facts/engine.md): nothing that must be read nearer than 0.5 m, text at least 1.2 degrees of cap height.
inline constexpr float kPanelDistance_m = 1.1f;
inline constexpr glm::vec2 kPanelSize_m{1.0f, 0.42f};
inline constexpr std::uint32_t kPanelWidth = 1500, kPanelHeight = 630;  // pixels of its picture
inline constexpr float kPixelsPerMetre = kPanelWidth / kPanelSize_m.x;
inline constexpr float kPanelBelowEyes_deg = 30;       // like a tablet on the knees: what stands on a counter in front of the patient stays in sight
inline constexpr float kScaleHalf_m = 0.40f;           // the scale runs from -this to +this on the panel
inline constexpr float kScaleBelowCentre_m = 0.055f;
inline constexpr float kScaleBand_m = 0.11f;           // aiming this far above or below the scale still counts
inline constexpr float kScaleOvershoot_m = 0.05f;      // beyond an end counts as the end

xr::Pose panel_pose();                                        // world_from_quad, its centre
glm::vec3 rating_point(int value, int minimum, int maximum);  // world point on the scale that means this value
// Where a ray meets the scale (with a generous band above and below it): the value, snapped to whole points.
std::optional<int> rating_at(const xr::Pose& world_from_aim, int minimum, int maximum);

// Where a ray meets the panel's plane, in metres from its centre (x right, y up); nullopt when it points away from it.
std::optional<glm::vec2> panel_point(const xr::Pose& world_from_aim);
// A point of the panel in pixels of its picture, from the top left.
constexpr glm::vec2 panel_pixel(glm::vec2 point_m) {
    return {(point_m.x + kPanelSize_m.x / 2) * kPixelsPerMetre, (kPanelSize_m.y / 2 - point_m.y) * kPixelsPerMetre};
}

}  // namespace accalmie::link
