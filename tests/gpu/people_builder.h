// SPDX-License-Identifier: Apache-2.0
// Owns: things that bend, made in code: a tube of two bones that goes from straight to a right angle and back in two seconds, and a box
// with a morph target. Never: reads a file. Units: metres, seconds. Thread: one owner.
#pragma once

#include <algorithm>

#include "scene_builder.h"

namespace accalmie::testing {

struct PeopleBuilder : SceneBuilder {
    static constexpr float kHalf_m = 0.5f;  // from the root to the elbow, and from there to the tip
    static constexpr float kRadius_m = 0.07f;

    // Upwards from its root; the elbow is in its middle.
    int tube(int material) {
        constexpr std::uint32_t around = 24, along = 24;
        content::Primitive primitive{.first_index = static_cast<std::uint32_t>(asset.indices.size()), .vertex_offset = static_cast<std::int32_t>(asset.vertices.size()),
            .material = material, .bounds_min = {-kRadius_m, 0, -kRadius_m}, .bounds_max = {kRadius_m, 2 * kHalf_m, kRadius_m}};
        content::Deform deform{.first_vertex = static_cast<std::uint32_t>(asset.vertices.size()), .vertex_count = (along + 1) * (around + 1) + 2, .influences = {}, .joints = 2,
            .targets = {}, .weights = {}};
        const auto add = [&](glm::vec3 at, glm::vec3 normal) {
            asset.vertices.push_back({.position = at, .normal = normal, .tangent = {0, 1, 0, 1}, .uv0 = {}, .uv1 = {}});
            const float upper = std::clamp((at.y / kHalf_m - 1) * 2 + 0.5f, 0.0f, 1.0f);  // the skin gives over a quarter of a metre
            deform.influences.push_back({.joints = {0, 1, 0, 0}, .weights = {1 - upper, upper, 0, 0}});
        };
        for (std::uint32_t i = 0; i <= along; ++i)
            for (std::uint32_t j = 0; j <= around; ++j) {
                const float angle = static_cast<float>(j) / around * 2 * std::numbers::pi_v<float>;
                const glm::vec3 out(std::sin(angle), 0, std::cos(angle));
                add(out * kRadius_m + glm::vec3(0, 2 * kHalf_m * static_cast<float>(i) / along, 0), out);
            }
        add({0, 0, 0}, {0, -1, 0});
        add({0, 2 * kHalf_m, 0}, {0, 1, 0});
        for (std::uint32_t i = 0; i < along; ++i)
            for (std::uint32_t j = 0; j < around; ++j) {
                const std::uint32_t here = i * (around + 1) + j, above = here + around + 1;
                for (const std::uint32_t index : {here, here + 1, above, above, here + 1, above + 1}) asset.indices.push_back(index);
            }
        const std::uint32_t foot = (along + 1) * (around + 1), last = along * (around + 1);
        for (std::uint32_t j = 0; j < around; ++j)
            for (const std::uint32_t index : {foot, j + 1, j, foot + 1, last + j, last + j + 1}) asset.indices.push_back(index);
        primitive.index_count = static_cast<std::uint32_t>(asset.indices.size()) - primitive.first_index;
        asset.meshes.push_back({{primitive}, static_cast<int>(asset.deforms.size())});
        asset.deforms.push_back(std::move(deform));
        return static_cast<int>(asset.meshes.size()) - 1;
    }

    // The upper half turns to the left about z.
    content::Node& arm(std::string name, int mesh, glm::vec3 at, float phase_s = 0) {
        const float half = std::sqrt(0.5f);
        content::Track bend{.moves = content::Track::Moves::rotation, .first_time = add_keys({0, 1, 2}), .keys = 3, .width = 4, .length_s = 2};
        bend.first_value = add_keys({0, 0, 0, 1, 0, 0, half, half, 0, 0, 0, 1});
        content::Bone elbow{.parent = 0, .translation = {0, kHalf_m, 0}, .first_track = 0, .tracks = 1};
        content::Figure figure{.name = name, .deform = asset.meshes[static_cast<std::size_t>(mesh)].deform, .skinned = true, .bones = {content::Bone{}, elbow}, .tracks = {bend},
            .joints = {0, 1}, .bone_from_mesh = {glm::mat4(1), glm::mat4(1)}, .weights = {}, .phase_s = phase_s};
        figure.bone_from_mesh[1][3].y = -kHalf_m;
        return place(std::move(name), mesh, at, std::move(figure));
    }

    // Its only target takes it to the right by `by_m`.
    content::Node& sliding_box(std::string name, int mesh, glm::vec3 at, float by_m, float weight) {
        content::Mesh& shape = asset.meshes[static_cast<std::size_t>(mesh)];
        const auto first = static_cast<std::uint32_t>(shape.primitives[0].vertex_offset), count = static_cast<std::uint32_t>(asset.vertices.size()) - first;
        shape.deform = static_cast<int>(asset.deforms.size());
        asset.deforms.push_back({.first_vertex = first, .vertex_count = count, .influences = {},
            .targets = {{.name = "right", .deltas = std::vector<content::MorphDelta>(count, {.position = {by_m, 0, 0}})}}, .weights = {0}});
        return place(std::move(name), mesh, at,
            {.name = "box", .deform = shape.deform, .bones = {}, .tracks = {}, .joints = {-1}, .bone_from_mesh = {glm::mat4(1)}, .weights = {weight}});
    }

    content::SceneAsset take() {
        content::prepare(asset);
        return std::move(asset);
    }

private:
    content::Node& place(std::string name, int mesh, glm::vec3 at, content::Figure figure) {
        asset.figures.push_back(std::move(figure));
        content::Node& made = node(std::move(name), mesh, at);
        made.figure = static_cast<int>(asset.figures.size()) - 1;
        return made;
    }
    std::uint32_t add_keys(std::initializer_list<float> numbers) {
        asset.keys.insert(asset.keys.end(), numbers);
        return static_cast<std::uint32_t>(asset.keys.size() - numbers.size());
    }
};

}  // namespace accalmie::testing
