// SPDX-License-Identifier: Apache-2.0
#include "engine/render/hidden_area.h"

#include <cstring>
#include <vector>

#include "engine/gpu/check.h"
#include "engine/render/pipelines.h"
#include "engine/render/projection.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kHiddenAreaVert[] = {
#include "shaders/hidden_area.vert.inc"
};

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
    auto module = make_module(device_, kHiddenAreaVert, sizeof kHiddenAreaVert);
    if (!module) return std::unexpected(std::move(module.error()));
    const VkPipelineShaderStageCreateInfo stage{.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_VERTEX_BIT,
        .module = *module, .pName = "main"};
    constexpr VkVertexInputBindingDescription binding{0, sizeof(glm::vec3), VK_VERTEX_INPUT_RATE_VERTEX};
    constexpr VkVertexInputAttributeDescription attribute{0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0};
    const VkPipelineVertexInputStateCreateInfo input{.sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO, .vertexBindingDescriptionCount = 1,
        .pVertexBindingDescriptions = &binding, .vertexAttributeDescriptionCount = 1, .pVertexAttributeDescriptions = &attribute};
    const VkPipelineInputAssemblyStateCreateInfo assembly{.sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO,
        .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST};
    const VkPipelineViewportStateCreateInfo viewport{.sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO, .viewportCount = 1, .scissorCount = 1};
    const VkPipelineRasterizationStateCreateInfo raster{.sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO, .cullMode = VK_CULL_MODE_NONE, .lineWidth = 1};
    const VkPipelineMultisampleStateCreateInfo multisample{.sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO,
        .rasterizationSamples = static_cast<VkSampleCountFlagBits>(formats.samples)};
    const VkPipelineDepthStencilStateCreateInfo depth{.sType = VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO, .depthTestEnable = VK_TRUE,
        .depthWriteEnable = VK_TRUE, .depthCompareOp = VK_COMPARE_OP_ALWAYS};
    constexpr VkPipelineColorBlendAttachmentState no_color{};
    const VkPipelineColorBlendStateCreateInfo blending{.sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO, .attachmentCount = 1,
        .pAttachments = &no_color};
    constexpr std::array dynamic{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
    const VkPipelineDynamicStateCreateInfo dynamics{.sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO,
        .dynamicStateCount = dynamic.size(), .pDynamicStates = dynamic.data()};
    const VkPipelineRenderingCreateInfo rendering{.sType = VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO, .colorAttachmentCount = 1,
        .pColorAttachmentFormats = &formats.color, .depthAttachmentFormat = formats.depth};
    VkGraphicsPipelineCreateInfo info{.sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO, .pNext = &rendering};
    info.stageCount = 1;
    info.pStages = &stage;
    info.pVertexInputState = &input;
    info.pInputAssemblyState = &assembly;
    info.pViewportState = &viewport;
    info.pRasterizationState = &raster;
    info.pMultisampleState = &multisample;
    info.pDepthStencilState = &depth;
    info.pColorBlendState = &blending;
    info.pDynamicState = &dynamics;
    info.layout = layout;
    const VkResult made = vkCreateGraphicsPipelines(device_, VK_NULL_HANDLE, 1, &info, nullptr, &pipeline_);
    vkDestroyShaderModule(device_, *module, nullptr);
    ACCALMIE_VK_TRY(made);
    return {};
}

void HiddenArea::record(VkCommandBuffer commands, VkPipelineLayout layout, const std::array<xr::View, 2>& views) const {
    if (count_ == 0) return;
    std::array<glm::vec4, 2> places;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        const glm::mat4 clip = clip_from_eye(views[eye].fov);  // of (x, y, -1)
        places[eye] = {clip[0][0], -clip[2][0], clip[1][1], -clip[2][1]};
    }
    const VkBuffer vertices = vertices_.handle();
    constexpr VkDeviceSize start = 0;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_);
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdPushConstants(commands, layout, VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT, 0, sizeof places, places.data());
    vkCmdDraw(commands, count_, 1, 0, 0);
}

}  // namespace accalmie::render
