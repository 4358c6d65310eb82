// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/gpu_window.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include <SDL.h>
#include <SDL_vulkan.h>

namespace accalmie::console {

Result<void> GpuWindow::open(const char* title, int width, int height) {
    SDL_SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "0");  // closing asks first; a signal does not
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    video_ = SDL_Init(SDL_INIT_VIDEO) == 0;
    const char* driver = video_ ? SDL_GetCurrentVideoDriver() : nullptr;
    // SDL falls back to drivers that show nothing to anybody.
    if (!driver || std::string_view(driver) == "offscreen" || std::string_view(driver) == "dummy")
        return std::unexpected(Error{std::string("there is no display for the console") + (video_ ? "" : std::string(": ") + SDL_GetError()),
                                     "start it in a desktop session (DISPLAY or WAYLAND_DISPLAY set); a rehearsal also runs without: --auto --no-window"});
    window_ = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height,
                               SDL_WINDOW_VULKAN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window_)
        return std::unexpected(Error{std::string("the console's window does not open: ") + SDL_GetError(),
                                     "check the graphics driver (apt-get install mesa-vulkan-drivers), or use --no-window"});
    SDL_SetWindowMinimumSize(window_, 960, 540);
    return {};
}

std::vector<const char*> GpuWindow::instance_extensions() const {
    unsigned count = 0;
    if (!SDL_Vulkan_GetInstanceExtensions(window_, &count, nullptr)) return {};
    std::vector<const char*> names(count);
    if (!SDL_Vulkan_GetInstanceExtensions(window_, &count, names.data())) return {};
    return names;
}

Result<void> GpuWindow::attach(GpuDevice& gpu) {
    if (!SDL_Vulkan_CreateSurface(window_, gpu.instance(), &surface_))
        return std::unexpected(Error{std::string("the window cannot be drawn to with Vulkan: ") + SDL_GetError(), "update the graphics driver, or use --no-window"});
    gpu_ = &gpu;
    if (auto chosen = gpu.choose(surface_); !chosen) return chosen;
    VkDevice device = gpu.device();
    VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    pool.queueFamilyIndex = gpu.family();
    if (auto made = check(vkCreateCommandPool(device, &pool, nullptr, &pool_), "vkCreateCommandPool"); !made) return made;
    VkCommandBufferAllocateInfo buffer{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    buffer.commandPool = pool_;
    buffer.commandBufferCount = 1;
    if (auto made = check(vkAllocateCommandBuffers(device, &buffer, &commands_), "vkAllocateCommandBuffers"); !made) return made;
    const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, VK_FENCE_CREATE_SIGNALED_BIT};
    if (auto made = check(vkCreateFence(device, &fence, nullptr, &fence_), "vkCreateFence"); !made) return made;
    const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    if (auto made = check(vkCreateSemaphore(device, &semaphore, nullptr, &acquired_), "vkCreateSemaphore"); !made) return made;
    return make_swapchain();
}

Result<void> GpuWindow::show_size(std::uint32_t& width, std::uint32_t& height) const {
    int w = 0, h = 0;
    SDL_Vulkan_GetDrawableSize(window_, &w, &h);
    width = static_cast<std::uint32_t>(std::max(w, 0));
    height = static_cast<std::uint32_t>(std::max(h, 0));
    return {};
}

bool GpuWindow::minimised() const { return (SDL_GetWindowFlags(window_) & (SDL_WINDOW_MINIMIZED | SDL_WINDOW_HIDDEN)) != 0; }

Result<void> GpuWindow::make_swapchain() {
    VkSurfaceCapabilitiesKHR able;
    if (auto got = check(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(gpu_->physical(), surface_, &able), "vkGetPhysicalDeviceSurfaceCapabilitiesKHR"); !got)
        return got;
    VkExtent2D extent = able.currentExtent;
    if (extent.width == std::numeric_limits<std::uint32_t>::max()) {
        if (auto size = show_size(extent.width, extent.height); !size) return size;
        extent.width = std::clamp(extent.width, able.minImageExtent.width, able.maxImageExtent.width);
        extent.height = std::clamp(extent.height, able.minImageExtent.height, able.maxImageExtent.height);
    }
    drop_swapchain();
    extent_ = extent;
    if (extent.width == 0 || extent.height == 0) return {};  // minimised: nothing to show to

    std::uint32_t count = 0;
    vkGetPhysicalDeviceSurfaceFormatsKHR(gpu_->physical(), surface_, &count, nullptr);
    std::vector<VkSurfaceFormatKHR> formats(count);
    vkGetPhysicalDeviceSurfaceFormatsKHR(gpu_->physical(), surface_, &count, formats.data());
    if (formats.empty()) return std::unexpected(Error{"the display offers no picture format", "update the graphics driver, or use --no-window"});
    const auto plain = std::ranges::find_if(formats, [](const VkSurfaceFormatKHR& f) {
        return f.format == VK_FORMAT_B8G8R8A8_UNORM || f.format == VK_FORMAT_R8G8B8A8_UNORM;
    });
    const VkSurfaceFormatKHR format = plain == formats.end() ? formats.front() : *plain;

    VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
    info.surface = surface_;
    info.minImageCount = std::max(able.minImageCount, 2u);
    if (able.maxImageCount) info.minImageCount = std::min(info.minImageCount, able.maxImageCount);
    info.imageFormat = format.format;
    info.imageColorSpace = format.colorSpace;
    info.imageExtent = extent;
    info.imageArrayLayers = 1;
    info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    info.preTransform = able.currentTransform;
    info.compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR;
    info.presentMode = VK_PRESENT_MODE_FIFO_KHR;
    info.clipped = VK_TRUE;
    if (auto made = check(vkCreateSwapchainKHR(gpu_->device(), &info, nullptr, &swapchain_), "vkCreateSwapchainKHR"); !made) return made;
    vkGetSwapchainImagesKHR(gpu_->device(), swapchain_, &count, nullptr);
    images_.resize(count);
    vkGetSwapchainImagesKHR(gpu_->device(), swapchain_, &count, images_.data());
    finished_.assign(count, VK_NULL_HANDLE);
    const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    for (VkSemaphore& one : finished_)
        if (auto made = check(vkCreateSemaphore(gpu_->device(), &semaphore, nullptr, &one), "vkCreateSemaphore"); !made) return made;
    stale_ = false;
    return {};
}

void GpuWindow::drop_swapchain() {
    if (!gpu_ || !gpu_->device()) return;
    vkDeviceWaitIdle(gpu_->device());
    for (VkSemaphore one : finished_) vkDestroySemaphore(gpu_->device(), one, nullptr);
    finished_.clear();
    images_.clear();
    if (swapchain_) vkDestroySwapchainKHR(gpu_->device(), swapchain_, nullptr);
    swapchain_ = VK_NULL_HANDLE;
}

Result<void> GpuWindow::present(GpuCanvas& canvas) {
    std::uint32_t width = 0, height = 0;
    if (auto size = show_size(width, height); !size) return size;
    if (stale_ || !swapchain_ || extent_.width != width || extent_.height != height)
        if (auto made = make_swapchain(); !made) return made;
    if (!swapchain_) return {};
    VkDevice device = gpu_->device();
    if (auto waited = check(vkWaitForFences(device, 1, &fence_, VK_TRUE, 5'000'000'000), "vkWaitForFences"); !waited) return waited;
    std::uint32_t index = 0;
    // A bounded wait: a hidden window may give no image for long, and the session must go on meanwhile.
    const VkResult acquired = vkAcquireNextImageKHR(device, swapchain_, 100'000'000, acquired_, VK_NULL_HANDLE, &index);
    if (acquired == VK_TIMEOUT || acquired == VK_NOT_READY) return {};
    if (acquired == VK_ERROR_OUT_OF_DATE_KHR) {
        stale_ = true;
        return {};
    }
    if (auto got = check(acquired, "vkAcquireNextImageKHR"); !got) return got;

    const VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
    if (auto begun = check(vkBeginCommandBuffer(commands_, &begin), "vkBeginCommandBuffer"); !begun) return begun;
    barrier(commands_, images_[index], VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);
    VkImageBlit blit{};
    blit.srcSubresource = blit.dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    blit.srcOffsets[1] = {static_cast<std::int32_t>(canvas.image().width), static_cast<std::int32_t>(canvas.image().height), 1};
    blit.dstOffsets[1] = {static_cast<std::int32_t>(extent_.width), static_cast<std::int32_t>(extent_.height), 1};
    vkCmdBlitImage(commands_, canvas.image().image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, images_[index], VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
                   &blit, VK_FILTER_LINEAR);
    barrier(commands_, images_[index], VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_PRESENT_SRC_KHR);
    if (auto ended = check(vkEndCommandBuffer(commands_), "vkEndCommandBuffer"); !ended) return ended;

    const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.waitSemaphoreCount = submit.signalSemaphoreCount = submit.commandBufferCount = 1;
    submit.pWaitSemaphores = &acquired_;
    submit.pWaitDstStageMask = &stage;
    submit.pCommandBuffers = &commands_;
    submit.pSignalSemaphores = &finished_[index];
    vkResetFences(device, 1, &fence_);
    if (auto sent = check(vkQueueSubmit(gpu_->queue(), 1, &submit, fence_), "vkQueueSubmit"); !sent) return sent;
    VkPresentInfoKHR shown{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
    shown.waitSemaphoreCount = shown.swapchainCount = 1;
    shown.pWaitSemaphores = &finished_[index];
    shown.pSwapchains = &swapchain_;
    shown.pImageIndices = &index;
    const VkResult presented = vkQueuePresentKHR(gpu_->queue(), &shown);
    if (presented == VK_ERROR_OUT_OF_DATE_KHR || presented == VK_SUBOPTIMAL_KHR) {
        stale_ = true;
        return {};
    }
    return check(presented, "vkQueuePresentKHR");
}

void GpuWindow::detach() {
    if (!gpu_) return;
    drop_swapchain();
    if (VkDevice device = gpu_->device()) {
        vkDestroySemaphore(device, acquired_, nullptr);
        vkDestroyFence(device, fence_, nullptr);
        vkDestroyCommandPool(device, pool_, nullptr);
    }
    if (surface_) vkDestroySurfaceKHR(gpu_->instance(), surface_, nullptr);
    surface_ = VK_NULL_HANDLE;
    gpu_ = nullptr;
}

GpuWindow::~GpuWindow() {
    detach();
    if (window_) SDL_DestroyWindow(window_);
    if (video_) SDL_Quit();
}

}  // namespace accalmie::console
