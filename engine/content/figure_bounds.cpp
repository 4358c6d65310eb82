// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "engine/content/limits.h"
#include "engine/content/scene_asset.h"

namespace accalmie::content {
namespace {

struct Extent {
    glm::vec3 least{limits::coordinate_m}, most{-limits::coordinate_m};
    bool empty() const { return least.x > most.x; }
    void add(const glm::vec3& point) {
        least = glm::min(least, point);
        most = glm::max(most, point);
    }
};

// The box of a box: the middle goes along, the half sizes turn with their signs taken off.
void add_moved(Extent& to, const glm::mat4& matrix, const Extent& from) {
    const glm::vec3 half = (from.most - from.least) * 0.5f, middle = glm::vec3(matrix * glm::vec4((from.least + from.most) * 0.5f, 1));
    const glm::vec3 reach = glm::abs(glm::vec3(matrix[0])) * half.x + glm::abs(glm::vec3(matrix[1])) * half.y + glm::abs(glm::vec3(matrix[2])) * half.z;
    to.add(middle - reach);
    to.add(middle + reach);
}

// The farthest that a target is ever asked to go; 1 at least, since a face may be moved from outside.
std::vector<float> greatest_weights(const SceneAsset& asset, const Figure& figure) {
    std::vector<float> greatest(figure.weights.size(), 1.0f);
    for (std::size_t i = 0; i < greatest.size(); ++i) greatest[i] = std::max(1.0f, std::abs(figure.weights[i]));
    if (figure.weights_track < 0) return greatest;
    const Track& track = figure.tracks[static_cast<std::size_t>(figure.weights_track)];
    const std::size_t stride = track.between == Track::Between::spline ? 3 * std::size_t{track.width} : track.width;
    for (std::size_t i = 0; i < std::size_t{track.keys} * stride; ++i) {
        float& most = greatest[i % track.width];
        most = std::max(most, std::abs(asset.keys[track.first_value + i]));
    }
    return greatest;
}

// For each joint the box, in the mesh's space, of the vertices that hang on it. A vertex is a mixture of what its joints make of it, so a
// pose lies within the boxes that the joints carry along.
std::vector<Extent> hanging(const SceneAsset& asset, const Figure& figure) {
    const Deform& deform = asset.deforms[static_cast<std::size_t>(figure.deform)];
    const std::vector<float> greatest = greatest_weights(asset, figure);
    std::vector<Extent> extents(figure.joints.size());
    for (std::size_t i = 0; i < deform.vertex_count; ++i) {
        const glm::vec3 at = asset.vertices[deform.first_vertex + i].position;
        glm::vec3 morphed(0);
        for (std::size_t target = 0; target < deform.targets.size(); ++target) morphed += glm::abs(deform.targets[target].deltas[i].position) * greatest[target];
        const auto hang = [&](std::size_t joint) {
            extents[joint].add(at - morphed);
            extents[joint].add(at + morphed);
        };
        if (!figure.skinned) {
            hang(0);
            continue;
        }
        for (std::size_t k = 0; k < 4; ++k)
            if (deform.influences[i].weights[k] > 0) hang(deform.influences[i].joints[k]);
    }
    return extents;
}

// When to look: at the keys and between them. Animations of unlike lengths meet in other ways each time, so a few rounds.
std::vector<double> moments(const SceneAsset& asset, const Figure& figure) {
    constexpr std::size_t kMost = 192;
    std::vector<double> keys{0};
    float shortest = limits::coordinate_m, longest = 0;
    for (const Track& track : figure.tracks) {
        for (std::uint32_t i = 0; i < track.keys && keys.size() < 100'000; ++i) keys.push_back(static_cast<double>(asset.keys[track.first_time + i] - track.begin_s));
        shortest = std::min(shortest, track.length_s);
        longest = std::max(longest, track.length_s);
    }
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    std::vector<double> times;
    const std::size_t thin = keys.size() / kMost + 1;
    for (int round = 0; round < (shortest < longest ? 4 : 1); ++round)
        for (std::size_t i = 0; i < keys.size(); i += thin) {
            times.push_back(round * static_cast<double>(longest) + keys[i]);
            if (i + thin < keys.size()) times.push_back(round * static_cast<double>(longest) + (keys[i] + keys[i + thin]) / 2);
        }
    return times;
}

// A broken animation may lead to no number at all; what may be anywhere is then never left out.
void set_bounds(Figure& figure, const glm::vec3& least, const glm::vec3& most) {
    constexpr float end = limits::coordinate_m;
    for (int i = 0; i < 3; ++i) {
        const bool sane = least[i] <= most[i] && std::isfinite(least[i]) && std::isfinite(most[i]);
        figure.bounds_min[i] = sane ? std::clamp(least[i], -end, end) : -end;
        figure.bounds_max[i] = sane ? std::clamp(most[i], -end, end) : end;
    }
}

}  // namespace

void find_bounds(SceneAsset& asset) {
    for (Figure& figure : asset.figures) {
        const std::vector<Extent> extents = hanging(asset, figure);
        std::vector<glm::mat4> bones(figure.bones.size()), joints(figure.joints.size());
        std::vector<float> weights(figure.weights.size());
        Extent all, before;
        glm::vec3 step(0);  // how far a side of the box went between two looks: half of that may lie outside both
        for (const double time_s : moments(asset, figure)) {
            pose_at(figure, asset.keys, time_s - static_cast<double>(figure.phase_s), bones, joints, weights);
            Extent now;
            for (std::size_t i = 0; i < joints.size(); ++i)
                if (!extents[i].empty()) add_moved(now, joints[i], extents[i]);
            if (!before.empty()) step = glm::max(step, glm::max(glm::abs(now.least - before.least), glm::abs(now.most - before.most)));
            all.add(now.least);
            all.add(now.most);
            before = now;
        }
        set_bounds(figure, all.least - step * 0.5f, all.most + step * 0.5f);
    }
}

Node& add_copy(SceneAsset& asset, std::size_t node, const glm::mat4& world_from_node, float phase_s) {
    Node copy = asset.nodes[node];
    Figure figure = asset.figures[static_cast<std::size_t>(copy.figure)];
    figure.phase_s = phase_s;
    copy.world_from_node = world_from_node;
    copy.figure = static_cast<int>(asset.figures.size());
    asset.figures.push_back(std::move(figure));
    asset.nodes.push_back(std::move(copy));
    return asset.nodes.back();
}

}  // namespace accalmie::content
