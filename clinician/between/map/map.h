// SPDX-License-Identifier: Apache-2.0
// Owns: the drawn map (assets/maps/francophone.json, written by assets/make/map.py from Natural Earth): frames, which are mainland France
// with Switzerland and an inset for each territory overseas and for Québec, laid out on one page; and where a latitude and a longitude lie on it.
// The page is 1 high and aspect() wide, y grows downwards. Each frame has its own equirectangular projection: a degree of longitude is
// drawn narrower by the cosine of the frame's middle latitude, so that shapes look right there; distances are not measured on the map.
// Limits: Natural Earth's countries have no provinces, so Québec is the part of Canada inside a box; a place outside every frame
// (Brussels is in, Algiers is not) has no position. Never: a network, a window. Errors: file and what to do. Thread: pure once loaded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "protocols/plan.h"

namespace accalmie::between {

struct PagePoint {
    float x = 0, y = 0;  // page units
    bool operator==(const PagePoint&) const = default;
};

struct PageRect {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool contains(PagePoint p) const { return p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1; }
};

enum class MapRole : std::uint8_t { neighbour, partner, home };  // drawn in this order; partner: Switzerland, Québec

struct MapOutline {                        // one island, or one country's part of a frame
    MapRole role = MapRole::neighbour;
    std::vector<PagePoint> ring;           // closed: the last point is joined to the first
    std::vector<std::uint16_t> triangles;  // of ring's points, three a triangle, made by the script: ImGui fills convex shapes only
};

struct MapFrame {
    std::string id;                        // "mainland", "la-reunion", ...
    protocols::Text name;
    std::string short_name;                // the same in both languages; where the name does not fit
    PageRect place;                        // with the strip that holds the name
    PageRect area;                         // where the land is drawn
    double south_deg = 0, north_deg = 0, west_deg = 0, east_deg = 0;
    std::vector<MapOutline> outlines;
};

struct MapPlace {
    std::size_t frame = 0;                 // of Map::frames()
    PagePoint at;
};

class Map {
public:
    static Result<Map> load(const std::string& root);                                     // of the shipped files (scenes::find_data_root)
    static Result<Map> parse(const std::string& json_text, const std::string& file);

    float aspect() const { return aspect_; }
    const PageRect& legend() const { return legend_; }                                    // room that no frame takes
    const std::string& source() const { return source_; }                                 // "Natural Earth (public domain) ...": shown under the map
    const std::vector<MapFrame>& frames() const { return frames_; }

    // An inset goes before the mainland; nothing when no frame shows the place.
    std::optional<MapPlace> place(double latitude_deg, double longitude_deg) const;

private:
    float aspect_ = 1;
    PageRect legend_;
    std::string source_;
    std::vector<MapFrame> frames_;
};

// What stands on the map. A mark is told by its shape as well as by its colour; both go into the legend.
enum class MarkShape : std::uint8_t { circle, square, diamond, triangle, triangle_down, hexagon };

struct MapMark {
    double latitude_deg = 0, longitude_deg = 0;
    MarkShape shape = MarkShape::circle;
    std::uint32_t rgb = 0x56B4E9;          // Okabe and Ito's colours stay apart for everybody
    float size = 1;                        // 1: the usual one
    std::string id;                        // what the hit test and the drawing give back
    std::string label;                     // a few words beside it; may be empty
};

// The corners of a mark of radius 1 around 0, y down; a circle has 20 of them.
std::vector<PagePoint> mark_corners(MarkShape shape);

}  // namespace accalmie::between
