// SPDX-License-Identifier: Apache-2.0
#include "engine/gpu/resources.h"

#include "engine/gpu/check.h"
#include "engine/gpu/vma.h"

namespace accalmie::gpu {

Result<Buffer> Buffer::create(Device& device, VkDeviceSize size, VkBufferUsageFlags usage, Memory memory) {
    const VkBufferCreateInfo info{.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = size > 0 ? size : 4, .usage = usage};
    VmaAllocationCreateInfo allocation{};
    allocation.usage = memory == Memory::device ? VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE : VMA_MEMORY_USAGE_AUTO;
    if (memory == Memory::upload) allocation.flags = VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
    if (memory == Memory::read_back) allocation.flags = VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT;

    Buffer buffer;
    buffer.allocator_ = device.allocator();
    buffer.size_ = info.size;
    VmaAllocationInfo got{};
    ACCALMIE_VK_TRY(device.room_for_one_more());
    ACCALMIE_VK_TRY(vmaCreateBuffer(buffer.allocator_, &info, &allocation, &buffer.handle_, &buffer.allocation_, &got));
    buffer.mapped_ = static_cast<std::byte*>(got.pMappedData);
    return buffer;
}

Buffer::~Buffer() {
    if (handle_ != VK_NULL_HANDLE) vmaDestroyBuffer(allocator_, handle_, allocation_);
}

void Buffer::swap(Buffer& other) noexcept {
    std::swap(allocator_, other.allocator_);
    std::swap(allocation_, other.allocation_);
    std::swap(handle_, other.handle_);
    std::swap(size_, other.size_);
    std::swap(mapped_, other.mapped_);
}

void Buffer::flush() const { vmaFlushAllocation(allocator_, allocation_, 0, VK_WHOLE_SIZE); }
void Buffer::invalidate() const { vmaInvalidateAllocation(allocator_, allocation_, 0, VK_WHOLE_SIZE); }

Result<Image> Image::create(Device& device, const ImageInfo& wanted) {
    const bool depth = wanted.format == VK_FORMAT_D32_SFLOAT;
    VkImageCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
    info.imageType = VK_IMAGE_TYPE_2D;
    info.format = wanted.format;
    info.extent = {wanted.extent.width, wanted.extent.height, 1};
    info.mipLevels = wanted.mips;
    info.arrayLayers = wanted.layers;
    info.samples = static_cast<VkSampleCountFlagBits>(wanted.samples);
    info.usage = wanted.usage | (wanted.transient ? VkImageUsageFlags{VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT} : 0U);

    VmaAllocationCreateInfo allocation{};
    allocation.usage = VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE;
    if (wanted.transient) allocation.preferredFlags = VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT;

    Image image;
    image.allocator_ = device.allocator();
    image.device_ = device.handles().device;
    image.info_ = wanted;
    ACCALMIE_VK_TRY(device.room_for_one_more());
    ACCALMIE_VK_TRY(vmaCreateImage(image.allocator_, &info, &allocation, &image.handle_, &image.allocation_, nullptr));

    VkImageViewCreateInfo view{.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    view.image = image.handle_;
    view.viewType = wanted.layers > 1 ? VK_IMAGE_VIEW_TYPE_2D_ARRAY : VK_IMAGE_VIEW_TYPE_2D;
    view.format = wanted.format;
    view.subresourceRange = {VkImageAspectFlags(depth ? VK_IMAGE_ASPECT_DEPTH_BIT : VK_IMAGE_ASPECT_COLOR_BIT), 0, wanted.mips, 0, wanted.layers};
    ACCALMIE_VK_TRY(vkCreateImageView(image.device_, &view, nullptr, &image.view_));
    if (!wanted.layer_views) return image;
    for (std::uint32_t layer = 0; layer < image.layer_views_.size(); ++layer) {
        view.viewType = VK_IMAGE_VIEW_TYPE_2D;
        view.subresourceRange.baseArrayLayer = layer;
        view.subresourceRange.layerCount = 1;
        ACCALMIE_VK_TRY(vkCreateImageView(image.device_, &view, nullptr, &image.layer_views_[layer]));
    }
    return image;
}

Image::~Image() {
    for (VkImageView view : {view_, layer_views_[0], layer_views_[1]})
        if (view != VK_NULL_HANDLE) vkDestroyImageView(device_, view, nullptr);
    if (handle_ != VK_NULL_HANDLE) vmaDestroyImage(allocator_, handle_, allocation_);
}

void Image::swap(Image& other) noexcept {
    std::swap(allocator_, other.allocator_);
    std::swap(allocation_, other.allocation_);
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    std::swap(view_, other.view_);
    std::swap(layer_views_, other.layer_views_);
    std::swap(info_, other.info_);
}

void image_barrier(VkCommandBuffer commands, VkImage image, const Use& before, const Use& after, VkImageAspectFlags aspect) {
    VkImageMemoryBarrier2 barrier{.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
    barrier.srcStageMask = before.stage;
    barrier.srcAccessMask = before.access;
    barrier.dstStageMask = after.stage;
    barrier.dstAccessMask = after.access;
    barrier.oldLayout = before.layout;
    barrier.newLayout = after.layout;
    barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.image = image;
    barrier.subresourceRange = {aspect, 0, VK_REMAINING_MIP_LEVELS, 0, VK_REMAINING_ARRAY_LAYERS};
    const VkDependencyInfo dependency{.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO, .imageMemoryBarrierCount = 1, .pImageMemoryBarriers = &barrier};
    vkCmdPipelineBarrier2(commands, &dependency);
}

void memory_barrier(VkCommandBuffer commands, const Use& before, const Use& after) {
    const VkMemoryBarrier2 barrier{.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER_2,
                                   .srcStageMask = before.stage, .srcAccessMask = before.access,
                                   .dstStageMask = after.stage, .dstAccessMask = after.access};
    const VkDependencyInfo dependency{.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO, .memoryBarrierCount = 1, .pMemoryBarriers = &barrier};
    vkCmdPipelineBarrier2(commands, &dependency);
}

}  // namespace accalmie::gpu
