// SPDX-License-Identifier: Apache-2.0
#include "engine/render/mirror.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <glm/gtc/matrix_access.hpp>

#include "engine/gpu/check.h"
#include "engine/render/projection.h"

namespace accalmie::render {

shader::MirrorBlock mirror_block(const Mirror::Request& request, VkExtent2D eye_extent) {
    shader::MirrorBlock block{};
    const float left = std::tan(request.view.fov.left), right = std::tan(request.view.fov.right);
    const float up = std::tan(request.view.fov.up), down = std::tan(request.view.fov.down);
    block.ray_scale_offset = {right - left, down - up, left, up};

    const glm::vec2 shrink(static_cast<float>(eye_extent.width) / static_cast<float>(request.size.width),
                           static_cast<float>(eye_extent.height) / static_cast<float>(request.size.height));
    const float taps = std::clamp(std::ceil(std::max(shrink.x, shrink.y) * 0.5f), 1.0f, 8.0f);
    block.taps = {1 / (static_cast<float>(request.size.width) * taps), 1 / (static_cast<float>(request.size.height) * taps), taps, 0};

    const glm::mat4 panel_from_eye = eye_from_world(request.quad.world_from_quad) * world_from_eye(request.view.world_from_eye);
    const glm::vec3 o(panel_from_eye[3]);
    // The panel is seen from its front alone, as the compositor has it.
    if (!request.quad.visible || !request.has_panel || o.z <= 0) return block;
    // A ray o + t (R d) meets the plane z = 0 at t = -o.z / (R d).z; written as rows that are divided by the third.
    const glm::vec3 x(glm::row(panel_from_eye, 0)), y(glm::row(panel_from_eye, 1)), z(glm::row(panel_from_eye, 2));
    block.panel_from_ray[0] = glm::vec4(-((-o.z * x + o.x * z) / request.quad.size_m.x + 0.5f * z), 0);
    block.panel_from_ray[1] = glm::vec4(-(0.5f * z - (-o.z * y + o.y * z) / request.quad.size_m.y), 0);
    block.panel_from_ray[2] = glm::vec4(-z, 0);
    block.taps.w = 1;
    return block;
}

Result<void> Mirror::fit(Slot& slot, VkExtent2D size) {
    if (slot.size.width == size.width && slot.size.height == size.height) return {};
    if (size.width == 0 || size.height == 0 || size.width > 8192 || size.height > 8192)
        return std::unexpected(Error{.message = "the mirror cannot have this size", .hint = "1 to 8192 pixels a side"});
    ACCALMIE_TRY(slot.commands.wait());
    auto picture = gpu::Image::create(*gpu_, {.format = VK_FORMAT_R8G8B8A8_SRGB, .extent = size,
        .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
    if (!picture) return std::unexpected(std::move(picture.error()));
    auto pixels = gpu::Buffer::create(*gpu_, VkDeviceSize{size.width} * size.height * 4, VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::read_back);
    if (!pixels) return std::unexpected(std::move(pixels.error()));
    slot.picture = std::move(*picture);
    slot.pixels = std::move(*pixels);
    slot.size = size;
    return {};
}

// A frame that was drawn smaller is brought to the full size here, so that all that follows need not know.
void Mirror::copy_eye(VkCommandBuffer commands, const Request& request) const {
    const VkImageSubresourceLayers from{VK_IMAGE_ASPECT_COLOR_BIT, 0, static_cast<std::uint32_t>(request.eye), 1}, to{VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    const bool whole = request.drawn.width == 0 || (request.drawn.width == eye_extent_.width && request.drawn.height == eye_extent_.height);
    if (whole) {
        const VkImageCopy copy{from, {}, to, {}, {eye_extent_.width, eye_extent_.height, 1}};
        vkCmdCopyImage(commands, request.target, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, eye_.handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
        return;
    }
    const auto corner = [](VkExtent2D extent) { return VkOffset3D{static_cast<std::int32_t>(extent.width), static_cast<std::int32_t>(extent.height), 1}; };
    const VkImageBlit blit{from, {{}, corner(request.drawn)}, to, {{}, corner(eye_extent_)}};
    vkCmdBlitImage(commands, request.target, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, eye_.handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &blit, VK_FILTER_LINEAR);
}

void Mirror::record(Slot& slot, const Request& request) const {
    VkCommandBuffer commands = slot.commands.handle();
    // The eye is copied first, so that its swapchain image needs no sampling and is free again soon.
    gpu::image_barrier(commands, request.target, gpu::use::color_attachment, gpu::use::transfer_read);
    gpu::image_barrier(commands, eye_.handle(), gpu::use::discard(gpu::use::sampled), gpu::use::transfer_write);
    copy_eye(commands, request);
    gpu::image_barrier(commands, request.target, gpu::use::transfer_read, gpu::use::color_attachment);
    gpu::image_barrier(commands, eye_.handle(), gpu::use::transfer_write, gpu::use::sampled);
    gpu::image_barrier(commands, slot.picture.handle(), gpu::use::discard(gpu::use::transfer_read), gpu::use::color_attachment);

    const VkRect2D area{{0, 0}, request.size};
    const VkRenderingAttachmentInfo color{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO, .imageView = slot.picture.view(),
        .imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                                          .loadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE, .storeOp = VK_ATTACHMENT_STORE_OP_STORE};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO, .renderArea = area, .layerCount = 1, .colorAttachmentCount = 1,
        .pColorAttachments = &color};
    begin_rendering(commands, rendering);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout_, 0, 1, &set_, 0, nullptr);
    const shader::MirrorBlock block = mirror_block(request, eye_extent_);
    vkCmdPushConstants(commands, layout_, VK_SHADER_STAGE_FRAGMENT_BIT, 0, sizeof block, &block);
    vkCmdDraw(commands, 3, 1, 0, 0);
    vkCmdEndRendering(commands);

    gpu::image_barrier(commands, slot.picture.handle(), gpu::use::color_attachment, gpu::use::transfer_read);
    VkBufferImageCopy out{};
    out.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    out.imageExtent = {request.size.width, request.size.height, 1};
    vkCmdCopyImageToBuffer(commands, slot.picture.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, slot.pixels.handle(), 1, &out);
    gpu::memory_barrier(commands, gpu::use::transfer_write, gpu::use_host_read);
}

Result<void> Mirror::start(Slot& slot, const Request& request) {
    ACCALMIE_TRY(fit(slot, request.size));
    ACCALMIE_TRY(slot.commands.begin());
    record(slot, request);
    slot.sequence = ++sequence_;
    slot.pending = true;
    return slot.commands.submit();
}

Result<void> Mirror::take(Slot& slot, Renderer::Picture& picture) {
    ACCALMIE_TRY(slot.commands.wait());
    slot.pixels.invalidate();
    slot.pending = false;
    picture.width = slot.size.width;
    picture.height = slot.size.height;
    const auto* first = reinterpret_cast<const std::uint8_t*>(slot.pixels.mapped());
    picture.rgba.assign(first, first + std::size_t{slot.size.width} * slot.size.height * 4);
    return {};
}

Result<Renderer::Picture> Mirror::read(const Request& request) {
    ACCALMIE_TRY(start(blocking_, request));
    Renderer::Picture picture;
    ACCALMIE_TRY(take(blocking_, picture));
    return picture;
}

Result<bool> Mirror::begin(const Request& request) {
    const auto free = std::ranges::find_if(ring_, [](const Slot& slot) { return !slot.pending; });
    if (free == ring_.end()) return false;
    ACCALMIE_TRY(start(*free, request));
    return true;
}

Result<bool> Mirror::poll(Renderer::Picture& picture) {
    Slot* newest = nullptr;
    for (Slot& slot : ring_) {
        if (!slot.pending) continue;
        auto finished = slot.commands.finished();
        if (!finished) return std::unexpected(std::move(finished.error()));
        if (!*finished) continue;
        if (newest != nullptr) {
            Slot& older = newest->sequence < slot.sequence ? *newest : slot;
            ACCALMIE_TRY(older.commands.wait());
            older.pending = false;
            if (&older == &slot) continue;
        }
        newest = &slot;
    }
    // A picture older than the last one shown would make the mirror jump back.
    if (newest == nullptr) return false;
    const bool forward = newest->sequence > shown_;
    shown_ = std::max(shown_, newest->sequence);
    if (!forward) {
        ACCALMIE_TRY(newest->commands.wait());
        newest->pending = false;
        return false;
    }
    ACCALMIE_TRY(take(*newest, picture));
    return true;
}

}  // namespace accalmie::render
