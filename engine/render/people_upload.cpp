// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/gpu/check.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/people.h"
#include "engine/render/upload.h"

namespace accalmie::render {
namespace {

// A storage buffer may begin anywhere that 256 divides; so many vertices end there.
constexpr std::uint32_t kVertexStep = 32;
constexpr VkDeviceSize kPoseStep = 256;
static_assert(kVertexStep * sizeof(PackedVertex) % 256 == 0);

std::array<std::uint16_t, 8> packed_of(const content::Influence& influence) {
    std::array<std::uint16_t, 8> packed{};
    std::uint32_t rest = 65535;  // the strongest takes what rounding leaves, so that the shares add up
    for (std::size_t i = 4; i-- > 0;) {
        const auto share = i == 0 ? rest : std::min(rest, static_cast<std::uint32_t>(std::lround(std::clamp(influence.weights[i], 0.0f, 1.0f) * 65535.0f)));
        packed[i] = influence.joints[i];
        packed[4 + i] = static_cast<std::uint16_t>(share);
        rest -= share;
    }
    return packed;
}

bool turns_inside_out(const content::Figure& figure, std::span<const float> keys) {
    std::vector<glm::mat4> bones(figure.bones.size()), joints(figure.joints.size());
    std::vector<float> weights(figure.weights.size());
    content::pose_at(figure, keys, 0, bones, joints, weights);
    return glm::determinant(glm::mat3(joints.front())) < 0;
}

}  // namespace

void lay_out(const content::SceneAsset& asset, std::vector<PackedVertex>& vertices, ScenePeople& people) {
    if (asset.figures.empty()) return;
    people.keys = asset.keys;
    std::vector<shader::FigureBlock> blocks;  // of each deform
    for (const content::Deform& deform : asset.deforms) {
        blocks.push_back({.rest_first = deform.first_vertex, .vertices = deform.vertex_count, .influence_first = static_cast<std::uint32_t>(people.packed_influences.size()),
                          .delta_first = static_cast<std::uint32_t>(people.packed_deltas.size())});
        std::ranges::transform(deform.influences, std::back_inserter(people.packed_influences), packed_of);
        for (const content::MorphTarget& target : deform.targets) people.packed_deltas.insert(people.packed_deltas.end(), target.deltas.begin(), target.deltas.end());
    }
    vertices.resize((vertices.size() + kVertexStep - 1) / kVertexStep * kVertexStep);
    people.first_vertex = static_cast<std::uint32_t>(vertices.size());
    std::uint32_t pose_rows = 0;
    for (const content::Figure& content : asset.figures) {
        ScenePeople::Figure figure{.content = content, .block = blocks[static_cast<std::size_t>(content.deform)]};
        figure.mesh_first = figure.block.rest_first;
        figure.block.bent_first = static_cast<std::uint32_t>(vertices.size()) - people.first_vertex;
        figure.block.skinned = content.skinned;
        figure.block.pose_first = pose_rows;
        figure.mirrored = turns_inside_out(content, asset.keys);
        pose_rows += static_cast<std::uint32_t>(3 * content.joints.size() + content.weights.size());
        vertices.resize(vertices.size() + figure.block.vertices);
        std::copy_n(vertices.begin() + figure.block.rest_first, figure.block.vertices, vertices.end() - figure.block.vertices);
        people.figures.push_back(std::move(figure));
    }
    people.pose_stride = (pose_rows * sizeof(glm::vec4) + kPoseStep - 1) / kPoseStep * kPoseStep;
    for (const content::Node& node : asset.nodes) {
        if (node.figure < 0) continue;
        ScenePeople::Figure& figure = people.figures[static_cast<std::size_t>(node.figure)];
        figure.level_min = node.level_min;
        figure.level_max = node.level_max;
    }
}

Result<void> fill_buffers(gpu::Device& device, Upload& upload, ScenePeople& people) {
    if (people.figures.empty()) return {};
    const auto fill = [&](gpu::Buffer& buffer, auto& packed) -> Result<void> {
        const auto bytes = std::as_bytes(std::span(packed));
        auto made = gpu::Buffer::create(device, bytes.size(), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::device);
        if (!made) return std::unexpected(std::move(made.error()));
        buffer = std::move(*made);
        upload.to_buffer(buffer, bytes, [&packed] { packed = {}; });
        return {};
    };
    ACCALMIE_TRY(fill(people.influences, people.packed_influences));
    ACCALMIE_TRY(fill(people.deltas, people.packed_deltas));
    auto poses = gpu::Buffer::create(device, people.pose_stride * ScenePeople::kSlots, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, gpu::Memory::upload);
    if (!poses) return std::unexpected(std::move(poses.error()));
    people.poses = std::move(*poses);
    return {};
}

void draw_bent(const ScenePeople& people, const content::Node& node, DrawItem& item) {
    if (node.figure < 0) return;
    const ScenePeople::Figure& figure = people.figures[static_cast<std::size_t>(node.figure)];
    item.figure = node.figure;
    item.vertex_offset += static_cast<std::int32_t>(people.first_vertex + figure.block.bent_first) - static_cast<std::int32_t>(figure.mesh_first);
    item.box = transformed(node.world_from_node, figure.content.bounds_min, figure.content.bounds_max);
    item.mirrored = item.mirrored != figure.mirrored;
}

}  // namespace accalmie::render
