// SPDX-License-Identifier: Apache-2.0
// Owns: what a test of the renderer stands on: a validated device, a renderer, a target of two layers and a panel image.
// A stage that is taken down checks that the validation layers said nothing, of what was left on the device too.
#pragma once

#include <atomic>
#include <memory>

#include "engine/content/scene_asset.h"
#include "engine/gpu/device.h"
#include "engine/gpu/resources.h"
#include "engine/render/renderer.h"

namespace accalmie::testing {

class Stage {
public:
    explicit Stage(VkExtent2D eye_extent = {256, 256}, std::uint32_t samples = 4, bool validation = true) : Stage(eye_extent, samples, gpu::DeviceOptions{.validation = validation}) {}
    Stage(VkExtent2D eye_extent, std::uint32_t samples, const gpu::DeviceOptions& options);
    ~Stage();

    render::SceneId add(const content::SceneAsset& asset);
    // Draws once and reads one eye back.
    render::Renderer::Picture shot(const render::FrameInput& input, int eye = 0);
    render::FrameStats draw(const render::FrameInput& input);

    gpu::Device& device() { return *device_; }
    render::Renderer& renderer() { return *renderer_; }
    VkImage target() const { return target_.handle(); }
    VkImage panel() const { return panel_.handle(); }
    VkExtent2D panel_extent() const { return panel_.info().extent; }
    std::uint32_t validation_messages() const { return device_->validation_messages(); }

private:
    std::atomic<std::uint32_t> messages_ = 0;
    std::unique_ptr<gpu::Device> device_;
    std::unique_ptr<render::Renderer> renderer_;
    gpu::Image target_, panel_;
};

// The patient's seat: eyes at 1.20 m, looking along -z, 84 degrees across.
std::array<xr::View, 2> seat_views(float eye_distance_m = 0.063f, float turn_degrees = 0, float pitch_degrees = 0);

// Mean of a pixel's channels, 0 to 255, where a point of the world is seen.
double seen_at(const render::Renderer::Picture& picture, const xr::View& view, glm::vec3 point_m);

// A room of 6 x 3 x 6 m with a lamp, a shiny ball, a glass and cue boxes of level 1 and 2, made in code.
content::SceneAsset small_room();

}  // namespace accalmie::testing
