// SPDX-License-Identifier: Apache-2.0
// One small scene a feature: its picture in golden/ is the feature's documentation, and the comment above each says what to look for.
// Lights and shadow: light_test.cpp. Local probes: probe_test.cpp. Smoke: smoke_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <catch2/catch_test_macros.hpp>

#include "engine/render/projection.h"
#include "picture_compare.h"
#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

using Picture = render::Renderer::Picture;

constexpr VkExtent2D kHalf{128, 128}, kWhole{256, 256};
constexpr float kWall_m = -2.5f;

content::Image painted(std::uint32_t side, bool srgb, const std::function<glm::vec4(glm::vec2)>& color) {
    content::Image image{.width = side, .height = side, .rgba = {}, .srgb = srgb};
    for (std::uint32_t y = 0; y < side; ++y)
        for (std::uint32_t x = 0; x < side; ++x) {
            const glm::vec4 c = color((glm::vec2(static_cast<float>(x), static_cast<float>(y)) + 0.5f) / static_cast<float>(side));
            for (int i = 0; i < 4; ++i) image.rgba.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(c[i], 0.0f, 1.0f) * 255)));
        }
    return image;
}

// RGBM of an even grey; `alpha` n is a radiance of (n / 255)^2 * 64.
content::Image even_light(std::uint8_t alpha) {
    content::Image image{.width = 8, .height = 4, .rgba = {}, .srgb = false};
    for (int i = 0; i < 32; ++i) image.rgba.insert(image.rgba.end(), {255, 255, 255, alpha});
    return image;
}

// A studio: dim all round, a strip of light at the upper left and a softer one at the right.
content::Image studio() {
    content::Image image{.width = 128, .height = 64, .rgba = {}, .srgb = false};
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 128; ++x) {
            const bool key = x > 8 && x < 34 && y > 10 && y < 28, fill = x > 92 && x < 116 && y > 16 && y < 44;
            image.rgba.insert(image.rgba.end(), {255, static_cast<std::uint8_t>(key ? 235 : 250), static_cast<std::uint8_t>(key ? 205 : 255), static_cast<std::uint8_t>(key ? 110 : fill ? 50 : y < 32 ? 17 : 10)});
        }
    return image;
}

content::SceneAsset taken(SceneBuilder& build) {
    content::prepare(build.asset);
    return std::move(build.asset);
}

Picture shot(Stage& stage, content::SceneAsset asset, std::array<xr::View, 2> views = seat_views(), int eye = 0) {
    return stage.shot({.views = views, .scene = stage.add(asset)}, eye);
}

// Two pictures of one size, side by side.
Picture beside(const Picture& a, const Picture& b) {
    Picture both{a.width + b.width, a.height, {}};
    for (std::uint32_t y = 0; y < a.height; ++y)
        for (const Picture* part : {&a, &b}) {
            const auto row = part->rgba.begin() + static_cast<std::ptrdiff_t>(std::size_t{y} * part->width * 4);
            both.rgba.insert(both.rgba.end(), row, row + static_cast<std::ptrdiff_t>(part->width * 4));
        }
    return both;
}

int red_at(const Picture& picture, std::uint32_t x, std::uint32_t y) { return picture.rgba[(std::size_t{y} * picture.width + x) * 4]; }

// Pixels that are neither dark nor bright.
std::size_t between(const Picture& picture) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4) count += picture.rgba[i] > 85 && picture.rgba[i] < 165;
    return count;
}

// A half angle of view about the middle, for things that are far or small.
std::array<xr::View, 2> zoomed(float degrees, float eye_distance_m = 0.063f) {
    auto views = seat_views(eye_distance_m);
    const float half = glm::radians(degrees);
    for (xr::View& view : views) view.fov = {-half, half, half, -half};
    return views;
}

constexpr content::Material matt(glm::vec3 color, float roughness = 0.9f) { return {.base_color = glm::vec4(color, 1), .metallic = 0, .roughness = roughness}; }

}  // namespace

// Glass and liquid. Look for: the tumbler's rim and walls are seen by their reflections and darken little behind them; the drink is amber all
// through and lets the chequer be seen dimly; the glass ball shows the room at its rim.
TEST_CASE("feature: glass and liquid") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = studio();
    build.asset.images = {painted(64, true, [](glm::vec2 uv) { return glm::vec4(glm::vec3(std::fmod(std::floor(uv.x * 4) + std::floor(uv.y * 4), 2.0f) > 0 ? 0.8f : 0.25f), 1); })};
    content::Material chequer = matt(glm::vec3(0.8f));
    chequer.base_color_image = 0;
    const int wall = build.material(chequer);
    const content::Material clear{.name = "glass", .base_color = {0.95f, 0.98f, 1, 1}, .metallic = 0, .roughness = 0.03f, .transmission = 1, .double_sided = true};
    content::Material amber = clear;
    amber.base_color = {0.9f, 0.45f, 0.08f, 1};
    const int glass = build.material(clear), drink = build.material(amber);
    build.node("wall", build.box({2.6f, 2.6f, 0.02f}, wall), {0, 1.2f, kWall_m});
    build.node("table", build.box({1.5f, 0.02f, 0.6f}, build.material(matt({0.25f, 0.14f, 0.08f}, 0.4f))), {0, 0.78f, -1.3f});
    build.node("drink", build.lathe({{0, 0.02f}, {0.17f, 0.02f}, {0.19f, 0.33f}, {0, 0.33f}}, drink), {-0.35f, 0.8f, -1.25f});
    build.node("tumbler", build.lathe({{0, 0}, {0.18f, 0}, {0.22f, 0.55f}}, glass), {-0.35f, 0.8f, -1.25f});
    build.node("ball", build.sphere(0.26f, glass), {0.38f, 1.06f, -1.25f});
    CHECK(golden_mismatch("feature-glass", shot(stage, taken(build))) == "");
}

// Alpha to coverage. Left 1x, right 4x. Look for: the rings' edges are stairs at the left and smooth at the right.
TEST_CASE("feature: alpha to coverage smooths the edge of a cut-out at four samples") {
    const auto fence = [] {
        SceneBuilder build;
        build.asset.environment = even_light(30);
        build.asset.images = {painted(128, true, [](glm::vec2 uv) {
            const float r = glm::length(glm::fract(uv * 2.0f) - 0.5f);
            return glm::vec4(0.1f, 0.2f, 0.1f, std::clamp((0.06f - std::abs(r - 0.36f)) * 16 + 0.5f, 0.0f, 1.0f));
        })};
        content::Material leaf = matt(glm::vec3(0.3f));
        leaf.alpha_mode = content::AlphaMode::mask;
        leaf.base_color_image = 0;
        build.node("wall", build.box({3, 3, 0.02f}, build.material(matt(glm::vec3(0.85f)))), {0, 1.2f, kWall_m});
        build.node("fence", build.quad({0.9f, 0.9f}, build.material(leaf)), {0, 1.2f, -1.2f});
        return taken(build);
    };
    Stage one(kHalf, 1), four(kHalf, 4);
    const Picture stairs = shot(one, fence()), smooth = shot(four, fence());
    CHECK(between(smooth) > 4 * between(stairs) + 50);
    CHECK(golden_mismatch("feature-coverage", beside(stairs, smooth)) == "");
}

// Multisampling. Left 1x, right 4x. Look for: the leaning bars have stairs at the left and soft edges at the right.
TEST_CASE("feature: four samples a pixel smooth an edge") {
    const auto bars = [] {
        SceneBuilder build;
        build.asset.environment = even_light(30);
        build.node("wall", build.box({3, 3, 0.02f}, build.material(matt(glm::vec3(0.02f)))), {0, 1.2f, kWall_m});
        const int bar = build.box({0.03f, 1, 0.01f}, build.material(matt(glm::vec3(0.9f))));
        for (int i = -3; i <= 3; ++i) {
            content::Node& node = build.node("bar", bar, {});
            const float lean = 0.09f * static_cast<float>(i);
            node.world_from_node[0] = {std::cos(lean), std::sin(lean), 0, 0};
            node.world_from_node[1] = {-std::sin(lean), std::cos(lean), 0, 0};
            node.world_from_node[3] = {0.26f * static_cast<float>(i), 1.2f, -1.4f, 1};
        }
        return taken(build);
    };
    Stage one(kHalf, 1), four(kHalf, 4);
    const Picture stairs = shot(one, bars()), smooth = shot(four, bars());
    CHECK(between(smooth) > 4 * between(stairs) + 50);
    CHECK(golden_mismatch("feature-samples", beside(stairs, smooth)) == "");
}

// Light map (E5B9G9R9 from RGBM). Left box with it, right box without. Look for: a pool of warm light with a soft edge on each face at the left,
// an even grey at the right.
TEST_CASE("feature: a light map") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(12);
    build.asset.light_map = painted(64, false, [](glm::vec2 uv) {
        const float pool = glm::smoothstep(0.42f, 0.1f, glm::distance(uv, glm::vec2(0.5f)));
        return glm::vec4(1, 0.6f + 0.3f * pool, 0.35f + 0.4f * pool, 0.04f + 0.14f * pool);
    });
    const int box = build.box({0.5f, 0.5f, 0.5f}, build.material(matt(glm::vec3(0.8f))));
    build.node("mapped", box, {-0.75f, 1.1f, -2}).light_mapped = true;
    build.node("plain", box, {0.75f, 1.1f, -2});
    CHECK(golden_mismatch("feature-lightmap", shot(stage, taken(build))) == "");
}

// Mip mapping. Look for: the chequered floor goes over into an even grey before the horizon: no noise, no rings of false pattern.
TEST_CASE("feature: a far chequer is its mean and does not shimmer") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(32);
    build.asset.images = {painted(64, true, [](glm::vec2 uv) { return glm::vec4(glm::vec3((uv.x < 0.5f) != (uv.y < 0.5f) ? 0.95f : 0.1f), 1); })};
    content::Material chequer = matt(glm::vec3(1));
    chequer.base_color_image = 0;
    build.node("floor", build.box({40, 0.01f, 40}, build.material(chequer)), {0, 0, -38});
    for (content::Vertex& vertex : build.asset.vertices) vertex.uv0 *= 160.0f;
    const content::SceneAsset asset = taken(build);
    const render::SceneId scene = stage.add(asset);
    const auto views = seat_views(0.063f, 0, -12);
    auto nodded = views;
    for (xr::View& view : nodded) view.world_from_eye.position_m += glm::vec3(0.11f, 0, 0.13f);
    const Picture still = stage.shot({.views = views, .scene = scene}), moved = stage.shot({.views = nodded, .scene = scene});
    const std::uint32_t horizon = 256 / 2 - static_cast<std::uint32_t>(std::tan(glm::radians(12.0f)) / std::tan(glm::radians(42.0f)) * 128);
    int darkest = 255, brightest = 0, worst = 0;
    for (std::uint32_t y = horizon + 4; y < horizon + 14; ++y)  // 10 to 35 m away
        for (std::uint32_t x = 0; x < 256; ++x) {
            darkest = std::min(darkest, red_at(still, x, y));
            brightest = std::max(brightest, red_at(still, x, y));
            worst = std::max(worst, std::abs(red_at(still, x, y) - red_at(moved, x, y)));
        }
    CHECK(brightest - darkest <= 24);
    CHECK(worst <= 16);
    CHECK(red_at(still, 128, 250) != red_at(still, 128, 226));  // and it is a chequer where it is near
    CHECK(golden_mismatch("feature-mips", still) == "");
}

// Metal and roughness. Look for: roughness grows to the right: the studio's two lights are sharp at the left and a sheen at the right; the upper
// row is metal and takes its colour from what it mirrors, the middle half metal, the lower row is paint with a white gloss.
TEST_CASE("feature: metal and roughness") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = studio();
    build.node("room", build.box({4, 2.5f, 4}, build.material(matt(glm::vec3(0.1f))), true), {0, 1.5f, 0});
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 5; ++column) {
            const int paint = build.material({.base_color = {0.9f, 0.55f, 0.25f, 1}, .metallic = 1 - static_cast<float>(row) / 2, .roughness = static_cast<float>(column) / 4});
            build.node("ball", build.sphere(0.24f, paint), {0.56f * static_cast<float>(column - 2), 1.2f + 0.6f * static_cast<float>(1 - row), -2});
        }
    CHECK(golden_mismatch("feature-metal-rough", shot(stage, taken(build))) == "");
}

// Normal map. Look for: a flat plate with sixteen domes that are bright at their upper left, where the light is, and dark at the lower right;
// none reads as a hole.
TEST_CASE("feature: a normal map") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(6);
    build.asset.images = {painted(128, false, [](glm::vec2 uv) {
        const glm::vec2 p = (glm::fract(uv * 4.0f) - 0.5f) * 2.4f;
        const float r2 = glm::dot(p, p);
        const glm::vec3 n = r2 < 0.95f ? glm::normalize(glm::vec3(p, std::sqrt(1 - r2) + 0.4f)) : glm::vec3(0, 0, 1);
        return glm::vec4(n * 0.5f + 0.5f, 1);
    })};
    content::Material plate = matt({0.6f, 0.6f, 0.62f}, 0.5f);
    plate.normal_image = 0;
    build.node("plate", build.quad({0.9f, 0.9f}, build.material(plate)), {0, 1.2f, -1.5f});
    build.asset.lights = {{.kind = content::DynamicLight::Kind::point, .position_m = {-0.9f, 2.1f, -0.9f}, .color = glm::vec3(6)}};
    const Picture drawn = shot(stage, taken(build));
    CHECK(golden_mismatch("feature-normal-map", drawn) == "");
}

// Emissive. Look for: the sign's letters-like bars glow in their own colours in a dark room and light nothing else; the panel at the right is
// eight times as strong and nearly white.
TEST_CASE("feature: emissive surfaces") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(4);
    build.asset.images = {painted(64, true, [](glm::vec2 uv) {
        const bool lit = std::fmod(uv.x * 5, 1.0f) > 0.3f && std::abs(uv.y - 0.5f) < 0.15f + 0.3f * std::abs(std::sin(uv.x * 9));
        return glm::vec4(lit ? glm::vec3(1, 0.25f + uv.x * 0.6f, 0.2f) : glm::vec3(0), 1);
    })};
    content::Material sign = matt(glm::vec3(0.02f));
    sign.emissive = glm::vec3(1);
    sign.emissive_image = 0;
    content::Material strong = matt(glm::vec3(0.02f));
    strong.emissive = {8, 6.5f, 4};
    build.node("wall", build.box({3, 3, 0.02f}, build.material(matt(glm::vec3(0.6f)))), {0, 1.2f, kWall_m});
    build.node("sign", build.quad({0.75f, 0.4f}, build.material(sign)), {-0.5f, 1.2f, -1.8f});
    build.node("panel", build.quad({0.3f, 0.4f}, build.material(strong)), {0.85f, 1.2f, -1.8f});
    CHECK(golden_mismatch("feature-emissive", shot(stage, taken(build))) == "");
}

// Tone mapping. Sixteen fields, each sqrt 2 times as strong as the one before, from 0.05 to 9. Look for: even steps, no step lost in the dark,
// and a soft way to white at the end of the lower row.
TEST_CASE("feature: the tone map keeps every step") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(1);
    for (int i = 0; i < 16; ++i) {
        content::Material field = matt(glm::vec3(0));
        field.emissive = glm::vec3(0.05f * std::pow(2.0f, 0.5f * static_cast<float>(i)));
        build.node("field", build.quad({0.1f, 0.35f}, build.material(field)), {0.2f * (static_cast<float>(i % 8) - 3.5f), i < 8 ? 1.56f : 0.84f, -1});
    }
    const Picture drawn = shot(stage, taken(build), seat_views(0));
    int last = -1;
    for (int i = 0; i < 16; ++i) {
        const auto x = static_cast<std::uint32_t>(128 + 0.2f * (static_cast<float>(i % 8) - 3.5f) / std::tan(glm::radians(42.0f)) * 128);
        const int here = red_at(drawn, x, i < 8 ? 77U : 179U);
        INFO(i << ": " << here << " after " << last);
        CHECK(here >= last + (here < 245 ? 4 : 0));
        last = here;
    }
    CHECK(last >= 250);
    CHECK(golden_mismatch("feature-tone-map", drawn) == "");
}

// Reverse-Z. A red plate 60 m away covers the left half of a blue one that is 1 cm behind it. Look for: a straight edge, no speck of the other
// colour on either side. With depth the usual way round (near 0.05 m) the two differ by less than a step of 24 bits at that distance.
TEST_CASE("feature: two planes a centimetre apart do not fight at sixty metres") {
    Stage stage(kWhole);
    SceneBuilder build;
    build.asset.environment = even_light(32);
    build.node("behind", build.quad({4, 4}, build.material(matt({0.1f, 0.2f, 0.8f}))), {0, 1.2f, -60.01f});
    build.node("before", build.quad({2, 3}, build.material(matt({0.8f, 0.15f, 0.1f}))), {-2, 1.2f, -60});
    const Picture drawn = shot(stage, taken(build), zoomed(4, 0));
    std::size_t red = 0, blue = 0, wrong = 0;
    for (std::uint32_t y = 40; y < 216; ++y)
        for (std::uint32_t x = 20; x < 236; ++x) {
            const auto* pixel = &drawn.rgba[(std::size_t{y} * 256 + x) * 4];
            const bool is_red = pixel[0] > pixel[2];
            (is_red ? red : blue) += 1;
            if (x != 127 && x != 128 && is_red != (x < 128)) ++wrong;
        }
    CHECK(wrong == 0);
    CHECK(red > 15'000);
    CHECK(blue > 15'000);
    CHECK(golden_mismatch("feature-reverse-z", drawn) == "");
}

// Culling on the union of both eyes. Left eye, right eye. Look for: the orange ball is in the right eye's picture alone; a culling that asked the
// left eye only would lose it.
TEST_CASE("feature: what the right eye alone sees is drawn") {
    Stage stage(kHalf);
    SceneBuilder build;
    build.asset.environment = studio();
    build.node("wall", build.box({3, 3, 0.02f}, build.material(matt(glm::vec3(0.4f)))), {0, 1.2f, kWall_m});
    build.node("both", build.sphere(0.2f, build.material(matt({0.2f, 0.5f, 0.3f}, 0.3f))), {0, 1.2f, -1.4f});
    build.node("right", build.sphere(0.12f, build.material(matt({0.9f, 0.4f, 0.1f}, 0.3f))), {0.94f, 1.2f, -1});
    auto views = seat_views();
    views[0].fov.right = glm::radians(30.0f);
    views[1].fov.right = glm::radians(50.0f);
    const content::SceneAsset asset = taken(build);
    const render::FrameInput input{.views = views, .scene = stage.add(asset)};
    const Picture left = stage.shot(input, 0), right = stage.shot(input, 1);
    const auto orange = [](const Picture& picture) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < picture.rgba.size(); i += 4) count += picture.rgba[i] > picture.rgba[i + 2] + 60;
        return count;
    };
    CHECK(orange(left) == 0);
    CHECK(orange(right) > 50);
    CHECK(golden_mismatch("feature-both-eyes", beside(left, right)) == "");
}

}  // namespace accalmie::testing
