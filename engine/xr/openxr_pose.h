// SPDX-License-Identifier: Apache-2.0
// Owns: poses between OpenXR's structs and ours, and where the floor is when the runtime knows none. Shared with our API layer, so that
// both mean the same world. Never: calls OpenXR. Units: metres.
#pragma once

#include <openxr/openxr.h>

#include "engine/xr/pose_math.h"

namespace accalmie::xr {

// LOCAL lies at the eyes; world lies on the floor under a seated patient.
inline constexpr float kSeatedEyeHeight_m = 1.20f;

inline Pose to_pose(const XrPosef& pose) {
    const glm::quat q(pose.orientation.w, pose.orientation.x, pose.orientation.y, pose.orientation.z);
    return {glm::normalize(q), {pose.position.x, pose.position.y, pose.position.z}};
}

inline XrPosef to_xr(const Pose& pose) {
    return {{pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w},
            {pose.position_m.x, pose.position_m.y, pose.position_m.z}};
}

// How the world space is made: STAGE when the runtime has one, else LOCAL moved down.
inline XrReferenceSpaceCreateInfo world_space(bool has_stage) {
    XrReferenceSpaceCreateInfo info{XR_TYPE_REFERENCE_SPACE_CREATE_INFO};
    info.referenceSpaceType = has_stage ? XR_REFERENCE_SPACE_TYPE_STAGE : XR_REFERENCE_SPACE_TYPE_LOCAL;
    info.poseInReferenceSpace.orientation.w = 1;
    info.poseInReferenceSpace.position.y = has_stage ? 0 : -kSeatedEyeHeight_m;
    return info;
}

}  // namespace accalmie::xr
