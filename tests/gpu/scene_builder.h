// SPDX-License-Identifier: Apache-2.0
// Owns: small scenes made in code, of boxes and balls: one a feature, so that the test of a feature is also its documentation.
// Never: reads a file. Units: metres. Thread: one owner.
#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "engine/content/scene_asset.h"

namespace accalmie::testing {

struct SceneBuilder {
    content::SceneAsset asset;

    int material(content::Material material) {
        asset.materials.push_back(std::move(material));
        return static_cast<int>(asset.materials.size()) - 1;
    }

    // A box with its faces outwards, or inwards for a room.
    int box(glm::vec3 half, int material, bool inwards = false) {
        content::Primitive primitive{.first_index = static_cast<std::uint32_t>(asset.indices.size()),
            .vertex_offset = static_cast<std::int32_t>(asset.vertices.size()), .material = material, .bounds_min = -half, .bounds_max = half};
        for (int axis = 0; axis < 3; ++axis)
            for (const float side : {-1.0f, 1.0f}) {
                glm::vec3 normal(0), u(0);
                normal[axis] = side;
                u[(axis + 1) % 3] = 1;
                const glm::vec3 v = glm::cross(normal, u);
                const auto first = static_cast<std::uint32_t>(asset.vertices.size()) - static_cast<std::uint32_t>(primitive.vertex_offset);
                for (const glm::vec2 corner : {glm::vec2(-1, -1), glm::vec2(1, -1), glm::vec2(1, 1), glm::vec2(-1, 1)})
                    asset.vertices.push_back({.position = (normal + u * corner.x + v * corner.y) * half, .normal = inwards ? -normal : normal,
                        .tangent = glm::vec4(u, 1), .uv0 = corner * 0.5f + 0.5f, .uv1 = corner * 0.5f + 0.5f});
                for (const std::uint32_t i : {0U, 1U, 2U, 0U, 2U, 3U}) asset.indices.push_back(first + (inwards && i != 0 ? (i == 1 ? 2 : i == 2 ? 1 : 3) : i));
                if (inwards) {
                    auto* last = &asset.indices[asset.indices.size() - 3];
                    last[0] = first; last[1] = first + 3; last[2] = first + 2;
                }
            }
        primitive.index_count = static_cast<std::uint32_t>(asset.indices.size()) - primitive.first_index;
        asset.meshes.push_back({{primitive}});
        return static_cast<int>(asset.meshes.size()) - 1;
    }

    // An upright quad in its x and y that faces +z, as a card wants it.
    int quad(glm::vec2 half, int material) {
        const auto first = static_cast<std::uint32_t>(asset.indices.size());
        const auto vertices = static_cast<std::int32_t>(asset.vertices.size());
        for (const glm::vec2 corner : {glm::vec2(-1, -1), glm::vec2(1, -1), glm::vec2(1, 1), glm::vec2(-1, 1)})
            asset.vertices.push_back({.position = glm::vec3(corner * half, 0), .normal = {0, 0, 1}, .tangent = {1, 0, 0, 1}, .uv0 = corner * 0.5f + 0.5f, .uv1 = corner * 0.5f + 0.5f});
        for (const std::uint32_t i : {0U, 1U, 2U, 0U, 2U, 3U}) asset.indices.push_back(i);
        asset.meshes.push_back({{{.first_index = first, .index_count = 6, .vertex_offset = vertices, .material = material, .bounds_min = glm::vec3(-half, 0), .bounds_max = glm::vec3(half, 0)}}});
        return static_cast<int>(asset.meshes.size()) - 1;
    }

    // A ball, faces outwards: so fine that its outline is round to a thousandth.
    int sphere(float radius, int material) {
        constexpr std::uint32_t around = 96, down = 48;
        content::Primitive primitive{.first_index = static_cast<std::uint32_t>(asset.indices.size()), .vertex_offset = static_cast<std::int32_t>(asset.vertices.size()),
            .material = material, .bounds_min = glm::vec3(-radius), .bounds_max = glm::vec3(radius)};
        for (std::uint32_t i = 0; i <= down; ++i)
            for (std::uint32_t j = 0; j <= around; ++j) {
                const glm::vec2 at(static_cast<float>(j) / around, static_cast<float>(i) / down);
                const float longitude = at.x * 2 * std::numbers::pi_v<float>, colatitude = at.y * std::numbers::pi_v<float>;
                const glm::vec3 normal(std::sin(colatitude) * std::cos(longitude), std::cos(colatitude), -std::sin(colatitude) * std::sin(longitude));
                asset.vertices.push_back({.position = normal * radius, .normal = normal, .tangent = {-std::sin(longitude), 0, -std::cos(longitude), 1}, .uv0 = at, .uv1 = at});
            }
        for (std::uint32_t i = 0; i < down; ++i)
            for (std::uint32_t j = 0; j < around; ++j) {
                const std::uint32_t here = i * (around + 1) + j, below = here + around + 1;
                for (const std::uint32_t index : {here, below, here + 1, here + 1, below, below + 1}) asset.indices.push_back(index);
            }
        primitive.index_count = static_cast<std::uint32_t>(asset.indices.size()) - primitive.first_index;
        asset.meshes.push_back({{primitive}});
        return static_cast<int>(asset.meshes.size()) - 1;
    }

    // A profile (radius, height) turned about the vertical; its outside is at the right of its way. Closed where its radius is 0.
    int lathe(const std::vector<glm::vec2>& profile, int material) {
        constexpr std::uint32_t around = 48;
        content::Primitive primitive{.first_index = static_cast<std::uint32_t>(asset.indices.size()), .vertex_offset = static_cast<std::int32_t>(asset.vertices.size()),
            .material = material, .bounds_min = {0, 1e9f, 0}, .bounds_max = {0, -1e9f, 0}};
        for (std::size_t i = 0; i + 1 < profile.size(); ++i) {
            const glm::vec2 along = glm::normalize(profile[i + 1] - profile[i]), out{along.y, -along.x};
            const auto first = static_cast<std::uint32_t>(asset.vertices.size()) - static_cast<std::uint32_t>(primitive.vertex_offset);
            for (std::uint32_t j = 0; j <= around; ++j) {
                const float u = static_cast<float>(j) / around, turn = u * 2 * std::numbers::pi_v<float>;
                for (std::size_t end = 0; end < 2; ++end) {
                    const glm::vec2 at = profile[i + end];
                    const glm::vec3 position(at.x * std::sin(turn), at.y, at.x * std::cos(turn));
                    asset.vertices.push_back({.position = position, .normal = {out.x * std::sin(turn), out.y, out.x * std::cos(turn)}, .tangent = {std::cos(turn), 0, -std::sin(turn), 1},
                        .uv0 = {u, static_cast<float>(end)}, .uv1 = {u, static_cast<float>(end)}});
                    primitive.bounds_min = glm::min(primitive.bounds_min, glm::vec3(-at.x, at.y, -at.x));
                    primitive.bounds_max = glm::max(primitive.bounds_max, glm::vec3(at.x, at.y, at.x));
                }
                if (j < around)
                    for (const std::uint32_t corner : {0U, 2U, 1U, 1U, 2U, 3U}) asset.indices.push_back(first + 2 * j + corner);
            }
        }
        primitive.index_count = static_cast<std::uint32_t>(asset.indices.size()) - primitive.first_index;
        asset.meshes.push_back({{primitive}});
        return static_cast<int>(asset.meshes.size()) - 1;
    }

    content::Node& node(std::string name, int mesh, glm::vec3 at) {
        content::Node node{.name = std::move(name), .mesh = mesh};
        node.world_from_node[3] = glm::vec4(at, 1);
        asset.nodes.push_back(std::move(node));
        return asset.nodes.back();
    }
};

}  // namespace accalmie::testing
