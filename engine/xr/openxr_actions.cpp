// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_actions.h"

#include "engine/xr/openxr_pose.h"

#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace accalmie::xr {
namespace {

enum class Role : std::uint8_t { select, stop, fist, aim, gaze, pulse };

constexpr XrDuration kPulse_ns = 40'000'000;
constexpr float kPulseStrength = 0.5f;

struct Binding {
    Role role;
    const char* path;
};

struct Profile {
    const char* path;
    std::span<const Binding> bindings;
};

#define ACCALMIE_BOTH_HANDS(role, input) {role, "/user/hand/left/" input}, {role, "/user/hand/right/" input}

constexpr Binding kSimple[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/select/click"), ACCALMIE_BOTH_HANDS(Role::stop, "input/menu/click"),
                               ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose"),
                               ACCALMIE_BOTH_HANDS(Role::pulse, "output/haptic")};
// The right menu button of Touch belongs to the system, so the upper button of each hand stops as well.
constexpr Binding kTouch[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/trigger/value"), {Role::stop, "/user/hand/left/input/menu/click"},
                              {Role::stop, "/user/hand/left/input/y/click"}, {Role::stop, "/user/hand/right/input/b/click"},
                              ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose"),
                               ACCALMIE_BOTH_HANDS(Role::pulse, "output/haptic")};
constexpr Binding kIndex[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/trigger/click"), ACCALMIE_BOTH_HANDS(Role::stop, "input/b/click"),
                              ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose"),
                               ACCALMIE_BOTH_HANDS(Role::pulse, "output/haptic")};
constexpr Binding kVive[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/trigger/click"), ACCALMIE_BOTH_HANDS(Role::stop, "input/menu/click"),
                             ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose"),
                               ACCALMIE_BOTH_HANDS(Role::pulse, "output/haptic")};
constexpr Binding kMotion[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/trigger/value"), ACCALMIE_BOTH_HANDS(Role::stop, "input/menu/click"),
                               ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose"),
                               ACCALMIE_BOTH_HANDS(Role::pulse, "output/haptic")};
// A bare hand has no menu button; both fists closed at once is a gesture that nobody makes by resting.
constexpr Binding kHands[] = {ACCALMIE_BOTH_HANDS(Role::select, "input/pinch_ext/value"), ACCALMIE_BOTH_HANDS(Role::fist, "input/grasp_ext/value"),
                              ACCALMIE_BOTH_HANDS(Role::aim, "input/aim/pose")};
#undef ACCALMIE_BOTH_HANDS
constexpr Binding kEyes[] = {{Role::gaze, "/user/eyes_ext/input/gaze_ext/pose"}};

constexpr Profile kProfiles[] = {
    {"/interaction_profiles/khr/simple_controller", kSimple},       {"/interaction_profiles/oculus/touch_controller", kTouch},
    {"/interaction_profiles/valve/index_controller", kIndex},       {"/interaction_profiles/htc/vive_controller", kVive},
    {"/interaction_profiles/microsoft/motion_controller", kMotion},
};
constexpr Profile kHandProfile{"/interaction_profiles/ext/hand_interaction_ext", kHands};
constexpr Profile kEyeProfile{"/interaction_profiles/ext/eye_gaze_interaction", kEyes};

Checked<XrPath> path_of(XrInstance instance, const char* text) {
    XrPath path = XR_NULL_PATH;
    ACCALMIE_XR(xrStringToPath(instance, text, &path));
    return path;
}

Checked<XrAction> create_action(XrActionSet set, const char* name, const char* shown, XrActionType type, std::span<const XrPath> hands) {
    XrActionCreateInfo info{XR_TYPE_ACTION_CREATE_INFO};
    std::strncpy(info.actionName, name, XR_MAX_ACTION_NAME_SIZE - 1);
    std::strncpy(info.localizedActionName, shown, XR_MAX_LOCALIZED_ACTION_NAME_SIZE - 1);
    info.actionType = type;
    info.countSubactionPaths = static_cast<std::uint32_t>(hands.size());
    info.subactionPaths = hands.data();
    XrAction action = XR_NULL_HANDLE;
    ACCALMIE_XR(xrCreateAction(set, &info, &action));
    return action;
}

}  // namespace

Checked<void> Actions::create(XrInstance instance, XrSession session, bool hand_interaction, bool eye_gaze) {
    if (auto made = create_actions(instance); !made) return made;
    if (auto suggested = suggest(instance, hand_interaction, eye_gaze); !suggested) return suggested;

    XrActionSet sets[] = {set_.get()};
    XrSessionActionSetsAttachInfo attach{XR_TYPE_SESSION_ACTION_SETS_ATTACH_INFO};
    attach.countActionSets = 1;
    attach.actionSets = sets;
    ACCALMIE_XR(xrAttachSessionActionSets(session, &attach));

    for (const Hand hand : {left, right}) {
        XrActionSpaceCreateInfo info{XR_TYPE_ACTION_SPACE_CREATE_INFO};
        info.action = aim_;
        info.subactionPath = hand_path_[hand];
        info.poseInActionSpace.orientation.w = 1;
        ACCALMIE_XR(xrCreateActionSpace(session, &info, aim_space_[hand].put()));
    }
    if (!eye_gaze) return {};
    XrActionSpaceCreateInfo info{XR_TYPE_ACTION_SPACE_CREATE_INFO};
    info.action = gaze_;
    info.poseInActionSpace.orientation.w = 1;
    ACCALMIE_XR(xrCreateActionSpace(session, &info, gaze_space_.put()));
    return {};
}

Checked<void> Actions::create_actions(XrInstance instance) {
    for (const auto& [hand, text] : {std::pair{left, "/user/hand/left"}, std::pair{right, "/user/hand/right"}}) {
        auto path = path_of(instance, text);
        if (!path) return std::unexpected(path.error());
        hand_path_[hand] = *path;
    }
    XrActionSetCreateInfo info{XR_TYPE_ACTION_SET_CREATE_INFO};
    std::strncpy(info.actionSetName, "session", XR_MAX_ACTION_SET_NAME_SIZE - 1);
    std::strncpy(info.localizedActionSetName, "Session", XR_MAX_LOCALIZED_ACTION_SET_NAME_SIZE - 1);
    ACCALMIE_XR(xrCreateActionSet(instance, &info, set_.put()));

    const struct {
        XrAction* action;
        const char* name;
        const char* shown;
        XrActionType type;
        bool of_hands = true;
    } wanted[] = {{&select_, "select", "Choose", XR_ACTION_TYPE_BOOLEAN_INPUT},
                  {&stop_, "stop", "Stop at once", XR_ACTION_TYPE_BOOLEAN_INPUT},
                  {&fist_, "fist", "Closed hand (both: stop)", XR_ACTION_TYPE_BOOLEAN_INPUT},
                  {&aim_, "aim", "Point", XR_ACTION_TYPE_POSE_INPUT},
                  {&gaze_, "gaze", "Look", XR_ACTION_TYPE_POSE_INPUT, false},
                  {&pulse_, "pulse", "Feel that a choice was taken", XR_ACTION_TYPE_VIBRATION_OUTPUT}};
    for (const auto& each : wanted) {
        auto action = create_action(set_.get(), each.name, each.shown, each.type, each.of_hands ? std::span<const XrPath>(hand_path_) : std::span<const XrPath>());
        if (!action) return std::unexpected(action.error());
        *each.action = *action;
    }
    return {};
}

Checked<void> Actions::suggest(XrInstance instance, bool hand_interaction, bool eye_gaze) {
    const auto action_of = [&](Role role) {
        switch (role) {
            case Role::select: return select_;
            case Role::stop: return stop_;
            case Role::fist: return fist_;
            case Role::aim: return aim_;
            case Role::gaze: return gaze_;
            case Role::pulse: return pulse_;
        }
        return XrAction{XR_NULL_HANDLE};
    };
    std::vector<Profile> profiles(std::begin(kProfiles), std::end(kProfiles));
    if (hand_interaction) {
        profiles.push_back(kHandProfile);
        auto path = path_of(instance, kHandProfile.path);
        if (!path) return std::unexpected(path.error());
        bare_hand_profile_ = *path;
    }
    if (eye_gaze) profiles.push_back(kEyeProfile);
    for (const Profile& profile : profiles) {
        auto profile_path = path_of(instance, profile.path);
        if (!profile_path) return std::unexpected(profile_path.error());
        std::vector<XrActionSuggestedBinding> bindings;
        for (const Binding& binding : profile.bindings) {
            auto path = path_of(instance, binding.path);
            if (!path) return std::unexpected(path.error());
            bindings.push_back({action_of(binding.role), *path});
        }
        XrInteractionProfileSuggestedBinding suggestion{XR_TYPE_INTERACTION_PROFILE_SUGGESTED_BINDING};
        suggestion.interactionProfile = *profile_path;
        suggestion.countSuggestedBindings = static_cast<std::uint32_t>(bindings.size());
        suggestion.suggestedBindings = bindings.data();
        // A runtime may know nothing of one profile; the others still serve.
        const XrResult result = xrSuggestInteractionProfileBindings(instance, &suggestion);
        if (XR_FAILED(result) && result != XR_ERROR_PATH_UNSUPPORTED)
            return std::unexpected(XrFailure{result, "xrSuggestInteractionProfileBindings"});
    }
    return {};
}

Checked<bool> Actions::held(XrSession session, XrAction action, Hand hand) const {
    const XrActionStateGetInfo info{XR_TYPE_ACTION_STATE_GET_INFO, nullptr, action, hand_path_[hand]};
    XrActionStateBoolean state{XR_TYPE_ACTION_STATE_BOOLEAN};
    ACCALMIE_XR(xrGetActionStateBoolean(session, &info, &state));
    return state.isActive == XR_TRUE && state.currentState == XR_TRUE;
}

Checked<std::optional<Pose>> Actions::pose(XrSession session, XrAction action, XrPath subaction, XrSpace space, XrSpace world, XrTime time) const {
    const XrActionStateGetInfo info{XR_TYPE_ACTION_STATE_GET_INFO, nullptr, action, subaction};
    XrActionStatePose state{XR_TYPE_ACTION_STATE_POSE};
    ACCALMIE_XR(xrGetActionStatePose(session, &info, &state));
    if (state.isActive != XR_TRUE) return std::nullopt;
    XrSpaceLocation location{XR_TYPE_SPACE_LOCATION};
    ACCALMIE_XR(xrLocateSpace(space, world, time, &location));
    constexpr XrSpaceLocationFlags needed = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
    if ((location.locationFlags & needed) != needed) return std::nullopt;
    return to_pose(location.pose);
}

Checked<std::optional<Pose>> Actions::aim(XrSession session, XrSpace world, XrTime time, Hand hand) const {
    return pose(session, aim_, hand_path_[hand], aim_space_[hand].get(), world, time);
}

Checked<Actions::Reading> Actions::read(XrSession session, XrSpace world, XrTime time, const Pose* world_from_head) {
    const XrActiveActionSet active{set_.get(), XR_NULL_PATH};
    XrActionsSyncInfo sync{XR_TYPE_ACTIONS_SYNC_INFO};
    sync.countActiveActionSets = 1;
    sync.activeActionSets = &active;
    const XrResult result = xrSyncActions(session, &sync);
    if (XR_FAILED(result)) return std::unexpected(XrFailure{result, "xrSyncActions"});
    if (result == XR_SESSION_NOT_FOCUSED) return Reading{};

    Reading reading{.input = {}, .world_from_gaze = {}, .focused = true};
    Input& input = reading.input;
    std::array<bool, 2> fist{};
    std::array<std::optional<Pose>, 2> aims;
    for (const Hand hand : {left, right}) {
        auto select = held(session, select_, hand);
        auto stop = held(session, stop_, hand);
        auto closed = held(session, fist_, hand);
        auto pointed = aim(session, world, time, hand);
        if (!select) return std::unexpected(select.error());
        if (!stop) return std::unexpected(stop.error());
        if (!closed) return std::unexpected(closed.error());
        if (!pointed) return std::unexpected(pointed.error());
        if (*select) aiming_ = hand;
        input.select |= *select;
        input.stop |= *stop;
        fist[hand] = *closed;
        aims[hand] = *pointed;
    }
    input.stop |= fist[left] && fist[right];

    if (gaze_space_) {
        auto gaze = pose(session, gaze_, XR_NULL_PATH, gaze_space_.get(), world, time);
        if (!gaze) return std::unexpected(gaze.error());
        reading.world_from_gaze = *gaze;
    }
    const Hand other = aiming_ == left ? right : left;
    const Hand pointing = aims[aiming_] ? aiming_ : other;
    if (aims[pointing]) {
        input.aim_valid = true;
        input.aim_is_bare_hand = bare_[pointing];
        input.world_from_aim = *aims[pointing];
    } else if (reading.world_from_gaze) {
        input.aim_valid = input.aim_is_head = input.aim_is_eyes = true;
        input.world_from_aim = *reading.world_from_gaze;
    } else if (world_from_head != nullptr) {
        input.aim_valid = true;
        input.aim_is_head = true;
        input.world_from_aim = *world_from_head;
    }
    return reading;
}

Checked<void> Actions::on_profile_changed(XrSession session) {
    for (const Hand hand : {left, right}) {
        XrInteractionProfileState state{XR_TYPE_INTERACTION_PROFILE_STATE};
        ACCALMIE_XR(xrGetCurrentInteractionProfile(session, hand_path_[hand], &state));
        bare_[hand] = bare_hand_profile_ != XR_NULL_PATH && state.interactionProfile == bare_hand_profile_;
    }
    return {};
}

Checked<void> Actions::pulse(XrSession session) const {
    const XrHapticActionInfo info{XR_TYPE_HAPTIC_ACTION_INFO, nullptr, pulse_, hand_path_[aiming_]};
    const XrHapticVibration vibration{XR_TYPE_HAPTIC_VIBRATION, nullptr, kPulse_ns, XR_FREQUENCY_UNSPECIFIED, kPulseStrength};
    ACCALMIE_XR(xrApplyHapticFeedback(session, &info, reinterpret_cast<const XrHapticBaseHeader*>(&vibration)));
    return {};
}

void Actions::destroy() {
    gaze_space_.reset();
    for (auto& space : aim_space_) space.reset();
    set_.reset();
}

}  // namespace accalmie::xr
