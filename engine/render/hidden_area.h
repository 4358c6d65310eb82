// SPDX-License-Identifier: Apache-2.0
// Owns: the pixels that no eye can see behind the lenses, as triangles that are drawn first, on the near plane and into depth alone.
// The reversed depth test then turns away whatever lies there. Never: touches colour: those pixels keep the clear colour.
// Nothing is made before the first mesh is set. Thread: the frame thread.
#pragma once

#include <array>

#include "engine/gpu/resources.h"
#include "engine/xr/session.h"

namespace accalmie::render {

class HiddenArea {
public:
    struct Formats {
        VkFormat color, depth;
        std::uint32_t samples;
        gpu::Stereo stereo;
    };
    HiddenArea() = default;
    ~HiddenArea();
    HiddenArea(const HiddenArea&) = delete;
    HiddenArea& operator=(const HiddenArea&) = delete;

    // No frame is under way. An empty mesh hides nothing. `layout` has room for two vec4 of push constants in the vertex stage.
    Result<void> set(gpu::Device& device, VkPipelineLayout layout, const Formats& formats, const xr::HiddenMesh& mesh);
    void record(VkCommandBuffer commands, VkPipelineLayout layout, const std::array<xr::View, 2>& views, std::uint32_t pass) const;

private:
    Result<void> make_pipeline(VkPipelineLayout layout, const Formats& formats);
    VkDevice device_ = VK_NULL_HANDLE;
    VkPipeline pipeline_ = VK_NULL_HANDLE;
    gpu::Buffer vertices_;
    std::uint32_t count_ = 0;
};

}  // namespace accalmie::render
