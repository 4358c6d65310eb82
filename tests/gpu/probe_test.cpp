// SPDX-License-Identifier: Apache-2.0
// Local probes: two rooms side by side, seen through their open fronts, a mirror ball in each.
// Look for: the left ball mirrors the left room (warm, brick stripes, its window at the left), the right ball the right one (blue, with
// upright stripes, its lamp at the right); the matt ball below each has its room's tint; the post between the rooms lies in no probe and is grey.
#include <cmath>
#include <numbers>

#include <catch2/catch_test_macros.hpp>

#include "engine/content/radiance.h"
#include "picture_compare.h"
#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

// What a room's walls send out, by the place on them.
struct Room {
    glm::vec3 center_m, half_m, tint;
    bool upright;      // its stripes
    glm::vec3 lamp_m;  // the middle of a bright patch of 0.6 m on a wall
    glm::vec3 radiance(glm::vec3 at_m) const {
        if (glm::distance(at_m, lamp_m) < 0.35f) return glm::vec3(9);
        const float along = upright ? at_m.x + at_m.z : at_m.y;
        return tint * (std::fmod(std::abs(along) * 3, 2.0f) < 1 ? 0.85f : 0.3f);
    }
};

// The room as seen from its middle, in RGBM.
content::Image environment_of(const Room& room) {
    constexpr std::uint32_t width = 512, height = 256;
    content::Image image{.width = width, .height = height, .rgba = {}, .srgb = false};
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const float polar = (static_cast<float>(y) + 0.5f) / height * std::numbers::pi_v<float>;
            const float turn = ((static_cast<float>(x) + 0.5f) / width - 0.5f) * 2 * std::numbers::pi_v<float>;
            const glm::vec3 d{std::sin(polar) * std::sin(turn), std::cos(polar), -std::sin(polar) * std::cos(turn)};
            const glm::vec3 reach = room.half_m / glm::max(glm::abs(d), glm::vec3(1e-6f));
            const glm::vec3 root = glm::sqrt(room.radiance(room.center_m + d * std::min({reach.x, reach.y, reach.z})) / 64.0f);
            const float most = std::ceil(std::max({root.r, root.g, root.b, 1 / 255.0f}) * 255) / 255;
            for (int c = 0; c < 3; ++c) image.rgba.push_back(static_cast<std::uint8_t>(std::lround(root[c] / most * 255)));
            image.rgba.push_back(static_cast<std::uint8_t>(std::lround(most * 255)));
        }
    return image;
}

content::SceneAsset two_rooms() {
    SceneBuilder build;
    build.asset.name = "two-rooms";
    content::Image grey{.width = 8, .height = 4, .rgba = {}, .srgb = false};
    for (int i = 0; i < 32; ++i) grey.rgba.insert(grey.rgba.end(), {255, 255, 255, 22});
    build.asset.environment = grey;
    const std::array rooms{Room{{-1.1f, 1.2f, -2.6f}, {1, 1.1f, 1}, {1, 0.45f, 0.2f}, false, {-2.1f, 1.7f, -2.6f}},
                           Room{{1.1f, 1.2f, -2.6f}, {1, 1.1f, 1}, {0.15f, 0.4f, 1}, true, {2.1f, 1.7f, -2.6f}}};
    const int mirror = build.material({.name = "mirror", .base_color = {0.95f, 0.95f, 0.95f, 1}, .metallic = 1, .roughness = 0});
    const int matt = build.material({.name = "matt", .base_color = {0.8f, 0.8f, 0.8f, 1}, .metallic = 0, .roughness = 0.9f});
    const int mirror_ball = build.sphere(0.45f, mirror), matt_ball = build.sphere(0.25f, matt);
    for (const Room& room : rooms) {
        build.node("mirror", mirror_ball, room.center_m + glm::vec3(0, 0.2f, 0.3f));
        build.node("matt", matt_ball, room.center_m + glm::vec3(0, -0.75f, 0.5f));
        const int paint = build.material({.name = "paint", .base_color = glm::vec4(room.tint * 0.6f, 1), .metallic = 0, .roughness = 0.9f});
        build.node("back", build.box({1, 1.1f, 0.02f}, paint), room.center_m - glm::vec3(0, 0, 1));
    }
    build.node("post", build.box({0.1f, 1.1f, 0.1f}, matt), {0, 1.2f, -1.7f});
    for (std::size_t i = 0; i < rooms.size(); ++i)
        build.asset.probes.push_back({.name = i == 0 ? "left" : "right", .center_m = rooms[i].center_m, .half_m = rooms[i].half_m + 0.03f, .picture = environment_of(rooms[i]), .light = {}});
    return std::move(build.asset);
}

render::Renderer::Picture picture_of(Stage& stage, content::SceneAsset asset) {
    content::prepare(asset);
    return stage.shot({.views = seat_views(), .scene = stage.add(asset)});
}

}  // namespace

TEST_CASE("two rooms with a probe each look as their golden picture, and always the scene's own environment does not") {
    Stage stage({256, 256});
    const auto drawn = picture_of(stage, two_rooms());
    CHECK(golden_mismatch("feature-probes", drawn) == "");
    content::SceneAsset without = two_rooms();
    without.probes.clear();
    CHECK(compare(drawn, picture_of(stage, std::move(without))).share > 20 * kToleratedShare);
    content::SceneAsset swapped = two_rooms();
    std::swap(swapped.probes[0].picture, swapped.probes[1].picture);
    CHECK(compare(drawn, picture_of(stage, std::move(swapped))).share > 20 * kToleratedShare);
}

TEST_CASE("a probe that nothing lies in changes no byte") {
    Stage stage({128, 128});
    content::SceneAsset plain = two_rooms(), probed = two_rooms();
    plain.probes.clear();
    for (content::ReflectionProbe& probe : probed.probes) probe.center_m.y += 50;
    CHECK(picture_of(stage, std::move(plain)).rgba == picture_of(stage, std::move(probed)).rgba);
}

}  // namespace accalmie::testing
