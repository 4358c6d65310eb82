// SPDX-License-Identifier: Apache-2.0
// Owns: which push constants of a draw the command buffer has already been told. Place and surface have a range each (shared.h), and the
// surface is told only when it differs from the draw before.
// Quirk fragment_constants_are_copied: lavapipe copies a draw's whole fragment state, about 55 KiB, whenever a constant of it was set, and
// keeps it until the pass is drawn. Of the bar's 509 draws a frame most share a surface with the one before, or have no fragment shader.
// Never: sorts, binds or draws. One command buffer, one layout: Pipelines::layout(). Thread: the frame thread.
#pragma once

#include <cstring>

#include <vulkan/vulkan.h>

#include "engine/shaders/shared.h"

namespace accalmie::render {

class DrawConstants {
public:
    static constexpr VkPushConstantRange kRanges[] = {{VK_SHADER_STAGE_VERTEX_BIT, 0, sizeof(shader::PlaceBlock)},
                                                      {VK_SHADER_STAGE_FRAGMENT_BIT, ACCALMIE_SURFACE_OFFSET, sizeof(shader::SurfaceBlock)}};

    DrawConstants(VkCommandBuffer commands, VkPipelineLayout layout) : commands_(commands), layout_(layout) {}
    void place(const shader::PlaceBlock& block) const { vkCmdPushConstants(commands_, layout_, kRanges[0].stageFlags, kRanges[0].offset, kRanges[0].size, &block); }
    void surface(const shader::SurfaceBlock& block) {
        if (told_ && std::memcmp(&block, &surface_, sizeof block) == 0) return;
        told_ = true;
        surface_ = block;
        vkCmdPushConstants(commands_, layout_, kRanges[1].stageFlags, kRanges[1].offset, kRanges[1].size, &block);
    }
    void both(const shader::DrawBlock& block) {
        place(block);
        surface(block);
    }

private:
    VkCommandBuffer commands_;
    VkPipelineLayout layout_;
    shader::SurfaceBlock surface_{};
    bool told_ = false;
};

}  // namespace accalmie::render
