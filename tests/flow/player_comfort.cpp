// SPDX-License-Identifier: Apache-2.0
// Every level of every shipped scene is drawn as a patient sees it and held against the scene's own comfort budget.
#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "engine/content/picture_file.h"
#include "scenes/player/shot.h"
#include "scenes/scene_file.h"
#include "tests/flow/program.h"

using namespace accalmie;

namespace {

double linear(std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double mean_luminance(const content::PictureFile& picture) {
    double sum = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
        sum += 0.2126 * linear(picture.rgba[i]) + 0.7152 * linear(picture.rgba[i + 1]) + 0.0722 * linear(picture.rgba[i + 2]);
    return sum / (static_cast<double>(picture.rgba.size()) / 4);
}

}  // namespace

TEST_CASE("no level of a shipped scene is brighter than its comfort budget, and none is so dark that a patient sees black", "[player]") {
    const auto all = scenes::list_scenes(ACCALMIE_SOURCE_DIR);
    REQUIRE(all);
    const flow::Folder folder;
    for (const auto& scene : *all)
        for (const auto& level : scene.levels) {
            const std::string path = folder / (scene.name + std::to_string(level.level) + ".png");
            const auto drawn = scenes::render_shot({.scene = scene.name, .level = level.level, .size = {240, 160}, .samples = 1}, path);
            INFO(scene.name << " level " << level.level);
            if (!drawn) FAIL(describe(drawn.error()));
            const auto picture = content::read_picture(path);
            REQUIRE(picture);
            const double luminance = mean_luminance(*picture);
            CHECK(luminance <= scene.comfort.maximum_luminance);
            CHECK(luminance > 0.005);
        }
}

TEST_CASE("the luminance test tells a bright picture from a dark one", "[player]") {
    content::PictureFile picture{.width = 2, .height = 1, .rgba = {255, 255, 255, 255, 0, 0, 0, 255}};
    CHECK(std::abs(mean_luminance(picture) - 0.5) < 1e-9);
}
