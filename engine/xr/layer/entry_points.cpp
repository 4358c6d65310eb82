// SPDX-License-Identifier: Apache-2.0
// The functions that the OpenXR loader puts between the program and the next layer: each asks the Layer, calls on, and changes the answer.
#include "engine/xr/layer/layer.h"
#include "engine/xr/openxr_pose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

namespace accalmie::xr::layer {
namespace {

constexpr std::array<std::string_view, 3> kOwnExtensions{XR_FB_FOVEATION_EXTENSION_NAME, XR_FB_FOVEATION_CONFIGURATION_EXTENSION_NAME, XR_FB_SWAPCHAIN_UPDATE_STATE_EXTENSION_NAME};

// A C interface has no object to hang its state on; this is the one place where the process keeps it.
struct Process {
    std::mutex lock;
    std::unique_ptr<Layer> layer;
    Counters counters;
    char profile = 0;  // its address is the handle of every foveation profile
};
Process& process() {
    static Process one;
    return one;
}
Layer& current() { return *process().layer; }
[[nodiscard]] std::lock_guard<std::mutex> locked() { return std::lock_guard(process().lock); }

// Most calls: nothing but a loss changes their answer.
std::optional<XrResult> pump_and_ask() {
    const auto lock = locked();
    current().pump();
    return current().loss();
}

XRAPI_ATTR XrResult XRAPI_CALL DestroyInstance(XrInstance instance) {
    PFN_xrDestroyInstance next = nullptr;
    {
        const auto lock = locked();
        next = current().next.DestroyInstance;
        process().layer.reset();
    }
    return next(instance);
}

XRAPI_ATTR XrResult XRAPI_CALL PollEvent(XrInstance instance, XrEventDataBuffer* event) {
    const auto lock = locked();
    current().pump();
    if (const auto injected = current().injected_event(event)) return *injected;
    for (;;) {
        const XrResult result = current().next.PollEvent(instance, event);
        if (result != XR_SUCCESS || !current().keep_back(*event)) return result;
        *event = XrEventDataBuffer{XR_TYPE_EVENT_DATA_BUFFER};
    }
}

XRAPI_ATTR XrResult XRAPI_CALL CreateSession(XrInstance instance, const XrSessionCreateInfo* info, XrSession* session) {
    const auto lock = locked();
    current().pump();
    const XrResult result = current().next.CreateSession(instance, info, session);
    if (XR_SUCCEEDED(result)) current().on_session(*session);
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL DestroySession(XrSession session) {
    const auto lock = locked();
    current().on_session_end();
    return current().next.DestroySession(session);
}

XRAPI_ATTR XrResult XRAPI_CALL WaitFrame(XrSession session, const XrFrameWaitInfo* info, XrFrameState* state) {
    if (const auto loss = pump_and_ask()) return *loss;
    const XrResult result = current().next.WaitFrame(session, info, state);
    std::chrono::milliseconds delay{0};
    {
        const auto lock = locked();
        if (XR_SUCCEEDED(result)) current().now = state->predictedDisplayTime;
        delay = current().faults.late.take();
    }
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL BeginFrame(XrSession session, const XrFrameBeginInfo* info) {
    if (const auto loss = pump_and_ask()) return *loss;
    const XrResult result = current().next.BeginFrame(session, info);
    const auto lock = locked();
    if (XR_SUCCEEDED(result)) ++current().counters.frames_begun;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL EndFrame(XrSession session, const XrFrameEndInfo* info) {
    if (const auto loss = pump_and_ask()) return *loss;
    std::chrono::milliseconds delay{0};
    {
        const auto lock = locked();
        delay = current().faults.slow.take();
    }
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    const XrResult result = current().next.EndFrame(session, info);
    const auto lock = locked();
    if (XR_SUCCEEDED(result)) current().on_frame_submitted(*info);
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL LocateViews(XrSession session, const XrViewLocateInfo* info, XrViewState* state, uint32_t capacity,
                                           uint32_t* count, XrView* views) {
    const auto lock = locked();
    current().pump();  // a head that moved since the program last asked: what late-latched views are for
    if (const auto loss = current().loss()) return *loss;
    XrResult result = XR_SUCCESS;
    if (!current().locate_views(*info, state, capacity, count, views, result))
        result = current().next.LocateViews(session, info, state, capacity, count, views);
    if (XR_SUCCEEDED(result) && current().faults.tracking_lost) state->viewStateFlags = 0;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL EnumerateReferenceSpaces(XrSession session, uint32_t capacity, uint32_t* count, XrReferenceSpaceType* spaces) {
    const auto lock = locked();
    XrResult result = XR_SUCCESS;
    const auto types = current().reference_spaces(session, result);
    if (XR_FAILED(result)) return result;
    *count = static_cast<uint32_t>(types.size());
    if (capacity == 0) return XR_SUCCESS;
    if (capacity < *count) return XR_ERROR_SIZE_INSUFFICIENT;
    std::ranges::copy(types, spaces);
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL CreateReferenceSpace(XrSession session, const XrReferenceSpaceCreateInfo* info, XrSpace* space) {
    const auto lock = locked();
    const XrResult result = current().next.CreateReferenceSpace(session, info, space);
    if (XR_SUCCEEDED(result) && info->referenceSpaceType == XR_REFERENCE_SPACE_TYPE_VIEW)
        current().spaces[*space] = {.thing = Layer::Thing::head, .offset = to_pose(info->poseInReferenceSpace)};
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL CreateActionSpace(XrSession session, const XrActionSpaceCreateInfo* info, XrSpace* space) {
    const auto lock = locked();
    const XrResult result = current().next.CreateActionSpace(session, info, space);
    const bool right = info->subactionPath == XR_NULL_PATH || info->subactionPath == current().right_hand;
    if (XR_SUCCEEDED(result) && right && current().role(info->action) == Role::aim)
        current().spaces[*space] = {.thing = Layer::Thing::aim, .offset = to_pose(info->poseInActionSpace)};
    if (XR_SUCCEEDED(result) && current().role(info->action) == Role::gaze)
        current().spaces[*space] = {.thing = Layer::Thing::gaze, .offset = to_pose(info->poseInActionSpace)};
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL DestroySpace(XrSpace space) {
    const auto lock = locked();
    current().spaces.erase(space);
    return current().next.DestroySpace(space);
}

XRAPI_ATTR XrResult XRAPI_CALL LocateSpace(XrSpace space, XrSpace base, XrTime time, XrSpaceLocation* location) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const XrResult result = current().next.LocateSpace(space, base, time, location);
    if (XR_FAILED(result)) return result;
    if (const auto moved = current().locate(space, base, time)) {
        location->pose = to_xr(moved->base_from_space);
        location->locationFlags = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT |
                                  XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT | XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
    }
    if (current().faults.tracking_lost && current().spaces.contains(space)) location->locationFlags = 0;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL CreateAction(XrActionSet set, const XrActionCreateInfo* info, XrAction* action) {
    const auto lock = locked();
    const XrResult result = current().next.CreateAction(set, info, action);
    if (XR_SUCCEEDED(result)) current().action_set[*action] = set;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL SuggestInteractionProfileBindings(XrInstance instance, const XrInteractionProfileSuggestedBinding* suggestion) {
    const auto lock = locked();
    const Layer& layer = current();
    const XrResult result = layer.next.SuggestInteractionProfileBindings(instance, suggestion);
    ++(XR_SUCCEEDED(result) ? layer.counters.profiles_taken : layer.counters.profiles_refused);
    if (XR_FAILED(result)) return result;
    for (uint32_t i = 0; i < suggestion->countSuggestedBindings; ++i) {
        char text[XR_MAX_PATH_LENGTH];
        uint32_t length = 0;
        const auto& binding = suggestion->suggestedBindings[i];
        if (XR_FAILED(layer.next.PathToString(instance, binding.binding, sizeof text, &length, text))) continue;
        if (const Role role = role_of(text); role != Role::none) current().roles[binding.action] = role;
    }
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL SyncActions(XrSession session, const XrActionsSyncInfo* info) {
    if (const auto loss = pump_and_ask()) return *loss;
    const auto lock = locked();
    const XrResult result = current().next.SyncActions(session, info);
    current().on_sync(result, *info);
    return result == XR_SUCCESS && current().faults.not_focused ? XR_SESSION_NOT_FOCUSED : result;
}

XRAPI_ATTR XrResult XRAPI_CALL GetActionStateBoolean(XrSession session, const XrActionStateGetInfo* info, XrActionStateBoolean* state) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const XrResult result = current().next.GetActionStateBoolean(session, info, state);
    if (XR_FAILED(result)) return result;
    if (current().faults.not_focused) state->isActive = state->currentState = state->changedSinceLastSync = XR_FALSE;
    if (!current().simulates(info->action, info->subactionPath)) return result;
    const Button& button = current().read(current().role(info->action));
    state->isActive = XR_TRUE;
    state->currentState = button.held ? XR_TRUE : XR_FALSE;
    state->changedSinceLastSync = button.changed ? XR_TRUE : XR_FALSE;
    state->lastChangeTime = button.changed_at_ns;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL GetActionStatePose(XrSession session, const XrActionStateGetInfo* info, XrActionStatePose* state) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const XrResult result = current().next.GetActionStatePose(session, info, state);
    if (XR_FAILED(result)) return result;
    if (current().faults.not_focused) state->isActive = XR_FALSE;
    if (current().simulates(info->action, info->subactionPath)) state->isActive = XR_TRUE;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL GetSystemProperties(XrInstance instance, XrSystemId system, XrSystemProperties* properties) {
    const auto lock = locked();
    const XrResult result = current().next.GetSystemProperties(instance, system, properties);
    if (XR_FAILED(result) || !current().listened_to()) return result;
    for (auto* more = static_cast<XrBaseOutStructure*>(properties->next); more != nullptr; more = more->next)
        if (more->type == XR_TYPE_SYSTEM_EYE_GAZE_INTERACTION_PROPERTIES_EXT)
            reinterpret_cast<XrSystemEyeGazeInteractionPropertiesEXT*>(more)->supportsEyeGazeInteraction = XR_TRUE;
        else if (more->type == XR_TYPE_SYSTEM_HAND_TRACKING_PROPERTIES_EXT)
            reinterpret_cast<XrSystemHandTrackingPropertiesEXT*>(more)->supportsHandTracking = XR_TRUE;
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL ApplyHapticFeedback(XrSession session, const XrHapticActionInfo* info, const XrHapticBaseHeader* feedback) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const XrResult result = current().next.ApplyHapticFeedback(session, info, feedback);
    current().counters.pulses += XR_SUCCEEDED(result);
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL CreateHandTrackerEXT(XrSession, const XrHandTrackerCreateInfoEXT* info, XrHandTrackerEXT* tracker) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    *tracker = current().make_tracker(info->hand);
    ++current().counters.trackers;
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL DestroyHandTrackerEXT(XrHandTrackerEXT) {
    const auto lock = locked();
    --current().counters.trackers;
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL LocateHandJointsEXT(XrHandTrackerEXT tracker, const XrHandJointsLocateInfoEXT* info, XrHandJointLocationsEXT* locations) {
    const auto lock = locked();
    current().pump();
    if (const auto loss = current().loss()) return *loss;
    locations->isActive = current().locate_joints(tracker, info->baseSpace, info->time, *locations) ? XR_TRUE : XR_FALSE;
    if (locations->isActive == XR_FALSE)
        for (uint32_t i = 0; i < locations->jointCount; ++i) locations->jointLocations[i] = {};
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL RequestDisplayRefreshRateFB(XrSession session, float hertz) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const XrResult result = current().next.RequestDisplayRefreshRateFB(session, hertz);
    if (XR_SUCCEEDED(result)) current().counters.refresh_mhz = std::lround(hertz * 1000);
    return result;
}

XRAPI_ATTR XrResult XRAPI_CALL CreateFoveationProfileFB(XrSession, const XrFoveationProfileCreateInfoFB* info, XrFoveationProfileFB* profile) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    const auto* level = static_cast<const XrFoveationLevelProfileCreateInfoFB*>(info->next);
    if (level == nullptr || level->type != XR_TYPE_FOVEATION_LEVEL_PROFILE_CREATE_INFO_FB) return XR_ERROR_VALIDATION_FAILURE;
    const bool dynamic = level->dynamic == XR_FOVEATION_DYNAMIC_LEVEL_ENABLED_FB;
    if (dynamic && std::getenv(kFixedFoveationVariable) != nullptr) return XR_ERROR_FEATURE_UNSUPPORTED;
    Counters& counters = current().counters;
    ++counters.profiles;
    counters.foveation_level = level->level + (dynamic ? 10 : 0);
    *profile = reinterpret_cast<XrFoveationProfileFB>(&process().profile);
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL DestroyFoveationProfileFB(XrFoveationProfileFB) {
    const auto lock = locked();
    --current().counters.profiles;
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL UpdateSwapchainFB(XrSwapchain, const XrSwapchainStateBaseHeaderFB* state) {
    const auto lock = locked();
    if (const auto loss = current().loss()) return *loss;
    if (state->type != XR_TYPE_SWAPCHAIN_STATE_FOVEATION_FB) return XR_ERROR_VALIDATION_FAILURE;
    current().counters.foveated += reinterpret_cast<const XrSwapchainStateFoveationFB*>(state)->profile == reinterpret_cast<XrFoveationProfileFB>(&process().profile);
    return XR_SUCCESS;
}

XRAPI_ATTR XrResult XRAPI_CALL GetInstanceProcAddr(XrInstance instance, const char* name, PFN_xrVoidFunction* function) {
#define ACCALMIE_LAYER_FIND(each)                                              \
    if (std::strcmp(name, "xr" #each) == 0) {                                  \
        const PFN_xr##each checked = &each;                                    \
        *function = reinterpret_cast<PFN_xrVoidFunction>(checked);             \
        return XR_SUCCESS;                                                     \
    }
    ACCALMIE_LAYER_OVERRIDDEN(ACCALMIE_LAYER_FIND)
#undef ACCALMIE_LAYER_FIND
    const auto lock = locked();
    if (!process().layer) return XR_ERROR_HANDLE_INVALID;
#define ACCALMIE_LAYER_FIND_OPTIONAL(each)                                      \
    if (std::strcmp(name, "xr" #each) == 0 && current().next.each != nullptr) { \
        const PFN_xr##each checked = &each;                                     \
        *function = reinterpret_cast<PFN_xrVoidFunction>(checked);              \
        return XR_SUCCESS;                                                      \
    }
    ACCALMIE_LAYER_OPTIONAL(ACCALMIE_LAYER_FIND_OPTIONAL)
#undef ACCALMIE_LAYER_FIND_OPTIONAL
#define ACCALMIE_LAYER_FIND_OWN(each)                                        \
    if (current().has_foveation && std::strcmp(name, "xr" #each) == 0) {     \
        const PFN_xr##each checked = &each;                                  \
        *function = reinterpret_cast<PFN_xrVoidFunction>(checked);           \
        return XR_SUCCESS;                                                   \
    }
    ACCALMIE_LAYER_OWN(ACCALMIE_LAYER_FIND_OWN)
#undef ACCALMIE_LAYER_FIND_OWN
    return current().next.GetInstanceProcAddr(instance, name, function);
}

XRAPI_ATTR XrResult XRAPI_CALL CreateApiLayerInstance(const XrInstanceCreateInfo* info, const XrApiLayerCreateInfo* layer_info,
                                                      XrInstance* instance) {
    if (layer_info == nullptr || layer_info->nextInfo == nullptr) return XR_ERROR_INITIALIZATION_FAILED;
    // A runtime of the time before OpenXR 1.1. No order can arrive so early, hence a variable.
    if (std::getenv(kOldRuntimeVariable) != nullptr && info->applicationInfo.apiVersion >= XR_MAKE_VERSION(1, 1, 0)) return XR_ERROR_API_VERSION_UNSUPPORTED;
    // The loader took the program's word for extensions that only this layer has.
    std::vector<const char*> of_runtime;
    for (const char* name : std::span(info->enabledExtensionNames, info->enabledExtensionCount))
        if (!std::ranges::contains(kOwnExtensions, std::string_view(name))) of_runtime.push_back(name);
    XrInstanceCreateInfo fewer = *info;
    fewer.enabledExtensionCount = static_cast<uint32_t>(of_runtime.size());
    fewer.enabledExtensionNames = of_runtime.data();
    XrApiLayerCreateInfo further = *layer_info;
    further.nextInfo = layer_info->nextInfo->next;
    const XrResult result = layer_info->nextInfo->nextCreateApiLayerInstance(&fewer, &further, instance);
    if (XR_FAILED(result)) return result;
    Next next;
    if (!next.load(*instance, layer_info->nextInfo->nextGetInstanceProcAddr)) return XR_ERROR_INITIALIZATION_FAILED;
    const auto lock = locked();
    process().layer = std::make_unique<Layer>(*instance, next, process().counters);
    process().layer->has_foveation = of_runtime.size() < info->enabledExtensionCount;
    return result;
}

}  // namespace
}  // namespace accalmie::xr::layer

extern "C" __attribute__((visibility("default"))) XrResult XRAPI_CALL
xrNegotiateLoaderApiLayerInterface(const XrNegotiateLoaderInfo* loader, const char*, XrNegotiateApiLayerRequest* request) {
    if (loader == nullptr || request == nullptr || loader->structType != XR_LOADER_INTERFACE_STRUCT_LOADER_INFO ||
        request->structType != XR_LOADER_INTERFACE_STRUCT_API_LAYER_REQUEST || loader->minInterfaceVersion > XR_CURRENT_LOADER_API_LAYER_VERSION ||
        loader->maxInterfaceVersion < XR_CURRENT_LOADER_API_LAYER_VERSION)
        return XR_ERROR_INITIALIZATION_FAILED;
    request->layerInterfaceVersion = XR_CURRENT_LOADER_API_LAYER_VERSION;
    request->layerApiVersion = XR_CURRENT_API_VERSION;
    request->getInstanceProcAddr = accalmie::xr::layer::GetInstanceProcAddr;
    request->createApiLayerInstance = accalmie::xr::layer::CreateApiLayerInstance;
    return XR_SUCCESS;
}
