// SPDX-License-Identifier: Apache-2.0
#include "engine/render/shadow.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <glm/gtc/matrix_transform.hpp>

#include "engine/gpu/check.h"
#include "engine/render/draw_constants.h"
#include "engine/gpu/commands.h"
#include "engine/render/draw_list.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/packed_vertex.h"
#include "engine/render/pipelines.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kShadowVert[] = {
#include "shaders/shadow.vert.inc"
};
constexpr std::uint32_t kShadowMaskFrag[] = {
#include "shaders/shadow_mask.frag.inc"
};

constexpr VkFormat kFormat = VK_FORMAT_D32_SFLOAT;
constexpr gpu::Use kRead{VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};

glm::mat4 light_from_world(const content::DynamicLight& light, const Box& room) {
    const glm::vec3 up = std::abs(light.direction.y) > 0.99f ? glm::vec3(0, 0, 1) : glm::vec3(0, 1, 0);
    const glm::vec3 from = light.kind == content::DynamicLight::Kind::sun ? room.center : light.position_m;
    return glm::lookAt(from, from + light.direction, up);
}

// What the room measures along the light's axes.
glm::vec3 reach_of(const glm::mat4& from_world, const Box& room) {
    const glm::mat3 axes(from_world);
    glm::vec3 reach(0);
    for (int i = 0; i < 3; ++i) reach += glm::abs(axes[i]) * room.half[i];
    return glm::max(reach, glm::vec3(0.01f));
}

Result<gpu::Image> make_image(gpu::Device& device, std::uint32_t size) {
    return gpu::Image::create(device, {.format = kFormat, .extent = {size, size}, .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT});
}

void begin(VkCommandBuffer commands, const gpu::Image& image) {
    // The frame before may still read the map.
    gpu::image_barrier(commands, image.handle(), gpu::use::discard(kRead), gpu::use::depth_attachment, VK_IMAGE_ASPECT_DEPTH_BIT);
    VkRenderingAttachmentInfo depth{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    depth.imageView = image.view();
    depth.imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    depth.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    depth.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    depth.clearValue.depthStencil = {1, 0};
    const VkRect2D area{{0, 0}, image.info().extent};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO, .renderArea = area, .layerCount = 1, .pDepthAttachment = &depth};
    begin_rendering(commands, rendering);
}

void end(VkCommandBuffer commands, const gpu::Image& image) {
    vkCmdEndRendering(commands);
    gpu::image_barrier(commands, image.handle(), gpu::use::depth_attachment, kRead, VK_IMAGE_ASPECT_DEPTH_BIT);
}

}  // namespace

glm::mat4 shadow_from_world(const content::DynamicLight& light, const Box& room) {
    const glm::mat4 from_world = light_from_world(light, room);
    const glm::vec3 reach = reach_of(from_world, room);
    if (light.kind == content::DynamicLight::Kind::sun) return glm::orthoRH_ZO(-reach.x, reach.x, -reach.y, reach.y, -reach.z, reach.z) * from_world;
    const float across = 2 * std::acos(std::clamp(light.outer_cone_cos, 0.05f, 0.999f));
    const float farthest = light.range_m > 0 ? light.range_m : glm::length(glm::abs(room.center - light.position_m) + room.half);
    return glm::perspectiveRH_ZO(across, 1.0f, 0.05f, std::max(farthest, 0.5f)) * from_world;
}

float shadow_texel_m(const content::DynamicLight& light, const Box& room, std::uint32_t size) {
    const auto texels = static_cast<float>(size);
    if (light.kind == content::DynamicLight::Kind::sun) {
        const glm::vec3 reach = reach_of(light_from_world(light, room), room);
        return 2 * std::max(reach.x, reach.y) / texels;
    }
    const float cos = std::clamp(light.outer_cone_cos, 0.05f, 0.999f);
    return 2 * glm::length(room.center - light.position_m) * std::sqrt(1 - cos * cos) / cos / texels;
}

Result<ShadowPass> ShadowPass::create(gpu::Device& device, VkPipelineLayout layout) {
    ShadowPass made;
    made.device_ = device.handles().device;
    made.size_ = device.software() ? kShadowSizeSoftware : kShadowSize;
    auto none = make_image(device, 1);
    if (!none) return std::unexpected(std::move(none.error()));
    made.none_ = std::move(*none);
    VkSamplerCreateInfo info{.sType = VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO};
    info.magFilter = info.minFilter = VK_FILTER_LINEAR;
    info.addressModeU = info.addressModeV = info.addressModeW = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
    info.compareEnable = VK_TRUE;
    info.compareOp = VK_COMPARE_OP_LESS_OR_EQUAL;
    ACCALMIE_VK_TRY(vkCreateSampler(made.device_, &info, nullptr, &made.sampler_));
    ACCALMIE_TRY(made.make_pipelines(layout));
    auto commands = gpu::Commands::create(device);
    if (!commands) return std::unexpected(std::move(commands.error()));
    ACCALMIE_TRY(commands->begin());
    begin(commands->handle(), made.none_);
    end(commands->handle(), made.none_);
    ACCALMIE_TRY(commands->submit());
    ACCALMIE_TRY(commands->wait());
    return made;
}

Result<void> ShadowPass::make_map(gpu::Device& device) {
    if (map_.handle() != VK_NULL_HANDLE) return {};
    auto map = make_image(device, size_);
    if (!map) return std::unexpected(std::move(map.error()));
    map_ = std::move(*map);
    return {};
}

Result<void> ShadowPass::make_pipelines(VkPipelineLayout layout) {
    auto vertex = ShaderModule::create(device_, kShadowVert), fragment = ShaderModule::create(device_, kShadowMaskFrag);
    if (!vertex) return std::unexpected(std::move(vertex.error()));
    if (!fragment) return std::unexpected(std::move(fragment.error()));
    struct Wanted { VkPipeline* pipeline; bool cut_out; };
    for (const Wanted& wanted : {Wanted{&solid_, false}, Wanted{&cut_out_, true}}) {
        // Both sides: thin things cast shadows from behind too. The slope takes care of surfaces that the light only grazes.
        auto pipeline = make_graphics_pipeline(device_, {.layout = layout, .vertex = vertex->handle(), .fragment = wanted.cut_out ? fragment->handle() : VK_NULL_HANDLE,
            .vertex_bytes = sizeof(PackedVertex), .attributes = kPlaceAttributes, .depth_format = kFormat,
            .depth_compare = VK_COMPARE_OP_LESS, .depth_bias_slope = 1.5f});
        if (!pipeline) return std::unexpected(std::move(pipeline.error()));
        *wanted.pipeline = *pipeline;
    }
    return {};
}

void ShadowPass::record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, int level, double scene_time_s, std::uint32_t frame_offset) const {
    begin(commands, map_);
    const VkBuffer vertices = scene.vertices.handle();
    const VkDeviceSize start = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdBindIndexBuffer(commands, scene.indices.handle(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_SCENE, 1, &scene.scene_set, 1, &frame_offset);
    DrawConstants constants(commands, layout);
    VkPipeline bound = VK_NULL_HANDLE;
    std::uint32_t material = ~0U;
    for (const DrawItem& item : scene.items) {
        if (level < item.level_min || level > item.level_max || item.pass == Pass::clear) continue;
        const bool cut_out = item.pass == Pass::mask;
        const VkPipeline pipeline = cut_out ? cut_out_ : solid_;
        if (pipeline != bound) vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, bound = pipeline);
        if (cut_out && item.material != material)
            vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_MATERIAL, 1, &scene.material_sets[material = item.material], 0, nullptr);
        const shader::DrawBlock block = block_at(item, scene_time_s);
        constants.place(block);
        if (cut_out) constants.surface(block);
        vkCmdDrawIndexed(commands, item.index_count, 1, item.first_index, item.vertex_offset, 0);
    }
    end(commands, map_);
}

ShadowPass::~ShadowPass() {
    if (device_ == VK_NULL_HANDLE) return;
    for (VkPipeline pipeline : {solid_, cut_out_}) vkDestroyPipeline(device_, pipeline, nullptr);
    vkDestroySampler(device_, sampler_, nullptr);
}

void ShadowPass::swap(ShadowPass& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(size_, other.size_);
    std::swap(none_, other.none_);
    std::swap(map_, other.map_);
    std::swap(sampler_, other.sampler_);
    std::swap(solid_, other.solid_);
    std::swap(cut_out_, other.cut_out_);
}

}  // namespace accalmie::render
