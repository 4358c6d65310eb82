// SPDX-License-Identifier: Apache-2.0
// Skinned and morphed figures: what is drawn, shadowed and counted is the pose of the scene's time, never the mesh at rest.
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "crowd.h"
#include "people_builder.h"
#include "picture_compare.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

using content::DynamicLight;
using Catch::Approx;

constexpr double kStraight_s = 0, kBent_s = 1;

struct Scenery : PeopleBuilder {
    int floor, paint;
    Scenery() {
        asset.name = "people";
        content::Image dim{.width = 8, .height = 4, .rgba = {}, .srgb = false};
        for (int i = 0; i < 32; ++i) dim.rgba.insert(dim.rgba.end(), {120, 120, 120, 20});
        asset.environment = dim;
        floor = material({.name = "floor", .base_color = {0.8f, 0.8f, 0.8f, 1}, .metallic = 0, .roughness = 0.9f});
        paint = material({.name = "paint", .base_color = {0.8f, 0.25f, 0.15f, 1}, .metallic = 0, .roughness = 0.6f});
    }
    Scenery& lamp(bool shadow = true) {
        asset.lights.push_back({.kind = DynamicLight::Kind::sun, .direction = {0, -1, 0}, .color = glm::vec3(2.5f), .casts_shadow = shadow});
        return *this;
    }
    Scenery& ground() {
        node("floor", box({3, 0.05f, 3}, floor), {0, -0.05f, -2});
        return *this;
    }
};

std::array<xr::View, 2> looking_down() { return seat_views(0.063f, 0, -25); }

render::Renderer::Picture mirrored(const render::Renderer::Picture& picture) {
    render::Renderer::Picture other = picture;
    for (std::size_t y = 0; y < picture.height; ++y)
        for (std::size_t x = 0; x < picture.width; ++x)
            for (std::size_t c = 0; c < 4; ++c) other.rgba[(y * picture.width + x) * 4 + c] = picture.rgba[(y * picture.width + picture.width - 1 - x) * 4 + c];
    return other;
}

}  // namespace

TEST_CASE("a bent limb is drawn where its bones take it, and its shadow lies below that") {
    Stage stage({256, 256});
    Scenery scenery;
    scenery.lamp().ground().arm("arm", scenery.tube(scenery.paint), {0.4f, 0.2f, -2.2f});
    const render::SceneId scene = stage.add(scenery.take());
    const auto views = looking_down();
    const auto straight = stage.shot({.views = views, .scene = scene, .scene_time_s = kStraight_s}), bent = stage.shot({.views = views, .scene = scene, .scene_time_s = kBent_s});
    // Straight, its tip is a metre up. Bent, its upper half lies level to the left, at half a metre, and the floor below is dark.
    const glm::vec3 tip_straight{0.4f, 1.1f, -2.2f}, tip_bent{0.0f, 0.7f, -2.2f}, below_bent{0.0f, 0, -2.2f};
    CHECK(seen_at(bent, views[0], below_bent) < 0.6 * seen_at(straight, views[0], below_bent));
    CHECK(std::abs(seen_at(bent, views[0], tip_straight) - seen_at(straight, views[0], tip_straight)) > 30);
    CHECK(std::abs(seen_at(bent, views[0], tip_bent) - seen_at(straight, views[0], tip_bent)) > 30);
    CHECK(compare(straight, bent).share > 10 * kToleratedShare);
}

TEST_CASE("a cue that bends counts where it is, in a frame and in a look") {
    Stage stage({64, 64}, 1);
    Scenery scenery;
    content::Node& arm = scenery.arm("arm", scenery.tube(scenery.paint), {0.4f, 0.7f, -2});  // bent, it reaches to what is straight ahead
    arm.cue = true;
    arm.cue_id = "arm";
    const render::SceneId scene = stage.add(scenery.take());
    render::FrameInput input{.views = seat_views(), .scene = scene};
    input.measure.world_from_head = {input.views[0].world_from_eye.orientation, {0, 1.2f, 0}};
    input.measure.cues = true;
    std::array<float, 2> central{}, whole{};
    for (const bool bent : {false, true}) {
        input.scene_time_s = bent ? kBent_s : kStraight_s;
        const auto seen = stage.renderer().look(input);
        REQUIRE(seen);
        REQUIRE(seen->cues.size() == 1);
        central[bent] = seen->cues[0].central_share();
        whole[bent] = seen->cues[0].solid_angle_sr();
        stage.draw(input);
        REQUIRE(stage.renderer().finish_measures());
        const render::CueViews* in_frame = stage.renderer().next_cues();
        REQUIRE(in_frame != nullptr);
        CHECK(in_frame->cues[0].central_share() == central[bent]);
        CHECK(in_frame->cues[0].solid_angle_sr() == whole[bent]);
    }
    CHECK(whole[0] > 0);
    CHECK(central[1] > central[0] + 0.2f);
}

TEST_CASE("the same scene time gives the same picture, whatever was drawn before") {
    const auto build = [] {
        Scenery scenery;
        const int tube = scenery.tube(scenery.paint);
        scenery.lamp().ground();
        for (int i = 0; i < 3; ++i) scenery.arm("arm", tube, {static_cast<float>(i) * 0.5f - 0.4f, 0.1f, -2.2f}, 0.3f * static_cast<float>(i));
        return scenery.take();
    };
    const content::SceneAsset asset = build();
    Stage one({128, 128}), other({128, 128});
    const render::SceneId in_one = one.add(asset), in_other = other.add(asset);
    for (const double time_s : {5.1, 0.2, 1.9, 0.77}) one.draw({.views = looking_down(), .scene = in_one, .scene_time_s = time_s});
    REQUIRE(one.renderer().look({.views = looking_down(), .scene = in_one, .scene_time_s = 3}));
    const auto late = one.shot({.views = looking_down(), .scene = in_one, .scene_time_s = 0.77}), fresh = other.shot({.views = looking_down(), .scene = in_other, .scene_time_s = 0.77});
    CHECK(late.rgba == fresh.rgba);
    CHECK(other.shot({.views = looking_down(), .scene = in_other, .scene_time_s = 2.77}).rgba == fresh.rgba);  // a round later
    CHECK(other.shot({.views = looking_down(), .scene = in_other, .scene_time_s = 1.0}).rgba != fresh.rgba);
}

TEST_CASE("people of one mesh each have a pose of their own") {
    Stage stage({256, 256});
    const auto picture = [&](float left_phase_s, float right_phase_s) {
        Scenery scenery;
        const int tube = scenery.tube(scenery.paint);
        scenery.arm("left", tube, {-0.5f, 0.7f, -2.2f}, left_phase_s);
        content::SceneAsset& asset = scenery.asset;
        glm::mat4 there(1);
        there[3] = {0.9f, 0.7f, -2.2f, 1};
        content::add_copy(asset, asset.nodes.size() - 1, there, right_phase_s);
        return stage.shot({.views = seat_views(), .scene = stage.add(scenery.take())});
    };
    const auto both_straight = picture(0, 0), left = picture(1, 0), right = picture(0, 1);
    const auto half_differs = [&](const render::Renderer::Picture& a, const render::Renderer::Picture& b, bool right_half) {
        for (std::size_t y = 0; y < a.height; ++y)
            for (std::size_t x = right_half ? a.width / 2 + 16 : 0; x < (right_half ? a.width : a.width / 2); ++x)
                if (std::abs(a.rgba[(y * a.width + x) * 4] - b.rgba[(y * a.width + x) * 4]) > 8) return true;
        return false;
    };
    CHECK(half_differs(both_straight, left, false));
    CHECK_FALSE(half_differs(both_straight, left, true));
    CHECK(half_differs(both_straight, right, true));
    CHECK_FALSE(half_differs(both_straight, right, false));
}

TEST_CASE("a morph target at half its weight takes a thing half the way") {
    Stage stage({256, 256});
    const auto picture = [&](float weight, float x) {
        Scenery scenery;
        scenery.lamp(false).sliding_box("box", scenery.box({0.2f, 0.2f, 0.2f}, scenery.paint), {x, 1.1f, -2}, 0.6f, weight);
        return stage.shot({.views = seat_views(), .scene = stage.add(scenery.take())});
    };
    CHECK(compare(picture(0.5f, -0.2f), picture(0, 0.1f)).share < kToleratedShare);
    CHECK(compare(picture(1, -0.2f), picture(0, 0.4f)).share < kToleratedShare);
    CHECK(compare(picture(0.5f, -0.2f), picture(0, -0.2f)).share > 10 * kToleratedShare);
}

TEST_CASE("a figure in a mirrored place is its own mirror image, with its outside outside") {
    Stage stage({256, 256});
    const auto picture = [&](bool mirror) {
        Scenery scenery;
        content::Node& arm = scenery.lamp(false).arm("arm", scenery.tube(scenery.paint), {0.4f, 0.7f, -1.6f});
        if (mirror) {
            arm.world_from_node[0] *= -1.0f;
            arm.world_from_node[3].x *= -1.0f;
        }
        return stage.shot({.views = seat_views(0), .scene = stage.add(scenery.take()), .scene_time_s = 0.8});
    };
    CHECK(compare(mirrored(picture(true)), picture(false)).share < 3 * kToleratedShare);  // edges fall on the other side of a pixel's middle
}

TEST_CASE("what a figure reaches is in view as long as any of it is") {
    Stage stage({128, 128}, 1);
    Scenery scenery;
    scenery.arm("arm", scenery.tube(scenery.paint), {0.4f, 0.7f, -2});
    const render::SceneId scene = stage.add(scenery.take());
    // To the right of the picture stands the straight limb; the bent one reaches into it.
    CHECK(stage.draw({.views = seat_views(0.063f, -50), .scene = scene, .scene_time_s = kBent_s}).draws == 1);
    CHECK(stage.draw({.views = seat_views(0.063f, 120), .scene = scene, .scene_time_s = kBent_s}).draws == 0);
}

TEST_CASE("twelve patrons look as their golden picture, and not so when their bones stand still") {
    auto patron = content::load_scene_asset(ACCALMIE_SOURCE_DIR "/assets/demos/patron.glb");
    if (!patron) FAIL(describe(patron.error()));
    content::SceneAsset moving = crowd(std::move(*patron), 12), still = moving;
    CHECK(moving.figures.size() == 12);
    for (content::Figure& figure : still.figures) {
        figure.tracks.clear();
        figure.weights_track = -1;
        for (content::Bone& bone : figure.bones) bone.tracks = 0;
    }
    Stage stage({512, 512});
    const auto picture = [&](const content::SceneAsset& asset) { return stage.shot({.views = seat_views(), .scene = stage.add(asset), .scene_time_s = 1.5}); };
    const auto seen = picture(moving);
    CHECK(golden_mismatch("feature-people", seen) == "");
    CHECK(compare(seen, picture(still)).share > 10 * kToleratedShare);
}

TEST_CASE("bending costs its own time, and only where there are figures at this level") {
    Stage stage({64, 64}, 1);
    Scenery with, without;
    without.ground();
    content::Node& arm = with.ground().arm("arm", with.tube(with.paint), {0.4f, 0.7f, -2});
    arm.level_min = 1;
    const render::SceneId people = stage.add(with.take()), plain = stage.add(without.take());
    const auto cost = [&](render::SceneId scene, int level) {
        double least = 1e9;
        for (int i = 0; i < 8; ++i) {
            const double ms = stage.draw({.views = seat_views(), .scene = scene, .level = level, .scene_time_s = i / 90.0}).gpu_people_ms;
            if (i >= 2) least = std::min(least, ms);
        }
        return least;
    };
    CHECK(cost(people, 1) > 2 * cost(plain, 1));
    CHECK(cost(people, 1) > 2 * cost(people, 0));
}

}  // namespace accalmie::testing
