// SPDX-License-Identifier: Apache-2.0
// Owns: one A4 page of a PDF file and the few marks that reports put on it. Text is UTF-8 in embedded fonts.
// Never: throws; the first failure is kept and save() gives it. Units: points (1/72 inch) from the top left corner. Private to reports/.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace accalmie::reports {

struct Colour {
    float red = 0, green = 0, blue = 0;
};
constexpr Colour rgb(std::uint32_t hex) {
    return {static_cast<float>(hex >> 16 & 255) / 255, static_cast<float>(hex >> 8 & 255) / 255, static_cast<float>(hex & 255) / 255};
}

struct Point {
    float x = 0, y = 0;
};

enum class Align : std::uint8_t { left, centre, right };

struct Style {
    float size = 8.5F;
    bool bold = false;
    Colour colour = rgb(0x1A1A1A);
    Align align = Align::left;
};

class Page {
public:
    static constexpr float width = 595.28F, height = 841.89F;

    static Result<Page> create(const std::string& title);
    Page(Page&&) noexcept;
    Page& operator=(Page&&) noexcept;
    ~Page();

    float text_width(std::string_view text, const Style& style);
    void text(float x, float baseline, std::string_view text, const Style& style);
    void text_within(float x, float baseline, float room, std::string_view text, const Style& style);  // cut with an ellipsis
    // Wrapped at spaces; returns the baseline of the line after the last one. More than `most` lines end in an ellipsis.
    float paragraph(float x, float baseline, float room, float leading, std::string_view text, const Style& style, int most = 99);
    std::vector<std::string> wrapped(std::string_view text, float room, const Style& style);

    void line(Point from, Point to, Colour colour, float thickness, bool dashed = false);
    void polyline(std::span<const Point> points, Colour colour, float thickness);
    void box(float x, float y, float box_width, float box_height, Colour fill);
    void frame(float x, float y, float box_width, float box_height, Colour colour, float thickness);
    void disc(Point centre, float radius, Colour fill);
    void cross(Point centre, float radius, Colour colour, float thickness);

    Result<void> save(const std::string& path);  // whole or not at all

private:
    struct Document;
    explicit Page(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

}  // namespace accalmie::reports
