// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/window_presenter.h"

#include "engine/gpu/check.h"
#include "engine/gpu/resources.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace accalmie::xr {
namespace {

// Around what the window system does with an image: its semaphores order it, whatever the stage.
constexpr gpu::Use kAcquired{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE, VK_IMAGE_LAYOUT_UNDEFINED};
constexpr gpu::Use kPresented{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE, VK_IMAGE_LAYOUT_PRESENT_SRC_KHR};

void blit(VkCommandBuffer commands, VkImage source, const PixelRect& from, VkImage target, const PixelRect& to) {
    VkImageBlit region{};
    region.srcSubresource = region.dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    region.srcOffsets[0] = {from.left, from.top, 0};
    region.srcOffsets[1] = {from.right, from.bottom, 1};
    region.dstOffsets[0] = {to.left, to.top, 0};
    region.dstOffsets[1] = {to.right, to.bottom, 1};
    vkCmdBlitImage(commands, source, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, target, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region,
                   VK_FILTER_LINEAR);
}

PixelRect whole(VkExtent2D extent) { return {0, 0, static_cast<std::int32_t>(extent.width), static_cast<std::int32_t>(extent.height)}; }

// A rectangle of the eye's picture, where the picture lies in the window.
PixelRect in_window(const PixelRect& rect, VkExtent2D eye, const PixelRect& shown) {
    const auto across = [&](std::int32_t x) { return shown.left + static_cast<std::int32_t>(std::int64_t{x} * (shown.right - shown.left) / eye.width); };
    const auto down = [&](std::int32_t y) { return shown.top + static_cast<std::int32_t>(std::int64_t{y} * (shown.bottom - shown.top) / eye.height); };
    return {across(rect.left), down(rect.top), across(rect.right), down(rect.bottom)};
}

// The first sRGB format, so that a blit keeps the picture's tones.
VkSurfaceFormatKHR choose_format(const std::vector<VkSurfaceFormatKHR>& formats) {
    for (const auto& format : formats)
        if (format.format == VK_FORMAT_B8G8R8A8_SRGB || format.format == VK_FORMAT_R8G8B8A8_SRGB) return format;
    return formats.front();
}

}  // namespace

PixelRect fit(VkExtent2D picture, VkExtent2D window) {
    const double scale = std::min(static_cast<double>(window.width) / picture.width, static_cast<double>(window.height) / picture.height);
    const auto width = static_cast<std::int32_t>(std::lround(picture.width * scale));
    const auto height = static_cast<std::int32_t>(std::lround(picture.height * scale));
    const std::int32_t left = (static_cast<std::int32_t>(window.width) - width) / 2, top = (static_cast<std::int32_t>(window.height) - height) / 2;
    return {left, top, left + width, top + height};
}

Result<WindowPresenter> WindowPresenter::create(const VulkanHandles& handles, VkSurfaceKHR surface, VkExtent2D window) {
    WindowPresenter made;
    made.handles_ = handles;
    made.surface_ = surface;
    VkBool32 supported = VK_FALSE;
    ACCALMIE_VK_TRY(vkGetPhysicalDeviceSurfaceSupportKHR(handles.physical_device, handles.queue_family, surface, &supported));
    if (supported != VK_TRUE)
        return std::unexpected(Error{.message = "the graphics device cannot show pictures in a window", .hint = "check the display's driver, or use --xr offscreen"});
    ACCALMIE_TRY(made.make_turns());
    ACCALMIE_TRY(made.make_swapchain(window));
    return made;
}

Result<void> WindowPresenter::make_turns() {
    const VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, nullptr, VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                       handles_.queue_family};
    ACCALMIE_VK_TRY(vkCreateCommandPool(handles_.device, &pool, nullptr, &pool_));
    for (Turn& turn : turns_) {
        const VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, nullptr, pool_, VK_COMMAND_BUFFER_LEVEL_PRIMARY, 1};
        const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, nullptr, 0};
        const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, VK_FENCE_CREATE_SIGNALED_BIT};
        ACCALMIE_VK_TRY(vkAllocateCommandBuffers(handles_.device, &allocate, &turn.commands));
        ACCALMIE_VK_TRY(vkCreateSemaphore(handles_.device, &semaphore, nullptr, &turn.acquired));
        ACCALMIE_VK_TRY(vkCreateFence(handles_.device, &fence, nullptr, &turn.done));
    }
    return {};
}

Result<void> WindowPresenter::make_swapchain(VkExtent2D window) {
    VkSurfaceCapabilitiesKHR can{};
    ACCALMIE_VK_TRY(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(handles_.physical_device, surface_, &can));
    if ((can.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_DST_BIT) == 0)
        return std::unexpected(Error{.message = "this window's surface takes no blit", .hint = "update the graphics driver"});
    std::uint32_t count = 0;
    ACCALMIE_VK_TRY(vkGetPhysicalDeviceSurfaceFormatsKHR(handles_.physical_device, surface_, &count, nullptr));
    std::vector<VkSurfaceFormatKHR> formats(count);
    ACCALMIE_VK_TRY(vkGetPhysicalDeviceSurfaceFormatsKHR(handles_.physical_device, surface_, &count, formats.data()));
    if (formats.empty()) return std::unexpected(Error{.message = "this window's surface has no format", .hint = "update the graphics driver"});
    const VkSurfaceFormatKHR format = choose_format(formats);

    const bool window_decides = can.currentExtent.width == ~0u;
    extent_ = window_decides ? window : can.currentExtent;
    if (extent_.width == 0 || extent_.height == 0) return {};  // minimised
    VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
    info.surface = surface_;
    info.minImageCount = std::max(can.minImageCount, can.maxImageCount == 0 ? 3u : std::min(3u, can.maxImageCount));
    info.imageFormat = format.format;
    info.imageColorSpace = format.colorSpace;
    info.imageExtent = extent_;
    info.imageArrayLayers = 1;
    info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    info.preTransform = can.currentTransform;
    info.compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR;
    info.presentMode = VK_PRESENT_MODE_FIFO_KHR;
    info.clipped = VK_TRUE;
    ACCALMIE_VK_TRY(vkCreateSwapchainKHR(handles_.device, &info, nullptr, &swapchain_));
    ACCALMIE_VK_TRY(vkGetSwapchainImagesKHR(handles_.device, swapchain_, &count, nullptr));
    images_.resize(count);
    ACCALMIE_VK_TRY(vkGetSwapchainImagesKHR(handles_.device, swapchain_, &count, images_.data()));
    drawn_.assign(count, VK_NULL_HANDLE);
    for (VkSemaphore& semaphore : drawn_) {
        const VkSemaphoreCreateInfo semaphore_info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, nullptr, 0};
        ACCALMIE_VK_TRY(vkCreateSemaphore(handles_.device, &semaphore_info, nullptr, &semaphore));
    }
    return {};
}

Result<void> WindowPresenter::present(VkImage eyes, VkExtent2D eye, const std::optional<Panel>& panel, VkExtent2D window) {
    if (swapchain_ == VK_NULL_HANDLE) {
        ACCALMIE_TRY(make_swapchain(window));
        if (swapchain_ == VK_NULL_HANDLE) return {};
    }
    Turn& turn = turns_[turn_];
    turn_ = (turn_ + 1) % kInFlight;
    ACCALMIE_VK_TRY(vkWaitForFences(handles_.device, 1, &turn.done, VK_TRUE, ~0ull));
    std::uint32_t index = 0;
    const VkResult acquired = vkAcquireNextImageKHR(handles_.device, swapchain_, ~0ull, turn.acquired, VK_NULL_HANDLE, &index);
    if (acquired == VK_ERROR_OUT_OF_DATE_KHR) {  // the window has another size now; the next frame is shown
        drop_swapchain();
        return {};
    }
    if (acquired < 0) return std::unexpected(gpu::vulkan_error("vkAcquireNextImageKHR", acquired));
    ACCALMIE_VK_TRY(vkResetFences(handles_.device, 1, &turn.done));

    const VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
    ACCALMIE_VK_TRY(vkBeginCommandBuffer(turn.commands, &begin));
    record(turn.commands, images_[index], eyes, eye, panel);
    ACCALMIE_VK_TRY(vkEndCommandBuffer(turn.commands));

    const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.waitSemaphoreCount = 1;
    submit.pWaitSemaphores = &turn.acquired;
    submit.pWaitDstStageMask = &stage;
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &turn.commands;
    submit.signalSemaphoreCount = 1;
    submit.pSignalSemaphores = &drawn_[index];
    ACCALMIE_VK_TRY(vkQueueSubmit(handles_.queue, 1, &submit, turn.done));
    VkPresentInfoKHR present{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
    present.waitSemaphoreCount = 1;
    present.pWaitSemaphores = &drawn_[index];
    present.swapchainCount = 1;
    present.pSwapchains = &swapchain_;
    present.pImageIndices = &index;
    const VkResult presented = vkQueuePresentKHR(handles_.queue, &present);
    if (presented == VK_ERROR_OUT_OF_DATE_KHR || presented == VK_SUBOPTIMAL_KHR) drop_swapchain();
    else if (presented < 0) return std::unexpected(gpu::vulkan_error("vkQueuePresentKHR", presented));
    return {};
}

void WindowPresenter::record(VkCommandBuffer commands, VkImage target, VkImage eyes, VkExtent2D eye, const std::optional<Panel>& panel) const {
    const PixelRect shown = fit(eye, extent_);
    gpu::image_barrier(commands, target, kAcquired, gpu::use::transfer_write);
    const VkClearColorValue black{{0, 0, 0, 1}};
    const VkImageSubresourceRange all{VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    vkCmdClearColorImage(commands, target, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, &black, 1, &all);
    const auto paste = [&](VkImage image, const PixelRect& from, const PixelRect& to) {
        gpu::image_barrier(commands, image, gpu::use::color_attachment, gpu::use::transfer_read);
        gpu::image_barrier(commands, target, gpu::use::transfer_write, gpu::use::transfer_write);
        blit(commands, image, from, target, to);
        gpu::image_barrier(commands, image, gpu::use::transfer_read, gpu::use::color_attachment);
    };
    paste(eyes, whole(eye), shown);
    if (panel) {
        const PixelRect to = in_window(panel->to, eye, shown);
        if (!to.empty()) paste(panel->image, panel->from, to);
    }
    gpu::image_barrier(commands, target, gpu::use::transfer_write, kPresented);
}

void WindowPresenter::drop_swapchain() {
    if (swapchain_ == VK_NULL_HANDLE) return;
    vkQueueWaitIdle(handles_.queue);
    for (VkSemaphore semaphore : drawn_) vkDestroySemaphore(handles_.device, semaphore, nullptr);
    drawn_.clear();
    images_.clear();
    vkDestroySwapchainKHR(handles_.device, std::exchange(swapchain_, VK_NULL_HANDLE), nullptr);
}

void WindowPresenter::swap(WindowPresenter& other) noexcept {
    std::swap(handles_, other.handles_);
    std::swap(surface_, other.surface_);
    std::swap(swapchain_, other.swapchain_);
    std::swap(extent_, other.extent_);
    std::swap(images_, other.images_);
    std::swap(drawn_, other.drawn_);
    std::swap(pool_, other.pool_);
    std::swap(turns_, other.turns_);
    std::swap(turn_, other.turn_);
}

WindowPresenter::~WindowPresenter() {
    drop_swapchain();
    for (const Turn& turn : turns_) {
        if (turn.acquired != VK_NULL_HANDLE) vkDestroySemaphore(handles_.device, turn.acquired, nullptr);
        if (turn.done != VK_NULL_HANDLE) vkDestroyFence(handles_.device, turn.done, nullptr);
    }
    if (pool_ != VK_NULL_HANDLE) vkDestroyCommandPool(handles_.device, pool_, nullptr);
    if (surface_ != VK_NULL_HANDLE) vkDestroySurfaceKHR(handles_.instance, surface_, nullptr);
}

}  // namespace accalmie::xr
