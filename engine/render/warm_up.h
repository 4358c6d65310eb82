// SPDX-License-Identifier: Apache-2.0
// Owns: the first draw with each pipeline and each material of a scene, into a picture of 16 x 16 that nobody is shown.
// Quirk first_draw_compiles: drivers finish a pipeline only when it is first drawn with (lavapipe compiles its shaders then, and its
// texture fetches when the first pixel asks for them). In the scene's first visible frame all of them would come at once.
// Never: touches a picture that is shown; takes more than one pipeline a frame. Thread: the frame thread.
#pragma once

#include <array>
#include <vector>

#include "engine/gpu/resources.h"
#include "engine/gpu/stereo.h"
#include "engine/render/gpu_scene.h"

namespace accalmie::render {

class WarmUp {
public:
    // What of a scene is drawn for it: of each pipeline and material the smallest item, a pipeline after the other.
    struct Course {
        std::vector<std::uint32_t> items;
        std::size_t next = 0;
        bool finished() const { return next == items.size(); }
    };
    static Course course_of(const GpuScene& scene);

    static Result<WarmUp> create(gpu::Device& device, VkFormat color_format, VkFormat depth_format, std::uint32_t samples);
    // Before record(), and before the passes that record() may run beside: on a software driver every barrier waits for all that was drawn.
    void make_ready(VkCommandBuffer commands) const;
    // The frame's share: one pipeline with at most kMaterials of its materials. `frame_offset`: a block filled by frame_block().
    void record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, Course& course, std::uint32_t frame_offset) const;
    // A view in which everything that record() draws is in the picture.
    static shader::FrameBlock frame_block(const GpuScene& scene);

private:
    static constexpr int kMaterials = 8;
    void begin(VkCommandBuffer commands) const;
    gpu::Stereo stereo_ = gpu::Stereo::layered;
    gpu::Image color_, depth_;
};

}  // namespace accalmie::render
