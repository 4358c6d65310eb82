// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_session.h"

#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "engine/xr/openxr_pose.h"

namespace accalmie::xr {
namespace {

constexpr auto kIdlePoll = std::chrono::milliseconds(10);

// Before the first good pose: a head in the seat, so that a picture exists.
constexpr float kTypicalIpd_m = 0.063f;

XrFovf to_xr(const Fov& fov) { return {fov.left, fov.right, fov.up, fov.down}; }
Fov to_fov(const XrFovf& fov) { return {fov.angleLeft, fov.angleRight, fov.angleUp, fov.angleDown}; }

}  // namespace

OpenXrSession::OpenXrSession(std::unique_ptr<OpenXrInstance> instance, const Options& options)
    : instance_(std::move(instance)), options_(options) {
    last_.world_from_head.position_m.y = kSeatedEyeHeight_m;
    last_.views = eyes_of_head(last_.world_from_head, kTypicalIpd_m, symmetric_fov(options.off_screen_fov_degrees, 1, 1));
}

Checked<void> OpenXrSession::poll_events() {
    for (;;) {
        XrEventDataBuffer event{XR_TYPE_EVENT_DATA_BUFFER};
        const XrResult result = xrPollEvent(instance_->get(), &event);
        if (result == XR_EVENT_UNAVAILABLE) return {};
        ACCALMIE_XR(result);
        switch (event.type) {
            case XR_TYPE_EVENT_DATA_INSTANCE_LOSS_PENDING: states_.on_loss(); return {};
            case XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED: {
                const auto& changed = reinterpret_cast<const XrEventDataSessionStateChanged&>(event);
                if (changed.session != session_.get()) break;
                if (auto done = on_state(changed.state); !done) return done;
                break;
            }
            case XR_TYPE_EVENT_DATA_INTERACTION_PROFILE_CHANGED:
                if (auto asked = actions_.on_profile_changed(session_.get()); !asked) return asked;
                break;
            // The runtime moves the space that world is a handle of, and each frame locates anew; what we added to it is void from then on.
            case XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING: {
                const auto& changed = reinterpret_cast<const XrEventDataReferenceSpaceChangePending&>(event);
                const auto ours = has_stage_ ? XR_REFERENCE_SPACE_TYPE_STAGE : XR_REFERENCE_SPACE_TYPE_LOCAL;
                if (changed.session == session_.get() && changed.referenceSpaceType == ours) recentre_at_ = changed.changeTime;
                break;
            }
            case XR_TYPE_EVENT_DATA_VISIBILITY_MASK_CHANGED_KHR:
                if (auto asked = ask_hidden_mesh(); !asked) return asked;
                break;
            case XR_TYPE_EVENT_DATA_DISPLAY_REFRESH_RATE_CHANGED_FB:
                refresh_hz_ = reinterpret_cast<const XrEventDataDisplayRefreshRateChangedFB&>(event).toDisplayRefreshRate;
                break;
            default: break;
        }
    }
}

Checked<void> OpenXrSession::on_state(XrSessionState state) {
    switch (states_.on_state(state)) {
        case SessionStates::Request::begin: {
            const XrSessionBeginInfo info{XR_TYPE_SESSION_BEGIN_INFO, nullptr, kStereo};
            ACCALMIE_XR(xrBeginSession(session_.get(), &info));
            if (options_.overlap) pacer_.start(session_.get());
            break;
        }
        case SessionStates::Request::end:
            pacer_.stop();
            ACCALMIE_XR(xrEndSession(session_.get()));
            break;
        case SessionStates::Request::none: break;
    }
    return {};
}

Result<Status> OpenXrSession::step_begin(Frame& frame) {
    frame = Frame{};
    frame.views = last_.views;
    frame.world_from_head = last_.world_from_head;
    if (states_.status() == Status::lost || states_.status() == Status::finished) return states_.status();
    auto status = begin_frame(frame);
    if (status) return *status;
    frame.should_render = false;
    if (auto settled = settle(status.error()); !settled) return std::unexpected(settled.error());
    return Status::lost;
}

Checked<XrFrameState> OpenXrSession::wait_frame() {
    if (pacer_.running()) return pacer_.next();
    const XrFrameWaitInfo info{XR_TYPE_FRAME_WAIT_INFO};
    XrFrameState state{XR_TYPE_FRAME_STATE};
    ACCALMIE_XR(xrWaitFrame(session_.get(), &info, &state));
    return state;
}

Checked<Status> OpenXrSession::begin_frame(Frame& frame) {
    if (auto polled = poll_events(); !polled) return std::unexpected(polled.error());
    if (states_.status() != Status::running) {
        if (states_.status() == Status::idle) std::this_thread::sleep_for(kIdlePoll);
        return states_.status();
    }
    auto waited = wait_frame();
    if (!waited) return std::unexpected(waited.error());
    const XrFrameState& state = *waited;
    const XrFrameBeginInfo begin_info{XR_TYPE_FRAME_BEGIN_INFO};
    ACCALMIE_XR(xrBeginFrame(session_.get(), &begin_info));
    if (pacer_.running()) pacer_.begun();
    frame_open_ = true;
    frame_time_ = state.predictedDisplayTime;
    frame.predicted_display_time_ns = state.predictedDisplayTime;
    frame.predicted_period_ns = state.predictedDisplayPeriod;

    if (recentre_at_ && frame_time_ >= *recentre_at_) {
        recentre_at_.reset();
        move_world_ = Pose{};
    }
    if (move_world_) {
        frame.recentred = true;
        if (auto placed = place_world(*std::exchange(move_world_, std::nullopt)); !placed) return std::unexpected(placed.error());
    }
    auto located = locate(frame_time_);
    if (!located) return std::unexpected(located.error());
    frame.tracking = *located ? TrackingState::tracked : TrackingState::lost;
    if (*located) last_ = **located;
    frame.views = last_.views;
    frame.world_from_head = last_.world_from_head;

    auto input = actions_.read(session_.get(), world_.get(), frame_time_, *located ? &last_.world_from_head : nullptr);
    if (!input) return std::unexpected(input.error());
    frame.input = input->input;
    frame.world_from_gaze = input->world_from_gaze;
    auto hands = hands_.there() && input->focused ? hands_.locate(world_.get(), frame_time_) : SeenHands{};
    if (!hands) return std::unexpected(hands.error());
    bare_.take(*hands, *located ? &last_.world_from_head : nullptr, frame.input);

    if (state.shouldRender == XR_TRUE) {
        if (auto acquired = acquire_images(frame); !acquired) return std::unexpected(acquired.error());
    }
    return Status::running;
}

Checked<void> OpenXrSession::acquire_images(Frame& frame) {
    auto image = color_.acquire();
    if (!image) return std::unexpected(image.error());
    frame.should_render = image->has_value();
    frame.image_index = image->value_or(0);
    if (!has_depth_ || !frame.should_render) return {};
    auto depth = depth_.acquire();
    if (!depth) return std::unexpected(depth.error());
    if (*depth) frame.depth_image = depth_.images()[**depth];
    return {};
}

Checked<std::optional<OpenXrSession::Located>> OpenXrSession::locate(XrTime time) const {
    const XrViewLocateInfo info{XR_TYPE_VIEW_LOCATE_INFO, nullptr, kStereo, time, world_.get()};
    XrViewState state{XR_TYPE_VIEW_STATE};
    std::array<XrView, 2> views{{{XR_TYPE_VIEW}, {XR_TYPE_VIEW}}};
    std::uint32_t count = 0;
    ACCALMIE_XR(xrLocateViews(session_.get(), &info, &state, 2, &count, views.data()));
    XrSpaceLocation head{XR_TYPE_SPACE_LOCATION};
    ACCALMIE_XR(xrLocateSpace(view_.get(), world_.get(), time, &head));

    constexpr XrViewStateFlags views_needed = XR_VIEW_STATE_ORIENTATION_VALID_BIT | XR_VIEW_STATE_POSITION_VALID_BIT;
    constexpr XrSpaceLocationFlags head_needed = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
    if (count != 2 || (state.viewStateFlags & views_needed) != views_needed || (head.locationFlags & head_needed) != head_needed)
        return std::nullopt;
    Located located;
    for (std::size_t eye = 0; eye < 2; ++eye) located.views[eye] = {to_pose(views[eye].pose), to_fov(views[eye].fov)};
    located.world_from_head = to_pose(head.pose);
    return located;
}

void OpenXrSession::relocate(Frame& frame) {
    if (!frame_open_ || frame.tracking == TrackingState::lost || states_.status() != Status::running) return;
    auto located = locate(frame_time_);
    if (!located) {
        if (is_lost(located.error().result)) states_.on_loss();
        return;
    }
    if (!*located) return;  // the poses of step_begin still hold for this frame
    last_ = **located;
    frame.views = last_.views;
    frame.world_from_head = last_.world_from_head;
}

Result<std::optional<VkImage>> OpenXrSession::acquire_quad_image() {
    if (states_.status() != Status::running) return std::nullopt;
    auto index = quad_.acquire();
    if (index) return *index ? std::optional(quad_.images()[**index]) : std::nullopt;
    if (auto settled = settle(index.error()); !settled) return std::unexpected(settled.error());
    return std::nullopt;
}

Result<void> OpenXrSession::step_end(const Frame& frame, const Quad& quad) {
    if (!frame_open_ || states_.status() == Status::lost) return {};
    frame_open_ = false;
    if (auto ended = end_frame(frame, quad); !ended) return settle(ended.error());
    return {};
}

Checked<void> OpenXrSession::end_frame(const Frame& frame, const Quad& quad) {
    if (auto released = color_.release(); !released) return released;
    if (auto released = quad_.release(); !released) return released;
    if (auto released = depth_.release(); !released) return released;

    const bool head_locked = frame.tracking == TrackingState::lost;
    const XrSpace space = head_locked ? view_.get() : world_.get();
    const auto place = [&](const Pose& world_from_thing) {
        return to_xr(head_locked ? compose(inverse(frame.world_from_head), world_from_thing) : world_from_thing);
    };

    std::array<XrCompositionLayerProjectionView, 2> eyes{};
    const VkExtent2D drawn = frame.extent.width == 0 || frame.extent.height == 0 ? color_.extent() : frame.extent;
    const XrExtent2Di extent{static_cast<std::int32_t>(drawn.width), static_cast<std::int32_t>(drawn.height)};
    std::array<XrCompositionLayerDepthInfoKHR, 2> depths{};
    for (std::size_t eye = 0; eye < 2; ++eye) {
        eyes[eye] = {XR_TYPE_COMPOSITION_LAYER_PROJECTION_VIEW};
        eyes[eye].pose = place(frame.views[eye].world_from_eye);
        eyes[eye].fov = to_xr(frame.views[eye].fov);
        eyes[eye].subImage = {color_.get(), {{0, 0}, extent}, static_cast<std::uint32_t>(eye)};
        if (frame.depth_image == VK_NULL_HANDLE) continue;
        // Reversed and without an end: depth 0 lies at infinity and 1 at the near plane.
        depths[eye] = {XR_TYPE_COMPOSITION_LAYER_DEPTH_INFO_KHR, nullptr, {depth_.get(), {{0, 0}, extent}, static_cast<std::uint32_t>(eye)}, 0, 1,
                       std::numeric_limits<float>::infinity(), options_.near_m};
        eyes[eye].next = &depths[eye];
    }
    const XrCompositionLayerProjection projection{XR_TYPE_COMPOSITION_LAYER_PROJECTION, nullptr, 0, space, 2, eyes.data()};

    XrCompositionLayerQuad panel{XR_TYPE_COMPOSITION_LAYER_QUAD};
    panel.layerFlags = XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT | XR_COMPOSITION_LAYER_UNPREMULTIPLIED_ALPHA_BIT;
    panel.space = space;
    panel.eyeVisibility = XR_EYE_VISIBILITY_BOTH;
    const XrExtent2Di quad_extent{static_cast<std::int32_t>(quad_.extent().width), static_cast<std::int32_t>(quad_.extent().height)};
    panel.subImage = {quad_.get(), {{0, 0}, quad_extent}, 0};
    panel.pose = place(quad.world_from_quad);
    panel.size = {quad.size_m.x, quad.size_m.y};

    std::array<const XrCompositionLayerBaseHeader*, 2> layers{};
    std::uint32_t count = 0;
    if (frame.should_render) {
        layers[count++] = reinterpret_cast<const XrCompositionLayerBaseHeader*>(&projection);
        if (quad.visible && quad_.ever_released()) layers[count++] = reinterpret_cast<const XrCompositionLayerBaseHeader*>(&panel);
    }
    XrFrameEndInfo info{XR_TYPE_FRAME_END_INFO};
    info.displayTime = frame_time_;
    info.environmentBlendMode = blend_mode_;
    info.layerCount = count;
    info.layers = count > 0 ? layers.data() : nullptr;
    ACCALMIE_XR(xrEndFrame(session_.get(), &info));
    return {};
}

void OpenXrSession::pulse() {
    if (states_.status() != Status::running) return;
    if (auto pulsed = actions_.pulse(session_.get()); !pulsed && is_lost(pulsed.error().result)) states_.on_loss();
}

bool OpenXrSession::recentre() {
    if (states_.status() != Status::running || frame_time_ == 0) return false;
    auto located = locate(frame_time_);
    if (located && *located) {
        const Pose origin = level_origin((*located)->world_from_head);
        move_world_ = compose(plain_from_world_, origin);  // between two frames: this one's poses are of the world as it is
        return true;
    }
    if (!located && is_lost(located.error().result)) states_.on_loss();
    return false;
}

Result<void> OpenXrSession::settle(const XrFailure& failure) {
    if (!is_lost(failure.result)) return std::unexpected(Error(failure));
    states_.on_loss();
    frame_open_ = false;
    return {};
}

void OpenXrSession::shutdown() {
    if (!session_) return;
    pacer_.stop();
    vkDeviceWaitIdle(device_);  // the GPU may still write to images that go now
    foveation_.destroy();
    quad_.destroy();
    color_.destroy();
    depth_.destroy();
    actions_.destroy();
    hands_.destroy();
    view_.reset();
    world_.reset();
    session_.reset();
}

}  // namespace accalmie::xr
