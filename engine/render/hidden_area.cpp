// SPDX-License-Identifier: Apache-2.0
#include "engine/render/hidden_area.h"

#include <cstring>
#include <vector>

#include "engine/gpu/check.h"
#include "engine/shaders/shared.h"
#include "engine/render/graphics_pipeline.h"
#include "engine/render/projection.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kHiddenAreaVertLayered[] = {
#include "shaders/hidden_area.vert.layered.inc"
};
constexpr std::uint32_t kHiddenAreaVertMultiview[] = {
#include "shaders/hidden_area.vert.multiview.inc"
};
constexpr std::uint32_t kHiddenAreaVertTwoPasses[] = {
#include "shaders/hidden_area.vert.two_passes.inc"
};
constexpr StereoWords kHiddenAreaVert{kHiddenAreaVertLayered, kHiddenAreaVertMultiview, kHiddenAreaVertTwoPasses};

}  // namespace

HiddenArea::~HiddenArea() {
    if (pipeline_ != VK_NULL_HANDLE) vkDestroyPipeline(device_, pipeline_, nullptr);
}

Result<void> HiddenArea::set(gpu::Device& device, VkPipelineLayout layout, const Formats& formats, const xr::HiddenMesh& mesh) {
    std::vector<glm::vec3> vertices;
    for (std::size_t eye = 0; eye < 2; ++eye)
        for (std::size_t i = 0; i < mesh.triangles[eye].size() / 3 * 3; ++i) vertices.emplace_back(mesh.triangles[eye][i], static_cast<float>(eye));
    count_ = 0;
    if (vertices.empty()) return {};
    device_ = device.handles().device;
    if (pipeline_ == VK_NULL_HANDLE) ACCALMIE_TRY(make_pipeline(layout, formats));
    const VkDeviceSize bytes = vertices.size() * sizeof vertices[0];
    auto buffer = gpu::Buffer::create(device, bytes, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT, gpu::Memory::upload);
    if (!buffer) return std::unexpected(std::move(buffer.error()));
    std::memcpy(buffer->mapped(), vertices.data(), bytes);
    buffer->flush();
    vertices_ = std::move(*buffer);
    count_ = static_cast<std::uint32_t>(vertices.size());
    return {};
}

Result<void> HiddenArea::make_pipeline(VkPipelineLayout layout, const Formats& formats) {
    auto vertex = ShaderModule::create(device_, kHiddenAreaVert.of(formats.stereo));
    if (!vertex) return std::unexpected(std::move(vertex.error()));
    constexpr std::array attributes{VkVertexInputAttributeDescription{0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0}};
    auto pipeline = make_graphics_pipeline(device_, {.layout = layout, .vertex = vertex->handle(), .vertex_bytes = sizeof(glm::vec3), .attributes = attributes,
        .color_format = formats.color, .depth_format = formats.depth, .samples = formats.samples, .view_mask = gpu::view_mask(formats.stereo), .blend = {}, .depth_compare = VK_COMPARE_OP_ALWAYS});
    if (!pipeline) return std::unexpected(std::move(pipeline.error()));
    pipeline_ = *pipeline;
    return {};
}

void HiddenArea::record(VkCommandBuffer commands, VkPipelineLayout layout, const std::array<xr::View, 2>& views, std::uint32_t pass) const {
    if (count_ == 0) return;
    std::array<glm::vec4, 2> places;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        const glm::mat4 clip = clip_from_eye(views[eye].fov);  // of (x, y, -1)
        places[eye] = {clip[0][0], -clip[2][0], clip[1][1], -clip[2][1]};
    }
    static_assert(sizeof places <= sizeof(shader::PlaceBlock));
    const VkBuffer vertices = vertices_.handle();
    constexpr VkDeviceSize start = 0;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_);
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdPushConstants(commands, layout, VK_SHADER_STAGE_VERTEX_BIT, 0, sizeof places, places.data());
    vkCmdDraw(commands, count_, 1, 0, pass);
}

}  // namespace accalmie::render
