// SPDX-License-Identifier: Apache-2.0
// The console drawn for real on the software driver, from canned data. With ACCALMIE_PICTURES=DIR the pictures are kept for the eye.
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <format>

#include "clinician/console/gpu_canvas.h"
#include "clinician/console/start_screen.h"
#include "engine/content/png_file.h"
#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

struct Shot {
    const char* name;
    const char* language;
    float width, height, scale;
    void (*change)(FakeModel&, ScreenState&, bool french);
};

// A stand-in for the patient's view: a dark room with a lit counter.
std::vector<std::uint8_t> canned_view(std::uint32_t width, std::uint32_t height) {
    std::vector<std::uint8_t> rgba(static_cast<std::size_t>(width) * height * 4);
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const double u = x / static_cast<double>(width) - 0.5, v = y / static_cast<double>(height);
            const double lamp = std::exp(-12 * (u * u + (v - 0.2) * (v - 0.2))), counter = v > 0.62 ? 0.35 + 0.3 * std::exp(-8 * u * u) : 0;
            auto* pixel = &rgba[(static_cast<std::size_t>(y) * width + x) * 4];
            pixel[0] = static_cast<std::uint8_t>(std::min(255.0, 30 + 190 * lamp + 160 * counter));
            pixel[1] = static_cast<std::uint8_t>(std::min(255.0, 24 + 130 * lamp + 92 * counter));
            pixel[2] = static_cast<std::uint8_t>(std::min(255.0, 30 + 60 * lamp + 45 * counter));
            pixel[3] = 255;
        }
    return rgba;
}

struct Rendered {
    std::vector<std::uint8_t> rgba;
    Rect stop;
    bool overflow = false;
};

Rendered render(GpuDevice& gpu, const Shot& shot) {
    Frames frames(shot.language, shot.width, shot.height, shot.scale);
    const bool french = std::string(shot.language) == "fr";
    FakeModel model;
    fill_mid_exposure(model, french);
    const auto view = canned_view(640, 640);
    model.mirror_ = {640, 640, 1, &view};
    if (shot.change) shot.change(model, frames.state(), french);
    const auto width = static_cast<std::uint32_t>(shot.width), height = static_cast<std::uint32_t>(shot.height);
    GpuCanvas canvas(gpu);
    REQUIRE(canvas.open(width, height));
    auto texture = canvas.mirror(640, 640, 1, &view);
    REQUIRE(texture);
    frames.state().mirror_texture = *texture;
    frames.step(model, 3);
    REQUIRE(canvas.draw(ImGui::GetDrawData()));
    auto rgba = canvas.read();
    REQUIRE(rgba);
    Rendered out{std::move(*rgba), frames.ui().find("stop")->rect};
    if (const char* folder = std::getenv("ACCALMIE_PICTURES"))
        CHECK(content::write_png(std::format("{}/console-{}-{}-{}.png", folder, shot.name, shot.language, height), width, height, out.rgba));
    return out;
}

void before_start(FakeModel& model, ScreenState&, bool) {
    model.view_.state = {};
    model.view_.ratings.clear();
    model.view_.awaiting_rating.reset();
    model.view_.t_ms = 0;
    model.view_.calm = true;
    model.view_.scene = "calm-room";
    model.view_.last_rule.clear();
    model.view_.acknowledged_rows = 3;
    model.marks_.clear();
    model.timeline_.clear();
}

void alarm(FakeModel& model, ScreenState&, bool french) { add_alarm(model, french); }
void closing(FakeModel&, ScreenState& state, bool) { state.asks_to_close = true; }
void over(FakeModel& model, ScreenState&, bool) {
    model.view_.state.phase = protocols::Phase::finished;
    model.view_.finished = model.view_.calm = true;
    model.view_.awaiting_rating.reset();
    model.view_.outcome = "completed";
}

TEST_CASE("the drawn console shows a red stop and the patient's view") {
    auto gpu = GpuDevice::make_instance({});
    REQUIRE(gpu);
    REQUIRE(gpu->choose(VK_NULL_HANDLE));
    const std::array<Shot, 10> shots{{{"exposure", "en", 1600, 900, 1, nullptr},
                                     {"exposure", "fr", 1600, 900, 1, nullptr},
                                     {"exposure", "en", 1280, 720, 1, nullptr},
                                     {"exposure", "fr", 1280, 720, 1, nullptr},
                                     {"start", "fr", 1600, 900, 1, before_start},
                                     {"alarm", "fr", 1600, 900, 1, alarm},
                                     {"alarm", "en", 1280, 720, 1, alarm},
                                     {"closing", "en", 1600, 900, 1, closing},
                                     {"over", "fr", 1280, 720, 1, over},
                                     {"scaled", "fr", 1920, 1080, 1.5f, nullptr}}};
    for (const Shot& shot : shots) {
        INFO(shot.name << " " << shot.language << " " << shot.height);
        const Rendered picture = render(*gpu, shot);
        const auto pixel = [&](float x, float y) {
            return &picture.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(shot.width) + static_cast<std::size_t>(x)) * 4];
        };
        const auto* red = pixel(picture.stop.x0 + 30 * shot.scale, picture.stop.y0 + 20 * shot.scale);
        CHECK(static_cast<int>(red[0]) > 150);
        CHECK(static_cast<int>(red[1]) < 40);
        CHECK(picture.stop.height() >= 96 * shot.scale);
    }
}

TEST_CASE("the drawn start screen fits the smallest window in both languages") {
    auto gpu = GpuDevice::make_instance({});
    REQUIRE(gpu);
    REQUIRE(gpu->choose(VK_NULL_HANDLE));
    for (const std::string language : {"en", "fr"}) {
        Frames frames(language, 1280, 720, 1);
        StartState start;
        start.rehearsal = language == "fr";
        start.protocols = list_protocols(ACCALMIE_SOURCE_DIR "/protocols/templates", start.rehearsal);
        CHECK_FALSE(start.protocols.empty());
        start.pseudonym = "P-7Q4K";
        start.checked = {true, true, true, false, false, false};
        GpuCanvas canvas(*gpu);
        REQUIRE(canvas.open(1280, 720));
        frames.step_with([&] { draw_start_screen(frames.ui(), start); }, 3);
        for (const Item& item : frames.ui().items()) {
            INFO(language << " '" << item.label << "'");
            CHECK_FALSE(item.overflow);
        }
        REQUIRE(canvas.draw(ImGui::GetDrawData()));
        auto rgba = canvas.read();
        REQUIRE(rgba);
        if (const char* folder = std::getenv("ACCALMIE_PICTURES"))
            CHECK(content::write_png(std::format("{}/console-open-{}.png", folder, language), 1280, 720, *rgba));
        // Something bright stands on the dark: letters and the open button.
        CHECK(std::ranges::count_if(*rgba, [](std::uint8_t value) { return value > 200 && value < 255; }) > 5'000);
    }
}

}  // namespace
}  // namespace accalmie::test
