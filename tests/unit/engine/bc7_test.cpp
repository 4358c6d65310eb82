// SPDX-License-Identifier: Apache-2.0
#include "engine/content/bc7.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <functional>
#include <random>

#include "bc7_decoder.h"

using namespace accalmie;
using accalmie::testing::Bc7Decoder;
using accalmie::testing::psnr_db;

namespace {

using Texel = std::array<int, 4>;

std::vector<std::uint8_t> picture(std::uint32_t width, std::uint32_t height, const std::function<Texel(std::uint32_t x, std::uint32_t y)>& texel) {
    std::vector<std::uint8_t> rgba;
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x)
            for (const int value : texel(x, y)) rgba.push_back(static_cast<std::uint8_t>(value));
    return rgba;
}

std::vector<std::uint8_t> there_and_back(const std::vector<std::uint8_t>& rgba, std::uint32_t width, std::uint32_t height) {
    const auto blocks = content::bc7_level(rgba, width, height);
    REQUIRE(blocks);
    REQUIRE(blocks->size() == content::bc7_bytes(width, height));
    return Bc7Decoder::level(*blocks, width, height);
}

double quality_db(const std::function<Texel(std::uint32_t x, std::uint32_t y)>& texel) {
    const auto rgba = picture(64, 64, texel);
    return psnr_db(rgba, there_and_back(rgba, 64, 64));
}

int greatest_error(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    int greatest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) greatest = std::max(greatest, std::abs(int{a[i]} - int{b[i]}));
    return greatest;
}

}  // namespace

TEST_CASE("a picture of one colour comes back as it was, whatever the colour") {
    std::mt19937 random(1);
    for (int trial = 0; trial < 2000; ++trial) {
        Texel color;
        for (int& value : color) value = trial < 256 ? trial : static_cast<int>(random() % 256);
        const auto rgba = picture(4, 4, [&](auto, auto) { return color; });
        REQUIRE(there_and_back(rgba, 4, 4) == rgba);
    }
}

TEST_CASE("what is smooth or has two colours in a block keeps its look, and noise some of it") {
    const auto i = [](std::uint32_t value) { return static_cast<int>(value); };
    CHECK(quality_db([&](auto x, auto y) { return Texel{i(4 * x), i(4 * y), i(2 * (x + y)), 255}; }) > 40);
    CHECK(quality_db([&](auto x, auto) { return Texel{i(x), i(x), i(x), 255}; }) > 50);
    CHECK(quality_db([&](auto x, auto y) { return (x ^ y) & 1 ? Texel{250, 30, 20, 255} : Texel{10, 20, 200, 255}; }) > 44);
    std::mt19937 random(2);
    const auto any = [&] { return i(static_cast<std::uint32_t>(random() % 256)); };
    CHECK(quality_db([&](auto, auto) { return Texel{any(), any(), any(), 255}; }) > 14);
    CHECK(quality_db([&](auto, auto) { const int gray = any(); return Texel{gray, gray, gray, 255}; }) > 36);
    // Alpha that has nothing to do with the colour: a sloping one over two colours, and one of two values over a slope.
    CHECK(quality_db([&](auto x, auto y) { return x & 1 ? Texel{200, 190, 180, i(4 * y)} : Texel{60, 50, 40, i(4 * y)}; }) > 48);
    CHECK(quality_db([&](auto x, auto y) { return Texel{i(4 * x), i(4 * x), i(4 * x), (x + y) & 1 ? 255 : 0}; }) > 48);
}

TEST_CASE("no block is far worse than its noise, and one that hides nothing stays so") {
    std::mt19937 random(3);
    for (int trial = 0; trial < 3000; ++trial) {
        const int from = static_cast<int>(random() % 256), spread = 1 + static_cast<int>(random() % 256), alpha = trial % 3;
        const auto rgba = picture(4, 4, [&](auto, auto) {
            Texel texel;
            for (int& value : texel) value = std::min(255, from + static_cast<int>(random() % static_cast<unsigned>(spread)));
            if (alpha != 0) texel[3] = 255;
            return texel;
        });
        const auto back = there_and_back(rgba, 4, 4);
        CHECK(greatest_error(rgba, back) <= std::min(spread, 256 - from) + 1);
        if (alpha == 0) continue;
        for (std::size_t texel = 0; texel < 16; ++texel) REQUIRE(back[4 * texel + 3] == 255);
    }
}

TEST_CASE("a picture whose sides are no multiples of four is whole, and so are its smallest levels") {
    const auto texel = [](std::uint32_t x, std::uint32_t y) { return Texel{static_cast<int>(10 * x), static_cast<int>(10 * y), 40, 255}; };
    for (const auto& [width, height] : {std::pair{1U, 1U}, {2U, 1U}, {3U, 5U}, {4U, 4U}, {13U, 7U}, {1U, 9U}}) {
        CAPTURE(width, height);
        const auto rgba = picture(width, height, texel);
        CHECK(greatest_error(rgba, there_and_back(rgba, width, height)) <= 16);
    }
    const std::vector<std::vector<std::uint8_t>> mips{picture(5, 3, texel), picture(2, 1, texel), picture(1, 1, texel)};
    const auto levels = content::bc7_levels(mips, 5, 3);
    REQUIRE(levels);
    REQUIRE(levels->size() == 3);
    CHECK((*levels)[0].size() == 32);
    CHECK((*levels)[2].size() == 16);
}

TEST_CASE("an encoder that is told to stop gives nothing") {
    std::stop_source stop;
    const std::vector<std::vector<std::uint8_t>> mips{picture(16, 16, [](auto, auto) { return Texel{1, 2, 3, 4}; })};
    CHECK(content::bc7_levels(mips, 16, 16, stop.get_token()));
    stop.request_stop();
    CHECK_FALSE(content::bc7_levels(mips, 16, 16, stop.get_token()));
}
