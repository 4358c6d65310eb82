// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "picture_compare.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

// Left half opaque green, right half fully clear.
std::vector<std::uint8_t> half_green(VkExtent2D extent) {
    std::vector<std::uint8_t> rgba;
    for (std::uint32_t y = 0; y < extent.height; ++y)
        for (std::uint32_t x = 0; x < extent.width; ++x) {
            const bool left = x < extent.width / 2;
            rgba.insert(rgba.end(), {0, static_cast<std::uint8_t>(left ? 255 : 0), 0, static_cast<std::uint8_t>(left ? 255 : 0)});
        }
    return rgba;
}

xr::Quad panel_ahead() {
    xr::Quad quad{.size_m = {1, 0.5f}, .visible = true};
    quad.world_from_quad.position_m = {0, 1.2f, -1};
    return quad;
}

std::array<int, 3> pixel(const render::Renderer::Picture& picture, std::uint32_t x, std::uint32_t y) {
    const std::size_t i = (std::size_t{y} * picture.width + x) * 4;
    return {picture.rgba[i], picture.rgba[i + 1], picture.rgba[i + 2]};
}

struct Scenery {
    Stage stage;
    render::FrameInput input;
    Scenery() {
        input = {.views = seat_views(0), .scene = stage.add(small_room())};
        REQUIRE(stage.renderer().upload_quad(stage.panel(), stage.panel_extent(), half_green(stage.panel_extent())));
        stage.draw(input);
    }
};

}  // namespace

TEST_CASE("the panel is seen where it hangs, through its alpha") {
    Scenery scenery;
    auto& renderer = scenery.stage.renderer();
    const auto bare = renderer.read_eye(scenery.stage.target(), 0, scenery.input.views[0], {}, VK_NULL_HANDLE);
    const auto with = renderer.read_eye(scenery.stage.target(), 0, scenery.input.views[0], panel_ahead(), scenery.stage.panel());
    REQUIRE(bare);
    REQUIRE(with);
    // 256 pixels over 84 degrees: a metre at one metre covers 142 pixels, half of it opaque, left of the middle.
    CHECK(pixel(*with, 128 - 35, 128) == std::array{0, 255, 0});
    CHECK(pixel(*with, 128 + 35, 128) == pixel(*bare, 128 + 35, 128));
    CHECK(pixel(*with, 128 - 75, 128) == pixel(*bare, 128 - 75, 128));
    CHECK(pixel(*with, 128 - 35, 128 - 40) == pixel(*bare, 128 - 35, 128 - 40));
    CHECK(pixel(*with, 128 - 35, 128 - 30) == std::array{0, 255, 0});
    std::size_t green = 0;
    for (std::uint32_t i = 0; i < 256 * 256; ++i) green += with->rgba[i * 4 + 1] == 255 && with->rgba[i * 4] == 0;
    CHECK(green > 71 * 71 - 200);
    CHECK(green < 71 * 71 + 200);
}

TEST_CASE("a panel that is hidden, turned away or behind the patient is not seen") {
    Scenery scenery;
    auto& renderer = scenery.stage.renderer();
    const auto bare = renderer.read_eye(scenery.stage.target(), 0, scenery.input.views[0], {}, VK_NULL_HANDLE);
    REQUIRE(bare);
    xr::Quad quad = panel_ahead();
    SECTION("hidden") { quad.visible = false; }
    SECTION("turned away") { quad.world_from_quad.orientation = glm::angleAxis(glm::radians(180.0f), glm::vec3(0, 1, 0)); }
    SECTION("behind") { quad.world_from_quad.position_m.z = 1; }
    const auto with = renderer.read_eye(scenery.stage.target(), 0, scenery.input.views[0], quad, scenery.stage.panel());
    REQUIRE(with);
    CHECK(with->rgba == bare->rgba);
}

TEST_CASE("the mirror comes without waiting, smaller, and newest first") {
    Scenery scenery;
    auto& renderer = scenery.stage.renderer();
    const auto begin = [&] { return renderer.begin_mirror(scenery.stage.target(), 0, scenery.input.views[0], panel_ahead(), scenery.stage.panel(), {96, 96}); };
    render::Renderer::Picture picture;
    const auto nothing = renderer.poll_mirror(picture);
    REQUIRE(nothing);
    CHECK_FALSE(*nothing);
    for (int i = 0; i < 3; ++i) {
        const auto begun = begin();
        REQUIRE(begun);
        CHECK(*begun);
    }
    const auto fourth = begin();
    REQUIRE(fourth);
    CHECK_FALSE(*fourth);  // three are under way

    bool got = false;
    for (int i = 0; i < 500 && !got; ++i) {
        const auto polled = renderer.poll_mirror(picture);
        REQUIRE(polled);
        got = *polled;
        if (!got) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE(got);
    CHECK(picture.width == 96);
    CHECK(picture.rgba.size() == 96U * 96 * 4);
    CHECK(pixel(picture, 48 - 13, 48) == std::array{0, 255, 0});
    const auto after = begin();
    REQUIRE(after);
    CHECK(*after);
}

TEST_CASE("the mirror keeps the brightness of the picture") {
    Scenery scenery;
    auto& renderer = scenery.stage.renderer();
    const auto large = renderer.read_eye(scenery.stage.target(), 0, scenery.input.views[0], {}, VK_NULL_HANDLE);
    REQUIRE(large);
    const auto begun = renderer.begin_mirror(scenery.stage.target(), 0, scenery.input.views[0], {}, VK_NULL_HANDLE, {64, 64});
    REQUIRE(begun);
    render::Renderer::Picture small;
    for (int i = 0; i < 500 && small.rgba.empty(); ++i) {
        REQUIRE(renderer.poll_mirror(small));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const auto mean = [](const render::Renderer::Picture& picture) {
        double sum = 0;
        for (const std::uint8_t value : picture.rgba) sum += value;
        return sum / static_cast<double>(picture.rgba.size());
    };
    CHECK(std::abs(mean(*large) - mean(small)) < 3);
}

TEST_CASE("a panel picture of the wrong size is refused") {
    Scenery scenery;
    const std::vector<std::uint8_t> few(16);
    CHECK_FALSE(scenery.stage.renderer().upload_quad(scenery.stage.panel(), scenery.stage.panel_extent(), few));
    CHECK_FALSE(scenery.stage.renderer().begin_mirror(scenery.stage.target(), 0, scenery.input.views[0], {}, VK_NULL_HANDLE, {0, 10}));
}

}  // namespace accalmie::testing
