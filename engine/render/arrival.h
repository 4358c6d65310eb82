// SPDX-License-Identifier: Apache-2.0
// Owns: scenes on their way to the GPU, in the steps that keep a frame from waiting for them:
//   1. prepare_arrival(), on any thread: memory, descriptor sets, pipelines, vertices in the GPU's form;
//   2. Arrivals::record(), once a frame: a share of the bytes, then the first draw with each pipeline and material (WarmUp);
//   3. Arrivals::take(), once the frame with the last step is finished: the scene, whole.
// What was copied is freed at once on this side. Never: submits or waits. Thread: 2 and 3 on the frame thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "engine/render/gpu_scene.h"
#include "engine/render/packed_vertex.h"
#include "engine/render/renderer.h"
#include "engine/render/upload.h"
#include "engine/render/warm_up.h"

namespace accalmie::render {

class ShadowPass;

// Prepared, and nothing of it is on the GPU yet.
struct Arrival {
    SceneId id = 0;
    content::SceneAsset asset;            // emptied as its parts are copied
    std::vector<PackedVertex> vertices;
    std::unique_ptr<GpuScene> scene;
    Upload upload;
    bool shadow_due = false;              // its shadow is to be drawn once, before what looks at it
    WarmUp::Course course;                // what is still to be drawn once
    std::uint64_t last_frame = 0;         // the frame that had the newest step
};

// What of the renderer a scene stands on.
struct Foundations {
    gpu::Device& device;
    Pipelines& pipelines;
    ShadowPass& shadow;
    const People& people;
    VkBuffer frames;  // the renderer's uniform buffer, one FrameBlock a slot
};

Result<PreparedScene> prepare_arrival(const Foundations& on, content::SceneAsset asset);

class Arrivals {
public:
    Result<void> init(gpu::Device& device, VkFormat color_format, VkFormat depth_format, std::uint32_t samples);
    // One at a time, whoever asks: pipelines and the shadow's map are the renderer's.
    Result<PreparedScene> prepare(const Foundations& on, content::SceneAsset asset);
    void begin(PreparedScene prepared, SceneId id);

    // The frame that gets a step: `half` of the staging is free, and so is the block at `offset` of the uniform buffer.
    struct Frame {
        VkCommandBuffer commands;
        VkPipelineLayout layout;
        const ShadowPass& shadow;
        std::size_t half;
        std::byte* block;
        std::uint32_t offset;
        std::uint64_t number;
    };
    struct Step {
        VkDeviceSize bytes = 0;
        bool warmed = false;
    };
    // Before record() in the same commands: whatever may run beside the first draws lies between the two.
    void make_ready(VkCommandBuffer commands) const;
    Step record(const Frame& frame, double budget_ms);
    // The first in the row, when all its steps were in frames up to `finished`; null: not yet. Without `warm` its draws are not waited for.
    PreparedScene take(std::uint64_t finished, bool warm = true);
    // The GPU must be done with it.
    void forget(SceneId id);
    bool empty() const { return row_.empty(); }
    bool copied() const { return row_.empty() || row_.front()->upload.finished(); }  // the first in the row

private:
    std::mutex preparing_;
    WarmUp warm_up_;
    std::deque<PreparedScene> row_;
};

}  // namespace accalmie::render
