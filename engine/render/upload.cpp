// SPDX-License-Identifier: Apache-2.0
#include "engine/render/upload.h"

#include <algorithm>
#include <cstring>

#include "engine/gpu/check.h"

namespace accalmie::render {
namespace {

constexpr VkDeviceSize kAlignment = 16;  // of a copy's start: a multiple of every texel size in use
// What lies twice in memory at a time. The whole scene at once costs a software driver as much memory again as its textures.
constexpr VkDeviceSize kChunk = 8u << 20;

}  // namespace

void Upload::to_buffer(const gpu::Buffer& buffer, std::span<const std::byte> bytes) {
    if (!bytes.empty()) buffers_.push_back({buffer.handle(), bytes});
}

void Upload::to_image(const gpu::Image& image, std::uint32_t texel_bytes, std::vector<std::span<const std::byte>> levels) {
    images_.push_back({&image, texel_bytes, std::move(levels)});
}

Result<std::span<std::byte>> Upload::room(VkDeviceSize size) {
    VkDeviceSize start = (filled_ + kAlignment - 1) / kAlignment * kAlignment;
    if (start + size > staging_.size()) {
        ACCALMIE_TRY(flush());
        start = 0;
    }
    filled_ = start + size;
    at_ = start;
    return std::span(staging_.mapped() + start, size);
}

Result<void> Upload::flush() {
    staging_.flush();
    ACCALMIE_TRY(commands_.submit());
    ACCALMIE_TRY(commands_.wait());
    filled_ = 0;
    return commands_.begin();
}

Result<void> Upload::copy_buffer(const BufferCopy& copy) {
    for (std::size_t done = 0; done < copy.bytes.size();) {
        const std::size_t size = std::min<std::size_t>(copy.bytes.size() - done, kChunk);
        auto place = room(size);
        if (!place) return std::unexpected(std::move(place.error()));
        std::memcpy(place->data(), copy.bytes.data() + done, size);
        const VkBufferCopy region{.srcOffset = at_, .dstOffset = done, .size = size};
        vkCmdCopyBuffer(commands_.handle(), staging_.handle(), copy.to, 1, &region);
        done += size;
    }
    return {};
}

// Rows at a time, as many as fit.
Result<void> Upload::copy_level(const ImageCopy& copy, std::uint32_t level) {
    const VkExtent2D extent = copy.to->info().extent;
    const std::uint32_t width = std::max(1U, extent.width >> level), height = std::max(1U, extent.height >> level);
    const std::size_t row = std::size_t{width} * copy.texel_bytes;
    for (std::uint32_t y = 0; y < height;) {
        const auto rows = std::min(height - y, static_cast<std::uint32_t>(std::max<std::size_t>(1, kChunk / row)));
        auto place = room(row * rows);
        if (!place) return std::unexpected(std::move(place.error()));
        std::memcpy(place->data(), copy.levels[level].data() + y * row, row * rows);
        VkBufferImageCopy region{.bufferOffset = at_};
        region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, level, 0, 1};
        region.imageOffset = {0, static_cast<std::int32_t>(y), 0};
        region.imageExtent = {width, rows, 1};
        vkCmdCopyBufferToImage(commands_.handle(), staging_.handle(), copy.to->handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
        y += rows;
    }
    return {};
}

Result<void> Upload::submit() {
    auto staging = gpu::Buffer::create(device_, kChunk, VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::Memory::upload);
    if (!staging) return std::unexpected(std::move(staging.error()));
    staging_ = std::move(*staging);
    auto commands = gpu::Commands::create(device_);
    if (!commands) return std::unexpected(std::move(commands.error()));
    commands_ = std::move(*commands);
    ACCALMIE_TRY(commands_.begin());
    for (const BufferCopy& copy : buffers_) ACCALMIE_TRY(copy_buffer(copy));
    for (const ImageCopy& copy : images_) {
        gpu::image_barrier(commands_.handle(), copy.to->handle(), gpu::use::nothing, gpu::use::transfer_write);
        for (std::uint32_t level = 0; level < copy.levels.size(); ++level) ACCALMIE_TRY(copy_level(copy, level));
        gpu::image_barrier(commands_.handle(), copy.to->handle(), gpu::use::transfer_write, gpu::use::sampled);
    }
    constexpr gpu::Use vertex_input{VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT, VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT | VK_ACCESS_2_INDEX_READ_BIT};
    gpu::memory_barrier(commands_.handle(), gpu::use::transfer_write, vertex_input);
    staging_.flush();
    ACCALMIE_TRY(commands_.submit());
    return commands_.wait();
}

}  // namespace accalmie::render
