// SPDX-License-Identifier: Apache-2.0
// Owns: foveation by the runtime (XR_FB_foveation, its configuration, XR_FB_swapchain_update_state): one profile of medium strength for the
// eyes' pictures, dynamic where the runtime takes that. Never: the renderer's part (a density map that a Vulkan device draws by).
// Thread: the frame thread. A runtime that refuses is no error: the pictures are fine everywhere then.
#pragma once

#include "engine/xr/openxr_check.h"
#include "engine/xr/openxr_instance.h"

namespace accalmie::xr {

class Foveation {
public:
    Foveation() = default;
    Foveation(const Foveation&) = delete;
    Foveation& operator=(const Foveation&) = delete;
    ~Foveation() { destroy(); }

    Checked<void> apply(const OpenXrInstance& instance, XrSession session, XrSwapchain eyes);
    bool on() const { return profile_ != XR_NULL_HANDLE; }
    bool dynamic() const { return dynamic_; }
    void destroy();  // before the session

private:
    XrFoveationProfileFB profile_ = XR_NULL_HANDLE;
    PFN_xrDestroyFoveationProfileFB destroy_ = nullptr;
    bool dynamic_ = false;
};

}  // namespace accalmie::xr
