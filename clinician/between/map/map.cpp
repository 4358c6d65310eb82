// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/map/map.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestFile = 4u << 20;

// The file is the product's own, but a damaged installation must say so rather than draw nonsense.
const json& member(const json& object, const char* name) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::optional<std::vector<double>> numbers(const json& list, std::size_t count) {
    if (!list.is_array() || (count != 0 && list.size() != count)) return std::nullopt;
    std::vector<double> out;
    for (const json& each : list) {
        if (!each.is_number() || !std::isfinite(each.get<double>())) return std::nullopt;
        out.push_back(each.get<double>());
    }
    return out;
}

std::optional<PageRect> rectangle(const json& list) {
    const auto v = numbers(list, 4);
    if (!v || (*v)[0] >= (*v)[2] || (*v)[1] >= (*v)[3]) return std::nullopt;
    return PageRect{static_cast<float>((*v)[0]), static_cast<float>((*v)[1]), static_cast<float>((*v)[2]), static_cast<float>((*v)[3])};
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// The script has given each frame bounds that fill its area under the projection, so one linear map places a point.
PagePoint on_page(const MapFrame& frame, double latitude_deg, double longitude_deg) {
    const double right = (longitude_deg - frame.west_deg) / (frame.east_deg - frame.west_deg);
    const double down = (frame.north_deg - latitude_deg) / (frame.north_deg - frame.south_deg);
    return {frame.area.x0 + static_cast<float>(right) * (frame.area.x1 - frame.area.x0), frame.area.y0 + static_cast<float>(down) * (frame.area.y1 - frame.area.y0)};
}

std::optional<MapOutline> read_outline(const MapFrame& frame, const json& shape) {
    MapOutline outline;
    const std::string role = text_of(member(shape, "role"));
    if (role != "home" && role != "partner" && role != "neighbour") return std::nullopt;
    outline.role = role == "home" ? MapRole::home : role == "partner" ? MapRole::partner : MapRole::neighbour;
    const auto ring = numbers(member(shape, "ring"), 0);
    if (!ring || ring->size() % 2 != 0 || ring->size() < 6 || ring->size() > 2 * 65'535) return std::nullopt;
    for (std::size_t i = 0; i < ring->size(); i += 2) outline.ring.push_back(on_page(frame, (*ring)[i + 1], (*ring)[i]));
    const json& triangles = member(shape, "triangles");
    if (!triangles.is_array() || triangles.size() % 3 != 0) return std::nullopt;
    for (const json& index : triangles) {
        if (!index.is_number_unsigned() || index.get<std::uint64_t>() >= outline.ring.size()) return std::nullopt;
        outline.triangles.push_back(index.get<std::uint16_t>());
    }
    return outline;
}

std::optional<MapFrame> read_frame(const json& object, float label_height) {
    MapFrame frame;
    frame.id = text_of(member(object, "id"));
    frame.name = {text_of(member(object, "en")), text_of(member(object, "fr"))};
    frame.short_name = text_of(member(object, "short"));
    const auto place = rectangle(member(object, "place"));
    const auto bounds = numbers(member(object, "bounds"), 4);
    const json& shapes = member(object, "shapes");
    if (frame.id.empty() || frame.name.en.empty() || frame.name.fr.empty() || frame.short_name.empty() || !place || !bounds || !shapes.is_array()) return std::nullopt;
    frame.place = *place;
    frame.area = *place;
    frame.area.y0 += label_height;
    frame.south_deg = (*bounds)[0];
    frame.north_deg = (*bounds)[1];
    frame.west_deg = (*bounds)[2];
    frame.east_deg = (*bounds)[3];
    if (frame.south_deg >= frame.north_deg || frame.west_deg >= frame.east_deg || frame.area.y0 >= frame.area.y1) return std::nullopt;
    for (const json& shape : shapes) {
        auto outline = read_outline(frame, shape);
        if (!outline) return std::nullopt;
        frame.outlines.push_back(*std::move(outline));
    }
    return frame;
}

}  // namespace

Result<Map> Map::load(const std::string& root) {
    const std::string file = root + "/assets/maps/francophone.json";
    auto text = read_text_file(file, kLargestFile);
    if (!text) return std::unexpected(text.error());
    return parse(*text, file);
}

Result<Map> Map::parse(const std::string& json_text, const std::string& file) {
    const auto broken = [&](std::string what) {
        return std::unexpected(Error{"the map cannot be read: " + std::move(what), "install the shipped file again, or write it with assets/make/map.py", file});
    };
    const json root = json::parse(json_text, nullptr, false);
    if (root.is_discarded()) return broken("it is not JSON");
    const json& aspect = member(root, "aspect");
    const json& label = member(root, "label");
    const json& frames = member(root, "frames");
    const auto legend = rectangle(member(root, "legend"));
    if (!aspect.is_number() || aspect.get<double>() <= 0 || !label.is_number() || !frames.is_array() || frames.empty() || !legend)
        return broken("its aspect, label, legend or frames are missing");
    Map map;
    map.aspect_ = aspect.get<float>();
    map.legend_ = *legend;
    map.source_ = text_of(member(root, "source"));
    for (std::size_t i = 0; i < frames.size(); ++i) {
        auto frame = read_frame(frames[i], label.get<float>());
        if (!frame) return broken("frame " + std::to_string(i + 1) + " is damaged");
        map.frames_.push_back(*std::move(frame));
    }
    return map;
}

std::optional<MapPlace> Map::place(double latitude_deg, double longitude_deg) const {
    // The mainland is first in the file; the insets are finer and go before it.
    for (std::size_t i = frames_.size(); i-- > 0;) {
        const MapFrame& frame = frames_[i];
        if (latitude_deg >= frame.south_deg && latitude_deg <= frame.north_deg && longitude_deg >= frame.west_deg && longitude_deg <= frame.east_deg)
            return MapPlace{i, on_page(frame, latitude_deg, longitude_deg)};
    }
    return std::nullopt;
}

std::vector<PagePoint> mark_corners(MarkShape shape) {
    const auto regular = [](int corners, float from, float radius) {
        std::vector<PagePoint> out;
        for (int i = 0; i < corners; ++i) {
            const float angle = from + 2 * std::numbers::pi_v<float> * static_cast<float>(i) / static_cast<float>(corners);
            out.push_back({radius * std::cos(angle), radius * std::sin(angle)});
        }
        return out;
    };
    constexpr float quarter = std::numbers::pi_v<float> / 2;
    switch (shape) {  // radii that give about the same area, so that none looks more important
        case MarkShape::circle: return regular(20, 0, 1.0f);
        case MarkShape::square: return regular(4, quarter / 2, 1.25f);
        case MarkShape::diamond: return regular(4, 0, 1.3f);
        case MarkShape::triangle: return regular(3, -quarter, 1.45f);
        case MarkShape::triangle_down: return regular(3, quarter, 1.45f);
        case MarkShape::hexagon: break;
    }
    return regular(6, 0, 1.1f);
}

}  // namespace accalmie::between
