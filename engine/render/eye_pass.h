// SPDX-License-Identifier: Apache-2.0
// Owns: the pass that the eyes' picture is drawn in: its own colour and depth (several samples; of both eyes, or of one when each has a pass), the views of the targets that
// it ends in, what the lenses hide. Never: chooses or draws what is in the picture. Thread: the frame thread.
#pragma once

#include <array>

#include "engine/gpu/resources.h"
#include "engine/render/hidden_area.h"
#include "engine/render/renderer.h"
#include "engine/render/target_views.h"

namespace accalmie::render {

class EyePass {
public:
    static constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;

    EyePass(gpu::Device& device, const Options& options) : device_(device), options_(options) {}
    Result<void> init();
    // No frame is under way. `layout`: that of the scene's pipelines.
    Result<void> hide(VkPipelineLayout layout, const xr::HiddenMesh& mesh);

    struct Targets {
        VkImage color, depth;       // no depth: nobody asks for it
        VkExtent2D extent;          // the part that is drawn
        glm::vec3 background;       // as it is shown: tone-mapped
        std::array<xr::View, 2> views;
    };
    // Once for each of gpu::pass_count(); `pass` counts them.
    Result<void> begin(VkCommandBuffer commands, VkPipelineLayout layout, const Targets& targets, std::uint32_t pass);
    void end(VkCommandBuffer commands, const Targets& targets, std::uint32_t pass) const;

    void forget_targets() { views_.forget(device_.handles().device); }

private:
    void before(VkCommandBuffer commands, const Targets& targets) const;
    void discard(VkCommandBuffer commands) const;
    gpu::Device& device_;
    const Options& options_;
    gpu::Image color_, depth_;
    TargetViews views_;
    HiddenArea hidden_;
};

}  // namespace accalmie::render
