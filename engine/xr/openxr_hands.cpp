// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_hands.h"

#include <algorithm>
#include <utility>

#include "engine/xr/openxr_pose.h"

namespace accalmie::xr {

Checked<void> HandTrackers::create(const OpenXrInstance& instance, XrSession session) {
    if (!instance.features().hand_joints) return {};
    PFN_xrCreateHandTrackerEXT create_tracker = nullptr;
    instance.find("xrCreateHandTrackerEXT", create_tracker);
    instance.find("xrDestroyHandTrackerEXT", destroy_);
    instance.find("xrLocateHandJointsEXT", locate_);
    if (create_tracker == nullptr || destroy_ == nullptr || locate_ == nullptr) return {};
    for (const auto& [tracker, hand] : {std::pair{&trackers_[0], XR_HAND_LEFT_EXT}, std::pair{&trackers_[1], XR_HAND_RIGHT_EXT}}) {
        const XrHandTrackerCreateInfoEXT info{XR_TYPE_HAND_TRACKER_CREATE_INFO_EXT, nullptr, hand, XR_HAND_JOINT_SET_DEFAULT_EXT};
        const XrResult made = create_tracker(session, &info, tracker);
        if (made == XR_ERROR_FEATURE_UNSUPPORTED) {
            destroy();
            return {};
        }
        if (XR_FAILED(made)) return std::unexpected(XrFailure{made, "xrCreateHandTrackerEXT"});
    }
    return {};
}

Checked<SeenHands> HandTrackers::locate(XrSpace world, XrTime time) const {
    SeenHands seen;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        auto points = locate(trackers_[hand], world, time);
        if (!points) return std::unexpected(points.error());
        seen[hand] = *points;
    }
    return seen;
}

Checked<std::optional<HandPoints>> HandTrackers::locate(XrHandTrackerEXT tracker, XrSpace world, XrTime time) const {
    std::array<XrHandJointLocationEXT, XR_HAND_JOINT_COUNT_EXT> joints{};
    const XrHandJointsLocateInfoEXT info{XR_TYPE_HAND_JOINTS_LOCATE_INFO_EXT, nullptr, world, time};
    XrHandJointLocationsEXT locations{XR_TYPE_HAND_JOINT_LOCATIONS_EXT, nullptr, XR_FALSE, XR_HAND_JOINT_COUNT_EXT, joints.data()};
    ACCALMIE_XR(locate_(tracker, &info, &locations));
    constexpr XrSpaceLocationFlags seen = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT |
                                          XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT | XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
    constexpr std::array needed{XR_HAND_JOINT_PALM_EXT, XR_HAND_JOINT_INDEX_PROXIMAL_EXT, XR_HAND_JOINT_INDEX_TIP_EXT, XR_HAND_JOINT_THUMB_TIP_EXT};
    const bool all = std::ranges::all_of(needed, [&](XrHandJointEXT joint) { return (joints[joint].locationFlags & seen) == seen; });
    if (locations.isActive != XR_TRUE || !all) return std::nullopt;
    const auto place = [&](XrHandJointEXT joint) { return to_pose(joints[joint].pose).position_m; };
    return HandPoints{to_pose(joints[XR_HAND_JOINT_PALM_EXT].pose), place(XR_HAND_JOINT_INDEX_PROXIMAL_EXT), place(XR_HAND_JOINT_INDEX_TIP_EXT), place(XR_HAND_JOINT_THUMB_TIP_EXT)};
}

void HandTrackers::destroy() {
    for (XrHandTrackerEXT& tracker : trackers_)
        if (tracker != XR_NULL_HANDLE) destroy_(std::exchange(tracker, XR_NULL_HANDLE));
}

}  // namespace accalmie::xr
