// SPDX-License-Identifier: Apache-2.0
// Owns: how services look on the map: a shape and a colour for each type, the same in the console, in pictures and in their legends.
// Never: draws. Thread: pure.
#pragma once

#include <vector>

#include "clinician/between/directory/directory.h"
#include "clinician/between/map/map_svg.h"

namespace accalmie::between {

MarkShape shape_of(ServiceType type);
std::uint32_t rgb_of(ServiceType type);
float size_of(ServiceType type);
MapMark mark_of(const Service& service);  // of a service with a position

struct DirectoryPicture {
    std::vector<MapMark> marks;           // those that some frame shows
    std::size_t without_place = 0;        // found, but without a position or outside every frame; the picture's note says how many
    MapPicture picture;
};
DirectoryPicture directory_picture(const Map& map, const Directory& directory, const std::vector<FoundService>& found, const std::string& language);

}  // namespace accalmie::between
