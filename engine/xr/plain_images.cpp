// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/plain_images.h"

#include "engine/gpu/check.h"

#include <optional>

namespace accalmie::xr {
namespace {

// Device-local where there is such a type.
std::optional<std::uint32_t> memory_type(VkPhysicalDevice device, std::uint32_t allowed) {
    VkPhysicalDeviceMemoryProperties properties;
    vkGetPhysicalDeviceMemoryProperties(device, &properties);
    std::optional<std::uint32_t> found;
    for (std::uint32_t type = 0; type < properties.memoryTypeCount; ++type) {
        if ((allowed & (1u << type)) == 0) continue;
        if ((properties.memoryTypes[type].propertyFlags & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT) != 0) return type;
        if (!found) found = type;
    }
    return found;
}

}  // namespace

Result<PlainImages> PlainImages::create(const VulkanHandles& handles, const Shape& shape, std::uint32_t count) {
    PlainImages made;
    made.device_ = handles.device;
    for (std::uint32_t i = 0; i < count; ++i)
        if (auto added = made.add(handles, shape); !added) return std::unexpected(added.error());
    if (auto settled = made.settle_layout(handles, shape.layers); !settled) return std::unexpected(settled.error());
    return made;
}

Result<void> PlainImages::add(const VulkanHandles& handles, const Shape& shape) {
    VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
    info.imageType = VK_IMAGE_TYPE_2D;
    info.format = shape.format;
    info.extent = {shape.extent.width, shape.extent.height, 1};
    info.mipLevels = 1;
    info.arrayLayers = shape.layers;
    info.samples = VK_SAMPLE_COUNT_1_BIT;
    info.tiling = VK_IMAGE_TILING_OPTIMAL;
    info.usage = shape.usage;
    VkImage image = VK_NULL_HANDLE;
    ACCALMIE_VK_TRY(vkCreateImage(device_, &info, nullptr, &image));
    images_.push_back(image);

    VkMemoryRequirements needs;
    vkGetImageMemoryRequirements(device_, image, &needs);
    const auto type = memory_type(handles.physical_device, needs.memoryTypeBits);
    if (!type) return std::unexpected(gpu::vulkan_error("a memory type for the pictures", VK_ERROR_OUT_OF_DEVICE_MEMORY));
    const VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, nullptr, needs.size, *type};
    VkDeviceMemory memory = VK_NULL_HANDLE;
    ACCALMIE_VK_TRY(vkAllocateMemory(device_, &allocate, nullptr, &memory));
    memories_.push_back(memory);
    ACCALMIE_VK_TRY(vkBindImageMemory(device_, image, memory, 0));
    return {};
}

Result<void> PlainImages::settle_layout(const VulkanHandles& handles, std::uint32_t layers) const {
    const VkCommandPoolCreateInfo pool_info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, nullptr, VK_COMMAND_POOL_CREATE_TRANSIENT_BIT,
                                            handles.queue_family};
    VkCommandPool pool = VK_NULL_HANDLE;
    ACCALMIE_VK_TRY(vkCreateCommandPool(device_, &pool_info, nullptr, &pool));
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, nullptr, pool, VK_COMMAND_BUFFER_LEVEL_PRIMARY, 1};
    VkCommandBuffer commands = VK_NULL_HANDLE;
    VkResult result = vkAllocateCommandBuffers(device_, &allocate, &commands);
    if (result == VK_SUCCESS) {
        const VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
                                             nullptr};
        vkBeginCommandBuffer(commands, &begin);
        std::vector<VkImageMemoryBarrier> barriers;
        for (VkImage image : images_)
            barriers.push_back({VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER, nullptr, 0, VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT,
                                VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_QUEUE_FAMILY_IGNORED,
                                VK_QUEUE_FAMILY_IGNORED, image, {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, layers}});
        vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT, VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT, 0, 0, nullptr, 0,
                             nullptr, static_cast<std::uint32_t>(barriers.size()), barriers.data());
        result = vkEndCommandBuffer(commands);
    }
    if (result == VK_SUCCESS) {
        VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
        submit.commandBufferCount = 1;
        submit.pCommandBuffers = &commands;
        result = vkQueueSubmit(handles.queue, 1, &submit, VK_NULL_HANDLE);
    }
    if (result == VK_SUCCESS) result = vkQueueWaitIdle(handles.queue);
    vkDestroyCommandPool(device_, pool, nullptr);
    if (result < 0) return std::unexpected(gpu::vulkan_error("the pictures' first layout", result));
    return {};
}

PlainImages::~PlainImages() {
    for (VkImage image : images_) vkDestroyImage(device_, image, nullptr);
    for (VkDeviceMemory memory : memories_) vkFreeMemory(device_, memory, nullptr);
}

}  // namespace accalmie::xr
