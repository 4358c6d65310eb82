// SPDX-License-Identifier: Apache-2.0
// Owns: a small plot on ImDrawList: time along x, one value along y, shaded bands, marked lines, points of two shapes. What it shows is
// told by shape and dash as well as by colour. Never: keeps data. Units: milliseconds along x. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clinician/console/ui.h"

namespace accalmie::console {

struct PlotBand {
    std::int64_t from_ms = 0, to_ms = 0;
    ImU32 fill = 0;
    std::string label;      // written at the band's top where it fits
    std::string short_label;
};
struct PlotPoint {
    std::int64_t t_ms = 0;
    double value = 0;
    enum class Shape : std::uint8_t { circle, diamond, cross } shape = Shape::circle;  // cross: no value, stands on the axis
};
struct PlotLine {  // horizontal
    double value = 0;
    ImU32 ink = 0;
    bool dotted = false;    // else dashed
};
struct Plot {
    std::int64_t last_ms = 600'000;   // the axis reaches at least here, to a round number
    double minimum = 0, maximum = 100;
    std::vector<PlotBand> bands;
    std::vector<PlotPoint> points;    // in time order; values are joined by a line
    std::vector<PlotLine> lines;
    std::int64_t now_ms = -1;         // -1: no cursor
};

// A round number of milliseconds between ticks, so that about `wanted` of them fit.
std::int64_t tick_step_ms(std::int64_t span_ms, int wanted);
// Where the axis ends: at a tick, not before `until_ms`, for a plot of this width.
struct Axis {
    std::int64_t end_ms, tick_ms;
};
Axis axis_to(std::int64_t until_ms, int wanted);
// Of many points in one column of pixels only the first, lowest, highest and last are kept: the picture is the same.
std::vector<PlotPoint> decimate(const std::vector<PlotPoint>& points, std::int64_t ms_per_pixel);
void draw_plot(Ui& ui, Rect rect, Plot plot);
void draw_point(ImDrawList& draw, PlotPoint::Shape shape, ImVec2 at, float size, ImU32 ground);
void dashed_line(ImDrawList& draw, ImVec2 from, ImVec2 to, ImU32 ink, float weight, float dash, float gap);

}  // namespace accalmie::console
