// SPDX-License-Identifier: Apache-2.0
#include "engine/render/upload.h"

#include <algorithm>
#include <cstring>

#include "engine/gpu/check.h"
#include "engine/gpu/commands.h"

namespace accalmie::render {
namespace {

constexpr VkDeviceSize kAlignment = 16;  // of a copy's start: a multiple of every texel size in use

VkDeviceSize aligned(VkDeviceSize size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

void Upload::to_buffer(const gpu::Buffer& buffer, std::span<const std::byte> bytes) {
    if (!bytes.empty()) buffers_.push_back({buffer.handle(), bytes});
}

void Upload::to_image(const gpu::Image& image, std::uint32_t texel_bytes, std::vector<std::span<const std::byte>> levels) {
    images_.push_back({&image, texel_bytes, std::move(levels)});
}

Result<void> Upload::record(VkCommandBuffer commands, gpu::Buffer& staging) {
    VkDeviceSize at = 0;
    const auto stage = [&](std::span<const std::byte> bytes) {
        std::memcpy(staging.mapped() + at, bytes.data(), bytes.size());
        const VkDeviceSize start = at;
        at += aligned(bytes.size());
        return start;
    };
    for (const BufferCopy& copy : buffers_) {
        const VkBufferCopy region{.srcOffset = stage(copy.bytes), .dstOffset = 0, .size = copy.bytes.size()};
        vkCmdCopyBuffer(commands, staging.handle(), copy.to, 1, &region);
    }
    for (const ImageCopy& copy : images_) {
        gpu::image_barrier(commands, copy.to->handle(), gpu::use::nothing, gpu::use::transfer_write);
        for (std::uint32_t level = 0; level < copy.levels.size(); ++level) {
            const VkExtent2D extent = copy.to->info().extent;
            VkBufferImageCopy region{.bufferOffset = stage(copy.levels[level])};
            region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, level, 0, 1};
            region.imageExtent = {std::max(1U, extent.width >> level), std::max(1U, extent.height >> level), 1};
            vkCmdCopyBufferToImage(commands, staging.handle(), copy.to->handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
        }
        gpu::image_barrier(commands, copy.to->handle(), gpu::use::transfer_write, gpu::use::sampled);
    }
    constexpr gpu::Use vertex_input{VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT, VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT | VK_ACCESS_2_INDEX_READ_BIT};
    gpu::memory_barrier(commands, gpu::use::transfer_write, vertex_input);
    staging.flush();
    return {};
}

Result<void> Upload::submit() {
    VkDeviceSize total = 0;
    for (const BufferCopy& copy : buffers_) total += aligned(copy.bytes.size());
    for (const ImageCopy& copy : images_)
        for (const auto& level : copy.levels) total += aligned(level.size());
    auto staging = gpu::Buffer::create(device_, total, VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::Memory::upload);
    if (!staging) return std::unexpected(std::move(staging.error()));
    auto commands = gpu::Commands::create(device_);
    if (!commands) return std::unexpected(std::move(commands.error()));
    ACCALMIE_TRY(commands->begin());
    ACCALMIE_TRY(record(commands->handle(), *staging));
    ACCALMIE_TRY(commands->submit());
    return commands->wait();
}

}  // namespace accalmie::render
