// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace accalmie::console {

std::int64_t tick_step_ms(std::int64_t span_ms, int wanted) {
    constexpr std::array<std::int64_t, 10> minutes{1, 2, 5, 10, 15, 20, 30, 60, 120, 240};
    for (const std::int64_t m : minutes)
        if (span_ms / (m * 60'000) <= wanted) return m * 60'000;
    return minutes.back() * 60'000;
}

Axis axis_to(std::int64_t until_ms, int wanted) {
    // Rounding up to a tick may ask for wider ticks, never for narrower ones: so this ends.
    for (std::int64_t step = tick_step_ms(until_ms, wanted);;) {
        const std::int64_t end = (until_ms + step - 1) / step * step, wider = tick_step_ms(end, wanted);
        if (wider <= step) return {end, step};
        step = wider;
    }
}

std::vector<PlotPoint> decimate(const std::vector<PlotPoint>& points, std::int64_t ms_per_pixel) {
    if (ms_per_pixel <= 0) return points;
    std::vector<PlotPoint> kept;
    for (std::size_t i = 0; i < points.size();) {
        std::size_t end = i;
        while (end < points.size() && points[end].t_ms / ms_per_pixel == points[i].t_ms / ms_per_pixel) ++end;
        const auto first = points.begin() + static_cast<std::ptrdiff_t>(i), last = points.begin() + static_cast<std::ptrdiff_t>(end);
        const auto [low, high] = std::minmax_element(first, last, [](const auto& a, const auto& b) { return a.value < b.value; });
        for (auto p = first; p != last; ++p)
            if (p == first || p == low || p == high || p + 1 == last) kept.push_back(*p);
        i = end;
    }
    return kept;
}

void dashed_line(ImDrawList& draw, ImVec2 from, ImVec2 to, ImU32 ink, float weight, float dash, float gap) {
    const float dx = to.x - from.x, dy = to.y - from.y, length = std::sqrt(dx * dx + dy * dy);
    if (length <= 0) return;
    for (float at = 0; at < length; at += dash + gap) {
        const float end = std::min(at + dash, length);
        draw.AddLine({from.x + dx * at / length, from.y + dy * at / length}, {from.x + dx * end / length, from.y + dy * end / length}, ink, weight);
    }
}

void draw_point(ImDrawList& draw, PlotPoint::Shape shape, ImVec2 at, float size, ImU32 ground) {
    switch (shape) {
        case PlotPoint::Shape::circle:
            draw.AddCircleFilled(at, size * 0.5f, colour::sky, 20);
            draw.AddCircle(at, size * 0.5f, ground, 20, size * 0.14f);
            break;
        case PlotPoint::Shape::diamond: {
            const float r = size * 0.62f;
            draw.AddQuadFilled({at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}, colour::yellow);
            draw.AddQuad({at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}, ground, size * 0.14f);
            break;
        }
        case PlotPoint::Shape::cross: {
            const float r = size * 0.42f;
            draw.AddLine({at.x - r, at.y - r}, {at.x + r, at.y + r}, colour::ink_soft, size * 0.18f);
            draw.AddLine({at.x - r, at.y + r}, {at.x + r, at.y - r}, colour::ink_soft, size * 0.18f);
            break;
        }
    }
}

namespace {

struct Frame {
    Rect area;
    const Plot& plot;
    std::int64_t tick_ms;
    float x(std::int64_t t_ms) const {
        return area.x0 + area.width() * static_cast<float>(std::clamp<std::int64_t>(t_ms, 0, plot.last_ms)) / static_cast<float>(plot.last_ms);
    }
    float y(double value) const {
        const double ratio = (value - plot.minimum) / std::max(1e-9, plot.maximum - plot.minimum);
        return area.y1 - area.height() * static_cast<float>(std::clamp(ratio, 0.0, 1.0));
    }
};

int ticks_of(const Ui& ui, const Rect& area) { return std::max(1, static_cast<int>(area.width() / ui.px(58))); }

void axes(Ui& ui, const Frame& frame) {
    const Plot& plot = frame.plot;
    ImDrawList& draw = ui.draw();
    const float small = ui.line(ui.fonts().small);
    const int parts = frame.area.height() > ui.px(150) ? 4 : 2;
    for (int i = 0; i <= parts; ++i) {
        const double value = plot.minimum + (plot.maximum - plot.minimum) * i / parts;
        const float y = std::round(frame.y(value));
        draw.AddLine({frame.area.x0, y}, {frame.area.x1, y}, with_alpha(colour::outline, i == 0 ? 1.0f : 0.6f));
        ui.text({frame.area.x0 - ui.px(40), y - small / 2, frame.area.x0 - ui.px(8), y + small / 2}, std::to_string(std::lround(value)),
                {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .data = true});
    }
    const std::int64_t step = frame.tick_ms;
    for (std::int64_t t = 0; t <= plot.last_ms; t += step) {
        const float x = std::round(frame.x(t));
        draw.AddLine({x, frame.area.y1}, {x, frame.area.y1 + ui.px(5)}, colour::outline);
        const bool last = t == plot.last_ms;  // the last one carries the unit
        ui.text({x - ui.px(44), frame.area.y1 + ui.px(5), last ? frame.area.x1 + ui.px(8) : x + ui.px(44), frame.area.y1 + ui.px(30)},
                std::to_string(t / 60'000) + (last ? " min" : ""),
                {.font = ui.fonts().small, .ink = colour::ink_soft, .align = last ? Align::right : Align::center, .data = true});
    }
}

void bands(Ui& ui, const Frame& frame) {
    ImDrawList& draw = ui.draw();
    ImFont* font = ui.fonts().small;
    for (const PlotBand& band : frame.plot.bands) {
        const float x0 = frame.x(band.from_ms), x1 = frame.x(band.to_ms);
        draw.AddRectFilled({x0, frame.area.y0}, {x1, frame.area.y1}, band.fill);
        draw.AddLine({x0, frame.area.y0}, {x0, frame.area.y1}, with_alpha(colour::ink_faint, 0.35f));
        for (const std::string& label : {band.label, band.short_label}) {
            const float width = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, label.c_str()).x;
            if (label.empty() || width + ui.px(6) > x1 - x0) continue;
            draw.AddText(font, font->FontSize, {x0 + ui.px(4), frame.area.y0 - ui.px(19)}, colour::ink_soft, label.c_str());
            ui.record({.role = Role::text, .rect = {x0, frame.area.y0 - ui.px(20), x1, frame.area.y0}, .label = label, .data = true,
                       .ink = colour::ink_soft, .ground = colour::panel});
            break;
        }
    }
}

void curve(Ui& ui, const Frame& frame) {
    ImDrawList& draw = ui.draw();
    const auto per_pixel = frame.plot.last_ms / std::max<std::int64_t>(1, static_cast<std::int64_t>(frame.area.width()));
    std::vector<PlotPoint> values, crosses;
    for (const PlotPoint& point : frame.plot.points) (point.shape == PlotPoint::Shape::cross ? crosses : values).push_back(point);
    values = decimate(values, per_pixel);
    std::vector<ImVec2> path;
    for (const PlotPoint& point : values) path.push_back({frame.x(point.t_ms), frame.y(point.value)});
    draw.AddPolyline(path.data(), static_cast<int>(path.size()), colour::sky, 0, ui.px(2.5f));
    const bool dense = static_cast<float>(values.size()) > frame.area.width() / ui.px(7);
    for (std::size_t i = 0; i < values.size(); ++i) draw_point(draw, values[i].shape, path[i], ui.px(dense ? 7.0f : 10.0f), colour::panel);
    for (const PlotPoint& point : crosses) draw_point(draw, point.shape, {frame.x(point.t_ms), frame.area.y1 - ui.px(8)}, ui.px(11), colour::panel);
}

}  // namespace

void draw_plot(Ui& ui, Rect rect, Plot plot) {
    const Rect area{rect.x0 + ui.px(38), rect.y0 + ui.px(22), rect.x1 - ui.px(10), rect.y1 - ui.px(28)};
    const Axis axis = axis_to(plot.last_ms, ticks_of(ui, area));
    plot.last_ms = axis.end_ms;
    const Frame frame{area, plot, axis.tick_ms};
    ImDrawList& draw = ui.draw();
    draw.PushClipRect({area.x0 - ui.px(1), area.y0 - ui.px(20)}, {area.x1 + ui.px(6), area.y1 + ui.px(1)}, true);
    bands(ui, frame);
    draw.PopClipRect();
    axes(ui, frame);
    for (const PlotLine& line : plot.lines) {
        const float y = std::round(frame.y(line.value));
        dashed_line(draw, {area.x0, y}, {area.x1, y}, line.ink, ui.px(2), ui.px(line.dotted ? 2.0f : 9.0f), ui.px(5));
    }
    if (plot.now_ms >= 0) {
        const float x = std::round(frame.x(plot.now_ms));
        draw.AddLine({x, area.y0}, {x, area.y1}, colour::ink, ui.px(1));
        draw.AddTriangleFilled({x - ui.px(5), area.y0 - ui.px(6)}, {x + ui.px(5), area.y0 - ui.px(6)}, {x, area.y0 + ui.px(2)}, colour::ink);
    }
    curve(ui, frame);
}

}  // namespace accalmie::console
