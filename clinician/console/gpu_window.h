// SPDX-License-Identifier: Apache-2.0
// Owns: the console's SDL window, its surface and swapchain. It shows what the canvas drew, copied, never drawn a second time.
// Never: draws panels. Thread: the main thread. Errors: no display, no window.
#pragma once

#include <cstdint>
#include <vector>

#include "clinician/console/gpu_canvas.h"
#include "clinician/console/gpu_device.h"

struct SDL_Window;

namespace accalmie::console {

class GpuWindow {
public:
    GpuWindow() = default;
    ~GpuWindow();
    GpuWindow(const GpuWindow&) = delete;
    GpuWindow& operator=(const GpuWindow&) = delete;

    // Opens SDL's video and a window; then the device is made with surface().
    Result<void> open(const char* title, int width, int height);
    std::vector<const char*> instance_extensions() const;
    Result<void> attach(GpuDevice& gpu);    // makes the surface, chooses the device, makes the swapchain
    void detach();                          // before the device goes
    Result<void> present(GpuCanvas& canvas);
    Result<void> show_size(std::uint32_t& width, std::uint32_t& height) const;
    bool minimised() const;
    SDL_Window* handle() const { return window_; }

private:
    Result<void> make_swapchain();
    void drop_swapchain();

    SDL_Window* window_ = nullptr;
    bool video_ = false;
    GpuDevice* gpu_ = nullptr;
    VkSurfaceKHR surface_ = VK_NULL_HANDLE;
    VkSwapchainKHR swapchain_ = VK_NULL_HANDLE;
    VkExtent2D extent_{};
    std::vector<VkImage> images_;
    std::vector<VkSemaphore> finished_;    // one an image: a presented one may still be waited for
    VkSemaphore acquired_ = VK_NULL_HANDLE;
    VkCommandPool pool_ = VK_NULL_HANDLE;
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
    VkFence fence_ = VK_NULL_HANDLE;
    bool stale_ = false;
};

}  // namespace accalmie::console
