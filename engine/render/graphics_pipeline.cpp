// SPDX-License-Identifier: Apache-2.0
#include "engine/render/graphics_pipeline.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "engine/gpu/check.h"

namespace accalmie::render {

Result<ShaderModule> ShaderModule::create(VkDevice device, std::span<const std::uint32_t> words) {
    const VkShaderModuleCreateInfo info{.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = words.size_bytes(), .pCode = words.data()};
    ShaderModule made;
    ACCALMIE_VK_TRY(vkCreateShaderModule(device, &info, nullptr, &made.handle_));
    made.device_ = device;
    return made;
}

ShaderModule::~ShaderModule() {
    if (handle_ != VK_NULL_HANDLE) vkDestroyShaderModule(device_, handle_, nullptr);
}

Result<VkPipeline> make_graphics_pipeline(VkDevice device, const GraphicsPipeline& wanted) {
    const bool has_color = wanted.color_format != VK_FORMAT_UNDEFINED, has_depth = wanted.depth_format != VK_FORMAT_UNDEFINED;
    const std::array stages{VkPipelineShaderStageCreateInfo{.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_VERTEX_BIT,
                                .module = wanted.vertex, .pName = "main", .pSpecializationInfo = wanted.vertex_switches},
                            VkPipelineShaderStageCreateInfo{.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_FRAGMENT_BIT,
                                .module = wanted.fragment, .pName = "main", .pSpecializationInfo = wanted.fragment_switches}};
    const VkVertexInputBindingDescription binding{0, wanted.vertex_bytes, VK_VERTEX_INPUT_RATE_VERTEX};
    const VkPipelineVertexInputStateCreateInfo vertices{.sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO,
        .vertexBindingDescriptionCount = wanted.vertex_bytes != 0 ? 1U : 0U, .pVertexBindingDescriptions = &binding,
        .vertexAttributeDescriptionCount = static_cast<std::uint32_t>(wanted.attributes.size()), .pVertexAttributeDescriptions = wanted.attributes.data()};
    const VkPipelineInputAssemblyStateCreateInfo assembly{.sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO, .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST};
    const VkPipelineViewportStateCreateInfo viewport{.sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO, .viewportCount = 1, .scissorCount = 1};
    const VkPipelineRasterizationStateCreateInfo raster{.sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO, .frontFace = VK_FRONT_FACE_COUNTER_CLOCKWISE,
        .depthBiasEnable = wanted.depth_bias_slope != 0, .depthBiasSlopeFactor = wanted.depth_bias_slope, .lineWidth = 1};
    const VkPipelineMultisampleStateCreateInfo multisample{.sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO,
        .rasterizationSamples = static_cast<VkSampleCountFlagBits>(wanted.samples), .alphaToCoverageEnable = wanted.alpha_to_coverage};
    const VkPipelineDepthStencilStateCreateInfo depth{.sType = VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO, .depthTestEnable = VK_TRUE,
        .depthWriteEnable = wanted.depth_write, .depthCompareOp = wanted.depth_compare};
    const VkPipelineColorBlendStateCreateInfo blending{.sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO, .attachmentCount = 1, .pAttachments = &wanted.blend};
    std::array<VkDynamicState, 8> dynamic{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
    assert(wanted.dynamic.size() + 2 <= dynamic.size());
    std::ranges::copy(wanted.dynamic, dynamic.begin() + 2);
    const VkPipelineDynamicStateCreateInfo dynamics{.sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO,
        .dynamicStateCount = static_cast<std::uint32_t>(2 + wanted.dynamic.size()), .pDynamicStates = dynamic.data()};
    const VkPipelineRenderingCreateInfo rendering{.sType = VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO, .viewMask = wanted.view_mask, .colorAttachmentCount = has_color ? 1U : 0U,
        .pColorAttachmentFormats = &wanted.color_format, .depthAttachmentFormat = wanted.depth_format};

    VkGraphicsPipelineCreateInfo info{.sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO, .pNext = &rendering};
    info.stageCount = wanted.fragment != VK_NULL_HANDLE ? 2 : 1;
    info.pStages = stages.data();
    info.pVertexInputState = &vertices;
    info.pInputAssemblyState = &assembly;
    info.pViewportState = &viewport;
    info.pRasterizationState = &raster;
    info.pMultisampleState = &multisample;
    info.pDepthStencilState = has_depth ? &depth : nullptr;
    info.pColorBlendState = has_color ? &blending : nullptr;
    info.pDynamicState = &dynamics;
    info.layout = wanted.layout;
    VkPipeline pipeline = VK_NULL_HANDLE;
    ACCALMIE_VK_TRY(vkCreateGraphicsPipelines(device, VK_NULL_HANDLE, 1, &info, nullptr, &pipeline));
    return pipeline;
}

void begin_rendering(VkCommandBuffer commands, const VkRenderingInfo& rendering) {
    vkCmdBeginRendering(commands, &rendering);
    const VkExtent2D extent = rendering.renderArea.extent;
    const VkViewport viewport{0, 0, static_cast<float>(extent.width), static_cast<float>(extent.height), 0, 1};
    vkCmdSetViewport(commands, 0, 1, &viewport);
    vkCmdSetScissor(commands, 0, 1, &rendering.renderArea);
}

}  // namespace accalmie::render
