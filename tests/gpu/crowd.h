// SPDX-License-Identifier: Apache-2.0
// Owns: a room with so many patrons of assets/demos/patron.glb before the seat, of four looks, no two in step: what is drawn
// for the golden picture and what the bench times. Units: metres, seconds. Thread: any.
#pragma once

#include <array>
#include <cmath>

#include <glm/gtc/matrix_transform.hpp>

#include "scene_builder.h"

namespace accalmie::testing {

namespace crowd_parts {

struct Looks {
    glm::vec3 jumper, hair, skin;
};
inline constexpr std::array kLooks{Looks{{0.07f, 0.13f, 0.17f}, {0.035f, 0.022f, 0.016f}, {0.46f, 0.27f, 0.185f}}, Looks{{0.30f, 0.075f, 0.06f}, {0.15f, 0.08f, 0.03f}, {0.52f, 0.33f, 0.24f}},
    Looks{{0.36f, 0.31f, 0.22f}, {0.018f, 0.014f, 0.012f}, {0.17f, 0.09f, 0.055f}}, Looks{{0.07f, 0.15f, 0.09f}, {0.24f, 0.22f, 0.20f}, {0.44f, 0.27f, 0.20f}}};

// The same shape in other colours.
inline int dressed(content::SceneAsset& asset, int mesh, const Looks& looks) {
    content::Mesh other = asset.meshes[static_cast<std::size_t>(mesh)];
    for (content::Primitive& part : other.primitives) {
        content::Material cloth = asset.materials[static_cast<std::size_t>(part.material)];
        const glm::vec3* color = cloth.name == "jumper" ? &looks.jumper : cloth.name == "hair-dark" ? &looks.hair : cloth.name == "skin-guest" ? &looks.skin : nullptr;
        if (color == nullptr) continue;
        cloth.base_color = glm::vec4(*color, 1);
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
    const int floor = build.material({.name = "floor", .base_color = {0.26f, 0.17f, 0.11f, 1}, .metallic = 0, .roughness = 0.6f});
    const int wall = build.material({.name = "wall", .base_color = {0.33f, 0.37f, 0.36f, 1}, .metallic = 0, .roughness = 0.9f});
    build.node("room", build.box({3.6f, 1.6f, 4}, wall, true), {0, 1.6f, -3});
    build.node("floor", build.box({3.6f, 0.02f, 4}, floor), {0, 0, -3});
    build.asset.lights.push_back({.kind = content::DynamicLight::Kind::spot, .position_m = {-2.2f, 3.0f, 0.6f}, .direction = glm::normalize(glm::vec3(0.45f, -0.42f, -0.8f)),
        .color = glm::vec3(80, 70, 56), .range_m = 14, .inner_cone_cos = std::cos(0.5f), .outer_cone_cos = std::cos(0.95f), .casts_shadow = true});
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
    std::vector<int> meshes;
    for (const crowd_parts::Looks& looks : crowd_parts::kLooks) meshes.push_back(crowd_parts::dressed(asset, first.mesh, looks));
    for (int i = 0; i < people; ++i) {
        const int row = i / 4, column = i % 4;
        const float x = (static_cast<float>(column) - 1.5f) * (1.02f + 0.1f * static_cast<float>(row)) + (row % 2 != 0 ? 0.5f : 0.0f), z = -2.4f - 1.1f * static_cast<float>(row);
        const float turn = 0.6f * std::sin(static_cast<float>(i) * 2.4f);
        const glm::mat4 there = glm::rotate(glm::translate(glm::mat4(1), {x, 0, z}), turn, glm::vec3(0, 1, 0));
        content::Node& made = i == 0 ? asset.nodes.front() : content::add_copy(asset, 0, there * first.world_from_node, static_cast<float>(i) * 0.37f);
        if (i == 0) made.world_from_node = there * first.world_from_node;
        made.mesh = meshes[static_cast<std::size_t>(i + row) % meshes.size()];
    }
    crowd_parts::add_room(build);
    content::prepare(asset);
    return std::move(asset);
}

}  // namespace accalmie::testing
