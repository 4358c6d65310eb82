// SPDX-License-Identifier: Apache-2.0
// Owns: the one way to make a graphics pipeline and to begin a pass. What all of ours share stands here: triangles, one viewport and scissor
// set by each pass, counter-clockwise fronts. Units: pixels. Thread: the frame thread. Errors: what the driver refuses.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <vulkan/vulkan.h>

#include "engine/error.h"
#include "engine/gpu/stereo.h"

namespace accalmie::render {

// A module from the words that glslc wrote. A pipeline does not need it any more once it is made.
class ShaderModule {
public:
    static Result<ShaderModule> create(VkDevice device, std::span<const std::uint32_t> words);
    ShaderModule() = default;
    ~ShaderModule();
    ShaderModule(ShaderModule&& other) noexcept { swap(other); }
    ShaderModule& operator=(ShaderModule&& other) noexcept { swap(other); return *this; }
    VkShaderModule handle() const { return handle_; }

private:
    void swap(ShaderModule& other) noexcept {
        std::swap(device_, other.device_);
        std::swap(handle_, other.handle_);
    }
    VkDevice device_ = VK_NULL_HANDLE;
    VkShaderModule handle_ = VK_NULL_HANDLE;
};

// The variants of a vertex shader that draws both eyes.
struct StereoWords {
    std::span<const std::uint32_t> layered, multiview, two_passes;
    std::span<const std::uint32_t> of(gpu::Stereo stereo) const {
        return stereo == gpu::Stereo::layered ? layered : stereo == gpu::Stereo::multiview ? multiview : two_passes;
    }
};

inline constexpr VkColorComponentFlags kAllChannels = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT | VK_COLOR_COMPONENT_B_BIT | VK_COLOR_COMPONENT_A_BIT;

struct GraphicsPipeline {
    VkPipelineLayout layout = VK_NULL_HANDLE;
    VkShaderModule vertex = VK_NULL_HANDLE;
    VkShaderModule fragment = VK_NULL_HANDLE;                   // null: depth alone
    const VkSpecializationInfo* vertex_switches = nullptr;
    const VkSpecializationInfo* fragment_switches = nullptr;
    std::uint32_t vertex_bytes = 0;                             // from one vertex to the next in the only buffer; 0: no buffer
    std::span<const VkVertexInputAttributeDescription> attributes{};
    VkFormat color_format = VK_FORMAT_UNDEFINED;                // undefined: no such attachment
    VkFormat depth_format = VK_FORMAT_UNDEFINED;
    std::uint32_t samples = 1;
    std::uint32_t view_mask = 0;                                // as the pass has it
    bool alpha_to_coverage = false;
    VkPipelineColorBlendAttachmentState blend{.colorWriteMask = kAllChannels};
    bool depth_write = true;
    VkCompareOp depth_compare = VK_COMPARE_OP_GREATER_OR_EQUAL; // reversed depth
    float depth_bias_slope = 0;                                 // 0: no bias
    std::span<const VkDynamicState> dynamic{};                  // beside viewport and scissor; six at most
};
Result<VkPipeline> make_graphics_pipeline(VkDevice device, const GraphicsPipeline& wanted);

// Begins the pass and lets it draw on all of its area.
void begin_rendering(VkCommandBuffer commands, const VkRenderingInfo& rendering);

}  // namespace accalmie::render
