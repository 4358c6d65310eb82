// SPDX-License-Identifier: Apache-2.0
// The off-screen session: plain images in place of a runtime's swapchains, hands and head from SimulatedInput, no pacing.
// Images are handed out in COLOR_ATTACHMENT_OPTIMAL, as the OpenXR session's are, so that the frame code is one.
#include <array>
#include <chrono>

#include "engine/gpu/device.h"
#include "engine/xr/plain_images.h"
#include "engine/xr/pose_math.h"
#include "engine/xr/session.h"

namespace accalmie::xr {
namespace {

constexpr float kIpd_m = 0.063f;
constexpr std::uint32_t kPictures = 2;  // two frames in flight; nobody is shown a third
constexpr std::uint32_t kPanels = 3;    // two frames in flight may look at two, while a third is painted
constexpr std::int64_t kPeriod_ns = 1'000'000'000 / 90;
constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_SRGB;

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class OffScreenSession final : public Session {
public:
    OffScreenSession(const Options& options, const SimulatedInput* simulated)
        : maker_(gpu::make_plain_vulkan()),
          simulated_(simulated),
          extent_{options.width != 0 ? options.width : 1024, options.height != 0 ? options.height : 1024},
          fov_(symmetric_fov(options.off_screen_fov_degrees, extent_.width, extent_.height)) {}
    ~OffScreenSession() override { shutdown(); }

    VulkanMaker& vulkan() override { return *maker_; }

    Result<void> init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) override {
        constexpr VkImageUsageFlags drawn = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
        constexpr VkImageUsageFlags painted = drawn | VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_SAMPLED_BIT;
        auto color = PlainImages::create(handles, {kFormat, extent_, 2, drawn}, kPictures);
        if (!color) return std::unexpected(color.error());
        auto quad = PlainImages::create(handles, {kFormat, {quad_width, quad_height}, 1, painted}, kPanels);
        if (!quad) return std::unexpected(quad.error());
        device_ = handles.device;
        color_ = std::move(*color);
        quad_ = std::move(*quad);
        return {};
    }

    VkFormat color_format() const override { return kFormat; }
    VkExtent2D eye_extent() const override { return extent_; }
    std::span<const VkImage> color_images() const override { return color_.images(); }
    std::string runtime_name() const override { return "off-screen"; }

    Result<Status> step_begin(Frame& frame) override {
        const SimulatedInput& hands = simulated_ != nullptr ? *simulated_ : resting_;
        frame = Frame{};
        frame.should_render = true;
        frame.predicted_display_time_ns = now_ns() + kPeriod_ns;
        frame.predicted_period_ns = kPeriod_ns;
        frame.world_from_head = hands.world_from_head;
        frame.views = eyes_of_head(hands.world_from_head, kIpd_m, fov_);
        frame.input = hands.input;
        if (frame.input.aim_is_head) {
            frame.input.aim_valid = true;
            frame.input.world_from_aim = hands.world_from_head;
        }
        frame.image_index = next_color_;
        return Status::running;
    }

    void relocate(Frame&) override {}  // a simulated head does not move within a frame

    Result<std::optional<VkImage>> acquire_quad_image() override {
        quad_held_ = true;
        return quad_.images()[next_quad_];
    }

    Result<void> step_end(const Frame&, const Quad&) override {
        next_color_ = (next_color_ + 1) % kPictures;
        if (quad_held_) next_quad_ = (next_quad_ + 1) % kPanels;
        quad_held_ = false;
        return {};
    }

    void shutdown() override {
        if (device_ == VK_NULL_HANDLE) return;
        vkDeviceWaitIdle(device_);
        color_ = {};
        quad_ = {};
        device_ = VK_NULL_HANDLE;
    }

private:
    std::unique_ptr<VulkanMaker> maker_;
    const SimulatedInput* simulated_;
    SimulatedInput resting_;
    VkExtent2D extent_;
    Fov fov_;
    VkDevice device_ = VK_NULL_HANDLE;
    PlainImages color_, quad_;
    std::uint32_t next_color_ = 0, next_quad_ = 0;
    bool quad_held_ = false;
};

}  // namespace

Result<std::unique_ptr<Session>> make_off_screen_session(const Options& options, const SimulatedInput* simulated) {
    return std::make_unique<OffScreenSession>(options, simulated);
}

}  // namespace accalmie::xr
