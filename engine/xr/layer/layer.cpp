// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/layer/layer.h"

#include "engine/xr/openxr_pose.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

namespace accalmie::xr::layer {
namespace {

template <class Event>
XrEventDataBuffer to_buffer(const Event& event) {
    XrEventDataBuffer buffer{XR_TYPE_EVENT_DATA_BUFFER};
    static_assert(sizeof event <= sizeof buffer);
    std::memcpy(static_cast<void*>(&buffer), &event, sizeof event);
    return buffer;
}

std::optional<Pose> to_pose(const std::array<float, 7>& v) {
    const glm::quat q(v[6], v[3], v[4], v[5]);
    if (!std::ranges::all_of(v, [](float number) { return std::isfinite(number); }) || glm::length(q) < 0.5f) return std::nullopt;
    return Pose{glm::normalize(q), {v[0], v[1], v[2]}};
}

}  // namespace

bool Next::load(XrInstance instance, PFN_xrGetInstanceProcAddr get) {
    GetInstanceProcAddr = get;
    bool all = true;
    const auto find = [&](const char* name, auto& function) {
        all &= XR_SUCCEEDED(get(instance, name, reinterpret_cast<PFN_xrVoidFunction*>(&function)));
    };
#define ACCALMIE_LAYER_LOAD(name) find("xr" #name, name);
    ACCALMIE_LAYER_OVERRIDDEN(ACCALMIE_LAYER_LOAD)
    ACCALMIE_LAYER_CALLED(ACCALMIE_LAYER_LOAD)
    const bool complete = all;
    ACCALMIE_LAYER_OPTIONAL(ACCALMIE_LAYER_LOAD)
#undef ACCALMIE_LAYER_LOAD
    return complete;
}

Role role_of(std::string_view binding_path) {
    if (binding_path.ends_with("/input/select/click")) return Role::select;
    if (binding_path.ends_with("/input/menu/click")) return Role::stop;
    if (binding_path.ends_with("/input/aim/pose")) return Role::aim;
    if (binding_path.ends_with("/input/gaze_ext/pose")) return Role::gaze;
    return Role::none;
}

Layer::Layer(XrInstance made, const Next& functions, Counters& kept) : next(functions), instance(made), counters(kept) {
    next.StringToPath(instance, "/user/hand/right", &right_hand);
    control_.connect();
}

void Layer::pump() {
    if (!control_.connected()) return;
    while (const auto packet = control_.receive()) obey(*packet);
    if (!control_.connected()) {  // no simulated patient is there any more
        hands_.let_go();
        stage_from_head_.reset();
        stage_from_gaze_.reset();
    }
}

void Layer::obey(const std::string& packet) {
    const auto words = split(packet);
    const std::string_view verb = words.front();
    if (verb == "aim" || verb == "head" || verb == "gaze") {
        std::optional<Pose> pose;
        if (const auto numbers = to_numbers<float, 7>(words, 1)) pose = layer::to_pose(*numbers);
        if (!pose && packet != std::string(verb) + " off") return;
        if (verb == "aim") hands_.push(Hands::Aim{pose});
        else (verb == "head" ? stage_from_head_ : stage_from_gaze_) = pose;
    } else if (verb == "select" || verb == "stop") {
        const auto held = to_numbers<int, 1>(words, 1);
        if (!held) return;
        if (verb == "select") return hands_.push(Hands::Select{(*held)[0] != 0});
        if ((*held)[0] != 0) counters.stop_readable_frame = counters.stop_read_frame = 0;
        hands_.push(Hands::Stop{(*held)[0] != 0});
    } else if (verb == "joints") {
        obey_joints(words);
    } else if (verb == "fault" && words.size() == 5) {
        const auto fault = fault_named(words[1]);
        const auto numbers = to_numbers<int, 3>(words, 2);
        if (fault && numbers) set_fault(*fault, (*numbers)[0] != 0, std::chrono::milliseconds((*numbers)[1]), (*numbers)[2]);
    } else if (verb == "query") {
        if (const auto id = to_numbers<std::int64_t, 1>(words, 1)) control_.answer((*id)[0], counters);
    }
}

void Layer::obey_joints(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || (words[1] != "left" && words[1] != "right")) return;
    const std::size_t hand = words[1] == "right" ? 1 : 0;
    if (words.size() == 3 && words[2] == "off") return hands_.set_bare(hand, std::nullopt);
    const auto numbers = to_numbers<float, 9>(words, 2);
    if (!numbers) return;
    std::array<float, 7> place{};
    std::ranges::copy(std::span(*numbers).first<7>(), place.begin());
    const auto palm = layer::to_pose(place);
    if (palm && std::isfinite((*numbers)[7])) hands_.set_bare(hand, BareHand{*palm, (*numbers)[7], (*numbers)[8] != 0});
}

XrHandTrackerEXT Layer::make_tracker(XrHandEXT hand) { return reinterpret_cast<XrHandTrackerEXT>(&trackers_[hand == XR_HAND_RIGHT_EXT ? 1 : 0]); }

bool Layer::locate_joints(XrHandTrackerEXT tracker, XrSpace base, XrTime time, XrHandJointLocationsEXT& locations) const {
    const auto& hand = hands_.bare(tracker == reinterpret_cast<XrHandTrackerEXT>(const_cast<char*>(&trackers_[1])) ? 1 : 0);
    const auto stage_from_base = stage_from(base, time);
    if (!hand || !stage_from_base || faults.tracking_lost || locations.jointCount != BareHand::kJoints) return false;
    const auto joints = hand->joints();
    constexpr XrSpaceLocationFlags valid = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
    constexpr XrSpaceLocationFlags tracked = XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT | XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
    for (std::size_t i = 0; i < joints.size(); ++i)
        locations.jointLocations[i] = {hand->seen ? valid | tracked : valid, to_xr(compose(inverse(*stage_from_base), joints[i])), 0.008f};
    return true;
}

void Layer::set_fault(Fault fault, bool on, std::chrono::milliseconds late, int frames) {
    switch (fault) {
        case Fault::session_lost: faults.session_lost = on; break;
        case Fault::loss_pending:
            if (on) tell(XR_SESSION_STATE_LOSS_PENDING);
            break;
        case Fault::instance_lost: faults.instance_lost = on; break;
        case Fault::instance_loss_pending:
            if (on) events_.push_back(to_buffer(XrEventDataInstanceLossPending{XR_TYPE_EVENT_DATA_INSTANCE_LOSS_PENDING, nullptr, now}));
            break;
        case Fault::tracking_lost: faults.tracking_lost = on; break;
        case Fault::late_frames:
        case Fault::slow_frames:
            (fault == Fault::late_frames ? faults.late : faults.slow) =
                Faults::Delay{on ? late : std::chrono::milliseconds(0), frames > 0 ? std::optional(frames) : std::nullopt};
            break;
        case Fault::not_focused:
            faults.not_focused = on;
            if (on && told_state_ == XR_SESSION_STATE_FOCUSED) tell(XR_SESSION_STATE_VISIBLE);
            if (!on && runtime_state_ == XR_SESSION_STATE_FOCUSED && told_state_ == XR_SESSION_STATE_VISIBLE) tell(XR_SESSION_STATE_FOCUSED);
            break;
        case Fault::headset_off:
            faults.headset_off = on;
            if (on) ask_to_end();
            if (!on && exiting_kept_) tell(XR_SESSION_STATE_EXITING);
            break;
        case Fault::exit:
            if (on) ask_to_end();
            break;
        case Fault::no_stage: faults.no_stage = on; break;
        case Fault::recentre:
            if (on) events_.push_back(to_buffer(XrEventDataReferenceSpaceChangePending{XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING, nullptr,
                session_, XR_REFERENCE_SPACE_TYPE_STAGE, now, XR_TRUE, to_xr(Pose{})}));
            break;
    }
}

void Layer::ask_to_end() {
    if (session_ != XR_NULL_HANDLE) next.RequestExitSession(session_);
}

void Layer::tell(XrSessionState state) {
    told_state_ = state;
    events_.push_back(to_buffer(XrEventDataSessionStateChanged{XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED, nullptr, session_, state, now}));
}

std::optional<XrResult> Layer::loss() const {
    if (faults.instance_lost) return XR_ERROR_INSTANCE_LOST;
    if (faults.session_lost) return XR_ERROR_SESSION_LOST;
    return std::nullopt;
}

std::chrono::milliseconds Faults::Delay::take() {
    const auto delay = each;
    if (delay.count() > 0 && frames && --*frames == 0) each = std::chrono::milliseconds(0);
    return delay;
}

std::vector<XrReferenceSpaceType> Layer::reference_spaces(XrSession session, XrResult& result) const {
    std::uint32_t count = 0;
    result = next.EnumerateReferenceSpaces(session, 0, &count, nullptr);
    std::vector<XrReferenceSpaceType> types(count);
    if (XR_SUCCEEDED(result)) result = next.EnumerateReferenceSpaces(session, count, &count, types.data());
    if (faults.no_stage) std::erase(types, XR_REFERENCE_SPACE_TYPE_STAGE);
    return types;
}

void Layer::on_session(XrSession session) {
    session_ = session;
    ++counters.sessions;
    XrResult ignored = XR_SUCCESS;
    const auto types = reference_spaces(session, ignored);
    const auto stage = world_space(std::ranges::contains(types, XR_REFERENCE_SPACE_TYPE_STAGE));
    next.CreateReferenceSpace(session, &stage, &stage_);
    XrReferenceSpaceCreateInfo view = world_space(true);
    view.referenceSpaceType = XR_REFERENCE_SPACE_TYPE_VIEW;
    next.CreateReferenceSpace(session, &view, &view_);
}

void Layer::on_session_end() {
    for (XrSpace space : {stage_, view_})
        if (space != XR_NULL_HANDLE) next.DestroySpace(space);
    session_ = XR_NULL_HANDLE;
    stage_ = view_ = XR_NULL_HANDLE;
    spaces.clear();
    events_.clear();
    faults.session_lost = false;
    readable_ = exiting_kept_ = false;
    runtime_state_ = told_state_ = XR_SESSION_STATE_UNKNOWN;
    counters.session_state = XR_SESSION_STATE_UNKNOWN;
}

std::optional<XrResult> Layer::injected_event(XrEventDataBuffer* event) {
    if (faults.instance_lost) return XR_ERROR_INSTANCE_LOST;
    if (events_.empty()) return std::nullopt;
    *event = events_.front();
    events_.pop_front();
    if (event->type == XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED)
        counters.session_state = reinterpret_cast<const XrEventDataSessionStateChanged*>(event)->state;
    return XR_SUCCESS;
}

bool Layer::keep_back(const XrEventDataBuffer& event) {
    if (event.type != XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED) return false;
    runtime_state_ = reinterpret_cast<const XrEventDataSessionStateChanged&>(event).state;
    if (runtime_state_ == told_state_) return true;  // told already, by a fault
    if (runtime_state_ == XR_SESSION_STATE_FOCUSED && faults.not_focused) return true;
    if (runtime_state_ == XR_SESSION_STATE_EXITING && faults.headset_off) return exiting_kept_ = true;
    told_state_ = runtime_state_;
    counters.session_state = told_state_;
    return false;
}

void Layer::on_sync(XrResult result, const XrActionsSyncInfo& sync) {
    readable_ = result == XR_SUCCESS && !faults.not_focused;
    active_sets_.clear();
    for (std::uint32_t i = 0; i < sync.countActiveActionSets; ++i) active_sets_.push_back(sync.activeActionSets[i].actionSet);
    if (!readable_) return;
    ++counters.syncs;
    hands_.sync(now);
    if (hands_.stop().held && hands_.stop().changed) counters.stop_readable_frame = counters.frames_submitted + 1;
}

void Layer::on_frame_submitted(const XrFrameEndInfo& info) {
    ++counters.frames_submitted;
    bool projection = false, quad = false;
    for (std::uint32_t i = 0; i < info.layerCount; ++i) {
        projection |= info.layers[i]->type == XR_TYPE_COMPOSITION_LAYER_PROJECTION;
        quad |= info.layers[i]->type == XR_TYPE_COMPOSITION_LAYER_QUAD;
        if (info.layers[i]->type == XR_TYPE_COMPOSITION_LAYER_PROJECTION)
            look_at(*reinterpret_cast<const XrCompositionLayerProjection*>(info.layers[i]));
    }
    counters.projection_frames += projection;
    counters.quad_frames += quad;
}

void Layer::look_at(const XrCompositionLayerProjection& projection) {
    const XrCompositionLayerProjectionView& left = projection.views[0];
    counters.rect_width = left.subImage.imageRect.extent.width;
    counters.rect_height = left.subImage.imageRect.extent.height;
    const auto um = [](float metres) { return std::llround(static_cast<double>(metres) * 1e6); };
    counters.eye_x_um = um(left.pose.position.x);
    counters.eye_y_um = um(left.pose.position.y);
    counters.eye_z_um = um(left.pose.position.z);
    bool deep = true;
    for (std::uint32_t eye = 0; eye < projection.viewCount; ++eye) {
        const auto* more = static_cast<const XrBaseInStructure*>(projection.views[eye].next);
        deep &= more != nullptr && more->type == XR_TYPE_COMPOSITION_LAYER_DEPTH_INFO_KHR;
    }
    counters.depth_frames += deep;
}

Role Layer::role(XrAction action) const {
    const auto found = roles.find(action);
    return found == roles.end() ? Role::none : found->second;
}

bool Layer::simulates(XrAction action, XrPath subaction) const {
    const Role as = role(action);
    if (as == Role::gaze) return readable_ && stage_from_gaze_;
    if (!readable_ || !hands_.present() || as == Role::none || (as == Role::aim && !hands_.aim())) return false;
    const auto set = action_set.find(action);
    if (set == action_set.end() || !std::ranges::contains(active_sets_, set->second)) return false;
    return subaction == XR_NULL_PATH || subaction == right_hand;
}

const Button& Layer::read(Role as) {
    if (as == Role::select) return hands_.select();
    if (hands_.stop().held && counters.stop_read_frame == 0) counters.stop_read_frame = counters.frames_submitted + 1;
    return hands_.stop();
}

std::optional<Pose> Layer::simulated_stage_from(XrSpace space) const {
    const auto found = spaces.find(space);
    if (found == spaces.end()) return std::nullopt;
    const Thing thing = found->second.thing;
    const auto& base = thing == Thing::head ? stage_from_head_ : thing == Thing::aim ? hands_.aim() : stage_from_gaze_;
    if (!base || (thing != Thing::head && !readable_)) return std::nullopt;
    return compose(*base, found->second.offset);
}

bool Layer::moves(XrSpace space) const { return simulated_stage_from(space).has_value(); }

std::optional<Pose> Layer::stage_from(XrSpace space, XrTime time) const {
    if (const auto simulated = simulated_stage_from(space)) return simulated;
    XrSpaceLocation location{XR_TYPE_SPACE_LOCATION};
    if (XR_FAILED(next.LocateSpace(space, stage_, time, &location))) return std::nullopt;
    constexpr XrSpaceLocationFlags needed = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
    if ((location.locationFlags & needed) != needed) return std::nullopt;
    return xr::to_pose(location.pose);
}

std::optional<Layer::Moved> Layer::locate(XrSpace space, XrSpace base, XrTime time) const {
    if (!moves(space) && !moves(base)) return std::nullopt;
    const auto stage_from_space = stage_from(space, time);
    const auto stage_from_base = stage_from(base, time);
    if (!stage_from_space || !stage_from_base) return std::nullopt;
    return Moved{compose(inverse(*stage_from_base), *stage_from_space)};
}

bool Layer::locate_views(const XrViewLocateInfo& info, XrViewState* state, std::uint32_t capacity, std::uint32_t* count, XrView* views,
                         XrResult& result) const {
    if (!stage_from_head_ || capacity == 0) return false;
    const auto stage_from_base = stage_from(info.space, info.displayTime);
    if (!stage_from_base) return false;
    XrViewLocateInfo in_head = info;
    in_head.space = view_;
    result = next.LocateViews(session_, &in_head, state, capacity, count, views);
    if (XR_FAILED(result)) return true;
    const Pose base_from_head = compose(inverse(*stage_from_base), *stage_from_head_);
    for (std::uint32_t i = 0; i < *count; ++i) views[i].pose = to_xr(compose(base_from_head, xr::to_pose(views[i].pose)));
    state->viewStateFlags = XR_VIEW_STATE_ORIENTATION_VALID_BIT | XR_VIEW_STATE_POSITION_VALID_BIT | XR_VIEW_STATE_ORIENTATION_TRACKED_BIT |
                            XR_VIEW_STATE_POSITION_TRACKED_BIT;
    return true;
}

}  // namespace accalmie::xr::layer
