// SPDX-License-Identifier: Apache-2.0
// Owns: the way of bytes from the CPU into device memory: gathered, then copied a chunk at a time, each waited for.
// Never: used inside the frame loop. Thread: the frame thread.
#pragma once

#include <span>
#include <vector>

#include "engine/gpu/commands.h"
#include "engine/gpu/resources.h"

namespace accalmie::render {

class Upload {
public:
    explicit Upload(gpu::Device& device) : device_(device) {}

    // The bytes have to stay where they are until submit().
    void to_buffer(const gpu::Buffer& buffer, std::span<const std::byte> bytes);
    // Level after level, level 0 first; the image is left ready for sampling.
    void to_image(const gpu::Image& image, std::uint32_t texel_bytes, std::vector<std::span<const std::byte>> levels);
    Result<void> submit();

private:
    struct BufferCopy { VkBuffer to; std::span<const std::byte> bytes; };
    struct ImageCopy { const gpu::Image* to; std::uint32_t texel_bytes; std::vector<std::span<const std::byte>> levels; };
    Result<void> copy_buffer(const BufferCopy& copy);
    Result<void> copy_level(const ImageCopy& copy, std::uint32_t level);
    Result<std::span<std::byte>> room(VkDeviceSize size);   // in the staging buffer, at at_; copies what is there when it is full
    Result<void> flush();

    gpu::Device& device_;
    std::vector<BufferCopy> buffers_;
    std::vector<ImageCopy> images_;
    gpu::Buffer staging_;
    gpu::Commands commands_;
    VkDeviceSize filled_ = 0, at_ = 0;
};

}  // namespace accalmie::render
