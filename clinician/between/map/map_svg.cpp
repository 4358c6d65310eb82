// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/map/map_svg.h"

#include <algorithm>
#include <format>

namespace accalmie::between {
namespace {

constexpr float kMark_px = 7, kTitle_px = 54, kFoot_px = 44, kMargin_px = 18;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) out += c;  // control characters are not XML
        }
    }
    return out;
}

struct Drawing {
    const Map& map;
    float scale;
    std::string out;

    float x(float page) const { return kMargin_px + page * scale; }
    float y(float page) const { return kTitle_px + page * scale; }

    void text(float at_x, float at_y, float size, std::string_view style, std::string_view words) {
        out += std::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.0f}\"{}>{}</text>\n", at_x, at_y, size, style, escaped(words));
    }
    void mark(MarkShape shape, std::uint32_t rgb, float at_x, float at_y, float radius) {
        out += "<polygon points=\"";
        for (const PagePoint& corner : mark_corners(shape)) out += std::format("{:.1f},{:.1f} ", at_x + corner.x * radius, at_y + corner.y * radius);
        out += std::format("\" fill=\"#{:06x}\" stroke=\"#1a1a1a\" stroke-width=\"1\"/>\n", rgb & 0xFFFFFF);
    }
};

void draw_frame(Drawing& drawing, const MapFrame& frame, std::size_t index, const std::string& language) {
    const PageRect& area = frame.area;
    drawing.text(drawing.x(frame.place.x0) + 2, drawing.y(area.y0) - 8, 15, " class=\"frame\"", frame.name.in(language));
    const std::string box = std::format("x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"", drawing.x(area.x0), drawing.y(area.y0),
                                        (area.x1 - area.x0) * drawing.scale, (area.y1 - area.y0) * drawing.scale);
    drawing.out += std::format("<clipPath id=\"f{}\"><rect {}/></clipPath>\n<rect {} class=\"sea\"/>\n<g clip-path=\"url(#f{})\">\n", index, box, box, index);
    for (const MapOutline& outline : frame.outlines) {
        const char* role = outline.role == MapRole::home ? "home" : outline.role == MapRole::partner ? "partner" : "near";
        drawing.out += std::format("<polygon class=\"{}\" points=\"", role);
        for (const PagePoint& point : outline.ring) drawing.out += std::format("{:.1f},{:.1f} ", drawing.x(point.x), drawing.y(point.y));
        drawing.out += "\"/>\n";
    }
    drawing.out += std::format("</g>\n<rect {} class=\"edge\"/>\n", box);
}

}  // namespace

std::string map_svg(const Map& map, std::span<const MapMark> marks, const MapPicture& picture) {
    Drawing drawing{map, static_cast<float>(picture.height_px), {}};
    const float width = map.aspect() * drawing.scale + 2 * kMargin_px, height = drawing.scale + kTitle_px + kFoot_px;
    drawing.out = std::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"Inter, 'DejaVu Sans', sans-serif\" "
        "role=\"img\" aria-label=\"{2}\">\n<title>{2}</title>\n"
        "<style>.sea{{fill:#eef4f8}}.edge{{fill:none;stroke:#9fb0bb}}.home{{fill:#cfdde0;stroke:#5d7780}}.partner{{fill:#e4dfcb;stroke:#8c8468}}"
        ".near{{fill:#f7f7f4;stroke:#d5d8d6}}.frame{{fill:#34444d}}.label{{fill:#1a1a1a;stroke:#ffffff;stroke-width:3;paint-order:stroke}}</style>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        width, height, escaped(picture.title));
    drawing.text(kMargin_px, 36, 24, " font-weight=\"600\" fill=\"#1a1a1a\"", picture.title);
    for (std::size_t i = 0; i < map.frames().size(); ++i) draw_frame(drawing, map.frames()[i], i, picture.language);

    for (const MapMark& mark : marks) {
        const auto place = map.place(mark.latitude_deg, mark.longitude_deg);
        if (!place) continue;
        const float x = drawing.x(place->at.x), y = drawing.y(place->at.y);
        drawing.out += std::format("<g><title>{}</title>", escaped(mark.label.empty() ? mark.id : mark.label));
        drawing.mark(mark.shape, mark.rgb, x, y, kMark_px * mark.size);
        drawing.out += "</g>\n";
    }

    float y = drawing.y(map.legend().y0) + 26;
    const float x = drawing.x(map.legend().x0);
    for (const LegendLine& line : picture.legend) {
        drawing.mark(line.shape, line.rgb, x + kMark_px + 2, y - 5, kMark_px * line.size);
        drawing.text(x + 3 * kMark_px + 4, y, 14, " fill=\"#1a1a1a\"", line.words);
        y += 23;
    }
    if (!picture.note.empty()) drawing.text(kMargin_px, height - 24, 13, " fill=\"#34444d\"", picture.note);
    drawing.text(kMargin_px, height - 8, 11, " fill=\"#6b7b84\"", map.source());
    drawing.out += "</svg>\n";
    return drawing.out;
}

}  // namespace accalmie::between
