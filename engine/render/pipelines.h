// SPDX-License-Identifier: Apache-2.0
// Owns: shader modules, layouts, samplers and the pipelines of the scene pass, one a variant of material, made when a scene first needs it.
// Never: makes a pipeline in the frame loop. Thread: the frame thread.
#pragma once

#include <cstdint>
#include <map>

#include "engine/gpu/device.h"
#include "engine/render/graphics_pipeline.h"

namespace accalmie::render {

// Flat pictures that turn to the head (cards.h); the numbers are ACCALMIE_CARD_*.
enum class Card : std::uint8_t { none, smoke, glow };
enum class Pass : std::uint8_t { opaque, mask, clear };  // in drawing order

// What a pipeline is made for; each switch is a specialisation constant of the shaders.
struct Variant {
    Pass pass = Pass::opaque;
    bool base_color = false, metallic_roughness = false, normal = false, emissive = false, light_map = false;
    bool shadow = false;
    std::uint8_t lights = 0;
    Card card = Card::none;
    auto operator<=>(const Variant&) const = default;
};

class Pipelines {
public:
    static Result<Pipelines> create(gpu::Device& device, VkFormat color_format, std::uint32_t samples);
    Pipelines() = default;
    ~Pipelines();
    Pipelines(Pipelines&& other) noexcept { swap(other); }
    Pipelines& operator=(Pipelines&& other) noexcept { swap(other); return *this; }

    Result<VkPipeline> pipeline(const Variant& variant);
    VkPipelineLayout layout() const { return layout_; }
    VkDescriptorSetLayout scene_set() const { return scene_set_; }
    VkDescriptorSetLayout material_set() const { return material_set_; }
    VkSampler tiled_sampler() const { return tiled_sampler_; }  // mipmapped, repeating, anisotropic on a GPU
    VkSampler map_sampler() const { return map_sampler_; }      // clamped: light map, environment, mirror

private:
    void swap(Pipelines& other) noexcept;
    Result<void> make_layouts();
    Result<void> make_samplers(bool software);
    VkDevice device_ = VK_NULL_HANDLE;
    VkFormat color_format_ = VK_FORMAT_UNDEFINED;
    std::uint32_t samples_ = 1, view_mask_ = 0;
    std::uint32_t shadow_taps_ = 3;
    VkDescriptorSetLayout scene_set_ = VK_NULL_HANDLE, material_set_ = VK_NULL_HANDLE;
    VkPipelineLayout layout_ = VK_NULL_HANDLE;
    VkSampler tiled_sampler_ = VK_NULL_HANDLE, map_sampler_ = VK_NULL_HANDLE;
    ShaderModule vertex_, surface_, clear_, card_;
    std::map<Variant, VkPipeline> pipelines_;
};

}  // namespace accalmie::render
