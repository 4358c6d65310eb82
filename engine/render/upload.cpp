// SPDX-License-Identifier: Apache-2.0
#include "engine/render/upload.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "engine/gpu/check.h"

namespace accalmie::render {
namespace {

constexpr VkDeviceSize kAlignment = 16;  // of a copy's start: a multiple of every texel's and block's size in use

}  // namespace

void Upload::to_buffer(const gpu::Buffer& buffer, std::span<const std::byte> bytes, std::function<void()> release) {
    if (!bytes.empty()) parts_.push_back({.buffer = buffer.handle(), .bytes = bytes, .release = std::move(release)});
}

void Upload::to_image(const gpu::Image& image, const TexelBlock& block, const std::vector<std::span<const std::byte>>& levels, std::function<void()> release) {
    for (std::uint32_t level = 0; level < levels.size(); ++level) {
        const std::uint32_t width = std::max(1U, image.info().extent.width >> level);
        parts_.push_back({.image = &image, .level = level, .block_side = block.side, .bytes = levels[level],
                          .unit_bytes = std::size_t{(width + block.side - 1) / block.side} * block.bytes, .first = level == 0, .last = level + 1 == levels.size(), .release = {}});
    }
    if (!levels.empty()) parts_.back().release = std::move(release);
}

Result<void> Upload::make_staging(gpu::Device& device) {
    auto staging = gpu::Buffer::create(device, kHalves * kHalf, VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::Memory::upload);
    if (!staging) return std::unexpected(std::move(staging.error()));
    staging_ = std::move(*staging);
    return {};
}

VkDeviceSize Upload::record(VkCommandBuffer commands, std::size_t half, double budget_ms) {
    const auto end_of_budget = std::chrono::steady_clock::now() + std::chrono::duration<double, std::milli>(budget_ms);
    VkDeviceSize filled = 0, copied = 0, piece = 0;
    while (!finished()) {
        Part& part = parts_[part_];
        const VkDeviceSize start = (filled + kAlignment - 1) / kAlignment * kAlignment;
        const std::size_t units = std::min<std::size_t>({(part.bytes.size() - done_) / part.unit_bytes, (kHalf - std::min(start, kHalf)) / part.unit_bytes,
                                                         std::max<std::size_t>(1, (kPiece - piece) / part.unit_bytes)});
        if (units == 0) break;  // the half is full
        const std::size_t size = units * part.unit_bytes;
        std::memcpy(staging_.mapped() + half * kHalf + start, part.bytes.data() + done_, size);
        copy(commands, part, half * kHalf + start, size);
        filled = start + size;
        copied += size;
        done_ += size;
        if (done_ == part.bytes.size()) end(commands, part);
        piece += size;
        if (piece < kPiece) continue;
        piece = 0;
        if (std::chrono::steady_clock::now() >= end_of_budget) break;
    }
    if (copied > 0) staging_.flush();
    return copied;
}

void Upload::copy(VkCommandBuffer commands, const Part& part, VkDeviceSize from, std::size_t size) const {
    if (part.image == nullptr) {
        const VkBufferCopy region{.srcOffset = from, .dstOffset = done_, .size = size};
        vkCmdCopyBuffer(commands, staging_.handle(), part.buffer, 1, &region);
        return;
    }
    if (part.first && done_ == 0) gpu::image_barrier(commands, part.image->handle(), gpu::use::nothing, gpu::use::transfer_write);
    const VkExtent2D extent = part.image->info().extent;
    const std::uint32_t width = std::max(1U, extent.width >> part.level), height = std::max(1U, extent.height >> part.level);
    const auto y = static_cast<std::uint32_t>(done_ / part.unit_bytes) * part.block_side, rows = static_cast<std::uint32_t>(size / part.unit_bytes) * part.block_side;
    VkBufferImageCopy region{.bufferOffset = from};
    region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, part.level, 0, 1};
    region.imageOffset = {0, static_cast<std::int32_t>(y), 0};
    region.imageExtent = {width, std::min(rows, height - y), 1};
    vkCmdCopyBufferToImage(commands, staging_.handle(), part.image->handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
}

void Upload::end(VkCommandBuffer commands, Part& part) {
    if (part.last) gpu::image_barrier(commands, part.image->handle(), gpu::use::transfer_write, gpu::use::sampled);
    if (part.release) part.release();
    ++part_;
    done_ = 0;
    if (!finished()) return;
    constexpr gpu::Use vertex_input{VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT, VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT | VK_ACCESS_2_INDEX_READ_BIT};
    gpu::memory_barrier(commands, gpu::use::transfer_write, vertex_input);
}

}  // namespace accalmie::render
