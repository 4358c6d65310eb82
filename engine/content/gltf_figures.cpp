// SPDX-License-Identifier: Apache-2.0
// Skins, morph targets and the figures that stand on them.
#include <algorithm>
#include <cmath>
#include <format>

#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

int accessor_of(const std::map<std::string, int>& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? -1 : found->second;
}

// Kept as shares of one; a vertex that nothing holds goes with its first joint.
void normalise(Influence& influence) {
    float sum = 0;
    for (const float weight : influence.weights) sum += weight;
    if (sum <= 1e-6f) influence.weights = {1, 0, 0, 0};
    else
        for (float& weight : influence.weights) weight /= sum;
    for (std::size_t i = 0; i < 4; ++i)
        if (influence.weights[i] <= 0) influence.joints[i] = 0;
}

// Puts one more joint where it belongs among the four strongest.
void hold(Influence& influence, std::uint16_t joint, float weight) {
    for (std::size_t i = 0; i < 4; ++i)
        if (weight > influence.weights[i]) {
            std::swap(weight, influence.weights[i]);
            std::swap(joint, influence.joints[i]);
        }
}

}  // namespace

Result<void> GltfReader::read_influences(const tinygltf::Primitive& from, std::size_t vertex_count, const std::string& name) {
    const std::size_t first = deform_.influences.size();
    deform_.influences.resize(first + vertex_count, Influence{.joints = {}, .weights = {}});
    for (int set = 0; set < 2; ++set) {  // more than eight joints hold nothing that is seen
        const int joints = accessor_of(from.attributes, std::format("JOINTS_{}", set)), weights = accessor_of(from.attributes, std::format("WEIGHTS_{}", set));
        if (joints < 0 && set > 0) continue;
        auto numbers = read_floats(joints, 4, name + "'s joints", vertex_count);
        if (!numbers) return std::unexpected(std::move(numbers.error()));
        const tinygltf::Accessor& accessor = model_.accessors[static_cast<std::size_t>(joints)];
        if (accessor.normalized || (accessor.componentType != TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE && accessor.componentType != TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT))
            return refuse(std::format("{}'s joints are not whole numbers", name));
        auto shares = read_floats(weights, 4, name + "'s joint weights", vertex_count);
        if (!shares) return std::unexpected(std::move(shares.error()));
        for (std::size_t i = 0; i < vertex_count * 4; ++i) {
            if ((*shares)[i] < 0) return refuse(std::format("{} has a joint weight below zero", name));
            hold(deform_.influences[first + i / 4], static_cast<std::uint16_t>((*numbers)[i]), (*shares)[i]);
        }
    }
    for (std::size_t i = first; i < deform_.influences.size(); ++i) {
        normalise(deform_.influences[i]);
        for (const std::uint16_t joint : deform_.influences[i].joints) deform_.joints = std::max(deform_.joints, joint + 1U);
    }
    return {};
}

Result<void> GltfReader::read_deform(const tinygltf::Primitive& from, std::size_t vertex_count, const std::string& name) {
    const bool skinned = accessor_of(from.attributes, "JOINTS_0") >= 0;
    if (deform_.vertex_count > 0 && (skinned == deform_.influences.empty() || deform_.targets.size() != from.targets.size()))
        return refuse(std::format("{} has parts that are deformed in unlike ways", name));
    if (from.targets.size() > limits::morph_targets) return refuse(std::format("{} has more morph targets than are taken", name));
    deform_.targets.resize(from.targets.size());
    deform_.vertex_count += static_cast<std::uint32_t>(vertex_count);
    deltas_ += vertex_count * from.targets.size();
    if (deltas_ > limits::morph_deltas) return refuse(std::format("{} brings more morph targets than are taken together", name));
    if (skinned)
        if (auto done = read_influences(from, vertex_count, name); !done) return done;
    for (std::size_t t = 0; t < from.targets.size(); ++t) {
        std::vector<MorphDelta>& deltas = deform_.targets[t].deltas;
        const std::size_t first = deltas.size();
        deltas.resize(first + vertex_count);
        for (const auto& [attribute, part] : {std::pair{"POSITION", &MorphDelta::position}, std::pair{"NORMAL", &MorphDelta::normal}}) {
            const int accessor = accessor_of(from.targets[t], attribute);
            if (accessor < 0) continue;
            auto values = read_floats(accessor, 3, std::format("morph target {} of {}", t, name), vertex_count);
            if (!values) return std::unexpected(std::move(values.error()));
            for (std::size_t i = 0; i < vertex_count; ++i) deltas[first + i].*part = {(*values)[3 * i], (*values)[3 * i + 1], (*values)[3 * i + 2]};
        }
    }
    return {};
}

Result<void> GltfReader::close_deform(const tinygltf::Mesh& from, std::size_t first_vertex, Mesh& mesh) {
    Deform deform = std::exchange(deform_, {});
    mesh_vertices_.push_back({static_cast<std::uint32_t>(first_vertex), static_cast<std::uint32_t>(asset_.vertices.size() - first_vertex)});
    if (deform.influences.empty() && deform.targets.empty()) return {};
    deform.first_vertex = static_cast<std::uint32_t>(first_vertex);
    deform.weights.assign(deform.targets.size(), 0);
    for (std::size_t t = 0; t < std::min(deform.targets.size(), from.weights.size()); ++t) deform.weights[t] = static_cast<float>(from.weights[t]);
    if (std::ranges::any_of(deform.weights, [](float weight) { return !(std::abs(weight) <= limits::coordinate_m); }))
        return refuse(std::format("mesh {} has a morph weight that is no number", from.name));
    if (from.extras.IsObject() && from.extras.Has("targetNames") && from.extras.Get("targetNames").IsArray())
        for (std::size_t t = 0; t < std::min<std::size_t>(deform.targets.size(), from.extras.Get("targetNames").ArrayLen()); ++t)
            if (const tinygltf::Value& name = from.extras.Get("targetNames").Get(static_cast<int>(t)); name.IsString()) deform.targets[t].name = name.Get<std::string>();
    mesh.deform = static_cast<int>(asset_.deforms.size());
    asset_.deforms.push_back(std::move(deform));
    return {};
}

// A mesh that only moves as a whole has nothing to read: it is named when the first node moves it.
Result<int> GltfReader::deform_of(Mesh& mesh, std::size_t place, const std::string& name) {
    if (mesh.deform < 0) {
        mesh.deform = static_cast<int>(asset_.deforms.size());
        asset_.deforms.push_back({.first_vertex = mesh_vertices_[place].first, .vertex_count = mesh_vertices_[place].count, .influences = {}, .targets = {}, .weights = {}});
    }
    figure_vertices_ += mesh_vertices_[place].count;
    if (asset_.figures.size() >= limits::figures || figure_vertices_ > limits::figure_vertices) return refuse(std::format("with node {} more moves than is taken", name));
    return mesh.deform;
}

Result<std::vector<int>> GltfReader::read_skin(int skin, Figure& figure, const std::string& name) {
    if (static_cast<std::size_t>(skin) >= model_.skins.size()) return refuse(std::format("{} names a skin that the file does not have", name));
    const tinygltf::Skin& from = model_.skins[static_cast<std::size_t>(skin)];
    const Deform& deform = asset_.deforms[static_cast<std::size_t>(figure.deform)];
    if (from.joints.empty() || from.joints.size() > limits::joints) return refuse(std::format("the skin of {} has {} joints; 1 to {} are taken", name, from.joints.size(), limits::joints));
    if (deform.influences.empty()) return refuse(std::format("{} has a skin, but its mesh hangs on no joints", name));
    if (deform.joints > from.joints.size()) return refuse(std::format("{} hangs on joint {} of a skin that has {}", name, deform.joints - 1, from.joints.size()));
    for (const int joint : from.joints)
        if (joint < 0 || static_cast<std::size_t>(joint) >= model_.nodes.size()) return refuse(std::format("the skin of {} names a joint that the file does not have", name));
    figure.skinned = true;
    figure.bone_from_mesh.assign(from.joints.size(), glm::mat4(1));
    if (from.inverseBindMatrices < 0) return from.joints;
    auto numbers = read_floats(from.inverseBindMatrices, 16, "the inverse bind matrices of " + name, from.joints.size());
    if (!numbers) return std::unexpected(std::move(numbers.error()));
    for (std::size_t i = 0; i < numbers->size(); ++i) figure.bone_from_mesh[i / 16][static_cast<int>(i / 4 % 4)][static_cast<int>(i % 4)] = (*numbers)[i];
    return from.joints;
}

Result<void> GltfReader::read_figure(int index, Node& node) {
    const auto place = static_cast<std::size_t>(node.mesh);
    Mesh& mesh = asset_.meshes[place];
    const tinygltf::Node& from = model_.nodes[static_cast<std::size_t>(index)];
    const std::string name = "node " + node.name;
    const bool morphs = mesh.deform >= 0 && !asset_.deforms[static_cast<std::size_t>(mesh.deform)].targets.empty();
    std::vector<int> joints{index};
    bool hangs = from.skin >= 0;
    for (int at = index, depth = 0; !hangs && at >= 0 && depth <= limits::node_depth; at = parents_[static_cast<std::size_t>(at)], ++depth) hangs = moved(at, node.animation);
    if (mesh.primitives.empty() || (!hangs && !morphs)) return {};
    if (!node.animation.empty() && std::ranges::find(model_.animations, node.animation, &tinygltf::Animation::name) == model_.animations.end())
        return refuse(std::format("{} asks for the animation {}, which the file does not have", name, node.animation));

    Figure figure{.name = node.name, .bones = {}, .tracks = {}, .joints = {-1}, .bone_from_mesh = {glm::mat4(1)}, .weights = {}, .phase_s = node.phase_s};
    auto deform = deform_of(mesh, place, node.name);
    if (!deform) return std::unexpected(std::move(deform.error()));
    figure.deform = *deform;
    if (from.skin >= 0) {
        auto skin = read_skin(from.skin, figure, name);
        if (!skin) return std::unexpected(std::move(skin.error()));
        joints = std::move(*skin);
    }
    if (hangs)
        if (auto done = hang_bones(figure, joints, node); !done) return done;
    if (auto done = read_weights(index, node, figure); !done) return done;
    node.figure = static_cast<int>(asset_.figures.size());
    asset_.figures.push_back(std::move(figure));
    return {};
}

Result<void> GltfReader::read_weights(int index, const Node& node, Figure& figure) {
    const tinygltf::Node& from = model_.nodes[static_cast<std::size_t>(index)];
    figure.weights = asset_.deforms[static_cast<std::size_t>(figure.deform)].weights;
    for (std::size_t t = 0; t < std::min(figure.weights.size(), from.weights.size()); ++t) {
        figure.weights[t] = static_cast<float>(from.weights[t]);
        if (!(std::abs(figure.weights[t]) <= limits::coordinate_m)) return refuse(std::format("node {} has a morph weight that is no number", node.name));
    }
    if (figure.weights.empty()) return {};
    for (const Moved& each : moved_[static_cast<std::size_t>(index)]) {
        if (each.moves != Track::Moves::weights || !chosen(each.animation, node.animation)) continue;
        auto track = read_track(each.animation, each.channel, each.moves, figure.weights.size());
        if (!track) return std::unexpected(std::move(track.error()));
        figure.weights_track = static_cast<int>(figure.tracks.size());
        figure.tracks.push_back(*track);
        return {};
    }
    return {};
}

}  // namespace accalmie::content
