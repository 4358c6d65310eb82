// SPDX-License-Identifier: Apache-2.0
// Animations, and the bones that they move.
#include <algorithm>
#include <cmath>
#include <format>
#include <functional>
#include <optional>
#include <span>

#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

std::optional<Track::Moves> moves_of(const std::string& path) {
    if (path == "translation") return Track::Moves::translation;
    if (path == "rotation") return Track::Moves::rotation;
    if (path == "scale") return Track::Moves::scale;
    if (path == "weights") return Track::Moves::weights;
    return std::nullopt;  // an extension's; what it moves stands still
}

Bone bone_of(const tinygltf::Node& node) {
    Bone bone{.parent_from_bone = local_transform(node)};
    if (node.translation.size() == 3) bone.translation = glm::vec3(bone.parent_from_bone[3]);
    if (node.rotation.size() == 4) {
        const glm::quat turn(static_cast<float>(node.rotation[3]), static_cast<float>(node.rotation[0]), static_cast<float>(node.rotation[1]), static_cast<float>(node.rotation[2]));
        if (glm::length(turn) > 1e-6f) bone.rotation = glm::normalize(turn);
    }
    for (int i = 0; node.scale.size() == 3 && i < 3; ++i) bone.scale[i] = static_cast<float>(node.scale[static_cast<std::size_t>(i)]);
    return bone;
}

}  // namespace

// Who is whose parent, and what moves whom.
Result<void> GltfReader::read_family() {
    if (model_.nodes.size() > limits::nodes) return refuse("the file has more nodes than are taken");
    parents_.assign(model_.nodes.size(), -1);
    moved_.resize(model_.nodes.size());
    for (std::size_t node = 0; node < model_.nodes.size(); ++node)
        for (const int child : model_.nodes[node].children) {
            if (child < 0 || static_cast<std::size_t>(child) >= parents_.size()) return refuse("a node names a child that the file does not have");
            int& parent = parents_[static_cast<std::size_t>(child)];
            parent = parent == -1 ? static_cast<int>(node) : -2;
        }
    for (std::size_t i = 0; i < model_.animations.size(); ++i)
        if (auto done = read_times(static_cast<int>(i)); !done) return done;
    return {};
}

Result<void> GltfReader::read_times(int index) {
    const tinygltf::Animation& from = model_.animations[static_cast<std::size_t>(index)];
    const std::string name = "animation " + from.name;
    std::pair span{limits::coordinate_m, 0.0f};
    for (std::size_t i = 0; i < from.channels.size(); ++i) {
        const tinygltf::AnimationChannel& channel = from.channels[i];
        const auto moves = moves_of(channel.target_path);
        if (channel.target_node < 0 || !moves) continue;
        if (static_cast<std::size_t>(channel.target_node) >= moved_.size()) return refuse(std::format("{} moves a node that the file does not have", name));
        if (channel.sampler < 0 || static_cast<std::size_t>(channel.sampler) >= from.samplers.size()) return refuse(std::format("{} has a channel without a sampler", name));
        if (++track_count_ > limits::tracks) return refuse(std::format("{} moves more than is taken", name));
        const int input = from.samplers[static_cast<std::size_t>(channel.sampler)].input;
        if (!times_.contains(input)) {
            if (input >= 0 && static_cast<std::size_t>(input) < model_.accessors.size() && model_.accessors[static_cast<std::size_t>(input)].count > limits::track_keys)
                return refuse(std::format("{} has more keys than are taken", name));
            auto times = read_floats(input, 1, name);
            if (!times) return std::unexpected(std::move(times.error()));
            if (times->empty() || asset_.keys.size() + times->size() > limits::key_numbers) return refuse(std::format("{} has {} keys than are taken", name, times->empty() ? "fewer" : "more"));
            if (times->front() < 0 || std::ranges::adjacent_find(*times, std::greater_equal{}) != times->end()) return refuse(std::format("{} has keys whose times do not rise", name));
            times_[input] = {static_cast<std::uint32_t>(asset_.keys.size()), static_cast<std::uint32_t>(times->size())};
            asset_.keys.insert(asset_.keys.end(), times->begin(), times->end());
        }
        const Keys keys = times_[input];
        span = {std::min(span.first, asset_.keys[keys.first]), std::max(span.second, asset_.keys[keys.first + keys.count - 1])};
        moved_[static_cast<std::size_t>(channel.target_node)].push_back({index, static_cast<int>(i), *moves});
    }
    spans_s_.push_back(span);
    return {};
}

bool GltfReader::chosen(int animation, const std::string& wanted) const {
    return wanted.empty() || model_.animations[static_cast<std::size_t>(animation)].name == wanted;
}

bool GltfReader::moved(int node, const std::string& animation) const {
    return std::ranges::any_of(moved_[static_cast<std::size_t>(node)], [&](const Moved& each) { return each.moves != Track::Moves::weights && chosen(each.animation, animation); });
}

Result<std::vector<int>> GltfReader::path_to(int node, const std::string& name) const {
    std::vector<int> path;
    for (int at = node; at != -1; at = parents_[static_cast<std::size_t>(at)]) {
        if (static_cast<int>(path.size()) > limits::node_depth) return refuse(std::format("the nodes above {} go round in a circle or lie too deep", name));
        path.push_back(at);
        if (parents_[static_cast<std::size_t>(at)] == -2) return refuse(std::format("{} moves below a node that has two parents", name));
    }
    std::ranges::reverse(path);
    return path;
}

// The figure's own space is that of the last node above all its joints that nothing moves; below it every node is a bone.
Result<void> GltfReader::hang_bones(Figure& figure, const std::vector<int>& joint_nodes, Node& node) {
    std::vector<std::vector<int>> paths;
    for (const int joint : joint_nodes) {
        auto path = path_to(joint, "node " + node.name);
        if (!path) return std::unexpected(std::move(path.error()));
        paths.push_back(std::move(*path));
    }
    std::size_t shared = paths[0].size() - 1;  // a joint itself is always a bone
    for (const std::vector<int>& path : paths) {
        shared = std::min(shared, path.size() - 1);
        for (std::size_t i = 0; i < shared; ++i)
            if (path[i] != paths[0][i] || moved(path[i], node.animation)) shared = i;
    }
    node.world_from_node = glm::mat4(1);
    for (std::size_t i = 0; i < shared; ++i) node.world_from_node = node.world_from_node * local_transform(model_.nodes[static_cast<std::size_t>(paths[0][i])]);
    if (!sane(node.world_from_node)) return refuse(std::format("node {} has no usable place", node.name));

    std::map<int, int> bones;
    for (const std::vector<int>& path : paths)
        for (std::size_t i = shared; i < path.size(); ++i) {
            if (bones.contains(path[i])) continue;
            if (++bones_ > limits::bones) return refuse(std::format("with node {} more bones move than are taken", node.name));
            bones[path[i]] = static_cast<int>(figure.bones.size());
            Bone bone = bone_of(model_.nodes[static_cast<std::size_t>(path[i])]);
            if (!sane(bone.parent_from_bone)) return refuse(std::format("a bone of node {} has no usable place", node.name));
            bone.parent = i == shared ? -1 : bones[path[i - 1]];
            bone.first_track = static_cast<std::uint32_t>(figure.tracks.size());
            for (const Moved& each : moved_[static_cast<std::size_t>(path[i])]) {
                const std::span<const Track> mine = std::span(figure.tracks).subspan(bone.first_track);
                if (each.moves == Track::Moves::weights || !chosen(each.animation, node.animation) || std::ranges::contains(mine, each.moves, &Track::moves)) continue;
                auto track = read_track(each.animation, each.channel, each.moves, each.moves == Track::Moves::rotation ? 4 : 3);
                if (!track) return std::unexpected(std::move(track.error()));
                figure.tracks.push_back(*track);
            }
            bone.tracks = static_cast<std::uint32_t>(figure.tracks.size()) - bone.first_track;
            figure.bones.push_back(bone);
        }
    figure.joints.clear();
    for (const int joint : joint_nodes) figure.joints.push_back(bones[joint]);
    return {};
}

Result<Track> GltfReader::read_track(int animation, int channel, Track::Moves moves, std::size_t width) {
    const tinygltf::Animation& from = model_.animations[static_cast<std::size_t>(animation)];
    const int place = from.channels[static_cast<std::size_t>(channel)].sampler;
    const std::array key{animation, place, static_cast<int>(moves)};
    const std::string name = std::format("animation {}", from.name);
    if (const auto known = tracks_.find(key); known != tracks_.end()) {
        if (known->second.width != width) return refuse(std::format("{} moves meshes with unlike numbers of morph targets", name));
        return known->second;
    }
    const tinygltf::AnimationSampler& sampler = from.samplers[static_cast<std::size_t>(place)];
    const Keys keys = times_[sampler.input];
    Track track{.moves = moves, .first_time = keys.first, .keys = keys.count, .width = static_cast<std::uint32_t>(width)};
    if (sampler.interpolation == "STEP") track.between = Track::Between::step;
    else if (sampler.interpolation == "CUBICSPLINE") track.between = Track::Between::spline;
    else if (sampler.interpolation != "LINEAR" && !sampler.interpolation.empty()) return refuse(std::format("{} goes from key to key in an unknown way, {}", name, sampler.interpolation));
    const auto& [begin_s, end_s] = spans_s_[static_cast<std::size_t>(animation)];
    track.begin_s = begin_s;
    track.length_s = end_s - begin_s;

    const std::size_t parts = track.between == Track::Between::spline ? 3 : 1, elements = keys.count * parts * (moves == Track::Moves::weights ? width : 1);
    if (asset_.keys.size() + keys.count * parts * width > limits::key_numbers) return refuse(std::format("{} has more keys than are taken", name));
    auto values = read_floats(sampler.output, moves == Track::Moves::weights ? 1 : static_cast<int>(width), name, elements);
    if (!values) return std::unexpected(std::move(values.error()));
    for (std::size_t i = parts == 3 ? 1 : 0; moves == Track::Moves::rotation && i < elements; i += parts) {
        float* q = values->data() + i * 4;
        const float length = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        if (!(length > 1e-6f)) return refuse(std::format("{} holds a rotation that is none", name));
        if (parts == 1) std::ranges::transform(q, q + 4, q, [&](float value) { return value / length; });
    }
    track.first_value = static_cast<std::uint32_t>(asset_.keys.size());
    asset_.keys.insert(asset_.keys.end(), values->begin(), values->end());
    return tracks_[key] = track;
}

}  // namespace accalmie::content
