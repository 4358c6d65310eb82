// SPDX-License-Identifier: Apache-2.0
// Owns: the shadow of the one light that casts one: its depth map, drawn again in every frame from all that is there, and how the light
// sees the scene. Depth here grows away from the light (0 to 1); the main pass's is reversed, this one's need not be.
// Never: follows the head: the whole scene is in the map, so a shadow does not swim. Units: metres. Thread: the frame thread.
#pragma once

#include <span>

#include "engine/content/scene_asset.h"
#include "engine/gpu/resources.h"
#include "engine/render/projection.h"

namespace accalmie::render {

struct DrawItem;
struct GpuScene;

inline constexpr std::uint32_t kShadowSize = 2048;
inline constexpr std::uint32_t kShadowSizeSoftware = 1024;  // quirk software_small_shadow: its pixels are drawn by the CPU too

// The light's clip space, fitted to what stands in the room; a sun's is a box along its direction, a spot's its cone.
glm::mat4 shadow_from_world(const content::DynamicLight& light, const Box& room);
// How wide a texel is in the middle of the room: lookups go so far off a surface, or it would shade itself.
float shadow_texel_m(const content::DynamicLight& light, const Box& room, std::uint32_t size);

class ShadowPass {
public:
    static Result<ShadowPass> create(gpu::Device& device, VkPipelineLayout layout);
    ShadowPass() = default;
    ~ShadowPass();
    ShadowPass(ShadowPass&& other) noexcept { swap(other); }
    ShadowPass& operator=(ShadowPass&& other) noexcept { swap(other); return *this; }

    Result<void> make_map(gpu::Device& device);          // the full-size map, when the first scene asks for it
    const gpu::Image& map() const { return map_.handle() != VK_NULL_HANDLE ? map_ : none_; }
    const gpu::Image& none() const { return none_; }     // one texel in the open, for scenes without a shadow
    VkSampler sampler() const { return sampler_; }
    std::uint32_t size() const { return size_; }

    void record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, int level, double scene_time_s, std::uint32_t frame_offset) const;

private:
    void swap(ShadowPass& other) noexcept;
    Result<void> make_pipelines(VkPipelineLayout layout);
    VkDevice device_ = VK_NULL_HANDLE;
    std::uint32_t size_ = kShadowSize;
    gpu::Image none_, map_;
    VkSampler sampler_ = VK_NULL_HANDLE;
    VkPipeline solid_ = VK_NULL_HANDLE, cut_out_ = VK_NULL_HANDLE;
};

}  // namespace accalmie::render
