// SPDX-License-Identifier: Apache-2.0
#include "engine/render/cue_pass.h"

#include <algorithm>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/draw_constants.h"
#include "engine/gpu/commands.h"
#include "engine/render/cards.h"
#include "engine/render/draw_list.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/packed_vertex.h"
#include "engine/render/pipelines.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kCueVertLayered[] = {
#include "shaders/cue_id.vert.layered.inc"
};
constexpr std::uint32_t kCueVertMultiview[] = {
#include "shaders/cue_id.vert.multiview.inc"
};
constexpr std::uint32_t kCueVertTwoPasses[] = {
#include "shaders/cue_id.vert.two_passes.inc"
};
constexpr StereoWords kCueVert{kCueVertLayered, kCueVertMultiview, kCueVertTwoPasses};
constexpr std::uint32_t kCueFrag[] = {
#include "shaders/cue_id.frag.inc"
};

constexpr VkFormat kIdFormat = VK_FORMAT_R16_UINT, kDepthFormat = VK_FORMAT_D32_SFLOAT;
constexpr VkDeviceSize kBytes = VkDeviceSize{2} * kCueExtent.width * kCueExtent.height * sizeof(std::uint16_t);

// Drawn when it hides something or is a cue.
bool takes_part(const DrawItem& item) { return item.pass != Pass::clear || item.cue != 0; }

}  // namespace

Result<CuePass> CuePass::create(gpu::Device& device, VkPipelineLayout layout) {
    CuePass made;
    made.device_ = device.handles().device;
    made.stereo_ = device.stereo();
    const bool each = gpu::pass_count(made.stereo_) > 1;
    auto ids = gpu::Image::create(device, {.format = kIdFormat, .extent = kCueExtent, .layers = 2, .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT, .layer_views = each});
    if (!ids) return std::unexpected(std::move(ids.error()));
    made.ids_ = std::move(*ids);
    auto depth = gpu::Image::create(device, {.format = kDepthFormat, .extent = kCueExtent, .layers = 2, .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT, .transient = true, .layer_views = each});
    if (!depth) return std::unexpected(std::move(depth.error()));
    made.depth_ = std::move(*depth);
    for (gpu::Buffer& pixels : made.pixels_) {
        auto buffer = gpu::Buffer::create(device, kBytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::read_back);
        if (!buffer) return std::unexpected(std::move(buffer.error()));
        pixels = std::move(*buffer);
    }
    made.hidden_ = std::make_unique<HiddenArea>();
    ACCALMIE_TRY(made.make_pipelines(layout));
    return made;
}

Result<void> CuePass::make_pipelines(VkPipelineLayout layout) {
    auto vertex = ShaderModule::create(device_, kCueVert.of(stereo_)), fragment = ShaderModule::create(device_, kCueFrag);
    if (!vertex) return std::unexpected(std::move(vertex.error()));
    if (!fragment) return std::unexpected(std::move(fragment.error()));
    constexpr std::array dynamic{VK_DYNAMIC_STATE_CULL_MODE, VK_DYNAMIC_STATE_FRONT_FACE, VK_DYNAMIC_STATE_DEPTH_WRITE_ENABLE};
    constexpr std::array entries{VkSpecializationMapEntry{ACCALMIE_SPEC_ALPHA_MASK, 0, sizeof(VkBool32)},
                                 VkSpecializationMapEntry{ACCALMIE_SPEC_CARD, sizeof(VkBool32), sizeof(std::uint32_t)}};

    struct Wanted { VkPipeline* pipeline; std::array<VkBool32, 2> switches; };
    for (const Wanted& wanted : {Wanted{&solid_, {VK_FALSE}}, Wanted{&cut_out_, {VK_TRUE}},
                                 Wanted{&smoke_, {VK_TRUE, ACCALMIE_CARD_SMOKE}}, Wanted{&glow_, {VK_TRUE, ACCALMIE_CARD_GLOW}}}) {
        const VkSpecializationInfo switches{entries.size(), entries.data(), sizeof wanted.switches, wanted.switches.data()};
        auto pipeline = make_graphics_pipeline(device_, {.layout = layout, .vertex = vertex->handle(), .fragment = fragment->handle(), .vertex_switches = &switches, .fragment_switches = &switches,
            .vertex_bytes = sizeof(PackedVertex), .attributes = kPlaceAttributes, .color_format = kIdFormat, .depth_format = kDepthFormat,
            .view_mask = gpu::view_mask(stereo_), .blend = {.colorWriteMask = VK_COLOR_COMPONENT_R_BIT}, .dynamic = dynamic});
        if (!pipeline) return std::unexpected(std::move(pipeline.error()));
        *wanted.pipeline = *pipeline;
    }
    return {};
}

Result<void> CuePass::set_hidden_mesh(gpu::Device& device, VkPipelineLayout layout, const xr::HiddenMesh& mesh) {
    return hidden_->set(device, layout, {kIdFormat, kDepthFormat, 1, stereo_}, mesh);
}

void CuePass::begin(VkCommandBuffer commands, std::uint32_t pass) const {
    const bool both = gpu::pass_count(stereo_) == 1;
    VkRenderingAttachmentInfo color{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    color.imageView = both ? ids_.view() : ids_.layer_view(pass);
    color.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    color.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    VkRenderingAttachmentInfo depth{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    depth.imageView = both ? depth_.view() : depth_.layer_view(pass);
    depth.imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    depth.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    depth.storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    const VkRect2D area{{0, 0}, kCueExtent};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO, .renderArea = area, .layerCount = both ? 2U : 1U, .viewMask = gpu::view_mask(stereo_),
        .colorAttachmentCount = 1, .pColorAttachments = &color, .pDepthAttachment = &depth};
    begin_rendering(commands, rendering);
}

bool CuePass::record(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order, double scene_time_s,
                     const std::array<xr::View, 2>& views, std::uint32_t frame_offset, std::size_t slot) const {
    if (std::ranges::none_of(order, [&](std::uint32_t index) { return scene.items[index].cue != 0; })) return false;
    gpu::image_barrier(commands, ids_.handle(), gpu::use::discard(gpu::use::transfer_read), gpu::use::color_attachment);
    gpu::image_barrier(commands, depth_.handle(), gpu::use::discard(gpu::use::depth_attachment), gpu::use::depth_attachment, VK_IMAGE_ASPECT_DEPTH_BIT);
    for (std::uint32_t pass = 0; pass < gpu::pass_count(stereo_); ++pass) {
        begin(commands, pass);
        hidden_->record(commands, layout, views, pass);  // by vertices of its own
        bind(commands, layout, scene, frame_offset);
        draw(commands, layout, scene, order, scene_time_s, pass);
        vkCmdEndRendering(commands);
    }
    read_back(commands, slot);
    return true;
}

void CuePass::bind(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::uint32_t frame_offset) const {
    const VkBuffer vertices = scene.vertices.handle();
    const VkDeviceSize start = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdBindIndexBuffer(commands, scene.indices.handle(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_SCENE, 1, &scene.scene_set, 1, &frame_offset);
}

void CuePass::draw(VkCommandBuffer commands, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order, double scene_time_s, std::uint32_t pass) const {
    DrawConstants constants(commands, layout);
    VkPipeline bound = VK_NULL_HANDLE;
    std::uint32_t material = ~0U;
    for (const std::uint32_t index : order) {
        const DrawItem& item = scene.items[index];
        if (!takes_part(item)) continue;
        const bool clear = item.pass == Pass::clear;
        shader::DrawBlock block = block_at(item, scene_time_s);
        block.surface.w = item.cue;
        if (clear) block.emissive.w = item.card == Card::smoke ? thinnest_card(kThinnest, item.puff) : kThinnest;
        const bool cut_out = item.pass == Pass::mask || (clear && (block.surface.z <= 0 || item.card != Card::none));  // glass is there however clear it is
        const VkPipeline pipeline = !cut_out ? solid_ : item.card == Card::smoke ? smoke_ : item.card == Card::glow ? glow_ : cut_out_;
        if (pipeline != bound) vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, bound = pipeline);
        // All pipelines name the material's set, those that do not look into it too: one has to be bound.
        if ((cut_out || material == ~0U) && item.material != material)
            vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, ACCALMIE_SET_MATERIAL, 1, &scene.material_sets[material = item.material], 0, nullptr);
        vkCmdSetCullMode(commands, item.double_sided ? VK_CULL_MODE_NONE : VK_CULL_MODE_BACK_BIT);
        vkCmdSetFrontFace(commands, item.mirrored ? VK_FRONT_FACE_CLOCKWISE : VK_FRONT_FACE_COUNTER_CLOCKWISE);
        vkCmdSetDepthWriteEnable(commands, clear ? VK_FALSE : VK_TRUE);
        if (!cut_out) static_cast<shader::SurfaceBlock&>(block) = {.base_color = {}, .emissive = {}, .surface = {0, 0, 0, item.cue}};  // all that its shader reads
        constants.both(block);
        vkCmdDrawIndexed(commands, item.index_count, gpu::instance_count(stereo_), item.first_index, item.vertex_offset, pass);
    }
}

void CuePass::read_back(VkCommandBuffer commands, std::size_t slot) const {
    gpu::image_barrier(commands, ids_.handle(), gpu::use::color_attachment, gpu::use::transfer_read);
    VkBufferImageCopy copy{};
    copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 2};
    copy.imageExtent = {kCueExtent.width, kCueExtent.height, 1};
    vkCmdCopyImageToBuffer(commands, ids_.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, pixels_[slot].handle(), 1, &copy);
    gpu::memory_barrier(commands, gpu::use::transfer_write, gpu::use_host_read);
}

std::span<const std::uint16_t> CuePass::ids(std::size_t slot) const {
    pixels_[slot].invalidate();
    return {reinterpret_cast<const std::uint16_t*>(pixels_[slot].mapped()), kBytes / sizeof(std::uint16_t)};
}

CuePass::~CuePass() {
    if (device_ == VK_NULL_HANDLE) return;
    for (VkPipeline pipeline : {solid_, cut_out_, smoke_, glow_}) vkDestroyPipeline(device_, pipeline, nullptr);
}

void CuePass::swap(CuePass& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(stereo_, other.stereo_);
    std::swap(ids_, other.ids_);
    std::swap(depth_, other.depth_);
    std::swap(pixels_, other.pixels_);
    std::swap(hidden_, other.hidden_);
    std::swap(solid_, other.solid_);
    std::swap(cut_out_, other.cut_out_);
    std::swap(smoke_, other.smoke_);
    std::swap(glow_, other.glow_);
}

}  // namespace accalmie::render
