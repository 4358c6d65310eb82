// SPDX-License-Identifier: Apache-2.0
// The mirror's objects and the panel's upload; mirror.cpp has what runs in the frame loop.
#include <array>
#include <cstring>

#include "engine/gpu/check.h"
#include "engine/render/mirror.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kMirrorVert[] = {
#include "shaders/mirror.vert.inc"
};
constexpr std::uint32_t kMirrorFrag[] = {
#include "shaders/mirror.frag.inc"
};

}  // namespace

Result<std::unique_ptr<Mirror>> Mirror::create(gpu::Device& device, VkSampler sampler, VkFormat eye_format, VkExtent2D eye_extent) {
    std::unique_ptr<Mirror> mirror(new Mirror);
    mirror->gpu_ = &device;
    mirror->device_ = device.handles().device;
    mirror->sampler_ = sampler;
    mirror->eye_extent_ = eye_extent;
    constexpr VkImageUsageFlags usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    auto eye = gpu::Image::create(device, {.format = eye_format, .extent = eye_extent, .usage = usage});
    if (!eye) return std::unexpected(std::move(eye.error()));
    mirror->eye_ = std::move(*eye);
    for (Slot* slot : {&mirror->ring_[0], &mirror->ring_[1], &mirror->ring_[2], &mirror->blocking_}) {
        auto commands = gpu::Commands::create(device);
        if (!commands) return std::unexpected(std::move(commands.error()));
        slot->commands = std::move(*commands);
    }
    for (QuadUpload& upload : mirror->quad_uploads_) {
        auto commands = gpu::Commands::create(device);
        if (!commands) return std::unexpected(std::move(commands.error()));
        upload.commands = std::move(*commands);
    }
    ACCALMIE_TRY(mirror->make_set());
    ACCALMIE_TRY(mirror->make_pipeline());
    mirror->point_set_at(mirror->eye_, mirror->eye_);  // until there is a panel; it is not shown then
    return mirror;
}

Mirror::~Mirror() {
    if (device_ == VK_NULL_HANDLE) return;
    for (Slot& slot : ring_) (void)slot.commands.wait();
    for (QuadUpload& upload : quad_uploads_) (void)upload.commands.wait();
    vkDestroyPipeline(device_, pipeline_, nullptr);
    vkDestroyPipelineLayout(device_, layout_, nullptr);
    vkDestroyDescriptorPool(device_, pool_, nullptr);
    vkDestroyDescriptorSetLayout(device_, set_layout_, nullptr);
}

Result<void> Mirror::make_set() {
    std::array<VkDescriptorSetLayoutBinding, 2> bindings{};
    for (std::uint32_t i = 0; i < bindings.size(); ++i) bindings[i] = {i, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 1, VK_SHADER_STAGE_FRAGMENT_BIT, nullptr};
    const VkDescriptorSetLayoutCreateInfo layout{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = bindings.size(),
        .pBindings = bindings.data()};
    ACCALMIE_VK_TRY(vkCreateDescriptorSetLayout(device_, &layout, nullptr, &set_layout_));
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, bindings.size()};
    const VkDescriptorPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = 1, .poolSizeCount = 1, .pPoolSizes = &size};
    ACCALMIE_VK_TRY(vkCreateDescriptorPool(device_, &pool, nullptr, &pool_));
    const VkDescriptorSetAllocateInfo allocate{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, .descriptorPool = pool_,
        .descriptorSetCount = 1, .pSetLayouts = &set_layout_};
    ACCALMIE_VK_TRY(vkAllocateDescriptorSets(device_, &allocate, &set_));
    return {};
}

void Mirror::point_set_at(const gpu::Image& eye, const gpu::Image& panel) {
    const std::array images{VkDescriptorImageInfo{sampler_, eye.view(), VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL},
                            VkDescriptorImageInfo{sampler_, panel.view(), VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL}};
    const VkWriteDescriptorSet write{.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, .dstSet = set_, .dstBinding = 0, .descriptorCount = images.size(),
                                     .descriptorType = VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, .pImageInfo = images.data()};
    vkUpdateDescriptorSets(device_, 1, &write, 0, nullptr);
}

Result<void> Mirror::make_pipeline() {
    auto vertex = ShaderModule::create(device_, kMirrorVert), fragment = ShaderModule::create(device_, kMirrorFrag);
    if (!vertex) return std::unexpected(std::move(vertex.error()));
    if (!fragment) return std::unexpected(std::move(fragment.error()));
    const VkPushConstantRange push{VK_SHADER_STAGE_FRAGMENT_BIT, 0, sizeof(shader::MirrorBlock)};
    const VkPipelineLayoutCreateInfo layout{.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, .setLayoutCount = 1, .pSetLayouts = &set_layout_,
        .pushConstantRangeCount = 1, .pPushConstantRanges = &push};
    ACCALMIE_VK_TRY(vkCreatePipelineLayout(device_, &layout, nullptr, &layout_));
    auto pipeline = make_graphics_pipeline(device_, {.layout = layout_, .vertex = vertex->handle(), .fragment = fragment->handle(), .color_format = VK_FORMAT_R8G8B8A8_SRGB});
    if (!pipeline) return std::unexpected(std::move(pipeline.error()));
    pipeline_ = *pipeline;
    return {};
}

Result<void> Mirror::upload_quad(VkImage target, VkExtent2D extent, std::span<const std::uint8_t> rgba) {
    if (rgba.size() != std::size_t{extent.width} * extent.height * 4 || rgba.empty())
        return std::unexpected(Error{.message = "the panel's picture does not fit its size", .hint = "four bytes a pixel"});
    if (panel_.info().extent.width != extent.width || panel_.info().extent.height != extent.height || panel_.handle() == VK_NULL_HANDLE) {
        // Only when the panel's size changes: nothing may still read the old one.
        for (Slot& slot : ring_) ACCALMIE_TRY(slot.commands.wait());
        for (QuadUpload& upload : quad_uploads_) ACCALMIE_TRY(upload.commands.wait());
        auto panel = gpu::Image::create(*gpu_, {.format = VK_FORMAT_R8G8B8A8_SRGB, .extent = extent,
            .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
        if (!panel) return std::unexpected(std::move(panel.error()));
        panel_ = std::move(*panel);
        point_set_at(eye_, panel_);
    }
    QuadUpload& upload = quad_uploads_[next_quad_upload_];
    next_quad_upload_ = (next_quad_upload_ + 1) % quad_uploads_.size();
    ACCALMIE_TRY(upload.commands.begin());
    if (upload.staging.size() < rgba.size()) {
        auto staging = gpu::Buffer::create(*gpu_, rgba.size(), VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::Memory::upload);
        if (!staging) return std::unexpected(std::move(staging.error()));
        upload.staging = std::move(*staging);
    }
    std::memcpy(upload.staging.mapped(), rgba.data(), rgba.size());
    upload.staging.flush();

    VkCommandBuffer commands = upload.commands.handle();
    VkBufferImageCopy region{};
    region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    region.imageExtent = {extent.width, extent.height, 1};
    const struct { VkImage image; gpu::Use before, after; } copies[] = {{target, gpu::use::color_attachment, gpu::use::color_attachment},
        {panel_.handle(), gpu::use::sampled, gpu::use::sampled}};
    for (const auto& copy : copies) {
        gpu::image_barrier(commands, copy.image, gpu::use::discard(copy.before), gpu::use::transfer_write);
        vkCmdCopyBufferToImage(commands, upload.staging.handle(), copy.image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
        gpu::image_barrier(commands, copy.image, gpu::use::transfer_write, copy.after);
    }
    return upload.commands.submit();
}

}  // namespace accalmie::render
