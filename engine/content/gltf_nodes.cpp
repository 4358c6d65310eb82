// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <format>
#include <limits>

#include "engine/content/gltf_extras.h"
#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {

struct GltfReader::Inherited {
    glm::mat4 world_from_parent{1};
    Node traits;  // level range, cue, light map and idle motion hold for the children too, unless they say otherwise
};

namespace {

constexpr int kNoLimit = 1'000'000;

int level_of(double value) { return static_cast<int>(std::clamp(value, -1.0 * kNoLimit, 1.0 * kNoLimit)); }

void apply_extras(const tinygltf::Value& extras, const glm::mat4& world_from_node, Node& traits) {
    if (const auto value = number(extras, "level_min")) traits.level_min = level_of(*value);
    if (const auto value = number(extras, "level_max")) traits.level_max = level_of(*value);
    if (const auto value = number(extras, "lightmap")) traits.light_mapped = *value != 0;
    if (const auto value = number(extras, "phase_s")) traits.phase_s = static_cast<float>(std::clamp(*value, -1e4, 1e4));
    if (std::string animation = text(extras, "animation"); !animation.empty()) traits.animation = std::move(animation);
    if (std::string cue = text(extras, "cue"); !cue.empty()) {
        traits.cue = true;
        traits.cue_id = std::move(cue);
    }
    if (std::string idle = text(extras, "idle"); !idle.empty()) {
        traits.sway = std::move(idle);
        traits.idle_pivot = glm::vec3(world_from_node[3]);
    }
}

}  // namespace

glm::mat4 local_transform(const tinygltf::Node& node) {
    if (node.matrix.size() == 16) {
        glm::mat4 matrix;
        for (int i = 0; i < 16; ++i) matrix[i / 4][i % 4] = static_cast<float>(node.matrix[static_cast<std::size_t>(i)]);
        return matrix;
    }
    glm::mat4 matrix(1);
    if (node.rotation.size() == 4) {
        const glm::quat turn(static_cast<float>(node.rotation[3]), static_cast<float>(node.rotation[0]), static_cast<float>(node.rotation[1]),
            static_cast<float>(node.rotation[2]));
        matrix = glm::mat4_cast(glm::normalize(turn));
    }
    if (node.scale.size() == 3)
        for (int i = 0; i < 3; ++i) matrix[i] *= static_cast<float>(node.scale[static_cast<std::size_t>(i)]);
    if (node.translation.size() == 3)
        for (int i = 0; i < 3; ++i) matrix[3][i] = static_cast<float>(node.translation[static_cast<std::size_t>(i)]);
    return matrix;
}

bool sane(const glm::mat4& matrix) {
    for (int column = 0; column < 4; ++column)
        for (int row = 0; row < 4; ++row)
            if (!std::isfinite(matrix[column][row]) || std::abs(matrix[column][row]) > limits::coordinate_m) return false;
    return true;
}

Result<void> GltfReader::read_nodes() {
    if (model_.nodes.size() > limits::nodes) return refuse("the file has more nodes than are taken");
    if (model_.scenes.empty()) return refuse("the file has no scene");
    const std::size_t scene = model_.defaultScene >= 0 ? static_cast<std::size_t>(model_.defaultScene) : 0;
    if (scene >= model_.scenes.size()) return refuse("the file's default scene does not exist");
    for (const int root : model_.scenes[scene].nodes)
        if (auto done = read_node(root, {}, 0); !done) return done;
    if (asset_.nodes.empty()) return refuse("the file shows nothing: no node has a mesh");
    return {};
}

Result<void> GltfReader::read_node(int index, const Inherited& above, int depth) {
    if (index < 0 || static_cast<std::size_t>(index) >= model_.nodes.size()) return refuse("a node names a child that the file does not have");
    if (depth > limits::node_depth) return refuse("the nodes go round in a circle or lie too deep");
    const tinygltf::Node& from = model_.nodes[static_cast<std::size_t>(index)];
    Inherited here{.world_from_parent = above.world_from_parent * local_transform(from), .traits = above.traits};
    if (!sane(here.world_from_parent)) return refuse(std::format("node {} has no usable place", from.name));
    apply_extras(from.extras, here.world_from_parent, here.traits);

    if (from.mesh >= 0) {
        if (static_cast<std::size_t>(from.mesh) >= asset_.meshes.size()) return refuse(std::format("node {} names a mesh that the file does not have", from.name));
        const auto mesh = static_cast<std::size_t>(from.mesh);
        draws_ += asset_.meshes[mesh].primitives.size();
        if (asset_.nodes.size() >= limits::nodes || draws_ > limits::draws) return refuse("the nodes show more meshes than are taken");
        if (here.traits.light_mapped && !mesh_has_light_map_uv_[mesh])
            return refuse(std::format("node {} asks for the light map, but its mesh has no second UV set", from.name));
        Node node = here.traits;
        node.name = from.name;
        node.mesh = from.mesh;
        node.world_from_node = here.world_from_parent;
        if (auto done = read_figure(index, node); !done) return done;
        if (auto done = read_card(from, node); !done) return done;
        asset_.nodes.push_back(std::move(node));
    }
    if (from.light >= 0) {
        const bool dynamic = number(from.extras, "dynamic").value_or(0) != 0, shadow = number(from.extras, "shadow").value_or(0) != 0;
        if (auto done = read_light(from.light, dynamic, dynamic && shadow, here.world_from_parent); !done) return done;
    }
    if (from.mesh < 0 && (member(from.extras, "smoke") != nullptr || member(from.extras, "card") != nullptr))
        return refuse(std::format("node {} is a card without a mesh", from.name), "put it on a node with a quad");
    if (auto done = read_probe(from, glm::vec3(here.world_from_parent[3])); !done) return done;
    for (const int child : from.children)
        if (auto done = read_node(child, here, depth + 1); !done) return done;
    return {};
}

Result<void> GltfReader::read_light(int light, bool dynamic, bool shadow, const glm::mat4& world_from_node) {
    if (static_cast<std::size_t>(light) >= model_.lights.size()) return refuse("a node names a light that the file does not have");
    const tinygltf::Light& from = model_.lights[static_cast<std::size_t>(light)];
    glm::vec3 color;
    for (int i = 0; i < 3; ++i) color[i] = i < static_cast<int>(from.color.size()) ? static_cast<float>(from.color[static_cast<std::size_t>(i)]) : 1.0f;
    color *= static_cast<float>(from.intensity);
    if (!std::isfinite(color.r + color.g + color.b)) return refuse("a light has no usable colour");
    color = glm::clamp(color, glm::vec3(0), glm::vec3(1.0e6f));
    if (!dynamic) {
        if (!asset_.key_light) asset_.key_light = KeyLight{.position_m = glm::vec3(world_from_node[3]), .color = color};
        return {};
    }
    DynamicLight made{.position_m = glm::vec3(world_from_node[3]), .color = color, .casts_shadow = shadow};
    made.kind = from.type == "directional" ? DynamicLight::Kind::sun : from.type == "spot" ? DynamicLight::Kind::spot : DynamicLight::Kind::point;
    const glm::vec3 along = -glm::vec3(world_from_node[2]);
    if (glm::dot(along, along) > 1e-12f) made.direction = glm::normalize(along);
    if (std::isfinite(from.range) && from.range > 0) made.range_m = static_cast<float>(std::min(from.range, 1e4));
    const auto cone = [](double angle) { return static_cast<float>(std::cos(std::isfinite(angle) ? std::clamp(angle, 0.0, 1.5) : 0.7)); };
    made.inner_cone_cos = cone(from.spot.innerConeAngle);
    made.outer_cone_cos = std::min(cone(from.spot.outerConeAngle), made.inner_cone_cos - 1e-3f);
    if (shadow && made.kind == DynamicLight::Kind::point) return refuse("a point light cannot cast a shadow", "make it a spot light or a sun");
    const auto shadowed = std::ranges::count(asset_.lights, true, &DynamicLight::casts_shadow);
    if (shadow && shadowed > 0) return refuse("two lights cast shadows", "let one of them, the strongest, and bake the others");
    if (!shadow && asset_.lights.size() - static_cast<std::size_t>(shadowed) >= kMostLocalLights) return refuse("more dynamic lights than are drawn", "bake those that do not change");
    asset_.lights.insert(shadow ? asset_.lights.begin() : asset_.lights.end(), made);
    return {};
}

}  // namespace accalmie::content
