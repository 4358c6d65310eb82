// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/map_view.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace accalmie::console {
namespace {

using between::Map;
using between::MapFrame;
using between::MapMark;
using between::MapOutline;
using between::MapRole;
using between::PagePoint;
using between::PageRect;

constexpr ImU32 kSea = IM_COL32(17, 26, 33, 255), kHome = IM_COL32(58, 84, 96, 255), kPartner = IM_COL32(84, 79, 58, 255), kNear = IM_COL32(29, 38, 45, 255);
constexpr ImU32 kHomeEdge = IM_COL32(128, 164, 178, 255), kPartnerEdge = IM_COL32(171, 160, 116, 255), kNearEdge = IM_COL32(52, 66, 76, 255);

struct Canvas {
    float left, top, scale;
    ImVec2 at(PagePoint p) const { return {left + p.x * scale, top + p.y * scale}; }
    Rect at(const PageRect& r) const { return {left + r.x0 * scale, top + r.y0 * scale, left + r.x1 * scale, top + r.y1 * scale}; }
};

Canvas fit(const Rect& place, float aspect) {
    const float scale = std::min(place.height(), place.width() / aspect);
    return {std::floor(place.x0 + (place.width() - scale * aspect) / 2), std::floor(place.y0 + (place.height() - scale) / 2), scale};
}

// Written straight into the list: ImGui's own triangles have soft edges, which show as seams between neighbours.
void fill(ImDrawList& draw, const Canvas& canvas, const MapOutline& outline, ImU32 ink) {
    if (outline.triangles.empty()) return;
    draw.PrimReserve(static_cast<int>(outline.triangles.size()), static_cast<int>(outline.ring.size()));
    const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
    const auto first = draw._VtxCurrentIdx;
    for (const std::uint16_t index : outline.triangles) draw.PrimWriteIdx(static_cast<ImDrawIdx>(first + index));
    for (const PagePoint& point : outline.ring) draw.PrimWriteVtx(canvas.at(point), white, ink);
}

// What the frame cut off is not a coast: an edge along the frame is not drawn.
bool along_frame(const PageRect& area, PagePoint a, PagePoint b) {
    const auto same = [](float u, float v, float bound) { return std::abs(u - bound) < 2e-4f && std::abs(v - bound) < 2e-4f; };
    return same(a.x, b.x, area.x0) || same(a.x, b.x, area.x1) || same(a.y, b.y, area.y0) || same(a.y, b.y, area.y1);
}

void stroke(ImDrawList& draw, const Canvas& canvas, const PageRect& area, const MapOutline& outline, ImU32 ink, float weight) {
    std::vector<ImVec2> path;
    const auto flush = [&] {
        if (path.size() > 1) draw.AddPolyline(path.data(), static_cast<int>(path.size()), ink, 0, weight);
        path.clear();
    };
    for (std::size_t i = 0; i < outline.ring.size(); ++i) {
        const PagePoint from = outline.ring[i], to = outline.ring[(i + 1) % outline.ring.size()];
        if (path.empty()) path.push_back(canvas.at(from));
        if (along_frame(area, from, to)) flush();
        else path.push_back(canvas.at(to));
    }
    flush();
}

void draw_frame(Ui& ui, const Canvas& canvas, const MapFrame& frame) {
    ImDrawList& draw = ui.draw();
    const Rect area = canvas.at(frame.area);
    draw.AddRectFilled(area.min(), area.max(), kSea, ui.px(4));
    draw.PushClipRect(area.min(), area.max(), true);
    for (const MapOutline& outline : frame.outlines) {
        const bool home = outline.role == MapRole::home, partner = outline.role == MapRole::partner;
        fill(draw, canvas, outline, home ? kHome : partner ? kPartner : kNear);
        stroke(draw, canvas, frame.area, outline, home ? kHomeEdge : partner ? kPartnerEdge : kNearEdge, ui.px(home || partner ? 1.2f : 1.0f));
    }
    draw.PopClipRect();
    draw.AddRect(area.min(), area.max(), colour::outline, ui.px(4));
    const Rect place = canvas.at(frame.place);
    const ImU32 before = ui.ground();
    const std::string& name = frame.name.in(ui.language().code());
    const bool fits = ui.fonts().small->CalcTextSizeA(ui.fonts().small->FontSize, FLT_MAX, 0, name.c_str()).x <= place.width();
    ui.text({place.x0, area.y0 - ui.line(ui.fonts().small), place.x1, area.y0}, fits ? name : frame.short_name,
            {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
    ui.set_ground(before);
}

void draw_label(Ui& ui, const Canvas& canvas, const Map& map, const MapMark& mark, ImVec2 at, float radius) {
    if (mark.label.empty()) return;
    ImFont* font = ui.fonts().small_strong;
    const float width = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, mark.label.c_str()).x + ui.px(16), height = ui.line(font) + ui.px(6);
    const float right_edge = canvas.left + map.aspect() * canvas.scale;
    const float left = std::clamp(at.x + radius + ui.px(6), canvas.left, std::max(canvas.left, right_edge - width));
    const float top = std::max(canvas.top, at.y - radius - height - ui.px(2));
    const Rect box{left, top, left + width, top + height};
    const ImU32 before = ui.ground();
    ui.surface(box, colour::ground, 5, colour::outline);
    ui.text(box.inset(ui.px(8), ui.px(3)), mark.label, {.font = font, .data = true});
    ui.set_ground(before);
}

}  // namespace

void draw_mark(ImDrawList& draw, between::MarkShape shape, std::uint32_t rgb, ImVec2 at, float radius, ImU32 outline) {
    std::array<ImVec2, 20> corners;
    std::size_t count = 0;
    for (const PagePoint& corner : between::mark_corners(shape)) corners[count++] = {at.x + corner.x * radius, at.y + corner.y * radius};
    const ImU32 ink = IM_COL32(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, 255);
    draw.AddConvexPolyFilled(corners.data(), static_cast<int>(count), ink);
    draw.AddPolyline(corners.data(), static_cast<int>(count), outline, ImDrawFlags_Closed, std::max(1.0f, radius * 0.25f));
}

MapHit draw_map(Ui& ui, const Rect& place, const Map& map, std::span<const MapMark> marks, const std::string& selected) {
    const Canvas canvas = fit(place, map.aspect());
    for (const MapFrame& frame : map.frames()) draw_frame(ui, canvas, frame);

    MapHit hit;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    float nearest = ui.px(12) * ui.px(12);
    std::vector<std::optional<ImVec2>> at(marks.size());
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const auto found = map.place(marks[i].latitude_deg, marks[i].longitude_deg);
        if (!found) continue;
        at[i] = canvas.at(found->at);
        const float dx = mouse.x - at[i]->x, dy = mouse.y - at[i]->y;
        if (dx * dx + dy * dy < nearest) {
            nearest = dx * dx + dy * dy;
            hit.hovered = i;
        }
    }
    if (!place.contains(mouse)) hit.hovered.reset();
    if (hit.hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) hit.clicked = hit.hovered;

    const auto radius = [&](std::size_t i) { return ui.px(6.0f) * marks[i].size; };
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (at[i]) draw_mark(ui.draw(), marks[i].shape, marks[i].rgb, *at[i], radius(i), kSea);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const bool chosen = !selected.empty() && marks[i].id == selected;
        if (!at[i] || (!chosen && hit.hovered != i)) continue;
        draw_mark(ui.draw(), marks[i].shape, marks[i].rgb, *at[i], radius(i) * 1.5f, colour::white);
        draw_label(ui, canvas, map, marks[i], *at[i], radius(i) * 1.5f);
    }
    ui.record({.id = "map", .role = Role::picture, .rect = place, .label = map.source(), .data = true});
    return hit;
}

}  // namespace accalmie::console
