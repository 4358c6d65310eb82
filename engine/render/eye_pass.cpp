// SPDX-License-Identifier: Apache-2.0
#include "engine/render/eye_pass.h"

#include "engine/gpu/check.h"
#include "engine/render/graphics_pipeline.h"

namespace accalmie::render {

Result<void> EyePass::init() {
    const gpu::ImageInfo depth{.format = kDepthFormat, .extent = options_.eye_extent, .layers = 2 / gpu::pass_count(device_.stereo()), .samples = options_.samples,
        .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT, .transient = true};
    auto depth_image = gpu::Image::create(device_, depth);
    if (!depth_image) return std::unexpected(std::move(depth_image.error()));
    depth_ = std::move(*depth_image);
    if (options_.samples > 1) {
        gpu::ImageInfo color = depth;
        color.format = options_.color_format;
        color.usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
        auto color_image = gpu::Image::create(device_, color);
        if (!color_image) return std::unexpected(std::move(color_image.error()));
        color_ = std::move(*color_image);
    }
    views_.reserve(16);
    return {};
}

Result<void> EyePass::hide(VkPipelineLayout layout, const xr::HiddenMesh& mesh) {
    return hidden_.set(device_, layout, {options_.color_format, kDepthFormat, options_.samples, device_.stereo()}, mesh);
}

void EyePass::before(VkCommandBuffer commands, const Targets& targets) const {
    if (targets.depth != VK_NULL_HANDLE) {
        // A resolve writes as colour attachments do, whatever the format.
        constexpr gpu::Use drawn{gpu::use::depth_attachment.stage | gpu::use::color_attachment.stage, gpu::use::depth_attachment.access | gpu::use::color_attachment.access,
            VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL};
        gpu::image_barrier(commands, targets.depth, drawn, drawn, VK_IMAGE_ASPECT_DEPTH_BIT);
    }
    // The target may have been read by the mirror's copy before.
    constexpr gpu::Use drawn_or_copied{gpu::use::color_attachment.stage | gpu::use::transfer_read.stage, gpu::use::color_attachment.access};
    gpu::image_barrier(commands, targets.color, drawn_or_copied, gpu::use::color_attachment);
}

void EyePass::discard(VkCommandBuffer commands) const {
    if (options_.samples > 1) gpu::image_barrier(commands, color_.handle(), gpu::use::discard(gpu::use::color_attachment), gpu::use::color_attachment);
    // The pass before may still read it, for a resolve.
    constexpr gpu::Use drawn_or_resolved{gpu::use::depth_attachment.stage | gpu::use::color_attachment.stage, gpu::use::depth_attachment.access};
    gpu::image_barrier(commands, depth_.handle(), drawn_or_resolved, gpu::use::depth_attachment, VK_IMAGE_ASPECT_DEPTH_BIT);
}

Result<void> EyePass::begin(VkCommandBuffer commands, VkPipelineLayout layout, const Targets& targets, std::uint32_t pass) {
    const TargetViews::Layers layers = gpu::pass_count(device_.stereo()) == 1 ? TargetViews::Layers{0, 2} : TargetViews::Layers{pass, 1};
    const bool resolve = options_.samples > 1, keep_depth = targets.depth != VK_NULL_HANDLE;
    auto view = views_.of(device_.handles().device, targets.color, options_.color_format, VK_IMAGE_ASPECT_COLOR_BIT, layers);
    if (!view) return std::unexpected(std::move(view.error()));
    VkImageView depth_view = VK_NULL_HANDLE;
    if (keep_depth) {
        auto made = views_.of(device_.handles().device, targets.depth, kDepthFormat, VK_IMAGE_ASPECT_DEPTH_BIT, layers);
        if (!made) return std::unexpected(std::move(made.error()));
        depth_view = *made;
    }
    if (pass == 0) before(commands, targets);
    discard(commands);

    VkRenderingAttachmentInfo color{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    color.imageView = resolve ? color_.view() : *view;
    color.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    if (resolve) {
        color.resolveMode = VK_RESOLVE_MODE_AVERAGE_BIT;
        color.resolveImageView = *view;
        color.resolveImageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    }
    color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    color.storeOp = resolve ? VK_ATTACHMENT_STORE_OP_DONT_CARE : VK_ATTACHMENT_STORE_OP_STORE;
    for (int i = 0; i < 3; ++i) color.clearValue.color.float32[i] = targets.background[i];
    color.clearValue.color.float32[3] = 1;
    VkRenderingAttachmentInfo depth{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    depth.imageView = depth_.view();
    depth.imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    depth.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    depth.storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    depth.clearValue.depthStencil = {0, 0};
    if (keep_depth && resolve) {
        depth.resolveMode = VK_RESOLVE_MODE_SAMPLE_ZERO_BIT;  // a mean of depths would lie on no surface
        depth.resolveImageView = depth_view;
        depth.resolveImageLayout = VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL;
    } else if (keep_depth) {
        depth.imageView = depth_view;
        depth.imageLayout = VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL;
        depth.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    }
    begin_rendering(commands, {.sType = VK_STRUCTURE_TYPE_RENDERING_INFO, .renderArea = {{0, 0}, targets.extent}, .layerCount = layers.count,
        .viewMask = gpu::view_mask(device_.stereo()), .colorAttachmentCount = 1, .pColorAttachments = &color, .pDepthAttachment = &depth});
    hidden_.record(commands, layout, targets.views, pass);
    return {};
}

void EyePass::end(VkCommandBuffer commands, const Targets& targets, std::uint32_t pass) const {
    vkCmdEndRendering(commands);
    if (targets.depth == VK_NULL_HANDLE || pass + 1 < gpu::pass_count(device_.stereo())) return;
    // The resolve wrote as a colour attachment; the runtime that takes the picture over waits for the writes of depth attachments.
    constexpr gpu::Use resolved{gpu::use::color_attachment.stage, gpu::use::color_attachment.access, VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL};
    constexpr gpu::Use handed{gpu::use::depth_attachment.stage, gpu::use::depth_attachment.access, VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL};
    gpu::image_barrier(commands, targets.depth, resolved, handed, VK_IMAGE_ASPECT_DEPTH_BIT);
}

}  // namespace accalmie::render
