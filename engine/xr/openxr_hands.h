// SPDX-License-Identifier: Apache-2.0
// Owns: the trackers of both hands' joints (XR_EXT_hand_tracking). Never: says what a hand means (bare_hands.h). Thread: the frame thread.
#pragma once

#include <array>

#include "engine/xr/bare_hands.h"
#include "engine/xr/openxr_check.h"
#include "engine/xr/openxr_instance.h"

namespace accalmie::xr {

class HandTrackers {
public:
    HandTrackers() = default;
    HandTrackers(const HandTrackers&) = delete;
    HandTrackers& operator=(const HandTrackers&) = delete;
    ~HandTrackers() { destroy(); }

    // A runtime that knows joints and has none to give is no error: then there() is false.
    Checked<void> create(const OpenXrInstance& instance, XrSession session);
    bool there() const { return trackers_[0] != XR_NULL_HANDLE && trackers_[1] != XR_NULL_HANDLE; }
    Checked<SeenHands> locate(XrSpace world, XrTime time) const;
    void destroy();

private:
    Checked<std::optional<HandPoints>> locate(XrHandTrackerEXT tracker, XrSpace world, XrTime time) const;
    std::array<XrHandTrackerEXT, 2> trackers_{};
    PFN_xrDestroyHandTrackerEXT destroy_ = nullptr;
    PFN_xrLocateHandJointsEXT locate_ = nullptr;
};

}  // namespace accalmie::xr
