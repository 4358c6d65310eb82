// SPDX-License-Identifier: Apache-2.0
// What a headset's runtime asks of the picture beside its colour: depth for its warp, a smaller part, and pixels that the lenses hide.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/render/projection.h"
#include "read_back.h"
#include "scene_builder.h"

namespace accalmie::testing {
namespace {

// A wall of 1 x 1 m whose front is 2 m before the seat, and nothing behind it.
content::SceneAsset wall() {
    SceneBuilder build;
    build.asset.name = "wall";
    build.node("wall", build.box({0.5f, 0.5f, 0.5f}, build.material({.name = "grey", .metallic = 0})), {0, 1.2f, -2.5f});
    content::prepare(build.asset);
    return std::move(build.asset);
}

}  // namespace

TEST_CASE("the depth picture is near over distance in both eyes, nothing is 0, and the colours do not change by it") {
    const std::uint32_t samples = GENERATE(1u, 4u);
    CAPTURE(samples);
    constexpr VkExtent2D extent{128, 128};
    Stage stage(extent, samples);
    const auto scene = stage.add(wall());
    render::FrameInput input{.views = seat_views(), .scene = scene};
    stage.draw(input);
    const auto without = colors(stage, 1, extent);
    gpu::Image depth = depth_picture(stage.device(), extent);
    input.depth_target = depth.handle();
    stage.draw(input);
    stage.draw(input);  // over a picture that is there already
    CHECK(colors(stage, 1, extent) == without);
    for (std::uint32_t eye = 0; eye < 2; ++eye) {
        const auto read = texels<float>(stage.device(), depth.handle(), eye, extent, kDepthOut, VK_IMAGE_ASPECT_DEPTH_BIT);
        CHECK(std::abs(read[64 * 128 + 64] - render::kNear_m / 2.0f) < 1e-6f);
        CHECK(read[0] == 0);
        CHECK(read[64 * 128 + 127] == 0);
        int wall_pixels = 0;
        for (const float value : read) wall_pixels += value > 0;
        // 0.5 m over 2 m, of tan 42 degrees: 17.8 pixels to each side of the middle.
        CHECK(wall_pixels > 34 * 34);
        CHECK(wall_pixels < 37 * 37);
    }
    stage.renderer().forget_targets();
}

TEST_CASE("a smaller part of the target is the picture of a smaller target, byte for byte, and the rest is not touched") {
    constexpr VkExtent2D whole{160, 120}, part{136, 102};
    Stage large(whole), small(part);
    const auto in_large = large.add(small_room()), in_small = small.add(small_room());
    auto views = seat_views();
    large.draw({.views = views, .scene = in_large});
    const auto before = colors(large, 0, whole);
    large.draw({.views = views, .scene = in_large, .level = 1, .extent = part});
    small.draw({.views = views, .scene = in_small, .level = 1});
    for (std::uint32_t eye = 0; eye < 2; ++eye) {
        const auto drawn = colors(large, eye, whole), wanted = colors(small, eye, part);
        int wrong = 0, touched = 0;
        for (std::uint32_t y = 0; y < whole.height; ++y)
            for (std::uint32_t x = 0; x < whole.width; ++x) {
                if (x < part.width && y < part.height) wrong += drawn[y * whole.width + x] != wanted[y * part.width + x];
                else if (eye == 0) touched += drawn[y * whole.width + x] != before[y * whole.width + x];
            }
        CHECK(wrong == 0);
        CHECK(touched == 0);
    }
    // The mirror shows the part in full size: near to the picture that was drawn in full.
    auto mirrored = large.renderer().read_eye(large.target(), 0, views[0], {}, VK_NULL_HANDLE);
    REQUIRE(mirrored);
    large.draw({.views = views, .scene = in_large, .level = 1});
    auto full = large.renderer().read_eye(large.target(), 0, views[0], {}, VK_NULL_HANDLE);
    REQUIRE(full);
    double off = 0;
    for (std::size_t i = 0; i < full->rgba.size(); ++i) off += std::abs(int{full->rgba[i]} - int{mirrored->rgba[i]});
    off /= static_cast<double>(full->rgba.size());
    CHECK(off > 0);
    CHECK(off < 6);
}

TEST_CASE("what the lenses hide keeps the clear colour, and no other pixel changes") {
    const std::uint32_t samples = GENERATE(1u, 4u);
    CAPTURE(samples);
    constexpr VkExtent2D extent{128, 128};
    Stage stage(extent, samples);
    const auto room = stage.add(small_room());
    SceneBuilder behind;
    behind.asset.name = "behind";
    behind.node("box", behind.box({0.1f, 0.1f, 0.1f}, behind.material({.name = "grey"})), {0, 1.2f, 3});
    behind.asset.exposure = 1;
    content::prepare(behind.asset);
    const auto nothing = stage.add(behind.asset);
    const auto views = seat_views();

    stage.draw({.views = views, .scene = nothing});
    const std::uint32_t clear = colors(stage, 0, extent)[0];
    const render::FrameInput input{.views = views, .scene = room, .level = 2};
    stage.draw(input);
    const std::array without{colors(stage, 0, extent), colors(stage, 1, extent)};
    // The lower left corner of the left eye, the upper right of the right one; x and y are tangents.
    const std::array<std::array<glm::vec2, 3>, 2> corners{{{{{-0.9005f, -0.9005f}, {-0.1f, -0.9005f}, {-0.9005f, -0.1f}}},
                                                           {{{0.9005f, 0.9005f}, {0.1f, 0.9005f}, {0.9005f, 0.1f}}}}};
    xr::HiddenMesh mesh;
    for (std::size_t eye = 0; eye < 2; ++eye) mesh.triangles[eye].assign(corners[eye].begin(), corners[eye].end());
    REQUIRE(stage.renderer().set_hidden_mesh(mesh));
    stage.draw(input);
    for (std::uint32_t eye = 0; eye < 2; ++eye) {
        const auto with = colors(stage, eye, extent);
        int hidden = 0, not_clear = 0, changed = 0, was_clear = 0;
        for (std::uint32_t y = 0; y < extent.height; ++y)
            for (std::uint32_t x = 0; x < extent.width; ++x) {
                const float tangent = std::tan(glm::radians(42.0f));
                const float tx = ((static_cast<float>(x) + 0.5f) / 64 - 1) * tangent, ty = (1 - (static_cast<float>(y) + 0.5f) / 64) * tangent;
                // Both triangles end at the line |x| + |y| = 1.0005 of their corner; a pixel is 0.014 wide.
                const float beyond = (eye == 0 ? -tx - ty : tx + ty) - 1.0005f;
                const std::size_t at = y * extent.width + x;
                if (beyond > 0.03f) ++hidden, not_clear += with[at] != clear, was_clear += without[eye][at] == clear;
                else if (beyond < -0.03f) changed += with[at] != without[eye][at];
            }
        CHECK(hidden > 1200);
        CHECK(was_clear == 0);
        CHECK(not_clear == 0);
        CHECK(changed == 0);
    }
    REQUIRE(stage.renderer().set_hidden_mesh({}));
    stage.draw(input);
    CHECK(colors(stage, 0, extent) == without[0]);
}

}  // namespace accalmie::testing
