// SPDX-License-Identifier: Apache-2.0
// Owns: the identifier picture: both eyes at kCueExtent, a number a pixel (0: no cue), drawn from the frame's own draw list and read back
// through one buffer a slot. What is opaque or cut out hides what is behind it. Glass and other clear things hide nothing; one that is
// a cue itself is seen where nothing opaque is before it, and lies over the cues behind it. A surface with an alpha is there where its
// alpha is kThinnest or more; the cards of smoke reach that together (thinnest_card). What the lenses hide is drawn first, as in the
// picture, and holds no cue.
// Never: draws in a frame that did not ask; waits. Thread: the frame thread.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "engine/gpu/resources.h"
#include "engine/render/hidden_area.h"
#include "engine/render/measure.h"

namespace accalmie::render {

struct GpuScene;

class CuePass {
public:
    static constexpr std::size_t kSlots = 3;          // two frames in flight, and one that is waited for
    static constexpr float kThinnest = 0.1f;

    static Result<CuePass> create(gpu::Device& device, VkPipelineLayout layout);
    CuePass() = default;
    ~CuePass();
    CuePass(CuePass&& other) noexcept { swap(other); }
    CuePass& operator=(CuePass&& other) noexcept { swap(other); return *this; }

    // As HiddenArea::set.
    Result<void> set_hidden_mesh(gpu::Device& device, VkPipelineLayout layout, const xr::HiddenMesh& mesh);
    // False, and nothing recorded, when no cue is in the list: then none is seen.
    bool record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order, double scene_time_s,
                const std::array<xr::View, 2>& views, std::uint32_t frame_offset, std::size_t slot) const;
    // What the slot's commands left, once they are finished.
    std::span<const std::uint16_t> ids(std::size_t slot) const;

private:
    void swap(CuePass& other) noexcept;
    Result<void> make_pipelines(VkPipelineLayout layout);
    void begin(VkCommandBuffer commands, std::uint32_t pass) const;
    void bind(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::uint32_t frame_offset) const;
    void draw(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order, double scene_time_s, std::uint32_t pass) const;
    void read_back(VkCommandBuffer commands, std::size_t slot) const;
    VkDevice device_ = VK_NULL_HANDLE;
    gpu::Stereo stereo_ = gpu::Stereo::layered;
    gpu::Image ids_, depth_;
    std::array<gpu::Buffer, kSlots> pixels_;
    std::unique_ptr<HiddenArea> hidden_;  // of this pass's formats
    VkPipeline solid_ = VK_NULL_HANDLE, cut_out_ = VK_NULL_HANDLE, smoke_ = VK_NULL_HANDLE, glow_ = VK_NULL_HANDLE;
};

}  // namespace accalmie::render
