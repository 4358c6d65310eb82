// SPDX-License-Identifier: Apache-2.0
// Owns: the state of our API layer over one XrInstance: the next layer's functions, which action means what, the spaces that a
// simulated hand or head moves, the faults that are on. A process has one XrInstance at a time (the loader sees to it).
// Never: keeps its lock while the program waits for a frame. Thread: any; the lock is in entry_points.cpp.
//
// Order: XR_ENABLE_API_LAYERS=XR_APILAYER_LUNARG_core_validation:XR_APILAYER_ACCALMIE_simulated_hands puts validation nearest to the
// program, where it sees each call as the player makes it. The other order holds too: then it checks the calls of this layer as well.
#pragma once

#include <openxr/openxr.h>
#include <openxr/openxr_loader_negotiation.h>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/xr/layer/control.h"
#include "engine/xr/layer/hands.h"
#include "engine/xr/layer/protocol.h"

namespace accalmie::xr::layer {

// Functions of the next layer or the runtime. The first list is overridden too.
#define ACCALMIE_LAYER_OVERRIDDEN(X)                                                                                                      \
    X(DestroyInstance) X(PollEvent) X(CreateSession) X(DestroySession) X(WaitFrame) X(BeginFrame) X(EndFrame) X(LocateViews)              \
    X(CreateReferenceSpace) X(CreateActionSpace) X(DestroySpace) X(LocateSpace) X(CreateAction) X(SuggestInteractionProfileBindings)      \
    X(SyncActions) X(GetActionStateBoolean) X(GetActionStatePose) X(EnumerateReferenceSpaces) X(GetSystemProperties) X(ApplyHapticFeedback)
// Of extensions: overridden where the program enabled them.
#define ACCALMIE_LAYER_OPTIONAL(X) X(RequestDisplayRefreshRateFB) X(CreateHandTrackerEXT) X(DestroyHandTrackerEXT) X(LocateHandJointsEXT)
// Of extensions that are the layer's own, whatever the runtime has (its manifest tells the loader).
#define ACCALMIE_LAYER_OWN(X) X(CreateFoveationProfileFB) X(DestroyFoveationProfileFB) X(UpdateSwapchainFB)
#define ACCALMIE_LAYER_CALLED(X) X(PathToString) X(StringToPath) X(RequestExitSession)

struct Next {
#define ACCALMIE_LAYER_MEMBER(name) PFN_xr##name name = nullptr;
    ACCALMIE_LAYER_OVERRIDDEN(ACCALMIE_LAYER_MEMBER)
    ACCALMIE_LAYER_CALLED(ACCALMIE_LAYER_MEMBER)
    ACCALMIE_LAYER_OPTIONAL(ACCALMIE_LAYER_MEMBER)
#undef ACCALMIE_LAYER_MEMBER
    PFN_xrGetInstanceProcAddr GetInstanceProcAddr = nullptr;
    bool load(XrInstance instance, PFN_xrGetInstanceProcAddr get);
};

enum class Role : std::uint8_t { none, select, stop, aim, gaze };
Role role_of(std::string_view binding_path);

struct Faults {
    bool session_lost = false, instance_lost = false, tracking_lost = false, not_focused = false, headset_off = false, no_stage = false;
    struct Delay {
        std::chrono::milliseconds each{0};
        std::optional<int> frames;  // nullopt: until it is put off
        std::chrono::milliseconds take();
    } late, slow;
};

class Layer {
public:
    Layer(XrInstance instance, const Next& next, Counters& counters);

    // Reads the socket. Before anything that the program is told.
    void pump();
    // What a call answers at once while a loss is on.
    std::optional<XrResult> loss() const;

    std::vector<XrReferenceSpaceType> reference_spaces(XrSession session, XrResult& result) const;
    void on_session(XrSession session);
    void on_session_end();
    std::optional<XrResult> injected_event(XrEventDataBuffer* event);
    bool keep_back(const XrEventDataBuffer& event);  // an event of the runtime that the program is not told
    void on_sync(XrResult result, const XrActionsSyncInfo& sync);
    void on_frame_submitted(const XrFrameEndInfo& info);

    bool simulates(XrAction action, XrPath subaction) const;
    Role role(XrAction action) const;
    const Button& read(Role role);

    // Where a simulated thing is: nullopt when the runtime's own answer stands.
    struct Moved {
        Pose base_from_space;
    };
    std::optional<Moved> locate(XrSpace space, XrSpace base, XrTime time) const;
    bool locate_views(const XrViewLocateInfo& info, XrViewState* state, std::uint32_t capacity, std::uint32_t* count, XrView* views,
                      XrResult& result) const;
    bool moves(XrSpace space) const;
    // Trackers of joints are the layer's own: the runtime, which has no hands, never hears of them. False: no such hand.
    XrHandTrackerEXT make_tracker(XrHandEXT hand);
    bool locate_joints(XrHandTrackerEXT tracker, XrSpace base, XrTime time, XrHandJointLocationsEXT& locations) const;

    bool has_foveation = false;  // the program asked for it
    const Next next;
    const XrInstance instance;
    Counters& counters;
    bool listened_to() const { return control_.connected(); }
    Faults faults;
    XrTime now = 0;  // the newest predicted display time

    std::map<XrAction, XrActionSet> action_set;
    std::map<XrAction, Role> roles;
    enum class Thing : std::uint8_t { head, aim, gaze };
    struct Space {
        Thing thing = Thing::head;
        Pose offset;
    };
    std::map<XrSpace, Space> spaces;
    XrPath right_hand = XR_NULL_PATH;

private:
    void obey(const std::string& packet);
    void obey_joints(const std::vector<std::string_view>& words);
    void set_fault(Fault fault, bool on, std::chrono::milliseconds late, int frames);
    void tell(XrSessionState state);
    void ask_to_end();
    void look_at(const XrCompositionLayerProjection& projection);
    std::optional<Pose> stage_from(XrSpace space, XrTime time) const;
    std::optional<Pose> simulated_stage_from(XrSpace space) const;

    Control control_;
    Hands hands_;
    std::array<char, 2> trackers_{};  // their addresses are the handles
    std::optional<Pose> stage_from_head_, stage_from_gaze_;
    XrSession session_ = XR_NULL_HANDLE;
    XrSpace stage_ = XR_NULL_HANDLE, view_ = XR_NULL_HANDLE;
    bool readable_ = false;  // the last sync was focused
    std::vector<XrActionSet> active_sets_;
    std::deque<XrEventDataBuffer> events_;
    XrSessionState runtime_state_ = XR_SESSION_STATE_UNKNOWN, told_state_ = XR_SESSION_STATE_UNKNOWN;
    bool exiting_kept_ = false;
};

}  // namespace accalmie::xr::layer
