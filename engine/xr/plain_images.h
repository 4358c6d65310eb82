// SPDX-License-Identifier: Apache-2.0
// Owns: a ring of plain colour images with their memory, in place of a runtime's swapchain. Never: draws.
// They begin in COLOR_ATTACHMENT_OPTIMAL. The device outlives them. Thread: the frame thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/error.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

class PlainImages {
public:
    struct Shape {
        VkFormat format = VK_FORMAT_R8G8B8A8_SRGB;
        VkExtent2D extent{};
        std::uint32_t layers = 1;
        VkImageUsageFlags usage = 0;
    };
    static Result<PlainImages> create(const VulkanHandles& handles, const Shape& shape, std::uint32_t count);

    PlainImages() = default;
    PlainImages(PlainImages&& other) noexcept { swap(other); }
    PlainImages& operator=(PlainImages&& other) noexcept {
        PlainImages gone;
        gone.swap(*this);
        swap(other);
        return *this;
    }
    ~PlainImages();

    std::span<const VkImage> images() const { return images_; }

private:
    void swap(PlainImages& other) noexcept {
        std::swap(device_, other.device_);
        images_.swap(other.images_);
        memories_.swap(other.memories_);
    }
    Result<void> add(const VulkanHandles& handles, const Shape& shape);
    Result<void> settle_layout(const VulkanHandles& handles, std::uint32_t layers) const;

    VkDevice device_ = VK_NULL_HANDLE;
    std::vector<VkImage> images_;
    std::vector<VkDeviceMemory> memories_;
};

}  // namespace accalmie::xr
