// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/panel_picture.h"

#include <algorithm>
#include <format>

#include "scenes/link/panel_layout.h"
#include "scenes/player/canvas.h"

namespace accalmie::scenes {
namespace {

using link::kPanelHeight;
using link::kPanelWidth;

// Dark and warm, light letters: nothing on it is brighter than a lamp in a dim room.
constexpr Ink kPlate{30, 34, 41}, kLetters{232, 228, 219}, kQuiet{168, 170, 168}, kTrack{78, 86, 98}, kPoint{240, 190, 110}, kDone{140, 200, 160};
constexpr std::uint8_t kPlateAlpha = 255;  // compositors blend linear light: at 244 a bright room shone through between the letters
constexpr float kCorner_px = 46, kMargin_px = 56;
constexpr float kWide = kPanelWidth, kHigh = kPanelHeight;
constexpr float kQuestion_px = 62, kNumber_px = 118;
constexpr float kLine = 1.22f;
constexpr int kQuestionLines = 2, kAnchorLines = 2;
constexpr float kQuestionTop_px = 86, kNumberBase_px = 316;
constexpr float kAnchorBase_px = 520;

glm::vec2 scale_pixel(float share) {
    return link::panel_pixel({(share * 2 - 1) * link::kScaleHalf_m, -link::kScaleBelowCentre_m});
}

void write(Canvas& canvas, const Font& font, std::string_view text, float em_px, float x, float y, Ink ink) {
    font.draw(text, em_px, x, y, [&](int column, int row, std::uint8_t cover) { canvas.blend(column, row, ink, static_cast<float>(cover) / 255.0f); });
}

void write_centred(Canvas& canvas, const Font& font, std::string_view text, float em_px, float y, Ink ink) {
    write(canvas, font, text, em_px, (kWide - font.width(text, em_px)) / 2, y, ink);
}

std::vector<std::string> at_most(std::vector<std::string> lines, std::size_t count, bool& cut) {
    if (lines.size() <= count) return lines;
    cut = true;
    lines.resize(count);
    lines.back() += " …";
    return lines;
}

const char* hint(const PanelContent& content) {
    const bool french = content.language.starts_with("fr");
    if (content.by_gaze) return french ? "Regardez la valeur, sans bouger" : "Keep looking at the value";
    return french ? "Visez l'échelle, puis appuyez" : "Point at the scale, then press";
}

}  // namespace

std::span<const std::uint8_t> PanelPicture::draw(const PanelContent& content) {
    PanelContent still = content;
    still.value.reset();
    still.dwell_percent = 0;
    if (still.kind == PanelContent::Kind::confirmed) still.kind = PanelContent::Kind::question;
    if (!has_plate_ || still != plate_for_) {
        draw_plate(still);
        plate_for_ = still;
        has_plate_ = true;
    }
    picture_ = plate_;
    if (content.kind == PanelContent::Kind::question || content.kind == PanelContent::Kind::confirmed) draw_pointer(content);
    return picture_;
}

void PanelPicture::draw_plate(const PanelContent& content) {
    plate_.assign(static_cast<std::size_t>(kPanelWidth) * kPanelHeight * 4, 0);
    // Outside the plate alpha is 0 and the colour is the plate's, so that the soft edge has no dark rim.
    const glm::vec2 centre(kWide / 2, kHigh / 2), half = centre - kCorner_px;
    for (std::uint32_t y = 0; y < kPanelHeight; ++y)
        for (std::uint32_t x = 0; x < kPanelWidth; ++x) {
            std::uint8_t* pixel = plate_.data() + (static_cast<std::size_t>(y) * kPanelWidth + x) * 4;
            const glm::vec2 at(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f);
            const float inside = kCorner_px - glm::length(glm::max(glm::abs(at - centre) - half, glm::vec2(0)));
            pixel[0] = kPlate.r;
            pixel[1] = kPlate.g;
            pixel[2] = kPlate.b;
            pixel[3] = static_cast<std::uint8_t>(std::lround(std::clamp(inside, 0.0f, 1.0f) * kPlateAlpha));
        }
    cut_short_ = false;
    if (content.kind == PanelContent::Kind::text) draw_text(content);
    if (content.kind == PanelContent::Kind::question) {
        draw_question(content);
        draw_scale(content);
    }
}

void PanelPicture::draw_question(const PanelContent& content) {
    Canvas canvas(plate_, kPanelWidth, kPanelHeight);
    float em_px = kQuestion_px;
    auto lines = wrap_evenly(font_, content.text, em_px, kWide - 2 * kMargin_px);
    if (lines.size() > kQuestionLines) {
        em_px = kSmallestText_px;
        lines = wrap_evenly(font_, content.text, em_px, kWide - 2 * kMargin_px);
    }
    lines = at_most(std::move(lines), kQuestionLines, cut_short_);
    float y = kQuestionTop_px + (lines.size() == 1 ? em_px * kLine / 2 : 0);
    for (const std::string& line : lines) {
        write_centred(canvas, font_, line, em_px, y, kLetters);
        y += em_px * kLine;
    }
}

void PanelPicture::draw_text(const PanelContent& content) {
    Canvas canvas(plate_, kPanelWidth, kPanelHeight);
    const float width = kWide - 2 * kMargin_px;
    const float step = kSmallestText_px * kLine;
    const auto most = static_cast<std::size_t>((kHigh - 2 * kMargin_px + kSmallestText_px * (kLine - 1)) / step);
    // A short text may be larger; a long one is never smaller than can be read with ease.
    float em_px = kQuestion_px;
    auto lines = wrap_evenly(font_, content.text, em_px, width);
    if (lines.size() > 4) {
        em_px = kSmallestText_px;
        lines = wrap_evenly(font_, content.text, em_px, width);
    }
    lines = at_most(std::move(lines), most, cut_short_);
    const float high = static_cast<float>(lines.size() - (lines.empty() ? 0 : 1)) * em_px * kLine;
    float y = (kHigh - high) / 2 + font_.cap_height(em_px) / 2;
    for (const std::string& line : lines) {
        write_centred(canvas, font_, line, em_px, y, kLetters);
        y += em_px * kLine;
    }
}

void PanelPicture::draw_scale(const PanelContent& content) {
    Canvas canvas(plate_, kPanelWidth, kPanelHeight);
    const glm::vec2 low = scale_pixel(0), high = scale_pixel(1);
    for (int tick = 0; tick <= 10; ++tick) {
        const glm::vec2 at = scale_pixel(static_cast<float>(tick) / 10);
        const float tall = tick % 5 == 0 ? 34.0f : 22.0f;
        canvas.rounded_box(at - glm::vec2(3, tall), at + glm::vec2(3, tall), 3, kTrack);
    }
    canvas.rounded_box(low - glm::vec2(8, 8), high + glm::vec2(8, 8), 8, kTrack);

    const float column = (kWide - 3 * kMargin_px) / 2;
    const auto left = at_most(wrap(font_, content.low_anchor, kSmallestText_px, column), kAnchorLines, cut_short_);
    const auto right = at_most(wrap(font_, content.high_anchor, kSmallestText_px, column), kAnchorLines, cut_short_);
    float y = kAnchorBase_px;
    for (const std::string& line : left) {
        write(canvas, font_, line, kSmallestText_px, kMargin_px, y, kQuiet);
        y += kSmallestText_px * kLine;
    }
    y = kAnchorBase_px;
    for (const std::string& line : right) {
        write(canvas, font_, line, kSmallestText_px, kWide - kMargin_px - font_.width(line, kSmallestText_px), y, kQuiet);
        y += kSmallestText_px * kLine;
    }
}

void PanelPicture::draw_pointer(const PanelContent& content) {
    Canvas canvas(picture_, kPanelWidth, kPanelHeight);
    if (!content.value) {
        write_centred(canvas, font_, hint(content), kSmallestText_px, kNumberBase_px - 26, kQuiet);
        return;
    }
    const bool done = content.kind == PanelContent::Kind::confirmed;
    const Ink ink = done ? kDone : kPoint;
    const float share = static_cast<float>(*content.value - content.minimum) / static_cast<float>(std::max(1, content.maximum - content.minimum));
    const glm::vec2 at = scale_pixel(std::clamp(share, 0.0f, 1.0f));
    canvas.rounded_box(scale_pixel(0) - glm::vec2(8, 8), at + glm::vec2(8, 8), 8, ink);
    canvas.disc(at, 24, ink);
    if (content.dwell_percent > 0) canvas.arc(at, 38, 8, static_cast<float>(content.dwell_percent) / 100.0f, ink);
    const std::string number = std::format("{}", *content.value);
    write_centred(canvas, font_, number, kNumber_px, kNumberBase_px, ink);
}

}  // namespace accalmie::scenes
