// SPDX-License-Identifier: Apache-2.0
// Owns: the off-screen picture of the console and its ImGui Vulkan back end. Every frame is drawn here first, with or without a window,
// so a saved picture is exactly what the window shows. Never: a window. Thread: one owner. One frame is in flight at most.
#pragma once

#include <cstdint>
#include <vector>

#include <imgui.h>

#include "clinician/console/gpu_device.h"

namespace accalmie::console {

class GpuCanvas {
public:
    explicit GpuCanvas(GpuDevice& gpu) : gpu_(gpu) {}
    ~GpuCanvas();
    GpuCanvas(const GpuCanvas&) = delete;
    GpuCanvas& operator=(const GpuCanvas&) = delete;

    Result<void> open(std::uint32_t width, std::uint32_t height);  // needs a current ImGui context
    Result<void> resize(std::uint32_t width, std::uint32_t height);
    void fonts_changed();                                          // after the atlas was built anew

    // The patient's view: copied when `frame` is new. Null while there is no picture.
    Result<ImTextureID> mirror(std::uint32_t width, std::uint32_t height, std::uint64_t frame, const std::vector<std::uint8_t>* rgba);

    Result<void> draw(ImDrawData* data);   // submits; ends in TRANSFER_SRC_OPTIMAL
    Result<std::vector<std::uint8_t>> read();  // RGBA8 of the last frame, alpha 255

    const GpuImage& image() const { return image_; }
    VkCommandPool pool() const { return pool_; }
    Result<void> wait();

private:
    Result<void> run_and_wait(const auto& record);

    GpuDevice& gpu_;
    VkDescriptorPool descriptors_ = VK_NULL_HANDLE;
    VkRenderPass pass_ = VK_NULL_HANDLE;
    VkFramebuffer framebuffer_ = VK_NULL_HANDLE;
    VkSampler sampler_ = VK_NULL_HANDLE;
    VkCommandPool pool_ = VK_NULL_HANDLE;
    VkCommandBuffer commands_ = VK_NULL_HANDLE, transfer_ = VK_NULL_HANDLE;
    VkFence fence_ = VK_NULL_HANDLE;
    GpuImage image_;
    GpuImage mirror_;
    GpuBuffer mirror_staging_;
    GpuBuffer readback_;
    VkDescriptorSet mirror_set_ = VK_NULL_HANDLE;
    std::uint64_t mirror_frame_ = 0;
    bool imgui_open_ = false;
    bool drawn_ = false;
};

}  // namespace accalmie::console
