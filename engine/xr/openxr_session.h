// SPDX-License-Identifier: Apache-2.0
// Owns: one OpenXR session: spaces, swapchains, actions and the frame loop with predicted display time.
// Never: draws, or spins: an idle runtime costs 100 polls a second. A loss at any call becomes Status::lost and every later call
// does nothing. While tracking is lost the layers are submitted in VIEW space, so that the picture stays with the head.
// Thread: the frame thread. Metres; nanoseconds of the runtime's clock.
#pragma once

#include "engine/xr/frame_pacer.h"
#include "engine/xr/openxr_actions.h"
#include "engine/xr/openxr_check.h"
#include "engine/xr/openxr_foveation.h"
#include "engine/xr/openxr_hands.h"
#include "engine/xr/openxr_instance.h"
#include "engine/xr/openxr_state.h"
#include "engine/xr/openxr_swapchain.h"

namespace accalmie::xr {

inline constexpr XrViewConfigurationType kStereo = XR_VIEW_CONFIGURATION_TYPE_PRIMARY_STEREO;

class OpenXrSession final : public Session {
public:
    OpenXrSession(std::unique_ptr<OpenXrInstance> instance, const Options& options);
    ~OpenXrSession() override { shutdown(); }

    VulkanMaker& vulkan() override { return *instance_; }
    Result<void> init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) override;
    VkFormat color_format() const override { return format_; }
    VkExtent2D eye_extent() const override { return color_.extent(); }
    std::span<const VkImage> color_images() const override { return color_.images(); }
    std::string runtime_name() const override { return instance_->runtime_name(); }
    Result<Status> step_begin(Frame& frame) override;
    void relocate(Frame& frame) override;
    std::optional<std::int64_t> runtime_now_ns() const override { return instance_->now(); }
    Result<std::optional<VkImage>> acquire_quad_image() override;
    Result<void> step_end(const Frame& frame, const Quad& quad) override;
    void pulse() override;
    bool recentre() override;
    const HiddenMesh* new_hidden_mesh() override { return std::exchange(hidden_is_new_, false) ? &hidden_ : nullptr; }
    std::string features() const override;
    void shutdown() override;

private:
    struct Located {
        std::array<View, 2> views;
        Pose world_from_head;
    };

    Checked<void> open(const VulkanHandles& handles, VkExtent2D quad_extent);
    Checked<VkExtent2D> choose_extent() const;
    Checked<void> choose_blend_mode();
    Checked<std::int64_t> choose_format();
    Checked<void> ask_refresh_rate();
    Checked<void> ask_hidden_mesh();
    Checked<void> create_spaces();
    Checked<void> place_world(const Pose& on_plain);
    Checked<void> acquire_images(Frame& frame);

    Checked<void> poll_events();
    Checked<void> on_state(XrSessionState state);
    Checked<XrFrameState> wait_frame();
    Checked<Status> begin_frame(Frame& frame);
    Checked<std::optional<Located>> locate(XrTime time) const;  // nullopt: tracking is lost
    Checked<void> end_frame(const Frame& frame, const Quad& quad);
    // A loss is remembered and swallowed; anything else goes up.
    Result<void> settle(const XrFailure& failure);

    std::unique_ptr<OpenXrInstance> instance_;
    Options options_;
    SessionHandle session_;
    SpaceHandle world_, view_;
    Swapchain color_, quad_, depth_;
    Foveation foveation_;
    bool has_depth_ = false;
    bool has_stage_ = false;
    Pose plain_from_world_;  // what the clinician's recentring added to the runtime's own origin
    std::optional<Pose> move_world_;       // before the next frame
    std::optional<XrTime> recentre_at_;
    std::optional<float> refresh_hz_;
    HiddenMesh hidden_;
    bool hidden_is_new_ = false;
    Actions actions_;
    HandTrackers hands_;
    BareHands bare_;
    SessionStates states_;
    FramePacer pacer_;
    XrEnvironmentBlendMode blend_mode_ = XR_ENVIRONMENT_BLEND_MODE_OPAQUE;
    VkFormat format_ = VK_FORMAT_UNDEFINED;
    VkDevice device_ = VK_NULL_HANDLE;
    XrTime frame_time_ = 0;
    bool frame_open_ = false;
    Located last_{};  // what a frame without tracking shows
};

}  // namespace accalmie::xr
