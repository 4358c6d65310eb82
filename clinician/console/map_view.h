// SPDX-License-Identifier: Apache-2.0
// Owns: drawing the map and its marks in the console, and telling which mark the mouse is on. Frames keep their proportions and are
// centred in the place. Never: keeps state. Units: pixels. Thread: the console's one thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "clinician/between/map/map.h"
#include "clinician/console/ui.h"

namespace accalmie::console {

struct MapHit {
    std::optional<std::size_t> hovered;  // of `marks`
    std::optional<std::size_t> clicked;
};

// `selected` is a mark's id, or empty. Near marks do not hide one another completely: the hovered and the selected are drawn last, and
// the smallest distance to the mouse decides. The label of the hovered and the selected mark is written beside it.
MapHit draw_map(Ui& ui, const Rect& place, const between::Map& map, std::span<const between::MapMark> marks, const std::string& selected);

void draw_mark(ImDrawList& draw, between::MarkShape shape, std::uint32_t rgb, ImVec2 at, float radius, ImU32 outline);

}  // namespace accalmie::console
