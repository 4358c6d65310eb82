// SPDX-License-Identifier: Apache-2.0
// Owns: the Vulkan swapchain of one window, into which the left eye's picture and the panel are blitted. Never: draws a scene.
// Units: pixels. Thread: the frame thread. Errors: a window whose surface takes no blit says so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/error.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

struct PixelRect {
    std::int32_t left = 0, top = 0, right = 0, bottom = 0;
    bool empty() const { return right <= left || bottom <= top; }
};

// The largest rectangle of the picture's shape in the middle of the window.
PixelRect fit(VkExtent2D picture, VkExtent2D window);

class WindowPresenter {
public:
    // Takes the surface over.
    static Result<WindowPresenter> create(const VulkanHandles& handles, VkSurfaceKHR surface, VkExtent2D window);
    WindowPresenter() = default;
    WindowPresenter(WindowPresenter&& other) noexcept { swap(other); }
    WindowPresenter& operator=(WindowPresenter&& other) noexcept {
        WindowPresenter gone;
        gone.swap(*this);
        swap(other);
        return *this;
    }
    ~WindowPresenter();

    struct Panel {
        VkImage image = VK_NULL_HANDLE;
        PixelRect from;  // of its picture
        PixelRect to;    // of the eye's picture
    };
    // Both images are in COLOR_ATTACHMENT_OPTIMAL and are left so. Shows nothing while the window has no area.
    Result<void> present(VkImage eyes, VkExtent2D eye, const std::optional<Panel>& panel, VkExtent2D window);

private:
    static constexpr std::size_t kInFlight = 2;
    struct Turn {
        VkCommandBuffer commands = VK_NULL_HANDLE;
        VkSemaphore acquired = VK_NULL_HANDLE;
        VkFence done = VK_NULL_HANDLE;
    };

    void swap(WindowPresenter& other) noexcept;
    Result<void> make_turns();
    Result<void> make_swapchain(VkExtent2D window);
    void drop_swapchain();
    void record(VkCommandBuffer commands, VkImage target, VkImage eyes, VkExtent2D eye, const std::optional<Panel>& panel) const;

    VulkanHandles handles_;
    VkSurfaceKHR surface_ = VK_NULL_HANDLE;
    VkSwapchainKHR swapchain_ = VK_NULL_HANDLE;
    VkExtent2D extent_{};
    std::vector<VkImage> images_;
    std::vector<VkSemaphore> drawn_;  // one an image: the presentation engine may hold it until the image comes round again
    VkCommandPool pool_ = VK_NULL_HANDLE;
    std::array<Turn, kInFlight> turns_;
    std::size_t turn_ = 0;
};

}  // namespace accalmie::xr
