// SPDX-License-Identifier: Apache-2.0
// Owns: the action set: select, stop, aim, the eyes; a hand's fist (both at once is stop); what a hand feels. Says what the patient does in world space.
// Never: decides what it means. Thread: the frame thread.
#pragma once

#include <array>
#include <optional>

#include "engine/xr/openxr_check.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

class Actions {
public:
    // Suggests the bindings for every profile that the runtime knows, and attaches the set.
    Checked<void> create(XrInstance instance, XrSession session, bool hand_interaction, bool eye_gaze);

    // The eyes, else `world_from_head`, are the aim while no hand or controller is there (gaze dwell); null: the head is lost too.
    struct Reading {
        Input input;
        std::optional<Pose> world_from_gaze;
        bool focused = false;  // else the runtime's own menu has the patient's hands
    };
    Checked<Reading> read(XrSession session, XrSpace world, XrTime time, const Pose* world_from_head);
    // After XR_TYPE_EVENT_DATA_INTERACTION_PROFILE_CHANGED: which hands hold nothing.
    Checked<void> on_profile_changed(XrSession session);
    Checked<void> pulse(XrSession session) const;  // in the hand that pressed last
    void destroy();

private:
    enum Hand : std::size_t { left, right };

    Checked<void> create_actions(XrInstance instance);
    Checked<void> suggest(XrInstance instance, bool hand_interaction, bool eye_gaze);
    Checked<bool> held(XrSession session, XrAction action, Hand hand) const;
    Checked<std::optional<Pose>> pose(XrSession session, XrAction action, XrPath subaction, XrSpace space, XrSpace world, XrTime time) const;
    Checked<std::optional<Pose>> aim(XrSession session, XrSpace world, XrTime time, Hand hand) const;

    ActionSetHandle set_;
    XrAction select_ = XR_NULL_HANDLE;  // actions die with their set
    XrAction stop_ = XR_NULL_HANDLE;
    XrAction fist_ = XR_NULL_HANDLE;
    XrAction aim_ = XR_NULL_HANDLE;
    XrAction gaze_ = XR_NULL_HANDLE;
    XrAction pulse_ = XR_NULL_HANDLE;
    std::array<XrPath, 2> hand_path_{};
    std::array<SpaceHandle, 2> aim_space_;
    SpaceHandle gaze_space_;  // only where eyes are tracked
    XrPath bare_hand_profile_ = XR_NULL_PATH;
    std::array<bool, 2> bare_{};
    Hand aiming_ = right;  // the hand that pressed last goes on aiming
};

}  // namespace accalmie::xr
