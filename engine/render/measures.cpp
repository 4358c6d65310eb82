// SPDX-License-Identifier: Apache-2.0
#include "engine/render/measures.h"

#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/renderer.h"

namespace accalmie::render {
namespace {

constexpr VkExtent2D kPlaces{kLuminanceSide, kLuminanceSide};
// Sampled by nobody: an image has a view here, and a view wants more than copies.
constexpr VkImageUsageFlags kUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_SAMPLED_BIT;
constexpr VkDeviceSize kBytes = VkDeviceSize{2} * kLuminanceSide * kLuminanceSide * 4;

VkImageBlit2 whole(VkExtent2D from, VkExtent2D to) {
    VkImageBlit2 blit{.sType = VK_STRUCTURE_TYPE_IMAGE_BLIT_2};
    blit.srcSubresource = blit.dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 2};
    blit.srcOffsets[1] = {static_cast<std::int32_t>(from.width), static_cast<std::int32_t>(from.height), 1};
    blit.dstOffsets[1] = {static_cast<std::int32_t>(to.width), static_cast<std::int32_t>(to.height), 1};
    return blit;
}

}  // namespace

Result<Measures> Measures::create(gpu::Device& device, VkPipelineLayout layout) {
    Measures made;
    auto pass = CuePass::create(device, layout);
    if (!pass) return std::unexpected(std::move(pass.error()));
    made.pass_ = std::move(*pass);
    auto small = gpu::Image::create(device, {.format = VK_FORMAT_R8G8B8A8_SRGB, .extent = kPlaces, .layers = 2, .usage = kUsage});
    if (!small) return std::unexpected(std::move(small.error()));
    made.small_ = std::move(*small);
    for (gpu::Buffer& places : made.places_) {
        auto buffer = gpu::Buffer::create(device, kBytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::read_back);
        if (!buffer) return std::unexpected(std::move(buffer.error()));
        places = std::move(*buffer);
    }
    return made;
}

Result<void> Measures::set_hidden_mesh(gpu::Device& device, VkPipelineLayout layout, const xr::HiddenMesh& mesh) {
    mesh_ = mesh;
    hidden_fovs_.reset();
    return pass_.set_hidden_mesh(device, layout, mesh);
}

const HiddenPlaces& Measures::hidden_at(const std::array<xr::Fov, 2>& fovs) {
    if (!hidden_fovs_ || *hidden_fovs_ != fovs) {
        hidden_fovs_ = fovs;
        hidden_ = hidden_places(mesh_, fovs);
    }
    return hidden_;
}

void Measures::reserve(std::size_t cues) {
    for (CueViews& views : cues_.items) views.cues.reserve(cues);
}

void Measures::record(VkCommandBuffer commands, std::size_t slot, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order,
                      const FrameInput& input, std::uint32_t frame_offset, VkImage target, VkExtent2D extent) {
    Asked& asked = asked_[slot];
    asked = {.request = input.measure, .scene = input.scene, .level = input.level, .cue_count = scene.cues.size()};
    if (!asked.request.cues && !asked.request.luminance) return;
    asked.attention = attention_of(asked.request, input.views);
    if (asked.request.luminance && target != VK_NULL_HANDLE) record_luminance(commands, slot, target, extent);
    if (asked.request.cues) asked.cues_drawn = pass_.record(commands, layout, scene, order, input.scene_time_s, input.views, frame_offset, slot);
}

void Measures::record_luminance(VkCommandBuffer commands, std::size_t slot, VkImage target, VkExtent2D extent) const {
    gpu::image_barrier(commands, target, gpu::use::color_attachment, gpu::use::transfer_read);
    gpu::image_barrier(commands, small_.handle(), gpu::use::discard(gpu::use::transfer_read), gpu::use::transfer_write);
    const VkImageBlit2 region = whole(extent, kPlaces);
    const VkBlitImageInfo2 blit{.sType = VK_STRUCTURE_TYPE_BLIT_IMAGE_INFO_2, .srcImage = target, .srcImageLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
        .dstImage = small_.handle(), .dstImageLayout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, .regionCount = 1, .pRegions = &region, .filter = VK_FILTER_LINEAR};
    vkCmdBlitImage2(commands, &blit);
    gpu::image_barrier(commands, target, gpu::use::transfer_read, gpu::use::color_attachment);
    gpu::image_barrier(commands, small_.handle(), gpu::use::transfer_write, gpu::use::transfer_read);
    VkBufferImageCopy copy{};
    copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 2};
    copy.imageExtent = {kPlaces.width, kPlaces.height, 1};
    vkCmdCopyImageToBuffer(commands, small_.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, places_[slot].handle(), 1, &copy);
    gpu::memory_barrier(commands, gpu::use::transfer_write, gpu::use_host_read);
}

void Measures::drawn_with(std::size_t slot, const std::array<xr::View, 2>& views) {
    for (std::size_t eye = 0; eye < 2; ++eye) asked_[slot].fovs[eye] = views[eye].fov;
}

void Measures::fill(const Asked& asked, std::size_t slot, CueViews& views) const {
    views.scene = asked.scene;
    views.level = asked.level;
    views.time_s = asked.request.time_s;
    views.by_eyes = asked.request.world_from_gaze.has_value();
    views.cues.assign(asked.cue_count, CueView{});
    if (asked.cues_drawn) measure_cues(pass_.ids(slot), asked.fovs, asked.attention, views.cues);
}

void Measures::answer(std::size_t slot, CueViews& views) { fill(std::exchange(asked_[slot], Asked{}), slot, views); }

void Measures::collect(std::size_t slot) {
    const Asked asked = std::exchange(asked_[slot], Asked{});
    if (asked.request.cues) fill(asked, slot, cues_.add());
    if (asked.request.luminance) {
        Luminance& luminance = luminance_.add();
        luminance.time_s = asked.request.time_s;
        places_[slot].invalidate();
        measure_luminance({reinterpret_cast<const std::uint8_t*>(places_[slot].mapped()), kBytes}, hidden_at(asked.fovs), luminance);
    }
}

}  // namespace accalmie::render
