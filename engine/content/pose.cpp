// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "engine/content/figure.h"

namespace accalmie::content {
namespace {

double wrapped(const Track& track, double time_s) {
    if (track.length_s <= 0) return track.begin_s;
    const double length = track.length_s, into = std::fmod(time_s, length);
    return track.begin_s + (into < 0 ? into + length : into);
}

glm::quat quat_of(const float* v) { return {v[3], v[0], v[1], v[2]}; }

glm::quat unit(const glm::quat& q) {
    const float length = glm::length(q);
    return length > 1e-6f ? q / length : glm::quat(1, 0, 0, 0);
}

// Between two keys: `from` and `to` are `width` numbers of a key's value; u is 0 to 1.
void between(const Track& track, const float* from, const float* to, float u, std::span<float> out) {
    if (track.moves == Track::Moves::rotation) {
        const glm::quat turn = glm::slerp(quat_of(from), quat_of(to), u);  // the shorter way round
        for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = i == 3 ? turn.w : turn[i];
        return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = from[i] + (to[i] - from[i]) * u;
}

// glTF 2.0, appendix C.5: Hermite, the tangents scaled by the time between the keys.
void spline(const float* from, const float* to, std::uint32_t width, float u, float length_s, std::span<float> out) {
    const float u2 = u * u, u3 = u2 * u;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const float value0 = from[width + i], out_tangent = from[2 * width + i], in_tangent = to[i], value1 = to[width + i];
        out[i] = (2 * u3 - 3 * u2 + 1) * value0 + length_s * (u3 - 2 * u2 + u) * out_tangent + (-2 * u3 + 3 * u2) * value1 + length_s * (u3 - u2) * in_tangent;
    }
}

glm::mat4 placed(const glm::vec3& translation, const glm::quat& rotation, const glm::vec3& scale) {
    glm::mat4 matrix = glm::mat4_cast(rotation);
    for (int i = 0; i < 3; ++i) matrix[i] *= scale[i];
    matrix[3] = glm::vec4(translation, 1);
    return matrix;
}

glm::mat4 local_at(const Figure& figure, const Bone& bone, std::span<const float> keys, double time_s) {
    if (bone.tracks == 0) return bone.parent_from_bone;
    glm::vec3 translation = bone.translation, scale = bone.scale;
    glm::quat rotation = bone.rotation;
    for (std::uint32_t i = 0; i < bone.tracks; ++i) {
        const Track& track = figure.tracks[bone.first_track + i];
        std::array<float, 4> v{};
        sample(track, keys, time_s, std::span(v).first(track.moves == Track::Moves::rotation ? 4 : 3));
        if (track.moves == Track::Moves::translation) translation = {v[0], v[1], v[2]};
        if (track.moves == Track::Moves::scale) scale = {v[0], v[1], v[2]};
        if (track.moves == Track::Moves::rotation) rotation = unit(quat_of(v.data()));
    }
    return placed(translation, rotation, scale);
}

}  // namespace

void sample(const Track& track, std::span<const float> keys, double time_s, std::span<float> out) {
    const std::span<const float> times = keys.subspan(track.first_time, track.keys);
    const bool curved = track.between == Track::Between::spline;
    const std::uint32_t stride = curved ? 3 * track.width : track.width;
    const float* values = keys.data() + track.first_value;
    const auto held = [&](std::size_t key) {
        const float* value = values + key * stride + (curved ? track.width : 0);
        std::copy_n(value, out.size(), out.begin());
    };
    const double at = wrapped(track, time_s);
    const auto after = static_cast<std::size_t>(std::ranges::upper_bound(times, at, {}, [](float time) { return static_cast<double>(time); }) - times.begin());
    if (after == 0) return held(0);
    if (after == times.size() || track.between == Track::Between::step) return held(after - 1);
    const double from_s = times[after - 1], length_s = times[after] - from_s;
    const auto u = static_cast<float>((at - from_s) / length_s);
    const float *from = values + (after - 1) * stride, *to = values + after * stride;
    if (curved) spline(from, to, track.width, u, static_cast<float>(length_s), out);
    else between(track, from, to, u, out);
}

void pose_at(const Figure& figure, std::span<const float> keys, double scene_time_s, std::span<glm::mat4> bones, std::span<glm::mat4> joints, std::span<float> weights) {
    const double time_s = scene_time_s + static_cast<double>(figure.phase_s);
    for (std::size_t i = 0; i < figure.bones.size(); ++i) {
        const Bone& bone = figure.bones[i];
        const glm::mat4 local = local_at(figure, bone, keys, time_s);
        bones[i] = bone.parent < 0 ? local : bones[static_cast<std::size_t>(bone.parent)] * local;
    }
    for (std::size_t i = 0; i < figure.joints.size(); ++i)
        joints[i] = figure.joints[i] < 0 ? figure.bone_from_mesh[i] : bones[static_cast<std::size_t>(figure.joints[i])] * figure.bone_from_mesh[i];
    if (figure.weights_track >= 0) sample(figure.tracks[static_cast<std::size_t>(figure.weights_track)], keys, time_s, weights);
    else std::ranges::copy(figure.weights, weights.begin());
}

}  // namespace accalmie::content
