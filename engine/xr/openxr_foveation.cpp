// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_foveation.h"

#include <utility>

namespace accalmie::xr {

Checked<void> Foveation::apply(const OpenXrInstance& instance, XrSession session, XrSwapchain eyes) {
    PFN_xrCreateFoveationProfileFB create = nullptr;
    PFN_xrUpdateSwapchainFB update = nullptr;
    instance.find("xrCreateFoveationProfileFB", create);
    instance.find("xrDestroyFoveationProfileFB", destroy_);
    instance.find("xrUpdateSwapchainFB", update);
    if (create == nullptr || destroy_ == nullptr || update == nullptr) return {};
    for (const auto mode : {XR_FOVEATION_DYNAMIC_LEVEL_ENABLED_FB, XR_FOVEATION_DYNAMIC_DISABLED_FB}) {
        XrFoveationLevelProfileCreateInfoFB level{XR_TYPE_FOVEATION_LEVEL_PROFILE_CREATE_INFO_FB, nullptr, XR_FOVEATION_LEVEL_MEDIUM_FB, 0, mode};
        const XrFoveationProfileCreateInfoFB info{XR_TYPE_FOVEATION_PROFILE_CREATE_INFO_FB, &level};
        XrResult result = create(session, &info, &profile_);
        if (XR_FAILED(result)) profile_ = XR_NULL_HANDLE;
        if (on()) {
            const XrSwapchainStateFoveationFB state{XR_TYPE_SWAPCHAIN_STATE_FOVEATION_FB, nullptr, 0, profile_};
            result = update(eyes, reinterpret_cast<const XrSwapchainStateBaseHeaderFB*>(&state));
            if (XR_FAILED(result)) destroy();
        }
        if (is_lost(result)) return std::unexpected(XrFailure{result, "foveation"});
        dynamic_ = on() && mode == XR_FOVEATION_DYNAMIC_LEVEL_ENABLED_FB;
        if (on()) break;
    }
    return {};
}

void Foveation::destroy() {
    if (on()) destroy_(std::exchange(profile_, XR_NULL_HANDLE));
}

}  // namespace accalmie::xr
