// SPDX-License-Identifier: Apache-2.0
// Owns: a test's way to the bytes of a target, layer by layer, and a depth picture to draw into. Waits for the GPU.
#pragma once

#include <cstring>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "engine/gpu/commands.h"
#include "stage.h"

namespace accalmie::testing {

inline constexpr gpu::Use kDepthOut{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT,
                                    VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL};

// The bytes of one layer, four a pixel.
template <class Texel>
std::vector<Texel> texels(gpu::Device& device, VkImage image, std::uint32_t layer, VkExtent2D extent, const gpu::Use& left, VkImageAspectFlags aspect) {
    static_assert(sizeof(Texel) == 4);
    const VkDeviceSize bytes = VkDeviceSize{extent.width} * extent.height * 4;
    auto buffer = gpu::Buffer::create(device, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::read_back);
    auto commands = gpu::Commands::create(device);
    REQUIRE((buffer && commands && commands->begin()));
    gpu::image_barrier(commands->handle(), image, left, gpu::use::transfer_read, aspect);
    VkBufferImageCopy copy{};
    copy.imageSubresource = {aspect, 0, layer, 1};
    copy.imageExtent = {extent.width, extent.height, 1};
    vkCmdCopyImageToBuffer(commands->handle(), image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, buffer->handle(), 1, &copy);
    gpu::image_barrier(commands->handle(), image, gpu::use::transfer_read, left, aspect);
    gpu::memory_barrier(commands->handle(), gpu::use::transfer_write, gpu::use_host_read);
    REQUIRE((commands->submit() && commands->wait()));
    buffer->invalidate();
    std::vector<Texel> read(std::size_t{extent.width} * extent.height);
    std::memcpy(read.data(), buffer->mapped(), bytes);
    return read;
}

inline std::vector<std::uint32_t> colors(Stage& stage, std::uint32_t eye, VkExtent2D extent) {
    return texels<std::uint32_t>(stage.device(), stage.target(), eye, extent, gpu::use::color_attachment, VK_IMAGE_ASPECT_COLOR_BIT);
}

inline gpu::Image depth_picture(gpu::Device& device, VkExtent2D extent) {
    auto image = gpu::Image::create(device, {.format = VK_FORMAT_D32_SFLOAT, .extent = extent, .layers = 2,
        .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
    auto commands = gpu::Commands::create(device);
    REQUIRE((image && commands && commands->begin()));
    gpu::image_barrier(commands->handle(), image->handle(), gpu::use::nothing, kDepthOut, VK_IMAGE_ASPECT_DEPTH_BIT);
    REQUIRE((commands->submit() && commands->wait()));
    return std::move(*image);
}

}  // namespace accalmie::testing
