// SPDX-License-Identifier: Apache-2.0
// Lights that are computed in every frame, and the one shadow. A white floor in a dark room: what is bright there, the light made.
#include <array>
#include <cmath>

#include <catch2/catch_test_macros.hpp>

#include "picture_compare.h"
#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

using content::DynamicLight;

// A floor of 6 x 6 m and, above its middle, a box that something may be lit behind.
content::SceneAsset floor_and_box(std::vector<DynamicLight> lights, bool with_box = true) {
    SceneBuilder build;
    build.asset.name = "floor-and-box";
    content::Image dark{.width = 8, .height = 4, .rgba = {}, .srgb = false};
    for (int i = 0; i < 32; ++i) dark.rgba.insert(dark.rgba.end(), {4, 4, 4, 4});
    build.asset.environment = dark;
    const int floor = build.material({.name = "floor", .base_color = {0.8f, 0.8f, 0.8f, 1}, .metallic = 0, .roughness = 0.9f});
    const int box = build.material({.name = "box", .base_color = {0.2f, 0.4f, 0.7f, 1}, .metallic = 0, .roughness = 0.4f});
    build.node("floor", build.box({3, 0.05f, 3}, floor), {0, -0.05f, -2});
    if (with_box) build.node("box", build.box({0.35f, 0.35f, 0.35f}, box), {0, 0.9f, -2.4f});
    build.asset.lights = std::move(lights);
    content::prepare(build.asset);
    return std::move(build.asset);
}

DynamicLight spot(bool shadow) {
    return {.kind = DynamicLight::Kind::spot, .position_m = {0, 3, -2.4f}, .direction = {0, -1, 0}, .color = glm::vec3(18), .range_m = 8,
            .inner_cone_cos = std::cos(0.6f), .outer_cone_cos = std::cos(0.75f), .casts_shadow = shadow};
}

DynamicLight sun(bool shadow) {
    return {.kind = DynamicLight::Kind::sun, .direction = glm::normalize(glm::vec3(0.4f, -1, -0.3f)), .color = glm::vec3(2.5f), .casts_shadow = shadow};
}

std::array<xr::View, 2> looking_down() { return seat_views(0.063f, 0, -30); }

double seen_at(const render::Renderer::Picture& picture, glm::vec3 point_m) { return testing::seen_at(picture, looking_down()[0], point_m); }

render::Renderer::Picture picture_of(Stage& stage, const content::SceneAsset& asset) {
    return stage.shot({.views = looking_down(), .scene = stage.add(asset)});
}

}  // namespace

TEST_CASE("a thing between the light and the floor throws its shadow there and nowhere else") {
    Stage stage({512, 512});
    for (const auto& [with, without] : {std::pair{spot(true), spot(false)}, std::pair{sun(true), sun(false)}}) {
        const bool is_sun = with.kind == DynamicLight::Kind::sun;
        INFO((is_sun ? "sun" : "spot"));
        const auto shadowed = picture_of(stage, floor_and_box({with})), lit = picture_of(stage, floor_and_box({without}));
        // The box's middle along the light, to the floor. The sun's lies behind the box as seen from the seat's left.
        const glm::vec3 behind = is_sun ? glm::vec3(0, 0.9f, -2.4f) + with.direction * (0.9f / -with.direction.y) : glm::vec3(0.25f, 0, -2.05f);
        CHECK(seen_at(lit, behind) > 80);
        CHECK(seen_at(shadowed, behind) < 0.15 * seen_at(lit, behind));
        // In the open nothing changes: a surface does not shade itself.
        for (const glm::vec3& open : {glm::vec3(-0.9f, 0, -2), glm::vec3(-1, 0, -1.6f), glm::vec3(-0.95f, 0, -2.6f)}) {
            INFO(open.x << " " << open.y << " " << open.z);
            CHECK(std::abs(seen_at(shadowed, open) - seen_at(lit, open)) <= 2);
            CHECK(seen_at(lit, open) > 15);
        }
    }
}

TEST_CASE("a floor under a light has no stripes: lit with a shadow map or without, it is the same picture") {
    Stage stage({256, 256});
    for (const auto& [with, without] : {std::pair{spot(true), spot(false)}, std::pair{sun(true), sun(false)}})
        CHECK(compare(picture_of(stage, floor_and_box({with}, false)), picture_of(stage, floor_and_box({without}, false))).share < 0.002);
}

TEST_CASE("a light ends at its range, and its cone at its edge") {
    Stage stage({256, 256});
    DynamicLight near = spot(false);
    const auto whole = picture_of(stage, floor_and_box({near}, false));
    near.range_m = 2.5f;  // the floor is 3 m below
    const auto none = picture_of(stage, floor_and_box({near}, false));
    CHECK(seen_at(whole, {0, 0, -2.4f}) > 100);
    CHECK(seen_at(none, {0, 0, -2.4f}) < 10);
    CHECK(seen_at(whole, {0, 0, -0.9f}) > 20);   // 27 degrees off the axis
    CHECK(seen_at(whole, {2.85f, 0, -3.5f}) < 10);  // 44 degrees and more, outside the cone
}

TEST_CASE("lights add up, whatever their kind") {
    Stage stage({256, 256});
    DynamicLight left{.kind = DynamicLight::Kind::point, .position_m = {-0.8f, 1.2f, -2.4f}, .color = {1.2f, 0.2f, 0.2f}}, right = left;
    right.position_m.x = 0.8f;
    right.color = {0.2f, 0.2f, 1.2f};
    const auto one = picture_of(stage, floor_and_box({left}, false)), two = picture_of(stage, floor_and_box({left, right}, false));
    const glm::vec3 below_right{0.8f, 0, -2.4f};
    CHECK(seen_at(two, below_right) > seen_at(one, below_right) + 30);
    // With a shadow light before them they still shine.
    DynamicLight dim = spot(true);
    dim.color = glm::vec3(0.001f);
    CHECK(seen_at(picture_of(stage, floor_and_box({dim, left, right}, false)), below_right) > seen_at(one, below_right) + 25);
}

TEST_CASE("a cut-out casts a shadow with its holes") {
    Stage stage({256, 256});
    const auto make = [](content::AlphaMode mode) {
        content::SceneAsset asset = floor_and_box({spot(true)});
        asset.materials[1].alpha_mode = mode;
        asset.materials[1].base_color.a = 0.3f;  // below the cut-off of one half: all hole
        return asset;
    };
    CHECK(seen_at(picture_of(stage, make(content::AlphaMode::mask)), {0.25f, 0, -2.05f}) > 80);
    CHECK(seen_at(picture_of(stage, make(content::AlphaMode::opaque)), {0.25f, 0, -2.05f}) < 15);
}

TEST_CASE("the shadow of a spot and its lights look as their golden picture") {
    Stage stage({512, 512});
    DynamicLight warm{.kind = DynamicLight::Kind::point, .position_m = {-1.2f, 0.5f, -2}, .color = {0.9f, 0.5f, 0.2f}, .range_m = 3};
    CHECK(golden_mismatch("feature-lights", picture_of(stage, floor_and_box({spot(true), warm}))) == "");
}

TEST_CASE("the shadow costs its own time, and a scene without one none") {
    Stage stage({64, 64}, 1);
    render::FrameStats stats;
    const auto draw = [&](const content::SceneAsset& asset) {
        const render::SceneId id = stage.add(asset);
        for (int i = 0; i < 4; ++i) stats = stage.draw({.views = looking_down(), .scene = id});
        return stats;
    };
    CHECK(draw(floor_and_box({spot(true)})).gpu_shadow_ms > 0);
    CHECK(draw(floor_and_box({spot(false)})).gpu_shadow_ms < draw(floor_and_box({spot(true)})).gpu_shadow_ms);
}

}  // namespace accalmie::testing
