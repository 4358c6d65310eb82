// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/panel_picture.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scenes/link/panel_layout.h"

using namespace accalmie;
using scenes::Font;
using scenes::PanelContent;
using scenes::PanelPicture;
using Kind = PanelContent::Kind;

namespace {

constexpr std::size_t kBytes = std::size_t{link::kPanelWidth} * link::kPanelHeight * 4;

PanelContent question() {
    return {.kind = Kind::question, .language = "fr", .text = "Quelle est votre envie de boire, là, maintenant ?", .low_anchor = "Pas du tout d'envie", .high_anchor = "Envie irrésistible"};
}

PanelPicture make_picture() {
    auto font = Font::find();
    if (!font) FAIL(describe(font.error()));
    return PanelPicture(std::move(*font));
}

struct Box {
    int left = 1 << 20, top = 1 << 20, right = -1, bottom = -1;
};

Box changed(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    Box box;
    for (std::size_t i = 0; i < kBytes / 4; ++i) {
        if (std::equal(a.begin() + static_cast<std::ptrdiff_t>(i * 4), a.begin() + static_cast<std::ptrdiff_t>(i * 4 + 4), b.begin() + static_cast<std::ptrdiff_t>(i * 4))) continue;
        const int x = static_cast<int>(i % link::kPanelWidth), y = static_cast<int>(i / link::kPanelWidth);
        box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x), std::max(box.bottom, y)};
    }
    return box;
}

}  // namespace

TEST_CASE("the smallest letters of the panel are at least 1.2 degrees high, at its far corners too") {
    for (const char* path : {"/usr/share/fonts/opentype/inter/Inter-Medium.otf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"}) {
        const auto font = Font::open(path);
        if (!font) FAIL(describe(font.error()));
        const double cap_m = font->cap_height(scenes::kSmallestText_px) / link::kPixelsPerMetre;
        const double corner_m = std::hypot(link::kPanelDistance_m, link::kPanelSize_m.x / 2, link::kPanelSize_m.y / 2);
        CHECK(2 * std::atan(cap_m / 2 / link::kPanelDistance_m) * 180 / std::numbers::pi >= 1.2);
        CHECK(2 * std::atan(cap_m / 2 / corner_m) * 180 / std::numbers::pi >= 1.15);
    }
}

TEST_CASE("letters are drawn as high as the font says") {
    const auto font = Font::find();
    REQUIRE(font);
    int top = 1000, bottom = -1000;
    font->draw("H", 54, 10, 0, [&](int, int y, std::uint8_t cover) {
        if (cover < 128) return;
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    });
    CHECK(std::abs(static_cast<float>(bottom - top + 1) - font->cap_height(54)) <= 1);
}

TEST_CASE("the pointer is drawn where the value lies on the scale") {
    PanelPicture picture = make_picture();
    for (const int value : {0, 25, 100}) {
        PanelContent content = question();
        content.value = value;
        const auto drawn = picture.draw(content);
        const std::vector<std::uint8_t> with(drawn.begin(), drawn.end());
        content.value = value == 100 ? 99 : value + 1;
        const auto box = changed(with, picture.draw(content));
        const int x = static_cast<int>(link::panel_pixel({(static_cast<float>(value) / 50 - 1) * link::kScaleHalf_m, 0}).x);
        INFO(value);
        // The disc of this value, and the large number in the middle.
        CHECK(box.left <= x + 40);
        CHECK(box.right >= x - 40);
    }
}

TEST_CASE("moving the pointer leaves the question and the anchors alone") {
    PanelPicture picture = make_picture();
    PanelContent content = question();
    content.value = 10;
    const auto first = picture.draw(content);
    const std::vector<std::uint8_t> before(first.begin(), first.end());
    content.value = 90;
    const Box box = changed(before, picture.draw(content));
    CHECK(box.top > 180);
    CHECK(box.bottom < 460);
    content.value = 10;
    const auto again = picture.draw(content);
    CHECK(std::ranges::equal(again, before));
}

TEST_CASE("the plate is opaque in the middle, gone in the corners, and every text leaves letters on it") {
    PanelPicture picture = make_picture();
    const auto drawn = picture.draw(question());
    REQUIRE(drawn.size() == kBytes);
    CHECK(drawn[3] == 0);
    CHECK(drawn[kBytes / 2 + link::kPanelWidth * 2 + 3] > 230);
    CHECK(std::ranges::count_if(drawn, [](std::uint8_t value) { return value > 200; }) > 10'000);
}

TEST_CASE("the shipped kinds of text fit: accents, no-break spaces, and 350 letters; a longer one says that it was cut") {
    PanelPicture picture = make_picture();
    const std::string coping = "L'envie est comme une vague : elle monte, elle culmine, puis elle passe d'elle-même. Vous n'avez ni à la combattre ni à la suivre. Remarquez où vous la "
                               "sentez dans votre corps. Expirez lentement et regardez-la changer, comme depuis le rivage. Quoi qu'elle fasse ensuite, vous êtes ici en sécurité.";
    (void)picture.draw({.kind = Kind::text, .text = coping});
    CHECK_FALSE(picture.cut_short());
    (void)picture.draw(question());
    CHECK_FALSE(picture.cut_short());
    (void)picture.draw({.kind = Kind::text, .text = coping + coping});
    CHECK(picture.cut_short());
}

TEST_CASE("what is no UTF-8 is drawn as something and breaks nothing") {
    PanelPicture picture = make_picture();
    std::string all;
    for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
    (void)picture.draw({.kind = Kind::text, .text = all});
    (void)picture.draw({.kind = Kind::question, .text = all, .low_anchor = all, .high_anchor = std::string(5000, 'W'), .minimum = 5, .maximum = 5, .value = 70});
    using scenes::to_code_points;
    CHECK(to_code_points("\xc3\xa9") == std::vector<char32_t>{U'é'});
    CHECK(to_code_points("\xc0\x80") == std::vector<char32_t>{0xFFFD, 0xFFFD});       // an overlong form
    CHECK(to_code_points("\xed\xa0\x80").front() == 0xFFFD);                            // half of a surrogate pair
    CHECK(to_code_points("a\xe2\x82") == std::vector<char32_t>{U'a', 0xFFFD, 0xFFFD});  // cut
}

TEST_CASE("lines break at spaces and never at a no-break space") {
    const auto font = Font::find();
    REQUIRE(font);
    const auto lines = scenes::wrap(*font, "un deux trois\u00a0? quatre", 50, font->width("un deux trois", 50));
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "un deux");
    CHECK(lines[1] == "trois\u00a0?");
    CHECK(scenes::wrap(*font, "", 50, 100).empty());
    const auto mark = scenes::wrap(*font, "là, maintenant ?", 50, font->width("là, maintenant", 50));
    REQUIRE(mark.size() == 2);
    CHECK(mark[1] == "maintenant ?");
    const std::string long_one = "un deux trois quatre cinq six sept huit neuf dix onze douze";
    const float width = font->width(long_one, 50) * 0.8f;
    const auto even = scenes::wrap_evenly(*font, long_one, 50, width);
    REQUIRE(even.size() == scenes::wrap(*font, long_one, 50, width).size());
    CHECK(std::abs(font->width(even[0], 50) - font->width(even[1], 50)) < 0.3f * width);
    CHECK(scenes::wrap(*font, "a\nb", 50, 1000).size() == 2);
}
