// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/font.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <format>
#include <fstream>

#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb/stb_truetype.h>

namespace accalmie::scenes {

struct Font::Face {
    std::vector<unsigned char> bytes;
    stbtt_fontinfo info{};
};

namespace {

constexpr std::array kKnownFonts{
    "/usr/share/fonts/opentype/inter/Inter-Medium.otf",
    "/usr/share/fonts/opentype/inter/Inter-Regular.otf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
};

constexpr char32_t kReplacement = 0xFFFD;

// Spaces that a line may not break at; a font without them has the plain one.
bool is_no_break_space(char32_t c) { return c == 0x00A0 || c == 0x202F || c == 0x2007; }

int glyph_of(const stbtt_fontinfo& info, char32_t c) {
    const int glyph = stbtt_FindGlyphIndex(&info, static_cast<int>(c));
    return glyph == 0 && is_no_break_space(c) ? stbtt_FindGlyphIndex(&info, ' ') : glyph;
}

struct Sequence {
    int length = 0;
    char32_t first = 0, least = 0;
};

Sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) return {1, lead, 0};
    if ((lead & 0xE0) == 0xC0) return {2, lead & 0x1Fu, 0x80};
    if ((lead & 0xF0) == 0xE0) return {3, lead & 0x0Fu, 0x800};
    if ((lead & 0xF8) == 0xF0) return {4, lead & 0x07u, 0x10000};
    return {};
}

// A plain space before one of these marks, as French is often typed, is no place to break either.
bool stands_apart(std::string_view from_space) {
    constexpr std::array<std::string_view, 6> kMarks{" ?", " !", " :", " ;", " »", " %"};
    return std::ranges::any_of(kMarks, [&](std::string_view mark) { return from_space.starts_with(mark); });
}

}  // namespace

std::vector<char32_t> to_code_points(std::string_view utf8) {
    std::vector<char32_t> points;
    points.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const auto [length, first, least] = sequence_of(static_cast<unsigned char>(utf8[at]));
        char32_t point = first;
        bool good = length > 0 && at + static_cast<std::size_t>(length) <= utf8.size();
        for (int i = 1; good && i < length; ++i) {
            const auto byte = static_cast<unsigned char>(utf8[at + static_cast<std::size_t>(i)]);
            good = (byte & 0xC0) == 0x80;
            point = point << 6 | (byte & 0x3Fu);
        }
        good = good && point >= least && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        points.push_back(good ? point : kReplacement);
        at += good ? static_cast<std::size_t>(length) : 1;
    }
    return points;
}

Font::Font(std::unique_ptr<Face> face) : face_(std::move(face)) {}
Font::~Font() = default;
Font::Font(Font&&) noexcept = default;
Font& Font::operator=(Font&&) noexcept = default;

Result<Font> Font::open(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    auto face = std::make_unique<Face>();
    face->bytes.assign(std::istreambuf_iterator<char>(in), {});
    const int offset = in && !face->bytes.empty() ? stbtt_GetFontOffsetForIndex(face->bytes.data(), 0) : -1;
    if (offset < 0 || stbtt_InitFont(&face->info, face->bytes.data(), offset) == 0)
        return std::unexpected(Error{.message = "is no font that can be read", .hint = "install fonts-inter or fonts-dejavu-core", .file = path});
    return Font(std::move(face));
}

Result<Font> Font::find() {
    for (const char* path : kKnownFonts) {
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) return open(path);
    }
    return std::unexpected(Error{.message = "no font for the patient's panel", .hint = "install fonts-inter or fonts-dejavu-core", .file = {}});
}

float Font::width(std::string_view utf8, float em_px) const {
    const stbtt_fontinfo& info = face_->info;
    const float scale = stbtt_ScaleForMappingEmToPixels(&info, em_px);
    float width = 0;
    int previous = 0;
    for (const char32_t c : to_code_points(utf8)) {
        const int glyph = glyph_of(info, c);
        int advance = 0, bearing = 0;
        stbtt_GetGlyphHMetrics(&info, glyph, &advance, &bearing);
        width += scale * static_cast<float>(advance + (previous != 0 ? stbtt_GetGlyphKernAdvance(&info, previous, glyph) : 0));
        previous = glyph;
    }
    return width;
}

float Font::cap_height(float em_px) const {
    const stbtt_fontinfo& info = face_->info;
    int left = 0, low = 0, right = 0, high = 0;
    stbtt_GetCodepointBox(&info, 'H', &left, &low, &right, &high);
    return stbtt_ScaleForMappingEmToPixels(&info, em_px) * static_cast<float>(high - low);
}

void Font::render(std::string_view utf8, float em_px, float x, float y, Letter letter, void* user) const {
    const stbtt_fontinfo& info = face_->info;
    const float scale = stbtt_ScaleForMappingEmToPixels(&info, em_px);
    std::vector<std::uint8_t> coverage;
    int previous = 0;
    for (const char32_t c : to_code_points(utf8)) {
        const int glyph = glyph_of(info, c);
        if (previous != 0) x += scale * static_cast<float>(stbtt_GetGlyphKernAdvance(&info, previous, glyph));
        const float whole = std::floor(x);
        int left = 0, top = 0, right = 0, bottom = 0;
        stbtt_GetGlyphBitmapBoxSubpixel(&info, glyph, scale, scale, x - whole, 0, &left, &top, &right, &bottom);
        const int wide = right - left, high = bottom - top;
        if (wide > 0 && high > 0) {
            coverage.assign(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high), 0);
            stbtt_MakeGlyphBitmapSubpixel(&info, coverage.data(), wide, high, wide, scale, scale, x - whole, 0, glyph);
            letter(user, static_cast<int>(whole) + left, static_cast<int>(std::lround(y)) + top, wide, high, coverage.data());
        }
        int advance = 0, bearing = 0;
        stbtt_GetGlyphHMetrics(&info, glyph, &advance, &bearing);
        x += scale * static_cast<float>(advance);
        previous = glyph;
    }
}

std::vector<std::string> wrap_evenly(const Font& font, std::string_view utf8, float em_px, float width_px) {
    auto lines = wrap(font, utf8, em_px, width_px);
    for (float narrower = width_px - em_px / 2; narrower > width_px / 3; narrower -= em_px / 2) {
        auto tried = wrap(font, utf8, em_px, narrower);
        if (tried.size() != lines.size()) break;
        lines = std::move(tried);
    }
    return lines;
}

std::vector<std::string> wrap(const Font& font, std::string_view utf8, float em_px, float width_px) {
    std::vector<std::string> lines;
    std::string line;
    for (std::size_t at = 0; at <= utf8.size();) {
        std::size_t end = std::min(utf8.find_first_of(" \n", at), utf8.size());
        while (end < utf8.size() && stands_apart(utf8.substr(end))) end = std::min(utf8.find_first_of(" \n", end + 1), utf8.size());
        const std::string_view word = utf8.substr(at, end - at);
        if (!word.empty()) {
            const std::string longer = line.empty() ? std::string(word) : line + ' ' + std::string(word);
            if (!line.empty() && font.width(longer, em_px) > width_px) {
                lines.push_back(std::move(line));
                line = word;
            } else {
                line = longer;
            }
        }
        if (end < utf8.size() && utf8[end] == '\n') {
            lines.push_back(std::move(line));
            line.clear();
        }
        at = end + 1;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

}  // namespace accalmie::scenes
