// SPDX-License-Identifier: Apache-2.0
// The drawn map: where places lie on it, that its shapes are whole, and its picture.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>

#include "clinician/between/directory/directory_file.h"
#include "clinician/between/map/map_svg.h"

namespace accalmie::between {
namespace {

using Catch::Matchers::WithinAbs;

const Map& shipped() {
    static const auto map = Map::load(ACCALMIE_SOURCE_DIR);
    REQUIRE(map);
    return *map;
}

// Even-odd rule.
bool inside(const MapOutline& outline, PagePoint p) {
    bool in = false;
    for (std::size_t i = 0, j = outline.ring.size() - 1; i < outline.ring.size(); j = i++) {
        const PagePoint a = outline.ring[i], b = outline.ring[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) in = !in;
    }
    return in;
}

double area_of(const std::vector<PagePoint>& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const PagePoint a = ring[i], b = ring[(i + 1) % ring.size()];
        sum += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
    }
    return std::abs(sum) / 2;
}

}  // namespace

TEST_CASE("known towns lie in their frame, on land", "[map]") {
    const struct {
        const char* frame;
        double latitude_deg, longitude_deg;
    } towns[] = {{"mainland", 48.8566, 2.3522},    {"mainland", 45.7640, 4.8357},      {"mainland", 46.9480, 7.4474},          {"mainland", 42.3, 9.15},
                 {"guadeloupe", 16.05, -61.67},    {"martinique", 14.70, -61.05},      {"guyane", 4.0, -53.0},                 {"la-reunion", -21.11, 55.53},
                 {"mayotte", -12.80, 45.15},       {"saint-pierre-et-miquelon", 47.04, -56.33}, {"polynesie", -17.65, -149.45}, {"nouvelle-caledonie", -21.3, 165.4},
                 {"wallis-et-futuna", -13.28, -176.17}, {"quebec", 48.5, -72.5}};
    for (const auto& town : towns) {
        INFO(town.frame << " " << town.latitude_deg << " " << town.longitude_deg);
        const auto place = shipped().place(town.latitude_deg, town.longitude_deg);
        REQUIRE(place);
        const MapFrame& frame = shipped().frames()[place->frame];
        CHECK(frame.id == town.frame);
        CHECK(frame.area.contains(place->at));
        bool on_land = false;
        for (const MapOutline& outline : frame.outlines) on_land = on_land || (outline.role != MapRole::neighbour && inside(outline, place->at));
        CHECK(on_land);
    }
}

TEST_CASE("east is right, north is up, and a place that no frame shows has no position", "[map]") {
    const auto paris = shipped().place(48.8566, 2.3522), strasbourg = shipped().place(48.5734, 7.7521), marseille = shipped().place(43.2965, 5.3698);
    REQUIRE((paris && strasbourg && marseille));
    CHECK(strasbourg->at.x > paris->at.x);
    CHECK(marseille->at.y > paris->at.y);
    CHECK_FALSE(shipped().place(36.75, 3.06));
    CHECK_FALSE(shipped().place(NAN, 2));
}

TEST_CASE("a kilometre is as long to the east as to the north, in the middle of each frame", "[map]") {
    for (const MapFrame& frame : shipped().frames()) {
        INFO(frame.id);
        const double latitude = (frame.south_deg + frame.north_deg) / 2, longitude = (frame.west_deg + frame.east_deg) / 2, step = (frame.north_deg - frame.south_deg) / 20;
        const auto middle = shipped().place(latitude, longitude), north = shipped().place(latitude + step, longitude), east = shipped().place(latitude, longitude + step);
        REQUIRE((middle && north && east));
        const double up = middle->at.y - north->at.y, right = east->at.x - middle->at.x;
        CHECK_THAT(right / up, WithinAbs(distance_km({latitude, longitude}, {latitude, longitude + step}) / distance_km({latitude, longitude}, {latitude + step, longitude}), 0.01));
    }
}

TEST_CASE("the frames lie on the page and do not cover one another or the legend", "[map]") {
    std::vector<PageRect> places{shipped().legend()};
    for (const MapFrame& frame : shipped().frames()) places.push_back(frame.place);
    CHECK(places.size() == 13);
    for (std::size_t i = 0; i < places.size(); ++i) {
        CHECK(places[i].x0 >= 0);
        CHECK(places[i].y0 >= 0);
        CHECK(places[i].x1 <= shipped().aspect() + 1e-4f);
        CHECK(places[i].y1 <= 1 + 1e-4f);
        for (std::size_t j = 0; j < i; ++j) {
            const bool apart = places[i].x1 <= places[j].x0 || places[j].x1 <= places[i].x0 || places[i].y1 <= places[j].y0 || places[j].y1 <= places[i].y0;
            CHECK(apart);
        }
    }
}

TEST_CASE("the triangles of each frame fill its outlines and no more", "[map]") {
    for (const MapFrame& frame : shipped().frames()) {
        double outlines = 0, triangles = 0;
        for (const MapOutline& outline : frame.outlines) {
            outlines += area_of(outline.ring);
            for (std::size_t i = 0; i + 2 < outline.triangles.size(); i += 3)
                triangles += area_of({outline.ring[outline.triangles[i]], outline.ring[outline.triangles[i + 1]], outline.ring[outline.triangles[i + 2]]});
        }
        INFO(frame.id << " " << outlines << " " << triangles);
        CHECK(outlines > 0);
        CHECK_THAT(triangles / outlines, WithinAbs(1, 0.01));
    }
}

TEST_CASE("a damaged map says what is wrong instead of drawing nonsense", "[map]") {
    const std::string start = R"({"aspect":1,"label":0.1,"legend":[0,0,1,1],"frames":[{"id":"a","en":"A","fr":"A","short":"A","place":[0,0,1,1],"bounds":[0,1,0,1],"shapes":[)";
    const auto shape = [](const std::string& ring, const std::string& triangles) { return R"({"role":"home","ring":)" + ring + R"(,"triangles":)" + triangles + "}"; };
    REQUIRE(Map::parse(start + shape("[0,0,1,0,1,1]", "[0,1,2]") + "]}]}", "m.json"));
    for (const std::string& text : {std::string("{"), std::string("[]"), start + shape("[0,0,1,0,1,1]", "[0,1,3]") + "]}]}", start + shape("[0,0,1,0,1]", "[]") + "]}]}",
                                    start + shape("[0,0,1,0,1,1]", "[0,1]") + "]}]}", start + shape("[0,0,1,\"x\",1,1]", "[0,1,2]") + "]}]}"}) {
        const auto map = Map::parse(text, "m.json");
        INFO(text);
        REQUIRE_FALSE(map);
        CHECK(map.error().file == "m.json");
        CHECK_FALSE(map.error().hint.empty());
    }
}

TEST_CASE("every sample service lands inside a frame, on its area", "[map][directory]") {
    auto table = read_csv_table(ACCALMIE_SOURCE_DIR "/assets/samples/services.csv");
    REQUIRE(table);
    const auto file = read_directory_file(*table);
    REQUIRE(file);
    std::vector<bool> used(shipped().frames().size(), false);
    for (const Service& service : file->services) {
        INFO(service.name << " " << service.town);
        const auto at = position_of(service);
        REQUIRE(at);
        const auto place = shipped().place(at->latitude_deg, at->longitude_deg);
        REQUIRE(place);
        used[place->frame] = true;
    }
    CHECK(std::ranges::all_of(used, [](bool each) { return each; }));
}

TEST_CASE("the picture shows each mark once, its legend and its title, and escapes what people wrote", "[map]") {
    const std::vector<MapMark> marks{{.latitude_deg = 48.85, .longitude_deg = 2.35, .shape = MarkShape::square, .id = "1", .label = "A <b> & \"c\""},
                                     {.latitude_deg = 36.75, .longitude_deg = 3.06, .id = "2", .label = "not on the map"}};
    const auto svg = map_svg(shipped(), marks, {.title = "Où & quand", .legend = {{MarkShape::square, 0x009E73, "CSAPA"}}, .note = "une note", .language = "fr"});
    CHECK(svg.starts_with("<svg"));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(svg.contains("A &lt;b&gt; &amp; &quot;c&quot;"));
    CHECK(svg.contains("Où &amp; quand"));
    CHECK(svg.contains(">CSAPA<"));
    CHECK(svg.contains("une note"));
    CHECK(svg.contains("Natural Earth"));
    CHECK_FALSE(svg.contains("not on the map"));
    CHECK(svg.contains("La Réunion"));
    CHECK_FALSE(svg.contains("<script"));
}

}  // namespace accalmie::between
