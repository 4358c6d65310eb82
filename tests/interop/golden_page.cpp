// SPDX-License-Identifier: Apache-2.0
// The page of golden differences, opened from the disk in Chromium: a planted difference is on it with its numbers, and keys and mouse work.
#include <cstdlib>
#include <filesystem>
#include <format>

#include <unistd.h>

#include "browser.h"
#include "tests/gpu/picture_report.h"

namespace accalmie::testing {
namespace {

render::Renderer::Picture even(std::uint8_t shade) {
    render::Renderer::Picture picture{64, 48, {}};
    for (int i = 0; i < 64 * 48; ++i) picture.rgba.insert(picture.rgba.end(), {shade, shade, shade, 255});
    return picture;
}

}  // namespace

TEST_CASE("a planted difference is on the page with its numbers, and every view works by key and by mouse") {
    const auto folder = std::filesystem::temp_directory_path() / std::format("accalmie-golden-page-{}", ::getpid());
    const auto golden = even(100);
    auto planted = golden;
    for (std::size_t i = 0; i < 32; ++i) planted.rgba[i * 4] = 150;
    report_picture(folder.string(), "planted", &golden, planted);
    const std::string page = report_picture(folder.string(), "unknown", nullptr, golden);
    REQUIRE(std::filesystem::exists(page));
    const char* screenshot = std::getenv("ACCALMIE_PAGE_PICTURE");
    const auto result = browse("golden_page.cjs", std::format("'file://{}' {}", page, screenshot != nullptr ? screenshot : ""));
    INFO(result.dump(2));
    CHECK(result["errors"].empty());
    CHECK(result["requests"].size() == 1);  // itself: nothing else is asked for
    CHECK(result["count"] == 2);
    CHECK(result["loaded"] == true);
    const std::string numbers = "planted: 32 of 3072 pixels differ (1.042 %; 0.100 % are tolerated), the largest difference is 50 of 255, the mean 0.5208.";
    CHECK(result["first"] == numbers);
    CHECK(result["edge_by_key"] == "inset(0px 0px 0px 52%)");
    CHECK(result["edge_by_mouse"] == "inset(0px 0px 0px 25%)");
    CHECK(result["difference"] == "Difference, 16 times as large");
    CHECK(result["blink"] == nlohmann::json({"Expected", "Drawn"}));
    CHECK(result["pair"] == "Expected, drawn");
    CHECK(result["second"] == "unknown: there is no golden picture yet.");
    CHECK(result["round"] == numbers);
    CHECK(result["back"] == "unknown: there is no golden picture yet.");
    std::filesystem::remove_all(folder);
}

}  // namespace accalmie::testing
