// SPDX-License-Identifier: Apache-2.0
// The luminance of each frame, taken from the drawn picture itself.
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/render/flash_counter.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

double linear(std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double mean_luminance(const render::Renderer::Picture& picture) {
    double sum = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
        sum += 0.2126 * linear(picture.rgba[i]) + 0.7152 * linear(picture.rgba[i + 1]) + 0.0722 * linear(picture.rgba[i + 2]);
    return sum / (static_cast<double>(picture.rgba.size()) / 4);
}

render::Luminance luminance_of(Stage& stage, render::FrameInput input) {
    input.measure.luminance = true;
    stage.draw(input);
    REQUIRE(stage.renderer().finish_measures());
    const render::Luminance* told = stage.renderer().next_luminance();
    REQUIRE(told != nullptr);
    return *told;
}

}  // namespace

TEST_CASE("the luminance of a frame is its picture's, in each eye") {
    for (const std::uint32_t samples : {1U, 4U}) {
        Stage stage({512, 512}, samples);
        const render::FrameInput input{.views = seat_views(0.4f), .scene = stage.add(small_room()), .level = 2};
        const auto told = luminance_of(stage, input);
        for (int eye = 0; eye < 2; ++eye) {
            const double picture = mean_luminance(stage.shot(input, eye));
            CHECK(told.mean[static_cast<std::size_t>(eye)] == Catch::Approx(picture).epsilon(0.02));
        }
        CHECK(std::abs(told.mean[0] - told.mean[1]) > 0.0005f);  // eyes that far apart do not see the same
    }
}

TEST_CASE("what the lenses hide has no part in the luminance") {
    Stage stage({256, 256}, 1);
    const render::FrameInput input{.views = seat_views(0), .scene = stage.add(small_room())};
    const auto whole = luminance_of(stage, input);
    const auto half_mean = [&](std::size_t eye, std::size_t first) {  // of the areas in the columns first to first + 7
        float sum = 0;
        for (std::size_t i = 0; i < 128; ++i) sum += whole.cells[(eye * 16 + i / 8) * 16 + first + i % 8];
        return sum / 128;
    };
    xr::HiddenMesh mesh;  // the left half of the left eye, all of the right eye
    mesh.triangles[0] = {{-9, -9}, {0, -9}, {0, 9}, {-9, -9}, {0, 9}, {-9, 9}};
    mesh.triangles[1] = {{-9, -9}, {9, -9}, {9, 9}, {-9, -9}, {9, 9}, {-9, 9}};
    REQUIRE(stage.renderer().set_hidden_mesh(mesh));
    const auto masked = luminance_of(stage, input);
    CHECK(masked.mean[0] == Catch::Approx(half_mean(0, 8)).epsilon(0.002));
    CHECK(masked.mean[0] != Catch::Approx(whole.mean[0]).epsilon(0.002));
    CHECK(masked.cells[7] == 0);
    CHECK(masked.cells[9] == Catch::Approx(whole.cells[9]).epsilon(0.01));
    CHECK(masked.mean[1] == 0);
    REQUIRE(stage.renderer().set_hidden_mesh({}));
    CHECK(luminance_of(stage, input).mean == whole.mean);
}

TEST_CASE("a fade is seen in the luminance in step") {
    Stage stage({256, 256}, 1);
    render::FrameInput input{.views = seat_views(), .scene = stage.add(small_room())};
    const float full = luminance_of(stage, input).mean[0];
    input.brightness = 0.5f;
    const float half = luminance_of(stage, input).mean[0];
    CHECK(half < 0.6f * full);
    CHECK(half > 0);
}

TEST_CASE("an area tells what is bright in it") {
    Stage stage({256, 256}, 1);
    const auto told = luminance_of(stage, {.views = seat_views(0), .scene = stage.add(small_room())});
    const auto cell = [&](std::size_t x, std::size_t y) { return told.cells[y * render::kLuminanceCells + x]; };
    CHECK(cell(8, 2) > 3 * cell(8, 15));  // the lamp above, the floor below
}

TEST_CASE("a lamp that blinks is counted, and one that burns is not") {
    Stage stage({64, 64}, 1);
    auto lit = small_room(), dark = small_room();
    dark.exposure = 0.02f;
    render::FrameInput on{.views = seat_views(), .scene = stage.add(lit)}, off{.views = seat_views(), .scene = stage.add(dark)};
    const auto flashes_at = [&](int frames_a_half) {
        render::FlashCounter counter(2);
        for (int i = 0; i < 60; ++i) {
            const auto told = luminance_of(stage, frames_a_half > 0 && (i / frames_a_half) % 2 != 0 ? off : on);
            counter.add(i / 30.0, told.mean);
        }
        return counter.take();
    };
    CHECK(flashes_at(0).flashes == 0);
    CHECK(flashes_at(3).most_in_a_second == 5);
    CHECK(flashes_at(15).most_in_a_second == 1);
}

}  // namespace accalmie::testing
