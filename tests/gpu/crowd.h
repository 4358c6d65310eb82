// SPDX-License-Identifier: Apache-2.0
// Owns: a room with so many patrons of assets/demos/patron.glb before the seat, in jumpers of four colours, no two in step: what is drawn
// for the golden picture and what the bench times. Units: metres, seconds. Thread: any.
#pragma once

#include <algorithm>
#include <cmath>

#include <glm/gtc/matrix_transform.hpp>

#include "scene_builder.h"

namespace accalmie::testing {

namespace crowd_parts {

// The same shape in another cloth.
inline int dressed(content::SceneAsset& asset, int mesh, glm::vec4 jumper, glm::vec4 hair) {
    content::Mesh other = asset.meshes[static_cast<std::size_t>(mesh)];
    for (content::Primitive& part : other.primitives) {
        content::Material cloth = asset.materials[static_cast<std::size_t>(part.material)];
        if (cloth.name == "jumper") cloth.base_color = jumper;
        else if (cloth.name == "hair-dark") cloth.base_color = hair;
        else continue;
        part.material = static_cast<int>(asset.materials.size());
        asset.materials.push_back(std::move(cloth));
    }
    asset.meshes.push_back(std::move(other));
    return static_cast<int>(asset.meshes.size()) - 1;
}

inline void add_room(SceneBuilder& build) {
    content::Image dim{.width = 8, .height = 4, .rgba = {}, .srgb = false};
    for (int i = 0; i < 32; ++i) dim.rgba.insert(dim.rgba.end(), {255, 240, 220, static_cast<std::uint8_t>(i < 16 ? 26 : 14)});
    build.asset.environment = dim;
    const int floor = build.material({.name = "floor", .base_color = {0.30f, 0.22f, 0.16f, 1}, .metallic = 0, .roughness = 0.7f});
    const int wall = build.material({.name = "wall", .base_color = {0.42f, 0.38f, 0.33f, 1}, .metallic = 0, .roughness = 0.9f});
    build.node("floor", build.box({4, 0.05f, 3.5f}, floor), {0, -0.05f, -3.5f});
    build.node("wall", build.box({4, 1.5f, 0.05f}, wall), {0, 1.5f, -6.5f});
    build.asset.lights.push_back({.kind = content::DynamicLight::Kind::spot, .position_m = {-1.5f, 4.2f, 0.5f}, .direction = glm::normalize(glm::vec3(0.30f, -0.62f, -0.75f)),
        .color = glm::vec3(95, 88, 78), .range_m = 14, .inner_cone_cos = std::cos(0.65f), .outer_cone_cos = std::cos(0.85f), .casts_shadow = true});
}

}  // namespace crowd_parts

// `patron`: the demo's file as it was read. Prepared.
inline content::SceneAsset crowd(content::SceneAsset patron, int people) {
    SceneBuilder build;
    build.asset = std::move(patron);
    content::SceneAsset& asset = build.asset;
    asset.name = "people";
    asset.prepared = false;
    const content::Node first = asset.nodes.front();
    std::vector<int> meshes{first.mesh};
    for (const auto& [jumper, hair] : {std::pair{glm::vec4(0.30f, 0.075f, 0.06f, 1), glm::vec4(0.16f, 0.08f, 0.03f, 1)}, std::pair{glm::vec4(0.34f, 0.30f, 0.22f, 1), glm::vec4(0.02f, 0.015f, 0.012f, 1)},
             std::pair{glm::vec4(0.07f, 0.16f, 0.09f, 1), glm::vec4(0.22f, 0.20f, 0.18f, 1)}})
        meshes.push_back(crowd_parts::dressed(asset, first.mesh, jumper, hair));
    for (int i = 0; i < people; ++i) {
        const int row = i / 4, column = i % 4;
        const float x = (static_cast<float>(column) - 1.5f) * (1.15f + 0.1f * static_cast<float>(row)) + (row % 2 != 0 ? 0.5f : 0.0f), z = -2.8f - 1.1f * static_cast<float>(row);
        const float turn = 0.6f * std::sin(static_cast<float>(i) * 2.4f);
        const glm::mat4 there = glm::rotate(glm::translate(glm::mat4(1), {x, 0, z}), turn, glm::vec3(0, 1, 0));
        content::Node& made = i == 0 ? asset.nodes.front() : content::add_copy(asset, 0, there * first.world_from_node, static_cast<float>(i) * 0.37f);
        if (i == 0) made.world_from_node = there * first.world_from_node;
        made.mesh = meshes[static_cast<std::size_t>(i) % meshes.size()];
    }
    crowd_parts::add_room(build);
    content::prepare(asset);
    return std::move(asset);
}

}  // namespace accalmie::testing
