// SPDX-License-Identifier: Apache-2.0
// Owns: move-only handles of buffers and images with their memory, and the barriers between their uses.
// Never: tracks layouts or uses: the caller states both, explicitly. Thread: one owner at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/gpu/device.h"

struct VmaAllocation_T;

namespace accalmie::gpu {

enum class Memory : std::uint8_t {
    device,      // the GPU's own
    upload,      // written by the CPU in order, mapped
    read_back,   // read by the CPU, cached and mapped
};

class Buffer {
public:
    static Result<Buffer> create(Device& device, VkDeviceSize size, VkBufferUsageFlags usage, Memory memory);
    Buffer() = default;
    ~Buffer();
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept { swap(other); return *this; }

    VkBuffer handle() const { return handle_; }
    VkDeviceSize size() const { return size_; }
    std::byte* mapped() const { return mapped_; }
    // Memory that is not coherent has to be told; free where it is.
    void flush() const;
    void invalidate() const;

private:
    void swap(Buffer& other) noexcept;
    VmaAllocator_T* allocator_ = nullptr;
    VmaAllocation_T* allocation_ = nullptr;
    VkBuffer handle_ = VK_NULL_HANDLE;
    VkDeviceSize size_ = 0;
    std::byte* mapped_ = nullptr;
};

struct ImageInfo {
    VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
    VkExtent2D extent{1, 1};
    std::uint32_t layers = 1;       // more than one: the view is an array view
    std::uint32_t mips = 1;
    std::uint32_t samples = 1;
    VkImageUsageFlags usage = 0;
    bool transient = false;         // an attachment that never leaves the tile where the GPU has tiles
    bool layer_views = false;       // also a view of each of its two layers
};

class Image {
public:
    static Result<Image> create(Device& device, const ImageInfo& info);
    Image() = default;
    ~Image();
    Image(Image&& other) noexcept { swap(other); }
    Image& operator=(Image&& other) noexcept { swap(other); return *this; }

    VkImage handle() const { return handle_; }
    VkImageView view() const { return view_; }
    VkImageView layer_view(std::size_t layer) const { return layer_views_[layer]; }
    const ImageInfo& info() const { return info_; }

private:
    void swap(Image& other) noexcept;
    VmaAllocator_T* allocator_ = nullptr;
    VmaAllocation_T* allocation_ = nullptr;
    VkDevice device_ = VK_NULL_HANDLE;
    VkImage handle_ = VK_NULL_HANDLE;
    VkImageView view_ = VK_NULL_HANDLE;
    std::array<VkImageView, 2> layer_views_{};
    ImageInfo info_;
};

// One use of an image or a buffer: which stages touch it, how, and in which layout.
struct Use {
    VkPipelineStageFlags2 stage = VK_PIPELINE_STAGE_2_NONE;
    VkAccessFlags2 access = VK_ACCESS_2_NONE;
    VkImageLayout layout = VK_IMAGE_LAYOUT_UNDEFINED;
};

namespace use {
inline constexpr Use nothing{};
inline constexpr Use color_attachment{VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                                      VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
                                      VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
inline constexpr Use depth_attachment{
    VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT,
    VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT,
    VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL};
inline constexpr Use transfer_read{VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, VK_ACCESS_2_TRANSFER_READ_BIT,
                                   VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL};
inline constexpr Use transfer_write{VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                    VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL};
inline constexpr Use sampled{VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                             VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
// An image that comes from outside (a swapchain): whatever used it before has been waited for by its owner.
constexpr Use discard(const Use& before) { return {before.stage, before.access, VK_IMAGE_LAYOUT_UNDEFINED}; }
}  // namespace use

void image_barrier(VkCommandBuffer commands, VkImage image, const Use& before, const Use& after,
                   VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT);
// Everything before is visible to what follows; layouts are ignored.
void memory_barrier(VkCommandBuffer commands, const Use& before, const Use& after);
inline constexpr Use use_host_read{VK_PIPELINE_STAGE_2_HOST_BIT, VK_ACCESS_2_HOST_READ_BIT, VK_IMAGE_LAYOUT_UNDEFINED};

}  // namespace accalmie::gpu
