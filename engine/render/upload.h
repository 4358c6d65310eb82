// SPDX-License-Identifier: Apache-2.0
// Owns: the way of a scene's bytes into device memory: a list of copies, of which every call of record() takes a share, through a staging
// buffer of two small halves that are written again and again.
// Never: waits; takes more than a half's bytes, or much more than the time it is given, at once; allocates in record().
// Units: bytes, milliseconds. Thread: filled by one thread, then handed to the frame thread.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/gpu/resources.h"

namespace accalmie::render {

// What a picture is made of: texels, or blocks of them (`side` 4 for BC formats).
struct TexelBlock {
    std::uint32_t bytes = 4, side = 1;
};

class Upload {
public:
    static constexpr std::size_t kHalves = 2;                    // one a frame in flight
    static constexpr VkDeviceSize kHalf = VkDeviceSize{4} << 20;   // the most that one call copies
    static constexpr VkDeviceSize kPiece = VkDeviceSize{256} << 10; // what is copied between two looks at the clock, a row of a picture at least

    Upload() = default;
    // The bytes have to stay where they are until `release` is called for them: once the last of them is in the staging buffer.
    void to_buffer(const gpu::Buffer& buffer, std::span<const std::byte> bytes, std::function<void()> release = {});
    // Level after level, level 0 first; the image is left ready for sampling. It stays at its address.
    void to_image(const gpu::Image& image, const TexelBlock& block, const std::vector<std::span<const std::byte>>& levels, std::function<void()> release = {});

    Result<void> make_staging(gpu::Device& device);
    // Copies on, for at most `budget_ms` (one piece at least), through the half that the GPU is done with. Gives the bytes.
    VkDeviceSize record(VkCommandBuffer commands, std::size_t half, double budget_ms);
    bool finished() const { return part_ == parts_.size(); }

private:
    // A buffer, or one level of an image: `units` elements or rows of blocks, each copied whole.
    struct Part {
        VkBuffer buffer = VK_NULL_HANDLE;
        const gpu::Image* image = nullptr;
        std::uint32_t level = 0, block_side = 1;
        std::span<const std::byte> bytes;
        std::size_t unit_bytes = 1;
        bool first = false, last = false;  // of its image
        std::function<void()> release;
    };
    void copy(VkCommandBuffer commands, const Part& part, VkDeviceSize from, std::size_t size) const;
    void end(VkCommandBuffer commands, Part& part);

    std::vector<Part> parts_;
    std::size_t part_ = 0, done_ = 0;  // the part that is copied, and how much of it
    gpu::Buffer staging_;
};

}  // namespace accalmie::render
