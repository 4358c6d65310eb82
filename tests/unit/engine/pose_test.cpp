// SPDX-License-Identifier: Apache-2.0
// Poses against values worked out by hand.
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/content/scene_asset.h"

using namespace accalmie;
using Catch::Approx;

namespace {

constexpr float kHalf = 0.70710678f;

// A shoulder at the origin and an elbow one metre up; the elbow turns by a right angle about z in one second, and back.
struct Arm {
    std::vector<float> keys{0, 1, 2, 0, 0, 0, 1, 0, 0, kHalf, kHalf, 0, 0, 0, 1};
    content::Figure figure;

    Arm() {
        content::Bone elbow{.parent = 0, .translation = {0, 1, 0}, .first_track = 0, .tracks = 1};
        figure.bones = {content::Bone{}, elbow};
        figure.tracks = {{.moves = content::Track::Moves::rotation, .keys = 3, .first_value = 3, .width = 4, .length_s = 2}};
        figure.joints = {0, 1};
        figure.bone_from_mesh = {glm::mat4(1), glm::mat4(1)};
        figure.bone_from_mesh[1][3].y = -1;
        figure.skinned = true;
    }
    glm::vec3 at(double time_s, glm::vec3 point, float upper = 1) const {
        std::vector<glm::mat4> bones(figure.bones.size()), joints(figure.joints.size());
        std::vector<float> weights(figure.weights.size());
        content::pose_at(figure, keys, time_s, bones, joints, weights);
        return glm::vec3((joints[0] * (1 - upper) + joints[1] * upper) * glm::vec4(point, 1));
    }
};

bool near(glm::vec3 a, glm::vec3 b) { return glm::length(a - b) < 1e-5f; }

float sampled(content::Track track, const std::vector<float>& keys, double time_s) {
    float out = 0;
    content::sample(track, keys, time_s, {&out, 1});
    return out;
}

}  // namespace

TEST_CASE("an arm of two bones, bent by ninety degrees at the elbow") {
    const Arm arm;
    CHECK(near(arm.at(0, {0, 2, 0}), {0, 2, 0}));
    CHECK(near(arm.at(1, {0, 2, 0}), {-1, 1, 0}));
    CHECK(near(arm.at(1, {0.1f, 2, 0}), {-1, 1.1f, 0}));       // what was to the right of the hand is above it now
    CHECK(near(arm.at(1, {0, 1, 0}), {0, 1, 0}));              // the elbow stays
    CHECK(near(arm.at(1, {0, 2, 0}, 0), {0, 2, 0}));           // what hangs on the shoulder stays
    CHECK(near(arm.at(1, {0, 2, 0}, 0.5f), {-0.5f, 1.5f, 0}));  // and what hangs on both goes half way
    CHECK(near(arm.at(0.5, {0, 2, 0}), {-kHalf, 1 + kHalf, 0}));  // half the time, half the angle
}

TEST_CASE("an animation begins again at its end, and a phase goes ahead") {
    Arm arm;
    CHECK(near(arm.at(2, {0, 2, 0}), arm.at(0, {0, 2, 0})));
    CHECK(near(arm.at(7, {0, 2, 0}), {-1, 1, 0}));
    CHECK(near(arm.at(-1, {0, 2, 0}), {-1, 1, 0}));
    arm.figure.phase_s = 0.75f;
    CHECK(near(arm.at(0.25, {0, 2, 0}), {-1, 1, 0}));
    arm.figure.phase_s = 0;
    arm.figure.tracks[0].begin_s = 0.5f;  // its first key counts as the beginning
    arm.figure.tracks[0].length_s = 1;
    CHECK(near(arm.at(0.5, {0, 2, 0}), {-1, 1, 0}));
    CHECK(near(arm.at(1.5, {0, 2, 0}), {-1, 1, 0}));
}

TEST_CASE("a turn goes the shorter way, whatever the sign of its numbers") {
    Arm arm;
    for (std::size_t i = 7; i < 11; ++i) arm.keys[i] = -arm.keys[i];
    CHECK(near(arm.at(0.5, {0, 2, 0}), {-kHalf, 1 + kHalf, 0}));
}

TEST_CASE("keys are held, joined by lines or by splines") {
    using Between = content::Track::Between;
    // One number, at 0 s and 2 s: 1 and 3.
    const std::vector<float> plain{0, 2, 1, 3};
    content::Track track{.keys = 2, .first_value = 2, .width = 1, .length_s = 4};
    CHECK(sampled(track, plain, 0.5) == Approx(1.5f));
    CHECK(sampled(track, plain, 3) == Approx(3));  // after the last key it stays
    track.between = Between::step;
    CHECK(sampled(track, plain, 1.999) == 1);
    CHECK(sampled(track, plain, 2) == 3);
    // With an out-tangent of 0.5 a second and an in-tangent of -1 a second (glTF 2.0, appendix C.5).
    const std::vector<float> curved{0, 2, 9, 1, 0.5f, -1, 3, 9};
    track.between = Between::spline;
    CHECK(sampled(track, curved, 0) == Approx(1));
    CHECK(sampled(track, curved, 0.5) == Approx(1.546875f));
    CHECK(sampled(track, curved, 1) == Approx(2.375f));
    CHECK(sampled(track, curved, 2) == Approx(3));
}

TEST_CASE("morph weights are those of the figure, or those that a track makes of them") {
    const std::vector<float> keys{0, 1, 0, 0, 1, 0.5f};  // two targets: 0 and 0, a second later 1 and a half
    content::Figure face;
    face.weights = {0.25f, 0.75f};
    face.joints = {-1};
    face.bone_from_mesh = {glm::mat4(1)};
    std::array<glm::mat4, 1> joints;
    std::array<float, 2> weights{};
    content::pose_at(face, keys, 0.5, {}, joints, weights);
    CHECK(weights == std::array{0.25f, 0.75f});
    CHECK(joints[0] == glm::mat4(1));
    face.tracks = {{.moves = content::Track::Moves::weights, .keys = 2, .first_value = 2, .width = 2, .length_s = 1}};
    face.weights_track = 0;
    content::pose_at(face, keys, 0.5, {}, joints, weights);
    CHECK(weights[0] == Approx(0.5f));
    CHECK(weights[1] == Approx(0.25f));
}

TEST_CASE("a figure's box holds it at every time of its animation") {
    Arm arm;
    content::SceneAsset asset;
    asset.keys = arm.keys;
    content::Deform deform{.vertex_count = 3, .influences = {{.joints = {0}, .weights = {1}}, {.joints = {0, 1}, .weights = {0.5f, 0.5f}}, {.joints = {1}, .weights = {1}}}, .joints = 2,
                           .targets = {{.name = "longer", .deltas = {{}, {}, {.position = {0, 0.5f, 0}}}}}, .weights = {0}};
    for (const float y : {0.0f, 1.0f, 2.0f}) asset.vertices.push_back({.position = {0.1f, y, 0}, .normal = {}, .tangent = {}, .uv0 = {}, .uv1 = {}});
    asset.deforms.push_back(std::move(deform));
    arm.figure.weights = {0};
    asset.figures.push_back(arm.figure);
    content::find_bounds(asset);
    const content::Figure& figure = asset.figures[0];
    const auto inside = [&](glm::vec3 point) {
        return glm::all(glm::lessThanEqual(point, figure.bounds_max + 1e-4f)) && glm::all(glm::greaterThanEqual(point, figure.bounds_min - 1e-4f));
    };
    bool all = true;
    for (int i = 0; i < 1000; ++i)
        for (const glm::vec3 point : {glm::vec3(0.1f, 2, 0), glm::vec3(0.1f, 2.5f, 0)}) all = all && inside(arm.at(i / 500.0, point));
    CHECK(all);
    CHECK(figure.bounds_min.x < -1.4f);  // bent, with the morph target at its end
    CHECK(figure.bounds_min.x > -2.1f);
    CHECK(figure.bounds_max.y < 3.1f);
}
