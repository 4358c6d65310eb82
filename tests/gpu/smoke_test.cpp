// SPDX-License-Identifier: Apache-2.0
// Cards that turn to the head: smoke, steam and glows.
#include <algorithm>
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/render/flash_counter.h"
#include "picture_compare.h"
#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

float noise(int x, int y, int grid) {
    const auto at = [&](int i, int j) {
        std::uint32_t h = static_cast<std::uint32_t>((i + grid) % grid) * 374761393U + static_cast<std::uint32_t>((j + grid) % grid) * 668265263U + static_cast<std::uint32_t>(grid);
        h = (h ^ (h >> 13U)) * 1274126177U;
        return static_cast<float>((h ^ (h >> 16U)) & 0xFFFFU) / 65535.0f;
    };
    const float px = static_cast<float>(x) / 64 * static_cast<float>(grid), py = static_cast<float>(y) / 64 * static_cast<float>(grid);
    const int i = static_cast<int>(px), j = static_cast<int>(py);
    const glm::vec2 f = glm::smoothstep(glm::vec2(0), glm::vec2(1), glm::vec2(px, py) - glm::floor(glm::vec2(px, py)));
    return glm::mix(glm::mix(at(i, j), at(i + 1, j), f.x), glm::mix(at(i, j + 1), at(i + 1, j + 1), f.x), f.y);
}

// A puff: white, its alpha a soft ball with wisps in it, nothing at the edge.
content::Image puff_picture() {
    content::Image image{.width = 64, .height = 64, .rgba = {}};
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) {
            const float r = glm::length(glm::vec2(static_cast<float>(x) - 31.5f, static_cast<float>(y) - 31.5f)) / 31.5f;
            const float wisps = 0.5f * noise(x, y, 4) + 0.3f * noise(x, y, 8) + 0.2f * noise(x, y, 16);
            const float alpha = glm::smoothstep(1.0f, 0.0f, r) * glm::smoothstep(0.12f, 0.8f, wisps);
            image.rgba.insert(image.rgba.end(), {255, 255, 255, static_cast<std::uint8_t>(std::lround(alpha * 255))});
        }
    return image;
}

struct SmokeScene : SceneBuilder {
    int smoke_paint, glow_paint;
    explicit SmokeScene(float thickness = 0.3f) {
        asset.name = "smoke";
        content::Image dim{.width = 8, .height = 4, .rgba = {}, .srgb = false};
        for (int i = 0; i < 32; ++i) dim.rgba.insert(dim.rgba.end(), {255, 235, 215, 16});
        asset.environment = dim;
        asset.images = {puff_picture()};
        smoke_paint = material({.name = "smoke", .base_color = {0.9f, 0.93f, 1, thickness}, .metallic = 0, .roughness = 1, .alpha_mode = content::AlphaMode::blend, .base_color_image = 0});
        glow_paint = material({.name = "glow", .base_color = {0, 0, 0, 1}, .metallic = 0, .emissive = {2.4f, 0.5f, 0.1f}, .alpha_mode = content::AlphaMode::blend, .base_color_image = 0});
    }
    content::Node& smoke(glm::vec3 at, float half_m, content::Smoke how) {
        content::Node& made = node("smoke", quad(glm::vec2(half_m), smoke_paint), at);
        made.smoke = how;
        return made;
    }
    content::Node& glow(glm::vec3 at, float half_m) {
        content::Node& made = node("glow", quad(glm::vec2(half_m), glow_paint), at);
        made.glow = true;
        return made;
    }
    content::SceneAsset take() {
        content::prepare(asset);
        return std::move(asset);
    }
};

// A table with a cigarette in its tray and a cup.
content::SceneAsset table() {
    SmokeScene build;
    const int wood = build.material({.name = "wood", .base_color = {0.16f, 0.08f, 0.045f, 1}, .metallic = 0, .roughness = 0.6f});
    const int wall = build.material({.name = "wall", .base_color = {0.05f, 0.055f, 0.07f, 1}, .metallic = 0, .roughness = 0.9f});
    const int white = build.material({.name = "white", .base_color = {0.8f, 0.78f, 0.74f, 1}, .metallic = 0, .roughness = 0.4f});
    const int dark = build.material({.name = "dark", .base_color = {0.05f, 0.03f, 0.02f, 1}, .metallic = 0, .roughness = 0.2f});
    build.node("wall", build.box({2, 2, 0.05f}, wall), {0, 1.2f, -1.6f});
    build.node("table", build.box({0.6f, 0.02f, 0.35f}, wood), {0, 0.85f, -0.95f});
    build.node("tray", build.lathe({{0, 0}, {0.07f, 0}, {0.085f, 0.03f}, {0.075f, 0.03f}, {0.062f, 0.01f}, {0, 0.01f}}, white), {-0.2f, 0.87f, -0.8f});
    content::Node& cigarette = build.node("cigarette", build.lathe({{0, 0}, {0.005f, 0}, {0.005f, 0.1f}, {0, 0.1f}}, white), {});
    cigarette.world_from_node = {glm::vec4(0.25f, 0.97f, 0, 0), glm::vec4(0.97f, -0.25f, 0, 0), glm::vec4(0, 0, -1, 0), glm::vec4(-0.247f, 0.932f, -0.8f, 1)};
    build.glow({-0.15f, 0.907f, -0.795f}, 0.022f);
    build.node("cup", build.lathe({{0, 0}, {0.03f, 0}, {0.05f, 0.03f}, {0.055f, 0.09f}, {0.05f, 0.09f}, {0.045f, 0.03f}, {0, 0.02f}}, white), {0.25f, 0.87f, -0.85f});
    build.node("coffee", build.lathe({{0.049f, 0.075f}, {0, 0.075f}}, dark), {0.25f, 0.87f, -0.85f});
    build.smoke({-0.15f, 0.915f, -0.8f}, 0.02f, {.cards = 24, .rise_m = 0.6f, .spread_m = 0.09f, .period_s = 8, .grow = 5});
    build.smoke({0.25f, 0.985f, -0.85f}, 0.06f, {.cards = 8, .rise_m = 0.22f, .spread_m = 0.05f, .period_s = 5, .grow = 1.8f});
    return build.take();
}

class At final : public render::LateViews {
public:
    explicit At(std::array<xr::View, 2> views) : views_(views) {}
    std::array<xr::View, 2> views_now() override { return views_; }

private:
    std::array<xr::View, 2> views_;
};

std::array<xr::View, 2> moved(std::array<xr::View, 2> views, glm::vec3 by_m) {
    for (xr::View& view : views) view.world_from_eye.position_m += by_m;
    return views;
}

render::CueViews look(Stage& stage, const content::SceneAsset& asset, std::array<xr::View, 2> views, double time_s = 3, int level = 0) {
    const auto seen = stage.renderer().look({.views = views, .scene = stage.add(asset), .level = level, .scene_time_s = time_s});
    REQUIRE(seen);
    return *seen;
}

content::SceneAsset glow_cue(glm::vec3 at, float half_m) {
    SmokeScene build;
    build.asset.materials[static_cast<std::size_t>(build.glow_paint)].base_color_image = -1;
    content::Node& node = build.glow(at, half_m);
    node.cue = true;
    node.cue_id = "ember";
    return build.take();
}

}  // namespace

// Look for: a thin thread from the cigarette's glowing end that widens, bends and thins out above, and a short wide haze over the cup; soft
// everywhere, no edge of a card, nothing of it brighter than the white of the cup.
TEST_CASE("smoke and steam look as their golden picture") {
    Stage stage({256, 256});
    const render::SceneId scene = stage.add(table());
    auto views = seat_views(0.063f, 0, -4);
    const float half = glm::radians(27.0f);
    for (xr::View& view : views) view.fov = {-half, half, half, -half};
    CHECK(golden_mismatch("feature-smoke", stage.shot({.views = views, .scene = scene, .scene_time_s = 40})) == "");
}

TEST_CASE("the same time gives the same smoke, on another stage too, and another time another") {
    Stage one({96, 96}), two({96, 96});
    const render::FrameInput input{.views = seat_views(0.063f, 0, -8), .scene = one.add(table()), .scene_time_s = 40};
    const auto first = one.shot(input);
    render::FrameInput later = input;
    later.scene_time_s = 41;
    CHECK(one.shot(later).rgba != first.rgba);
    CHECK(one.shot(input).rgba == first.rgba);
    (void)two.add(table());
    CHECK(two.shot(input).rgba == first.rgba);
}

TEST_CASE("cards turn to the eyes of the submission, so that a replay from them draws the same bytes") {
    Stage stage({96, 96});
    const render::SceneId scene = stage.add(table());
    const auto early = seat_views(0.063f, 0, -8), late = moved(early, {0.03f, 0.01f, 0.02f});
    At relocated(late);
    const auto shown = stage.shot({.views = early, .scene = scene, .scene_time_s = 40, .late_views = &relocated});
    CHECK(shown.rgba == stage.shot({.views = late, .scene = scene, .scene_time_s = 40}).rgba);
    CHECK(shown.rgba != stage.shot({.views = early, .scene = scene, .scene_time_s = 40}).rgba);
}

TEST_CASE("a glow shows its whole face from every side, and the same card to both eyes") {
    Stage stage({64, 64}, 1);
    constexpr float half_m = 0.2f;
    for (const glm::vec3& at : {glm::vec3(0, 1.2f, -2), glm::vec3(1, 1.2f, -1.7f), glm::vec3(0, 2.4f, -1.6f), glm::vec3(-0.9f, 0.3f, -1.7f)}) {
        INFO(at.x << " " << at.y << " " << at.z);
        const auto seen = look(stage, glow_cue(at, half_m), seat_views(0));
        const float distance_m = glm::distance(at, glm::vec3(0, 1.2f, 0));
        CHECK(seen.cues[0].solid_angle_sr() == Catch::Approx(4 * half_m * half_m / (distance_m * distance_m)).epsilon(0.08));
    }
    // Eyes two metres apart look at it askew: a card that turned to each would show each its whole face.
    const auto apart = look(stage, glow_cue({0, 1.2f, -1.5f}, half_m), seat_views(2));
    const float distance_m = std::hypot(1.5f, 1.0f), whole_sr = 4 * half_m * half_m / (distance_m * distance_m);
    for (const render::CueInEye& eye : apart.cues[0].eyes) CHECK(eye.solid_angle_sr == Catch::Approx(whole_sr * 1.5f / distance_m).epsilon(0.08));
}

TEST_CASE("smoke can be a cue: where it is thick it counts, where it is too thin or at another level it does not") {
    Stage stage({64, 64}, 1);
    const auto make = [](float thickness) {
        SmokeScene build(thickness);
        content::Node& node = build.smoke({0, 0.9f, -1.2f}, 0.06f, {});
        node.cue = true;
        node.cue_id = "smoke";
        node.level_min = 1;
        return build.take();
    };
    const auto sr = [&](float thickness, int level) { return look(stage, make(thickness), seat_views(), 3, level).cues[0].solid_angle_sr(); };
    CHECK(sr(0.5f, 1) > 0.01f);
    CHECK(sr(0.3f, 1) < sr(0.9f, 1));
    CHECK(sr(0.02f, 1) == 0);
    CHECK(sr(0.5f, 0) == 0);
}

TEST_CASE("smoke never flashes, and a planted flicker is counted") {
    Stage stage({64, 64}, 1);
    const auto flashes = [&](content::Smoke how, double step_s) {
        SmokeScene build(0.9f);
        build.smoke({0, 1.1f, -0.7f}, 0.12f, how);
        content::SceneAsset asset = build.take();
        asset.environment_light.irradiance[0] = glm::vec3(2);
        const render::SceneId scene = stage.add(asset);
        render::FlashCounter counter(2 * render::kLuminanceCells * render::kLuminanceCells);
        for (int frame = 0; frame < 80; ++frame) {
            stage.draw({.views = seat_views(), .scene = scene, .scene_time_s = frame * step_s, .measure = {.luminance = true, .time_s = frame * step_s}});
            while (const render::Luminance* seen = stage.renderer().next_luminance()) counter.add(seen->time_s, seen->cells);
        }
        REQUIRE(stage.renderer().finish_measures());
        while (stage.renderer().next_luminance() != nullptr) {}
        return counter.take().most_in_a_second;
    };
    CHECK(flashes({.cards = 12, .period_s = 6}, 0.1) <= 1);
    CHECK(flashes({.cards = 3, .period_s = 2}, 0.1) <= 3);  // the fastest that is taken
    CHECK(flashes({.cards = 1, .rise_m = 0, .spread_m = 0, .period_s = 0.2f, .grow = 1}, 0.02) > 3);
}

TEST_CASE("a glow adds light and takes none away") {
    Stage stage({96, 96}, 1);
    SmokeScene plain, lit;
    for (SmokeScene* build : {&plain, &lit}) {
        const int wall = build->material({.name = "wall", .base_color = {0.3f, 0.3f, 0.3f, 1}, .metallic = 0, .roughness = 0.9f});
        build->node("wall", build->box({2, 2, 0.05f}, wall), {0, 1.2f, -2});
    }
    lit.glow({0, 1.2f, -1.5f}, 0.3f);
    const auto without = stage.shot({.views = seat_views(), .scene = stage.add(plain.take())}), with = stage.shot({.views = seat_views(), .scene = stage.add(lit.take())});
    int brighter = 0;
    for (std::size_t i = 0; i < with.rgba.size(); ++i) {
        CHECK(with.rgba[i] >= without.rgba[i]);
        brighter += with.rgba[i] > without.rgba[i] + 20;
    }
    CHECK(brighter > 100);
}

}  // namespace accalmie::testing
