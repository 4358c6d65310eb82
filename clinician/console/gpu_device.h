// SPDX-License-Identifier: Apache-2.0
// Owns: the console's own Vulkan device. It is apart from the player's (another process), and unlike engine/gpu's it can carry a window's
// surface. Never: draws. Thread: one owner. Errors: no driver, no device that can show the window.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/error.h"

namespace accalmie::console {

Result<void> check(VkResult result, const char* call);

struct GpuImage {
    VkImage image = VK_NULL_HANDLE;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    VkImageView view = VK_NULL_HANDLE;
    std::uint32_t width = 0, height = 0;
};
struct GpuBuffer {  // host-visible, mapped for life
    VkBuffer buffer = VK_NULL_HANDLE;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    std::uint8_t* data = nullptr;
    std::size_t bytes = 0;
};

class GpuDevice {  // move-only
public:
    // The instance comes first, because a window's surface is made from it and decides the device.
    static Result<GpuDevice> make_instance(std::span<const char* const> extensions);
    Result<void> choose(VkSurfaceKHR surface);  // VK_NULL_HANDLE: no window

    GpuDevice(GpuDevice&& other) noexcept;
    GpuDevice& operator=(GpuDevice&&) = delete;
    ~GpuDevice();

    VkInstance instance() const { return instance_; }
    VkPhysicalDevice physical() const { return physical_; }
    VkDevice device() const { return device_; }
    VkQueue queue() const { return queue_; }
    std::uint32_t family() const { return family_; }
    const std::string& name() const { return name_; }

    Result<GpuImage> make_image(std::uint32_t width, std::uint32_t height, VkImageUsageFlags usage) const;  // RGBA8
    Result<GpuBuffer> make_buffer(std::size_t bytes, VkBufferUsageFlags usage) const;
    void destroy(GpuImage& image) const;
    void destroy(GpuBuffer& buffer) const;

private:
    GpuDevice() = default;
    Result<std::uint32_t> memory_type(std::uint32_t allowed, VkMemoryPropertyFlags wanted) const;

    VkInstance instance_ = VK_NULL_HANDLE;
    VkPhysicalDevice physical_ = VK_NULL_HANDLE;
    VkDevice device_ = VK_NULL_HANDLE;
    VkQueue queue_ = VK_NULL_HANDLE;
    std::uint32_t family_ = 0;
    std::string name_;
};

void barrier(VkCommandBuffer commands, VkImage image, VkImageLayout from, VkImageLayout to);  // waits for all before, holds all after

}  // namespace accalmie::console
