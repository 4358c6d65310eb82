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

int distance(const render::Renderer::Picture& a, const render::Renderer::Picture& b, std::size_t pixel) {
    int greatest = 0;
    for (std::size_t c = 0; c < 3; ++c) greatest = std::max(greatest, std::abs(int{a.rgba[pixel * 4 + c]} - int{b.rgba[pixel * 4 + c]}));
    return greatest;
}

bool wanted(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value == '1';
}

std::string written(const std::string& path, const render::Renderer::Picture& picture) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    const auto done = content::write_png(path, picture.width, picture.height, picture.rgba);
    return done ? path : describe(done.error());
}

}  // namespace

Difference compare(const render::Renderer::Picture& a, const render::Renderer::Picture& b) {
    if (a.width != b.width || a.height != b.height || a.rgba.empty()) return {.share = 1, .greatest = 255, .mean = 255, .pixels = std::size_t{b.width} * b.height};
    Difference difference;
    const std::size_t pixels = std::size_t{a.width} * a.height;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int here = distance(a, b, i);
        difference.greatest = std::max(difference.greatest, here);
        difference.mean += here;
        if (here > kTolerance) ++difference.pixels;
    }
    difference.share = static_cast<double>(difference.pixels) / static_cast<double>(pixels);
    difference.mean /= static_cast<double>(pixels);
    return difference;
}

std::string golden_mismatch(const std::string& name, const render::Renderer::Picture& actual, const std::string& report_folder) {
    const std::string path = kGolden + name + ".png";
    if (wanted("ACCALMIE_WRITE_GOLDEN")) {
        const std::string at = written(path, actual);
        return at == path ? "" : at;
    }
    const auto file = content::read_picture(path);
    if (!file) return std::format("{}; look at {}", describe(file.error()), report_picture(report_folder, name, nullptr, actual));
    const render::Renderer::Picture golden{file->width, file->height, file->rgba};
    const Difference difference = compare(actual, golden);
    const bool passes = difference.share <= kToleratedShare;
    if (!passes || wanted("ACCALMIE_GOLDEN_REPORT")) report_picture(report_folder, name, &golden, actual);
    else forget_picture(report_folder, name);
    if (passes) return "";
    return std::format("{:.3f} % of the pixels differ, by at most {}; look at {}index.html", difference.share * 100, difference.greatest, report_folder);
}

}  // namespace accalmie::testing
