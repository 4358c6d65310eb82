// SPDX-License-Identifier: Apache-2.0
#include "picture_compare.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>

#include "engine/content/picture_file.h"
#include "engine/content/png_file.h"

namespace accalmie::testing {
namespace {

constexpr int kTolerance = 4;
const std::string kGolden = ACCALMIE_SOURCE_DIR "/tests/gpu/golden/";
const std::string kDifferences = ACCALMIE_SOURCE_DIR "/build/golden-differences/";

int distance(const render::Renderer::Picture& a, const render::Renderer::Picture& b, std::size_t pixel) {
    int greatest = 0;
    for (std::size_t c = 0; c < 3; ++c) greatest = std::max(greatest, std::abs(int{a.rgba[pixel * 4 + c]} - int{b.rgba[pixel * 4 + c]}));
    return greatest;
}

std::string written(const std::string& path, const render::Renderer::Picture& picture) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    const auto done = content::write_png(path, picture.width, picture.height, picture.rgba);
    return done ? path : describe(done.error());
}

}  // namespace

Difference compare(const render::Renderer::Picture& a, const render::Renderer::Picture& b) {
    if (a.width != b.width || a.height != b.height || a.rgba.empty()) return {.share = 1, .greatest = 255};
    Difference difference;
    std::size_t off = 0;
    const std::size_t pixels = std::size_t{a.width} * a.height;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int here = distance(a, b, i);
        difference.greatest = std::max(difference.greatest, here);
        if (here > kTolerance) ++off;
    }
    difference.share = static_cast<double>(off) / static_cast<double>(pixels);
    return difference;
}

std::string golden_mismatch(const std::string& name, const render::Renderer::Picture& actual) {
    const std::string path = kGolden + name + ".png";
    if (const char* write = std::getenv("ACCALMIE_WRITE_GOLDEN"); write != nullptr && *write == '1') {
        const std::string at = written(path, actual);
        return at == path ? "" : at;
    }
    const auto file = content::read_picture(path);
    if (!file) return std::format("{}; what was drawn: {}", describe(file.error()), written(kDifferences + name + ".actual.png", actual));
    const render::Renderer::Picture golden{file->width, file->height, file->rgba};
    const Difference difference = compare(actual, golden);
    if (difference.share <= kToleratedShare) return "";
    render::Renderer::Picture map = golden;
    if (golden.width == actual.width && golden.height == actual.height)
        for (std::size_t i = 0; i < std::size_t{map.width} * map.height; ++i) {
            const auto shade = static_cast<std::uint8_t>(std::min(255, distance(actual, golden, i) * 16));
            std::fill_n(map.rgba.begin() + static_cast<std::ptrdiff_t>(i * 4), 3, shade);
        }
    return std::format("{:.3f} % of the pixels differ, by at most {}; drawn: {}, difference x 16: {}", difference.share * 100, difference.greatest,
                       written(kDifferences + name + ".actual.png", actual), written(kDifferences + name + ".difference.png", map));
}

}  // namespace accalmie::testing
