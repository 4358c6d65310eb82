// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/directory/map_marks.h"

#include <algorithm>
#include <array>
#include <format>

namespace accalmie::between {
namespace {

struct Look {
    MarkShape shape;
    std::uint32_t rgb;
};
// Okabe and Ito's colours. No two types share a shape; "other" is a small grey circle.
constexpr std::array<Look, kServiceTypes> kLooks{{{MarkShape::circle, 0x56B4E9},
                                                  {MarkShape::diamond, 0xF0E442},
                                                  {MarkShape::square, 0x009E73},
                                                  {MarkShape::triangle, 0xE69F00},
                                                  {MarkShape::hexagon, 0xCC79A7},
                                                  {MarkShape::triangle_down, 0xD55E00},
                                                  {MarkShape::circle, 0xB2BFC7}}};

}  // namespace

MarkShape shape_of(ServiceType type) { return kLooks[static_cast<std::size_t>(type)].shape; }
std::uint32_t rgb_of(ServiceType type) { return kLooks[static_cast<std::size_t>(type)].rgb; }
float size_of(ServiceType type) { return type == ServiceType::other ? 0.65f : 1.0f; }

MapMark mark_of(const Service& service) {
    return {.latitude_deg = service.latitude_deg.value_or(0), .longitude_deg = service.longitude_deg.value_or(0), .shape = shape_of(service.type), .rgb = rgb_of(service.type),
            .size = size_of(service.type), .id = service.id, .label = std::format("{}, {}", service.name, service.town)};
}

DirectoryPicture directory_picture(const Map& map, const Directory& directory, const std::vector<FoundService>& found, const std::string& language) {
    DirectoryPicture out;
    std::array<bool, kServiceTypes> used{};
    for (const FoundService& hit : found) {
        const Service& service = directory.services[hit.index];
        const auto at = position_of(service);
        if (!at || !map.place(at->latitude_deg, at->longitude_deg)) {
            ++out.without_place;
            continue;
        }
        out.marks.push_back(mark_of(service));
        used[static_cast<std::size_t>(service.type)] = true;
    }
    const bool french = language.starts_with("fr");
    for (int i = 0; i < kServiceTypes; ++i) {
        const auto type = static_cast<ServiceType>(i);
        if (used[static_cast<std::size_t>(i)]) out.picture.legend.push_back({shape_of(type), rgb_of(type), std::string(name_of(type) == "OTHER" ? (french ? "Autre" : "Other") :
                                                                             name_of(type) == "HOSPITAL" ? (french ? "Hôpital" : "Hospital") : name_of(type)), size_of(type)});
    }
    out.picture.language = language;
    out.picture.title = french ? "Où adresser : les services de l’annuaire" : "Where to refer: the services of the directory";
    out.picture.note = french ? std::format("Annuaire version {} ; {} services sur la carte, {} sans place sur elle.", directory.about.version, out.marks.size(), out.without_place)
                              : std::format("Directory version {}; {} services on the map, {} without a place on it.", directory.about.version, out.marks.size(), out.without_place);
    return out;
}

}  // namespace accalmie::between
