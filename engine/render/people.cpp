// SPDX-License-Identifier: Apache-2.0
#include "engine/render/people.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/gpu/commands.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/graphics_pipeline.h"

namespace accalmie::render {
namespace {

constexpr std::uint32_t kPeopleComp[] = {
#include "shaders/people.comp.inc"
};

constexpr gpu::Use kBends{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, VK_ACCESS_2_SHADER_STORAGE_READ_BIT | VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT};
constexpr gpu::Use kDraws{VK_PIPELINE_STAGE_2_VERTEX_ATTRIBUTE_INPUT_BIT, VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT};

}  // namespace

Result<People> People::create(gpu::Device& device) {
    People made;
    made.device_ = device.handles().device;
    ACCALMIE_TRY(made.make_pipeline());
    return made;
}

Result<void> People::make_pipeline() {
    std::array<VkDescriptorSetLayoutBinding, ACCALMIE_PEOPLE_BINDINGS> bindings{};
    for (std::uint32_t i = 0; i < bindings.size(); ++i) bindings[i] = {i, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr};
    const VkDescriptorSetLayoutCreateInfo set{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = bindings.size(), .pBindings = bindings.data()};
    ACCALMIE_VK_TRY(vkCreateDescriptorSetLayout(device_, &set, nullptr, &set_layout_));
    const VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof(shader::FigureBlock)};
    const VkPipelineLayoutCreateInfo layout{.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, .setLayoutCount = 1, .pSetLayouts = &set_layout_,
        .pushConstantRangeCount = 1, .pPushConstantRanges = &push};
    ACCALMIE_VK_TRY(vkCreatePipelineLayout(device_, &layout, nullptr, &layout_));
    auto module = ShaderModule::create(device_, kPeopleComp);
    if (!module) return std::unexpected(std::move(module.error()));
    VkComputePipelineCreateInfo info{.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
    info.stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_COMPUTE_BIT, .module = module->handle(), .pName = "main"};
    info.layout = layout_;
    ACCALMIE_VK_TRY(vkCreateComputePipelines(device_, VK_NULL_HANDLE, 1, &info, nullptr, &pipeline_));
    return {};
}

Result<void> People::bind(GpuScene& scene) const {
    ScenePeople& people = scene.people;
    if (people.figures.empty()) return {};
    constexpr std::uint32_t slots = ScenePeople::kSlots;
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, slots * ACCALMIE_PEOPLE_BINDINGS};
    const VkDescriptorPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = slots, .poolSizeCount = 1, .pPoolSizes = &size};
    ACCALMIE_VK_TRY(vkCreateDescriptorPool(device_, &pool, nullptr, &people.pool));
    std::array<VkDescriptorSetLayout, slots> layouts;
    layouts.fill(set_layout_);
    const VkDescriptorSetAllocateInfo allocate{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, .descriptorPool = people.pool, .descriptorSetCount = slots,
        .pSetLayouts = layouts.data()};
    ACCALMIE_VK_TRY(vkAllocateDescriptorSets(device_, &allocate, people.sets.data()));
    const VkDeviceSize rest = VkDeviceSize{people.first_vertex} * sizeof(PackedVertex);
    for (std::size_t slot = 0; slot < slots; ++slot) {
        const std::array<VkDescriptorBufferInfo, ACCALMIE_PEOPLE_BINDINGS> buffers{{{scene.vertices.handle(), 0, rest}, {scene.vertices.handle(), rest, VK_WHOLE_SIZE},
            {people.influences.handle(), 0, VK_WHOLE_SIZE}, {people.deltas.handle(), 0, VK_WHOLE_SIZE}, {people.poses.handle(), slot * people.pose_stride, people.pose_stride}}};
        const VkWriteDescriptorSet write{.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, .dstSet = people.sets[slot], .descriptorCount = buffers.size(),
            .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, .pBufferInfo = buffers.data()};
        vkUpdateDescriptorSets(device_, 1, &write, 0, nullptr);
    }
    return {};
}

void People::reserve(const GpuScene& scene) {
    chosen_.resize(std::max(chosen_.size(), scene.people.figures.size()));
    for (const ScenePeople::Figure& figure : scene.people.figures) {
        bones_.resize(std::max(bones_.size(), figure.content.bones.size()));
        joints_.resize(std::max(joints_.size(), figure.content.joints.size()));
        weights_.resize(std::max(weights_.size(), figure.content.weights.size()));
    }
}

void People::choose(const GpuScene& scene, std::span<const std::uint32_t> order, int level) {
    std::ranges::fill(chosen_, std::uint8_t{0});
    for (std::size_t i = 0; scene.shadowed && i < scene.people.figures.size(); ++i)
        chosen_[i] = level >= scene.people.figures[i].level_min && level <= scene.people.figures[i].level_max;
    for (const std::uint32_t item : order)
        if (const int figure = scene.items[item].figure; figure >= 0) chosen_[static_cast<std::size_t>(figure)] = 1;
}

// The figure's pose at this time goes to the slot's part of the buffer; what the shader needs to know comes back.
shader::FigureBlock People::write(const ScenePeople& people, const ScenePeople::Figure& figure, double scene_time_s, std::size_t slot) {
    shader::FigureBlock block = figure.block;
    const std::span joints = std::span(joints_).first(figure.content.joints.size());
    const std::span weights = std::span(weights_).first(figure.content.weights.size());
    content::pose_at(figure.content, people.keys, scene_time_s, bones_, joints, weights);
    auto* to = reinterpret_cast<glm::vec4*>(people.poses.mapped() + slot * people.pose_stride) + block.pose_first;
    for (const glm::mat4& joint : joints) {
        const glm::mat4 rows = glm::transpose(joint);
        std::memcpy(to, &rows, 3 * sizeof(glm::vec4));
        to += 3;
    }
    block.morph_first = block.pose_first + static_cast<std::uint32_t>(3 * joints.size());
    for (std::uint32_t target = 0; target < weights.size(); ++target) {
        if (weights[target] == 0) continue;
        to[block.morphs++] = {weights[target], static_cast<float>(target), 0, 0};
    }
    return block;
}

void People::record(VkCommandBuffer commands, const GpuScene& scene, std::span<const std::uint32_t> order, int level, double scene_time_s, std::size_t slot) {
    const ScenePeople& people = scene.people;
    if (people.figures.empty()) return;
    choose(scene, order, level);
    // The frame before may still read its vertices; the very first comes after the upload.
    gpu::memory_barrier(commands, {kDraws.stage | gpu::use::transfer_write.stage, gpu::use::transfer_write.access}, kBends);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline_);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout_, 0, 1, &people.sets[slot], 0, nullptr);
    for (std::size_t i = 0; i < people.figures.size(); ++i) {
        if (chosen_[i] == 0) continue;
        const shader::FigureBlock block = write(people, people.figures[i], scene_time_s, slot);
        vkCmdPushConstants(commands, layout_, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof block, &block);
        vkCmdDispatch(commands, (block.vertices + ACCALMIE_PEOPLE_GROUP - 1) / ACCALMIE_PEOPLE_GROUP, 1, 1);
    }
    people.poses.flush();
    gpu::memory_barrier(commands, kBends, kDraws);
}

People::~People() {
    if (device_ == VK_NULL_HANDLE) return;
    vkDestroyPipeline(device_, pipeline_, nullptr);
    vkDestroyPipelineLayout(device_, layout_, nullptr);
    vkDestroyDescriptorSetLayout(device_, set_layout_, nullptr);
}

void People::swap(People& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(set_layout_, other.set_layout_);
    std::swap(layout_, other.layout_);
    std::swap(pipeline_, other.pipeline_);
    std::swap(bones_, other.bones_);
    std::swap(joints_, other.joints_);
    std::swap(weights_, other.weights_);
    std::swap(chosen_, other.chosen_);
}

}  // namespace accalmie::render
