// SPDX-License-Identifier: Apache-2.0
// The exposure dose's raw material: what of a cue is seen after occlusion, in steradians.
#include <cmath>
#include <numbers>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

constexpr float kRadius_m = 0.4f;
constexpr glm::vec3 kAhead_m{0, 1.2f, -2};

// A ball that is a cue, and whatever else the test puts there.
struct Scenery : SceneBuilder {
    int paint, glass;
    Scenery() {
        asset.name = "cues";
        content::Image dim{.width = 8, .height = 4, .rgba = {}, .srgb = false};
        for (int i = 0; i < 32; ++i) dim.rgba.insert(dim.rgba.end(), {60, 60, 60, 12});
        asset.environment = dim;
        paint = material({.name = "paint", .base_color = {0.8f, 0.2f, 0.2f, 1}, .metallic = 0, .roughness = 0.6f});
        glass = material({.name = "glass", .base_color = {0.9f, 0.95f, 1, 1}, .metallic = 0, .roughness = 0.05f, .transmission = 1, .double_sided = true});
    }
    content::Node& cue(const char* id, glm::vec3 at, int of = -1) {
        content::Node& made = node(id, sphere(kRadius_m, of < 0 ? paint : of), at);
        made.cue = true;
        made.cue_id = id;
        return made;
    }
    content::Node& wall(glm::vec3 half, glm::vec3 at, int of = -1) { return node("wall", box(half, of < 0 ? paint : of), at); }
    content::SceneAsset take() {
        content::prepare(asset);
        return std::move(asset);
    }
};

render::FrameInput seat(render::SceneId scene, std::array<xr::View, 2> views = seat_views()) {
    render::FrameInput input{.views = views, .scene = scene};
    input.measure.world_from_head = {views[0].world_from_eye.orientation, (views[0].world_from_eye.position_m + views[1].world_from_eye.position_m) * 0.5f};
    return input;
}

render::CueViews look(Stage& stage, const content::SceneAsset& asset, std::array<xr::View, 2> views = seat_views()) {
    const auto seen = stage.renderer().look(seat(stage.add(asset), views));
    REQUIRE(seen);
    return *seen;
}

float ball_sr(glm::vec3 at, const xr::View& eye) {
    const float distance = glm::length(at - eye.world_from_eye.position_m);
    return 2 * std::numbers::pi_v<float> * (1 - std::sqrt(1 - kRadius_m * kRadius_m / (distance * distance)));
}

// Within two percent of the ball's formula in both eyes.
bool as_formula(const std::array<float, 2>& measured_sr, glm::vec3 at, const std::array<xr::View, 2>& views) {
    for (std::size_t eye = 0; eye < 2; ++eye)
        if (std::abs(measured_sr[eye] / ball_sr(at, views[eye]) - 1) > 0.02f) return false;
    return true;
}
std::array<float, 2> solid_angles(const render::CueView& cue) { return {cue.eyes[0].solid_angle_sr, cue.eyes[1].solid_angle_sr}; }

constexpr std::array kPlaces{kAhead_m, glm::vec3(1.15f, 1.2f, -2), glm::vec3(-1.1f, 2.2f, -2), glm::vec3(1, 0.2f, -2)};

}  // namespace

TEST_CASE("a ball's solid angle is that of its cone, wherever in the view it is, in both eyes") {
    Stage stage({64, 64}, 1);
    for (const glm::vec3& at : kPlaces) {
        INFO(at.x << " " << at.y << " " << at.z);
        Scenery scenery;
        scenery.cue("ball", at);
        const auto seen = look(stage, scenery.take());
        REQUIRE(seen.cues.size() == 1);
        CHECK(as_formula(solid_angles(seen.cues[0]), at, seat_views()));
        if (at == kAhead_m) continue;
        // The planted fault: pixels counted, each taken for one of the middle. The check above would have found it.
        const float middle_sr = std::pow(2 * std::tan(glm::radians(42.0f)) / static_cast<float>(render::kCueExtent.width), 2.0f);
        const std::array counted{static_cast<float>(seen.cues[0].eyes[0].pixels) * middle_sr, static_cast<float>(seen.cues[0].eyes[1].pixels) * middle_sr};
        CHECK_FALSE(as_formula(counted, at, seat_views()));
    }
}

TEST_CASE("turning the head moves a cue through the view and leaves its solid angle alone") {
    Stage stage({64, 64}, 1);
    for (const float turn : {0.0f, 15.0f, 28.0f, -25.0f}) {
        INFO(turn);
        Scenery scenery;
        scenery.cue("ball", kAhead_m);
        const auto views = seat_views(0.063f, turn, turn / 3);
        CHECK(as_formula(solid_angles(look(stage, scenery.take(), views).cues[0]), kAhead_m, views));
    }
}

TEST_CASE("a wall before a cue leaves nothing of it, and one behind it everything") {
    Stage stage({64, 64}, 1);
    Scenery before, behind;
    before.cue("ball", kAhead_m);
    before.wall({1, 1, 0.05f}, {0, 1.2f, -1});
    CHECK(look(stage, before.take()).cues[0].visible() == false);
    behind.cue("ball", kAhead_m);
    behind.wall({1, 1, 0.05f}, {0, 1.2f, -3});
    CHECK(as_formula(solid_angles(look(stage, behind.take()).cues[0]), kAhead_m, seat_views()));
}

TEST_CASE("what is half hidden is half seen") {
    Stage stage({64, 64}, 1);
    Scenery whole, half;
    whole.cue("ball", kAhead_m);
    half.cue("ball", kAhead_m);
    half.wall({1, 1, 0.001f}, {-1, 1.2f, -1.999f + kRadius_m});  // its edge lies on the ball's middle, as near to it as it can be
    const auto views = seat_views(0);  // both eyes in the middle: elsewhere they see past the edge
    const auto all = look(stage, whole.take(), views), rest = look(stage, half.take(), views);
    for (std::size_t eye = 0; eye < 2; ++eye)
        CHECK(static_cast<float>(rest.cues[0].eyes[eye].pixels) / static_cast<float>(all.cues[0].eyes[eye].pixels) == Catch::Approx(0.5).margin(0.02));
}

TEST_CASE("what the lenses hide of a cue is not seen: half of it, all of it, and without a mesh nothing changes") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("ball", kAhead_m);
    auto input = seat(stage.add(scenery.take()), seat_views(0));
    auto& renderer = stage.renderer();
    const auto left_of = [](float x) {
        xr::HiddenMesh mesh;
        for (auto& eye : mesh.triangles) eye = {{-1, -1}, {x, -1}, {x, 1}, {-1, -1}, {x, 1}, {-1, 1}};
        return mesh;
    };
    const auto look = [&] { return renderer.look(input).value().cues[0]; };
    const auto whole = look();
    REQUIRE(renderer.set_hidden_mesh(left_of(0)));
    const auto half = look();
    REQUIRE(renderer.set_hidden_mesh(left_of(1)));
    CHECK_FALSE(look().visible());
    xr::HiddenMesh one_eye = left_of(1);
    one_eye.triangles[1].clear();
    REQUIRE(renderer.set_hidden_mesh(one_eye));
    const auto other = look();
    CHECK(other.eyes[0].pixels == 0);
    CHECK(other.eyes[1].pixels == whole.eyes[1].pixels);
    REQUIRE(renderer.set_hidden_mesh(left_of(0)));
    input.measure.cues = true;
    for (int i = 0; i < 3; ++i) stage.draw(input);
    const render::CueViews* told = renderer.next_cues();
    REQUIRE(told != nullptr);
    REQUIRE(renderer.set_hidden_mesh({}));
    const auto without = look();
    for (std::size_t eye = 0; eye < 2; ++eye) {
        INFO("eye " << eye);
        CHECK(static_cast<float>(half.eyes[eye].pixels) / static_cast<float>(whole.eyes[eye].pixels) == Catch::Approx(0.5).margin(0.02));
        CHECK(half.eyes[eye].solid_angle_sr / whole.eyes[eye].solid_angle_sr == Catch::Approx(0.5).margin(0.02));
        CHECK(told->cues[0].eyes[eye].pixels == half.eyes[eye].pixels);
        CHECK(without.eyes[eye].pixels == whole.eyes[eye].pixels);
        CHECK(without.eyes[eye].solid_angle_sr == whole.eyes[eye].solid_angle_sr);
    }
}

TEST_CASE("each eye is measured for itself") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("ball", kAhead_m);
    scenery.wall({0.05f, 0.3f, 0.01f}, {-0.07f, 1.2f, -0.2f});  // a hand before the left eye
    const auto seen = look(stage, scenery.take()).cues[0];
    CHECK(seen.eyes[0].solid_angle_sr < 0.7f * seen.eyes[1].solid_angle_sr);
    CHECK(seen.eyes[1].solid_angle_sr == Catch::Approx(ball_sr(kAhead_m, seat_views()[1])).epsilon(0.02));
    CHECK(seen.solid_angle_sr() == Catch::Approx((seen.eyes[0].solid_angle_sr + seen.eyes[1].solid_angle_sr) / 2));
}

TEST_CASE("a cue behind glass counts whole, and glass that is a cue counts itself") {
    Stage stage({64, 64}, 1);
    Scenery behind, made_of;
    behind.cue("ball", kAhead_m);
    behind.wall({1, 1, 0.02f}, {0, 1.2f, -1}, behind.glass);
    CHECK(as_formula(solid_angles(look(stage, behind.take()).cues[0]), kAhead_m, seat_views()));
    made_of.cue("glass ball", kAhead_m, made_of.glass);
    made_of.wall({1, 1, 0.05f}, {0, 1.2f, -3});
    CHECK(as_formula(solid_angles(look(stage, made_of.take()).cues[0]), kAhead_m, seat_views()));
}

TEST_CASE("a cut-out hides where it is whole and not where it is a hole") {
    Stage stage({64, 64}, 1);
    for (const bool hole : {false, true}) {
        Scenery scenery;
        scenery.cue("ball", kAhead_m);
        const int leaf = scenery.material({.name = "leaf", .base_color = {1, 1, 1, hole ? 0.3f : 1.0f}, .metallic = 0, .alpha_mode = content::AlphaMode::mask});
        scenery.wall({1, 1, 0.02f}, {0, 1.2f, -1}, leaf);
        CHECK(look(stage, scenery.take()).cues[0].visible() == hole);
    }
}

TEST_CASE("nodes of one id are one cue, others are apart, and a level shows its own") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("bottles", {-0.6f, 1.2f, -2});
    scenery.cue("bottles", {0.6f, 1.2f, -2});
    scenery.cue("glass", {0, 2.1f, -2.4f}).level_min = 1;
    const render::SceneId scene = stage.add(scenery.take());
    const auto names = stage.renderer().cue_names(scene);
    REQUIRE(names.size() == 2);
    CHECK((names[0] == "bottles" && names[1] == "glass"));
    auto input = seat(scene);
    const auto none = stage.renderer().look(input);
    input.level = 1;
    const auto both = stage.renderer().look(input);
    REQUIRE((none && both));
    CHECK(none->cues[1].visible() == false);
    CHECK(both->cues[1].visible());
    CHECK(both->cues[0].eyes[0].pixels == none->cues[0].eyes[0].pixels);
    CHECK(none->cues[0].eyes[0].solid_angle_sr == Catch::Approx(ball_sr({-0.6f, 1.2f, -2}, seat_views()[0]) + ball_sr({0.6f, 1.2f, -2}, seat_views()[0])).epsilon(0.02));
}

TEST_CASE("what lies in the middle of the view, and under the gaze, is told apart from what does not") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("ahead", kAhead_m);
    scenery.cue("aside", {1.2f, 1.2f, -2});
    const render::SceneId scene = stage.add(scenery.take());
    auto input = seat(scene);
    const auto by_head = stage.renderer().look(input);
    REQUIRE(by_head);
    // The ball ahead is seen at 11.5 degrees: the central cone of 10 degrees lies in it, and has this share of it.
    const double cone = 1 - std::cos(glm::radians(10.0));
    const double ball = ball_sr(kAhead_m, seat_views()[0]) / (2 * std::numbers::pi);
    CHECK(by_head->cues[0].central_share() == Catch::Approx(cone / ball).epsilon(0.03));
    CHECK(by_head->cues[0].gaze_share() == Catch::Approx((1 - std::cos(glm::radians(2.0))) / ball).epsilon(0.08));
    CHECK(by_head->cues[1].central_share() == 0);
    CHECK(by_head->cues[1].gaze_share() == 0);
    CHECK_FALSE(by_head->by_eyes);

    // Eyes that look aside move the gaze and not the centre.
    input.measure.world_from_gaze = xr::Pose{.orientation = glm::angleAxis(-std::atan(1.2f / 2), glm::vec3(0, 1, 0)), .position_m = input.measure.world_from_head.position_m};
    const auto by_eyes = stage.renderer().look(input);
    REQUIRE(by_eyes);
    CHECK(by_eyes->by_eyes);
    CHECK(by_eyes->cues[0].gaze_share() == 0);
    CHECK(by_eyes->cues[1].gaze_share() > 0.03f);
    CHECK(by_eyes->cues[0].central_share() == by_head->cues[0].central_share());
}

TEST_CASE("a frame that is asked gives the look's own numbers two frames later, and one that is not gives none") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("ball", {0.5f, 1.2f, -2});
    auto input = seat(stage.add(scenery.take()));
    const auto looked = stage.renderer().look(input);
    REQUIRE(looked);
    auto& renderer = stage.renderer();
    for (int i = 0; i < 4; ++i) stage.draw(input);
    CHECK(renderer.next_cues() == nullptr);
    CHECK(renderer.next_luminance() == nullptr);
    input.measure.cues = true;
    input.measure.time_s = 12.5;
    stage.draw(input);
    input.measure.cues = false;
    stage.draw(input);
    CHECK(renderer.next_cues() == nullptr);
    stage.draw(input);
    const render::CueViews* told = renderer.next_cues();
    REQUIRE(told != nullptr);
    CHECK(told->time_s == 12.5);
    CHECK(told->scene == input.scene);
    CHECK(told->cues[0].eyes[0].pixels == looked->cues[0].eyes[0].pixels);
    CHECK(told->cues[0].eyes[1].solid_angle_sr == looked->cues[0].eyes[1].solid_angle_sr);
    CHECK(renderer.next_cues() == nullptr);
    REQUIRE(renderer.finish_measures());
    CHECK(renderer.next_cues() == nullptr);
}

TEST_CASE("answers that nobody takes are dropped, the newest three stay") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    scenery.cue("ball", kAhead_m);
    auto input = seat(stage.add(scenery.take()));
    input.measure.cues = true;
    for (int i = 0; i < 9; ++i) {
        input.measure.time_s = i;
        stage.draw(input);
    }
    REQUIRE(stage.renderer().finish_measures());
    for (const double time_s : {6.0, 7.0, 8.0}) {
        const auto* told = stage.renderer().next_cues();
        REQUIRE(told != nullptr);
        CHECK(told->time_s == time_s);
    }
    CHECK(stage.renderer().next_cues() == nullptr);
}

}  // namespace accalmie::testing
