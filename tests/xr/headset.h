// SPDX-License-Identifier: Apache-2.0
// Owns: the smallest program that uses an xr::Session: a device, a session and frames that are cleared to one colour.
// The player's own frame code is tested elsewhere. Thread: the test's.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <functional>
#include <memory>

#include "engine/gpu/device.h"
#include "engine/xr/session.h"

namespace accalmie::test {

inline constexpr std::uint32_t kQuadWidth = 256, kQuadHeight = 128;

// Clears images on the device's queue and waits for it.
class Painter {
public:
    explicit Painter(const xr::VulkanHandles& handles);
    ~Painter();
    Painter(const Painter&) = delete;
    Painter& operator=(const Painter&) = delete;

    void clear_eyes(VkImage image, VkFormat format, VkExtent2D extent, float red, float green, float blue);
    void clear_quad(VkImage image);
    // One pixel of one layer, in the image's own bytes.
    std::array<std::uint8_t, 4> pixel(VkImage image, std::uint32_t layer, std::int32_t x, std::int32_t y);

private:
    void submit(const std::function<void(VkCommandBuffer)>& record);

    xr::VulkanHandles handles_;
    VkCommandPool pool_ = VK_NULL_HANDLE;
};

// A session with its device, both validation layers on.
class Headset {
public:
    explicit Headset(std::unique_ptr<xr::Session> session);
    ~Headset();

    xr::Session& session() { return *session_; }
    gpu::Device& device() { return *device_; }
    Painter& painter() { return *painter_; }

    // One turn of the frame loop: begin, clear, the panel once, relocate, end.
    xr::Status step();
    // Steps until the condition holds or the time is up; true when it held.
    bool step_until(const std::function<bool()>& condition, std::chrono::milliseconds within = std::chrono::seconds(20));
    bool step_frames(int count);

    xr::Frame frame;
    xr::Status status = xr::Status::idle;
    xr::Quad quad{.world_from_quad = {{1, 0, 0, 0}, {0, 1.2f, -1.1f}}, .size_m = {1, 0.5f}, .visible = true};
    int rendered = 0;
    bool quad_drawn = false;
    std::string error;  // of the step that failed

private:
    std::unique_ptr<xr::Session> session_;
    std::unique_ptr<gpu::Device> device_;
    std::unique_ptr<Painter> painter_;
};

std::unique_ptr<Headset> openxr_headset(const xr::Options& options = {});

}  // namespace accalmie::test
