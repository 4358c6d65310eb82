// SPDX-License-Identifier: Apache-2.0
#include "engine/render/pipelines.h"

#include <array>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/draw_constants.h"
#include "engine/render/packed_vertex.h"
#include "engine/shaders/shared.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kSceneVertLayered[] = {
#include "shaders/scene.vert.layered.inc"
};
constexpr std::uint32_t kSceneVertMultiview[] = {
#include "shaders/scene.vert.multiview.inc"
};
constexpr std::uint32_t kSceneVertTwoPasses[] = {
#include "shaders/scene.vert.two_passes.inc"
};
constexpr StereoWords kSceneVert{kSceneVertLayered, kSceneVertMultiview, kSceneVertTwoPasses};
constexpr std::uint32_t kSurfaceFrag[] = {
#include "shaders/surface.frag.inc"
};
constexpr std::uint32_t kClearFrag[] = {
#include "shaders/clear.frag.inc"
};
constexpr std::uint32_t kCardFrag[] = {
#include "shaders/card.frag.inc"
};

// The switches as the shaders take them, in the order of ACCALMIE_SPEC_*.
struct Switches {
    std::array<std::uint32_t, ACCALMIE_SPECS> values;
    std::array<VkSpecializationMapEntry, ACCALMIE_SPECS> entries;
    VkSpecializationInfo info{};

    Switches(const Variant& variant, std::uint32_t shadow_taps)
        : values{variant.base_color, variant.metallic_roughness, variant.normal, variant.emissive, variant.light_map, variant.pass == Pass::mask,
                 variant.lights, variant.shadow, shadow_taps, static_cast<std::uint32_t>(variant.card)} {
        static_assert(sizeof(VkBool32) == sizeof(std::uint32_t));
        for (std::uint32_t i = 0; i < entries.size(); ++i) entries[i] = {i, static_cast<std::uint32_t>(i * sizeof(std::uint32_t)), sizeof(std::uint32_t)};
        info = {static_cast<std::uint32_t>(entries.size()), entries.data(), sizeof values, values.data()};
    }
};

VkPipelineColorBlendAttachmentState blend_of(Pass pass) {
    VkPipelineColorBlendAttachmentState blend{.colorWriteMask = kAllChannels};
    if (pass != Pass::clear) return blend;
    // Added light plus what comes through, colour by colour: the second output is the filter.
    blend.blendEnable = VK_TRUE;
    blend.srcColorBlendFactor = VK_BLEND_FACTOR_ONE;
    blend.dstColorBlendFactor = VK_BLEND_FACTOR_SRC1_COLOR;
    blend.colorBlendOp = VK_BLEND_OP_ADD;
    blend.srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
    blend.dstAlphaBlendFactor = VK_BLEND_FACTOR_ZERO;
    blend.alphaBlendOp = VK_BLEND_OP_ADD;
    return blend;
}

VkDescriptorSetLayoutBinding binding_of(std::uint32_t binding, VkDescriptorType type, VkShaderStageFlags stages) {
    return {binding, type, 1, stages, nullptr};
}

}  // namespace

Result<Pipelines> Pipelines::create(gpu::Device& device, VkFormat color_format, std::uint32_t samples) {
    Pipelines made;
    made.device_ = device.handles().device;
    made.color_format_ = color_format;
    made.samples_ = samples;
    made.view_mask_ = gpu::view_mask(device.stereo());
    // Quirk software_one_shadow_tap: nine compares cost the software driver as much as the rest of a lit pixel; one bilinear compare stays.
    made.shadow_taps_ = device.software() ? 1 : 3;
    ACCALMIE_TRY(made.make_layouts());
    ACCALMIE_TRY(made.make_samplers(device.software()));
    struct Source { ShaderModule* module; std::span<const std::uint32_t> words; };
    for (const Source& source : {Source{&made.vertex_, kSceneVert.of(device.stereo())}, Source{&made.surface_, kSurfaceFrag}, Source{&made.clear_, kClearFrag}, Source{&made.card_, kCardFrag}}) {
        auto module = ShaderModule::create(made.device_, source.words);
        if (!module) return std::unexpected(std::move(module.error()));
        *source.module = std::move(*module);
    }
    return made;
}

Result<void> Pipelines::make_layouts() {
    constexpr VkShaderStageFlags both = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;
    const std::array scene{binding_of(ACCALMIE_BIND_FRAME, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER_DYNAMIC, both),
                           binding_of(ACCALMIE_BIND_LIGHT_MAP, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT),
                           binding_of(ACCALMIE_BIND_ENVIRONMENT, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT),
                           binding_of(ACCALMIE_BIND_SHADOW, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT)};
    std::array<VkDescriptorSetLayoutBinding, 4> material{};
    for (std::uint32_t i = 0; i < material.size(); ++i) material[i] = binding_of(i, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT);

    VkDescriptorSetLayoutCreateInfo info{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
    info.bindingCount = static_cast<std::uint32_t>(scene.size());
    info.pBindings = scene.data();
    ACCALMIE_VK_TRY(vkCreateDescriptorSetLayout(device_, &info, nullptr, &scene_set_));
    info.bindingCount = static_cast<std::uint32_t>(material.size());
    info.pBindings = material.data();
    ACCALMIE_VK_TRY(vkCreateDescriptorSetLayout(device_, &info, nullptr, &material_set_));

    const std::array sets{scene_set_, material_set_};
    VkPipelineLayoutCreateInfo layout{.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
    layout.setLayoutCount = static_cast<std::uint32_t>(sets.size());
    layout.pSetLayouts = sets.data();
    layout.pushConstantRangeCount = static_cast<std::uint32_t>(std::size(DrawConstants::kRanges));
    layout.pPushConstantRanges = DrawConstants::kRanges;
    ACCALMIE_VK_TRY(vkCreatePipelineLayout(device_, &layout, nullptr, &layout_));
    return {};
}

Result<void> Pipelines::make_samplers(bool software) {
    VkSamplerCreateInfo info{.sType = VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO};
    info.magFilter = VK_FILTER_LINEAR;
    info.minFilter = VK_FILTER_LINEAR;
    info.mipmapMode = VK_SAMPLER_MIPMAP_MODE_LINEAR;
    info.maxLod = VK_LOD_CLAMP_NONE;
    info.addressModeU = info.addressModeV = info.addressModeW = VK_SAMPLER_ADDRESS_MODE_REPEAT;
    // Quirk software_no_anisotropy: on the software driver an anisotropic fetch leaves its fast 8-bit path and costs several plain ones.
    // It gets a sharper mip instead; the four samples a pixel hide what that aliases.
    info.anisotropyEnable = software ? VK_FALSE : VK_TRUE;
    info.maxAnisotropy = 8;
    info.mipLodBias = software ? -0.4f : 0.0f;
    ACCALMIE_VK_TRY(vkCreateSampler(device_, &info, nullptr, &tiled_sampler_));
    info.anisotropyEnable = VK_FALSE;
    info.mipLodBias = 0;
    info.addressModeU = info.addressModeV = info.addressModeW = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
    ACCALMIE_VK_TRY(vkCreateSampler(device_, &info, nullptr, &map_sampler_));
    return {};
}

Result<VkPipeline> Pipelines::pipeline(const Variant& variant) {
    if (const auto known = pipelines_.find(variant); known != pipelines_.end()) return known->second;

    const Switches switches(variant, shadow_taps_);
    const bool clear = variant.pass == Pass::clear;
    constexpr std::array dynamic{VK_DYNAMIC_STATE_CULL_MODE, VK_DYNAMIC_STATE_FRONT_FACE};
    auto pipeline = make_graphics_pipeline(device_, {.layout = layout_, .vertex = vertex_.handle(), .fragment = (variant.card != Card::none ? card_ : clear ? clear_ : surface_).handle(),
        .vertex_switches = &switches.info, .fragment_switches = &switches.info, .vertex_bytes = sizeof(PackedVertex), .attributes = kVertexAttributes,
        .color_format = color_format_, .depth_format = VK_FORMAT_D32_SFLOAT, .samples = samples_, .view_mask = view_mask_, .alpha_to_coverage = variant.pass == Pass::mask && samples_ > 1,
        .blend = blend_of(variant.pass), .depth_write = !clear, .dynamic = dynamic});
    if (!pipeline) return pipeline;
    pipelines_[variant] = *pipeline;
    return pipeline;
}

Pipelines::~Pipelines() {
    if (device_ == VK_NULL_HANDLE) return;
    for (const auto& [variant, pipeline] : pipelines_) vkDestroyPipeline(device_, pipeline, nullptr);
    for (VkSampler sampler : {tiled_sampler_, map_sampler_}) vkDestroySampler(device_, sampler, nullptr);
    vkDestroyPipelineLayout(device_, layout_, nullptr);
    for (VkDescriptorSetLayout set : {scene_set_, material_set_}) vkDestroyDescriptorSetLayout(device_, set, nullptr);
}

void Pipelines::swap(Pipelines& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(color_format_, other.color_format_);
    std::swap(samples_, other.samples_);
    std::swap(view_mask_, other.view_mask_);
    std::swap(shadow_taps_, other.shadow_taps_);
    std::swap(scene_set_, other.scene_set_);
    std::swap(material_set_, other.material_set_);
    std::swap(layout_, other.layout_);
    std::swap(tiled_sampler_, other.tiled_sampler_);
    std::swap(map_sampler_, other.map_sampler_);
    std::swap(vertex_, other.vertex_);
    std::swap(surface_, other.surface_);
    std::swap(clear_, other.clear_);
    std::swap(card_, other.card_);
    std::swap(pipelines_, other.pipelines_);
}

}  // namespace accalmie::render
