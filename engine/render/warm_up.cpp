// SPDX-License-Identifier: Apache-2.0
#include "engine/render/warm_up.h"

#include <algorithm>
#include <map>
#include <utility>

#include <glm/gtc/matrix_transform.hpp>

#include "engine/gpu/check.h"
#include "engine/render/draw_constants.h"
#include "engine/render/draw_list.h"
#include "engine/render/graphics_pipeline.h"

namespace accalmie::render {
namespace {

constexpr VkExtent2D kExtent{16, 16};

// Moves a thing to the origin and makes it as large as the picture, so that at least one of its pixels is shaded.
glm::mat4 to_the_middle(const Box& box) {
    const float half = std::max({box.half.x, box.half.y, box.half.z, 1e-4f});
    return glm::scale(glm::mat4(1), glm::vec3(1 / half)) * glm::translate(glm::mat4(1), -box.center);
}

}  // namespace

WarmUp::Course WarmUp::course_of(const GpuScene& scene) {
    std::map<std::pair<VkPipeline, std::uint32_t>, std::uint32_t> cheapest;
    for (std::uint32_t i = 0; i < scene.items.size(); ++i) {
        const auto [known, fresh] = cheapest.try_emplace({scene.items[i].pipeline, scene.items[i].material}, i);
        if (!fresh && scene.items[i].index_count < scene.items[known->second].index_count) known->second = i;
    }
    Course course;
    for (const auto& [key, item] : cheapest) course.items.push_back(item);
    return course;
}

Result<WarmUp> WarmUp::create(gpu::Device& device, VkFormat color_format, VkFormat depth_format, std::uint32_t samples) {
    WarmUp made;
    made.stereo_ = device.stereo();
    const bool apart = gpu::pass_count(made.stereo_) > 1;
    struct Wanted { gpu::Image* image; VkFormat format; VkImageUsageFlags usage; };
    for (const Wanted& wanted : {Wanted{&made.color_, color_format, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT}, Wanted{&made.depth_, depth_format, VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT}}) {
        auto image = gpu::Image::create(device, {.format = wanted.format, .extent = kExtent, .layers = 2, .samples = samples, .usage = wanted.usage, .transient = true, .layer_views = apart});
        if (!image) return std::unexpected(std::move(image.error()));
        *wanted.image = std::move(*image);
    }
    return made;
}

shader::FrameBlock WarmUp::frame_block(const GpuScene& scene) {
    shader::FrameBlock block = scene.frame;
    // From aslant, so that no face of a box is seen on its edge; flat, so that nothing is cut off before or behind.
    glm::mat4 clip = glm::lookAt(glm::vec3(0.61f, 0.47f, 0.64f), glm::vec3(0), glm::vec3(0, 1, 0));
    for (int column = 0; column < 4; ++column) clip[column].z = column == 3 ? 0.5f : 0.0f;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        block.clip_from_world[eye] = clip;
        block.eye_m[eye] = glm::vec4(0.61f, 0.47f, 0.64f, 1);
    }
    block.exposure = {scene.exposure, 1, 0, 0};
    return block;
}

void WarmUp::make_ready(VkCommandBuffer commands) const {
    gpu::image_barrier(commands, color_.handle(), gpu::use::discard(gpu::use::color_attachment), gpu::use::color_attachment);
    gpu::image_barrier(commands, depth_.handle(), gpu::use::discard(gpu::use::depth_attachment), gpu::use::depth_attachment, VK_IMAGE_ASPECT_DEPTH_BIT);
}

void WarmUp::begin(VkCommandBuffer commands) const {
    const bool both = gpu::pass_count(stereo_) == 1;
    VkRenderingAttachmentInfo color{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    color.imageView = both ? color_.view() : color_.layer_view(0);
    color.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    color.storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    VkRenderingAttachmentInfo depth = color;
    depth.imageView = both ? depth_.view() : depth_.layer_view(0);
    depth.imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    const VkRect2D area{{0, 0}, kExtent};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO, .renderArea = area, .layerCount = both ? 2U : 1U, .viewMask = gpu::view_mask(stereo_), .colorAttachmentCount = 1,
        .pColorAttachments = &color, .pDepthAttachment = &depth};
    begin_rendering(commands, rendering);
    vkCmdSetCullMode(commands, VK_CULL_MODE_NONE);
    vkCmdSetFrontFace(commands, VK_FRONT_FACE_COUNTER_CLOCKWISE);
}

void WarmUp::record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, Course& course, std::uint32_t frame_offset) const {
    begin(commands);
    const VkBuffer vertices = scene.vertices.handle();
    const VkDeviceSize start = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdBindIndexBuffer(commands, scene.indices.handle(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_SCENE, 1, &scene.scene_set, 1, &frame_offset);
    DrawConstants constants(commands, layout);
    const VkPipeline pipeline = scene.items[course.items[course.next]].pipeline;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline);
    for (int i = 0; i < kMaterials && !course.finished() && scene.items[course.items[course.next]].pipeline == pipeline; ++i) {
        const DrawItem& item = scene.items[course.items[course.next++]];
        vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_MATERIAL, 1, &scene.material_sets[item.material], 0, nullptr);
        constants.both(moved(item.block, to_the_middle(item.box)));
        vkCmdDrawIndexed(commands, item.index_count, gpu::instance_count(stereo_), item.first_index, item.vertex_offset, 0);
    }
    vkCmdEndRendering(commands);
}

}  // namespace accalmie::render
