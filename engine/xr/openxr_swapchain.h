// SPDX-License-Identifier: Apache-2.0
// Owns: one XrSwapchain and the acquire / wait / release order of its images. Never: draws.
// Images are in COLOR_ATTACHMENT_OPTIMAL between acquire and release, as XR_KHR_vulkan_enable2 demands. Thread: the frame thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/xr/openxr_check.h"

namespace accalmie::xr {

class Swapchain {
public:
    Checked<void> create(XrSession session, VkFormat format, VkExtent2D extent, std::uint32_t layers, XrSwapchainUsageFlags usage, const void* more = nullptr);

    // The image to draw into; nullopt while the runtime still reads it (asked again at the next frame). Waits for a bounded time.
    Checked<std::optional<std::uint32_t>> acquire();
    Checked<void> release();
    void destroy();

    XrSwapchain get() const { return handle_.get(); }
    std::span<const VkImage> images() const { return images_; }
    VkExtent2D extent() const { return extent_; }
    bool ever_released() const { return ever_released_; }

private:
    enum class State : std::uint8_t { released, acquired, ready };

    SwapchainHandle handle_;
    std::vector<VkImage> images_;
    VkExtent2D extent_{};
    State state_ = State::released;
    std::uint32_t index_ = 0;
    bool ever_released_ = false;
};

}  // namespace accalmie::xr
