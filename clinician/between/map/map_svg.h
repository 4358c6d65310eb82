// SPDX-License-Identifier: Apache-2.0
// Owns: the map with its marks as an SVG picture that any browser opens. Never: a script, a font or a picture from elsewhere in it.
// Errors: a file that cannot be written. Thread: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "clinician/between/map/map.h"

namespace accalmie::between {

struct LegendLine {
    MarkShape shape = MarkShape::circle;
    std::uint32_t rgb = 0;
    std::string words;
    float size = 1;
};

struct MapPicture {
    std::string title;
    std::vector<LegendLine> legend;
    std::string note;                // one line under the map; the source of the outlines is added
    std::string language = "fr";     // of the frames' names
    int height_px = 900;             // of the page; labels and marks keep their size
};

// Marks that no frame shows are left out; the caller counts them with Map::place and says so in `note`.
std::string map_svg(const Map& map, std::span<const MapMark> marks, const MapPicture& picture);

}  // namespace accalmie::between
