// SPDX-License-Identifier: Apache-2.0
#include "headset.h"

#include "engine/gpu/resources.h"

#include <cstring>

namespace accalmie::test {
Painter::Painter(const xr::VulkanHandles& handles) : handles_(handles) {
    const VkCommandPoolCreateInfo info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, nullptr, 0, handles.queue_family};
    REQUIRE(vkCreateCommandPool(handles.device, &info, nullptr, &pool_) == VK_SUCCESS);
}

Painter::~Painter() { vkDestroyCommandPool(handles_.device, pool_, nullptr); }

void Painter::submit(const std::function<void(VkCommandBuffer)>& record) {
    REQUIRE(vkResetCommandPool(handles_.device, pool_, 0) == VK_SUCCESS);
    const VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, nullptr, pool_, VK_COMMAND_BUFFER_LEVEL_PRIMARY, 1};
    VkCommandBuffer commands = VK_NULL_HANDLE;
    REQUIRE(vkAllocateCommandBuffers(handles_.device, &allocate, &commands) == VK_SUCCESS);
    const VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
    REQUIRE(vkBeginCommandBuffer(commands, &begin) == VK_SUCCESS);
    record(commands);
    REQUIRE(vkEndCommandBuffer(commands) == VK_SUCCESS);
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &commands;
    REQUIRE(vkQueueSubmit(handles_.queue, 1, &submit, VK_NULL_HANDLE) == VK_SUCCESS);
    REQUIRE(vkQueueWaitIdle(handles_.queue) == VK_SUCCESS);
    vkFreeCommandBuffers(handles_.device, pool_, 1, &commands);
}

void Painter::clear_eyes(VkImage image, VkFormat format, VkExtent2D extent, float red, float green, float blue) {
    VkImageViewCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    info.image = image;
    info.viewType = VK_IMAGE_VIEW_TYPE_2D_ARRAY;
    info.format = format;
    info.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 2};
    VkImageView view = VK_NULL_HANDLE;
    REQUIRE(vkCreateImageView(handles_.device, &info, nullptr, &view) == VK_SUCCESS);
    submit([&](VkCommandBuffer commands) {
        // Kept in the layout that it came in, so that a session which hands it out in another one is caught by validation.
        VkRenderingAttachmentInfo color{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
        color.imageView = view;
        color.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
        color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
        color.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
        color.clearValue.color = {{red, green, blue, 1}};
        VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO};
        rendering.renderArea.extent = extent;
        rendering.layerCount = 2;
        rendering.colorAttachmentCount = 1;
        rendering.pColorAttachments = &color;
        vkCmdBeginRendering(commands, &rendering);
        vkCmdEndRendering(commands);
    });
    vkDestroyImageView(handles_.device, view, nullptr);
}

void Painter::clear_quad(VkImage image) {
    submit([&](VkCommandBuffer commands) {
        gpu::image_barrier(commands, image, gpu::use::color_attachment, gpu::use::transfer_write);
        const VkClearColorValue color{{0.8f, 0.8f, 0.7f, 1}};
        const VkImageSubresourceRange all{VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
        vkCmdClearColorImage(commands, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, &color, 1, &all);
        gpu::image_barrier(commands, image, gpu::use::transfer_write, gpu::use::color_attachment);
    });
}

std::array<std::uint8_t, 4> Painter::pixel(VkImage image, std::uint32_t layer, std::int32_t x, std::int32_t y) {
    VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    info.size = 4;
    info.usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    VkBuffer buffer = VK_NULL_HANDLE;
    REQUIRE(vkCreateBuffer(handles_.device, &info, nullptr, &buffer) == VK_SUCCESS);
    VkMemoryRequirements needs;
    vkGetBufferMemoryRequirements(handles_.device, buffer, &needs);
    VkPhysicalDeviceMemoryProperties properties;
    vkGetPhysicalDeviceMemoryProperties(handles_.physical_device, &properties);
    constexpr VkMemoryPropertyFlags visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    std::uint32_t type = 0;
    while ((needs.memoryTypeBits & (1u << type)) == 0 || (properties.memoryTypes[type].propertyFlags & visible) != visible) ++type;
    const VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, nullptr, needs.size, type};
    VkDeviceMemory memory = VK_NULL_HANDLE;
    REQUIRE(vkAllocateMemory(handles_.device, &allocate, nullptr, &memory) == VK_SUCCESS);
    REQUIRE(vkBindBufferMemory(handles_.device, buffer, memory, 0) == VK_SUCCESS);
    submit([&](VkCommandBuffer commands) {
        gpu::image_barrier(commands, image, gpu::use::color_attachment, gpu::use::transfer_read);
        VkBufferImageCopy copy{};
        copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, layer, 1};
        copy.imageOffset = {x, y, 0};
        copy.imageExtent = {1, 1, 1};
        vkCmdCopyImageToBuffer(commands, image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, buffer, 1, &copy);
        gpu::image_barrier(commands, image, gpu::use::transfer_read, gpu::use::color_attachment);
    });
    std::array<std::uint8_t, 4> bytes{};
    void* map = nullptr;
    REQUIRE(vkMapMemory(handles_.device, memory, 0, 4, 0, &map) == VK_SUCCESS);
    std::memcpy(bytes.data(), map, bytes.size());
    vkDestroyBuffer(handles_.device, buffer, nullptr);
    vkFreeMemory(handles_.device, memory, nullptr);
    return bytes;
}

Headset::Headset(std::unique_ptr<xr::Session> session) : session_(std::move(session)) {
    auto device = gpu::Device::create(session_->vulkan(), {.validation = true});
    if (!device) FAIL(describe(device.error()));
    device_ = std::move(*device);
    if (auto opened = session_->init(device_->handles(), kQuadWidth, kQuadHeight); !opened) FAIL(describe(opened.error()));
    painter_ = std::make_unique<Painter>(device_->handles());
}

Headset::~Headset() {
    session_->shutdown();
    CHECK(device_->validation_messages() == 0);
    painter_.reset();
    device_.reset();
}

xr::Status Headset::step() {
    auto begun = session_->step_begin(frame);
    if (!begun) {
        error = describe(begun.error());
        return status = xr::Status::lost;
    }
    status = *begun;
    if (status != xr::Status::running) return status;
    if (frame.should_render) {
        if (!quad_drawn) {
            auto image = session_->acquire_quad_image();
            if (!image) FAIL(describe(image.error()));
            if (*image) {
                painter_->clear_quad(**image);
                quad_drawn = true;
            }
        }
        session_->relocate(frame);
        painter_->clear_eyes(session_->color_images()[frame.image_index], session_->color_format(), session_->eye_extent(), 0.2f, 0.4f, 0.6f);
        ++rendered;
    }
    if (auto ended = session_->step_end(frame, quad); !ended) error = describe(ended.error());
    return status;
}

bool Headset::step_until(const std::function<bool()>& condition, std::chrono::milliseconds within) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < deadline) {
        step();
        if (condition()) return true;
    }
    return false;
}

bool Headset::step_frames(int count) {
    const int wanted = rendered + count;
    return step_until([&] { return rendered >= wanted; });
}

std::unique_ptr<Headset> openxr_headset(const xr::Options& options) {
    auto session = xr::make_openxr_session(options);
    if (!session) FAIL(describe(session.error()));
    return std::make_unique<Headset>(std::move(*session));
}

}  // namespace accalmie::test
