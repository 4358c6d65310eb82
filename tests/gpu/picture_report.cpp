// SPDX-License-Identifier: Apache-2.0
#include "picture_report.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <vector>

#include "engine/content/picture_file.h"
#include "engine/content/png_file.h"
#include "picture_compare.h"

namespace accalmie::testing {
namespace {

namespace fs = std::filesystem;
using Picture = render::Renderer::Picture;

constexpr const char* kKinds[] = {"expected", "actual", "difference"};
constexpr std::size_t kMostBytes = 64U << 20U;

std::string path_of(const std::string& folder, const std::string& name, const char* kind) { return std::format("{}/{}.{}.png", folder, name, kind); }

Picture amplified(const Picture& a, const Picture& b) {
    Picture map = a;
    for (std::size_t i = 0; i < map.rgba.size(); ++i) map.rgba[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(std::min(255, std::abs(int{a.rgba[i]} - int{b.rgba[i]}) * 16));
    return map;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t at) { return at < bytes.size() ? std::uint32_t{bytes[at]} : 0U; };
        const std::uint32_t three = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (unsigned part = 0; part < 4; ++part) text += i + part <= bytes.size() ? letters[three >> (18 - 6 * part) & 63U] : '=';
    }
    return text;
}

// A picture as the page takes it, or null.
std::string source_of(const std::string& path) {
    const auto bytes = content::read_file(path, kMostBytes);
    return bytes ? std::format("'data:image/png;base64,{}'", base64(*bytes)) : "null";
}

Picture read(const std::string& path) {
    auto file = content::read_picture(path);
    return file ? Picture{file->width, file->height, std::move(file->rgba)} : Picture{};
}

std::string entry_of(const std::string& folder, const std::string& name) {
    const Picture expected = read(path_of(folder, name, "expected")), actual = read(path_of(folder, name, "actual"));
    const bool same_size = expected.width == actual.width && expected.height == actual.height;
    const Difference difference = compare(expected, actual);
    std::string entry = std::format("{{name: '{}', width: {}, pixels: {}, off: {}, largest: {}, mean: {:.5f}, tolerated: {}, same_size: {}", name, actual.width,
        std::size_t{actual.width} * actual.height, difference.pixels, difference.greatest, difference.mean, kToleratedShare, same_size);
    for (const char* kind : kKinds) entry += std::format(",\n{}: {}", kind, source_of(path_of(folder, name, kind)));
    return entry + "}";
}

void write_page(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(folder, ignored))
        if (const std::string name = file.path().filename().string(); name.ends_with(".actual.png")) names.push_back(name.substr(0, name.size() - std::string_view(".actual.png").size()));
    std::ranges::sort(names);
    std::string entries;
    for (const std::string& name : names) entries += entry_of(folder, name) + ",\n";
    std::ifstream file(ACCALMIE_SOURCE_DIR "/tests/gpu/golden_page.html");
    std::string page{std::istreambuf_iterator<char>(file), {}};
    constexpr std::string_view place = "/*PICTURES*/";
    if (const auto at = page.find(place); at != std::string::npos) page.replace(at, place.size(), entries);
    std::ofstream(folder + "/index.html") << page;
}

}  // namespace

std::string report_picture(const std::string& folder, const std::string& name, const Picture* expected, const Picture& actual) {
    forget_picture(folder, name);
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    const auto write = [&](const char* kind, const Picture& picture) { (void)content::write_png(path_of(folder, name, kind), picture.width, picture.height, picture.rgba); };
    write("actual", actual);
    if (expected != nullptr) write("expected", *expected);
    if (expected != nullptr && expected->rgba.size() == actual.rgba.size()) write("difference", amplified(*expected, actual));
    write_page(folder);
    return (fs::path(folder) / "index.html").lexically_normal().string();
}

void forget_picture(const std::string& folder, const std::string& name) {
    std::error_code ignored;
    if (!fs::exists(path_of(folder, name, "actual"), ignored)) return;
    for (const char* kind : kKinds) fs::remove(path_of(folder, name, kind), ignored);
    write_page(folder);
}

}  // namespace accalmie::testing
