// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/page.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <format>
#include <system_error>

#include <hpdf.h>

namespace accalmie::reports {
namespace {

constexpr const char* font_folder = "/usr/share/fonts/truetype/dejavu/";

struct Failure {
    HPDF_STATUS code = 0, detail = 0;
};

void keep_failure(HPDF_STATUS code, HPDF_STATUS detail, void* where) {
    auto& failure = *static_cast<Failure*>(where);
    if (failure.code == 0) failure = {code, detail};
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

void shorten(std::string& text) {  // by one whole character
    while (!text.empty() && !starts_character(text.back())) text.pop_back();
    if (!text.empty()) text.pop_back();
}

}  // namespace

struct Page::Document {
    Failure failure;
    HPDF_Doc pdf = nullptr;
    HPDF_Page page = nullptr;
    HPDF_Font regular = nullptr, bold = nullptr;
    ~Document() {
        if (pdf) HPDF_Free(pdf);
    }
    HPDF_Font font(const Style& style) const { return style.bold ? bold : regular; }
};

Page::Page(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Page::Page(Page&&) noexcept = default;
Page& Page::operator=(Page&&) noexcept = default;
Page::~Page() = default;

Result<Page> Page::create(const std::string& title) {
    auto document = std::make_unique<Document>();
    document->pdf = HPDF_New(keep_failure, &document->failure);
    if (!document->pdf) return std::unexpected(Error{.message = "the PDF library does not start"});
    HPDF_Doc pdf = document->pdf;
    HPDF_SetCompressionMode(pdf, HPDF_COMP_ALL);
    HPDF_UseUTFEncodings(pdf);
    for (const auto& [file, font] : {std::pair{"DejaVuSans.ttf", &document->regular}, std::pair{"DejaVuSans-Bold.ttf", &document->bold}}) {
        const std::string path = std::string(font_folder) + file;
        const char* name = std::filesystem::exists(path) ? HPDF_LoadTTFontFromFile(pdf, path.c_str(), HPDF_TRUE) : nullptr;
        *font = name ? HPDF_GetFont(pdf, name, "UTF-8") : nullptr;
        if (!*font) return std::unexpected(Error{.message = "the report's font cannot be read", .hint = "install fonts-dejavu-core", .file = path});
    }
    HPDF_SetInfoAttr(pdf, HPDF_INFO_TITLE, title.c_str());
    HPDF_SetInfoAttr(pdf, HPDF_INFO_CREATOR, "Accalmie " ACCALMIE_VERSION);
    document->page = HPDF_AddPage(pdf);
    HPDF_Page_SetSize(document->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    return Page(std::move(document));
}

float Page::text_width(std::string_view text, const Style& style) {
    HPDF_Page_SetFontAndSize(document_->page, document_->font(style), style.size);
    return HPDF_Page_TextWidth(document_->page, std::string(text).c_str());
}

void Page::text(float x, float baseline, std::string_view text, const Style& style) {
    const std::string terminated(text);
    float left = x;
    if (style.align != Align::left) left -= text_width(text, style) * (style.align == Align::centre ? 0.5F : 1.0F);
    HPDF_Page page = document_->page;
    HPDF_Page_BeginText(page);
    HPDF_Page_SetFontAndSize(page, document_->font(style), style.size);
    HPDF_Page_SetRGBFill(page, style.colour.red, style.colour.green, style.colour.blue);
    HPDF_Page_TextOut(page, left, height - baseline, terminated.c_str());
    HPDF_Page_EndText(page);
}

void Page::text_within(float x, float baseline, float room, std::string_view whole, const Style& style) {
    std::string shown(whole);
    while (!shown.empty() && text_width(shown.size() < whole.size() ? shown + "…" : shown, style) > room) shorten(shown);
    if (shown.size() < whole.size()) {
        while (shown.ends_with(' ')) shown.pop_back();
        if (shown.empty()) return;
        shown += "…";
    }
    text(x, baseline, shown, style);
}

std::vector<std::string> Page::wrapped(std::string_view text, float room, const Style& style) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
        const std::string word(text.substr(at, end - at));
        const std::string longer = line.empty() ? word : line + " " + word;
        if (!line.empty() && text_width(longer, style) > room) {
            lines.push_back(std::move(line));
            line = word;
        } else {
            line = longer;
        }
        at = end + 1;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

float Page::paragraph(float x, float baseline, float room, float leading, std::string_view whole, const Style& style, int most) {
    std::vector<std::string> lines = wrapped(whole, room, style);
    if (lines.size() > static_cast<std::size_t>(most)) {
        lines.resize(static_cast<std::size_t>(most));
        lines.back() += " …";
    }
    for (const std::string& each : lines) {
        text_within(x, baseline, room + 1, each, style);
        baseline += leading;
    }
    return baseline;
}

void Page::line(Point from, Point to, Colour colour, float thickness, bool dashed) {
    HPDF_Page page = document_->page;
    static constexpr HPDF_UINT16 dashes[] = {3, 2};
    if (dashed) HPDF_Page_SetDash(page, dashes, 2, 0);
    HPDF_Page_SetRGBStroke(page, colour.red, colour.green, colour.blue);
    HPDF_Page_SetLineWidth(page, thickness);
    HPDF_Page_MoveTo(page, from.x, height - from.y);
    HPDF_Page_LineTo(page, to.x, height - to.y);
    HPDF_Page_Stroke(page);
    if (dashed) HPDF_Page_SetDash(page, nullptr, 0, 0);
}

void Page::polyline(std::span<const Point> points, Colour colour, float thickness) {
    if (points.size() < 2) return;
    HPDF_Page page = document_->page;
    HPDF_Page_SetRGBStroke(page, colour.red, colour.green, colour.blue);
    HPDF_Page_SetLineWidth(page, thickness);
    HPDF_Page_SetLineJoin(page, HPDF_ROUND_JOIN);
    HPDF_Page_MoveTo(page, points[0].x, height - points[0].y);
    for (const Point& point : points.subspan(1)) HPDF_Page_LineTo(page, point.x, height - point.y);
    HPDF_Page_Stroke(page);
}

void Page::box(float x, float y, float box_width, float box_height, Colour fill) {
    HPDF_Page page = document_->page;
    HPDF_Page_SetRGBFill(page, fill.red, fill.green, fill.blue);
    HPDF_Page_Rectangle(page, x, height - y - box_height, box_width, box_height);
    HPDF_Page_Fill(page);
}

void Page::frame(float x, float y, float box_width, float box_height, Colour colour, float thickness) {
    HPDF_Page page = document_->page;
    HPDF_Page_SetRGBStroke(page, colour.red, colour.green, colour.blue);
    HPDF_Page_SetLineWidth(page, thickness);
    HPDF_Page_Rectangle(page, x, height - y - box_height, box_width, box_height);
    HPDF_Page_Stroke(page);
}

void Page::disc(Point centre, float radius, Colour fill) {
    HPDF_Page page = document_->page;
    HPDF_Page_SetRGBFill(page, fill.red, fill.green, fill.blue);
    HPDF_Page_Circle(page, centre.x, height - centre.y, radius);
    HPDF_Page_Fill(page);
}

void Page::cross(Point centre, float radius, Colour colour, float thickness) {
    line({centre.x - radius, centre.y - radius}, {centre.x + radius, centre.y + radius}, colour, thickness);
    line({centre.x - radius, centre.y + radius}, {centre.x + radius, centre.y - radius}, colour, thickness);
}

Result<void> Page::save(const std::string& path) {
    const auto failed = [&](const std::string& why) {
        return std::unexpected(Error{.message = "the report could not be written: " + why, .hint = "check the path, its rights and the room on the disk", .file = path});
    };
    HPDF_SaveToStream(document_->pdf);
    const Failure& failure = document_->failure;
    if (failure.code != 0) return failed(std::format("PDF library error 0x{:04X}, {}", failure.code, failure.detail));
    HPDF_ResetStream(document_->pdf);
    const std::string partial = path + ".partial";
    std::FILE* file = std::fopen(partial.c_str(), "wbe");
    if (!file) return failed(std::generic_category().message(errno));
    HPDF_BYTE buffer[1 << 14];
    bool whole = true;
    for (;;) {
        HPDF_UINT32 length = sizeof buffer;
        HPDF_ReadFromStream(document_->pdf, buffer, &length);
        if (length == 0) break;
        whole = whole && std::fwrite(buffer, 1, length, file) == length;
    }
    whole = std::fclose(file) == 0 && whole;
    const int cause = errno;
    if (whole && std::rename(partial.c_str(), path.c_str()) == 0) return {};
    const std::string why = std::generic_category().message(whole ? errno : cause);
    std::remove(partial.c_str());
    return failed(why);
}

}  // namespace accalmie::reports
