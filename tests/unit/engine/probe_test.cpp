// SPDX-License-Identifier: Apache-2.0
// Local probes: what the reader takes and refuses, and which probe a thing gets.
#include <array>
#include <format>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/content/png_file.h"
#include "engine/content/scene_asset.h"
#include "engine/render/probes.h"
#include "glb_file.h"

using namespace accalmie;
using accalmie::testing::TemporaryFolder;
using accalmie::testing::TriangleFile;

namespace {

void write_picture(const TemporaryFolder& folder, const std::string& name, std::uint8_t red) {
    std::vector<std::uint8_t> rgba;
    for (int i = 0; i < 16 * 8; ++i) rgba.insert(rgba.end(), {red, 20, 20, 255});
    REQUIRE(content::write_png(folder.path(name), 16, 8, rgba));
}

std::string nodes_with(const std::string& probes) { return R"([{"name":"wall","mesh":0,"children":[1]},{"name":"group","translation":[1,0,0],"children":[2]},)" + probes + "]"; }

content::ReflectionProbe probe(glm::vec3 center, glm::vec3 half) { return {.name = "p", .center_m = center, .half_m = half, .picture = {}, .light = {}}; }

}  // namespace

TEST_CASE("a probe is read with its place, its box and its picture") {
    TriangleFile file;
    file.nodes = nodes_with(R"({"name":"bath","translation":[0,2,0],"extras":{"probe":"bath-room","half_m":[1,1.5,2]}})");
    const TemporaryFolder folder;
    const std::string path = folder.write("scene.glb", file.bytes());
    write_picture(folder, "scene.environment.bath-room.png", 200);
    const auto asset = content::load_scene_asset(path);
    if (!asset) FAIL(describe(asset.error()));
    CHECK(asset->nodes.size() == 1);
    REQUIRE(asset->probes.size() == 1);
    CHECK(asset->probes[0].name == "bath-room");
    CHECK(asset->probes[0].center_m == glm::vec3(1, 2, 0));
    CHECK(asset->probes[0].half_m == glm::vec3(1, 1.5f, 2));
    CHECK(asset->probes[0].light.irradiance[0].r > 10 * asset->probes[0].light.irradiance[0].g);
    CHECK(asset->environment_light.irradiance[0].r == Catch::Approx(asset->environment_light.irradiance[0].g));
}

TEST_CASE("a probe without its picture is an error that names the picture, and a broken picture one that names the file") {
    TriangleFile file;
    file.nodes = nodes_with(R"({"extras":{"probe":"bath","half_m":[1,1,1]}})");
    const TemporaryFolder folder;
    const std::string path = folder.write("scene.glb", file.bytes());
    const auto missing = content::load_scene_asset(path);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().file == path);
    CHECK(missing.error().hint.find("scene.environment.bath.png") != std::string::npos);
    folder.write("scene.environment.bath.png", {1, 2, 3, 4});
    const auto broken = content::load_scene_asset(path);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().file == folder.path("scene.environment.bath.png"));
}

TEST_CASE("a hostile probe is refused with the file and the reason") {
    TriangleFile file;
    std::string reason;
    const auto node = [&](const std::string& extras) { file.nodes = nodes_with(std::format(R"({{"name":"odd","extras":{}}})", extras)); };
    SECTION("a name that leads out of the folder") { node(R"({"probe":"../../etc/passwd","half_m":[1,1,1]})"), reason = "usable name"; }
    SECTION("a name that is none") { node(R"({"probe":"","half_m":[1,1,1]})"), reason = "usable name"; }
    SECTION("a name that is a number") { node(R"({"probe":7,"half_m":[1,1,1]})"), reason = "usable name"; }
    SECTION("a name without end") { node(std::format(R"({{"probe":"{}","half_m":[1,1,1]}})", std::string(5000, 'a'))), reason = "usable name"; }
    SECTION("no box") { node(R"({"probe":"bath"})"), reason = "usable box"; }
    SECTION("a box of two numbers") { node(R"({"probe":"bath","half_m":[1,1]})"), reason = "usable box"; }
    SECTION("a box of words") { node(R"({"probe":"bath","half_m":["a","b","c"]})"), reason = "usable box"; }
    SECTION("a flat box") { node(R"({"probe":"bath","half_m":[1,0,1]})"), reason = "usable box"; }
    SECTION("a box inside out") { node(R"({"probe":"bath","half_m":[1,-2,1]})"), reason = "usable box"; }
    SECTION("a box without end") { node(R"({"probe":"bath","half_m":[1,1e300,1]})"), reason = "usable box"; }
    SECTION("a probe that is a wall") { file.nodes = R"([{"mesh":0,"extras":{"probe":"bath","half_m":[1,1,1]}}])", reason = "has a mesh"; }
    SECTION("two of one name") {
        file.nodes = R"([{"mesh":0,"children":[1,2]},{"extras":{"probe":"a","half_m":[1,1,1]}},{"extras":{"probe":"a","half_m":[1,1,1]}}])";
        reason = "two probes are named a";
    }
    SECTION("one too many") {
        file.nodes = R"([{"mesh":0,"children":[1,2,3,4,5]})";
        for (int i = 0; i < 5; ++i) file.nodes += std::format(R"(,{{"extras":{{"probe":"p{}","half_m":[1,1,1]}}}})", i);
        file.nodes += "]";
        reason = "more than 4 probes";
    }
    const TemporaryFolder folder;
    const auto asset = content::load_scene_asset(folder.write("scene.glb", file.bytes()));
    REQUIRE_FALSE(asset);
    INFO(describe(asset.error()));
    CHECK(asset.error().message.find(reason) != std::string::npos);
    CHECK(asset.error().file.ends_with("scene.glb"));
}

TEST_CASE("a thing takes the smallest probe that holds its middle, else the scene's own") {
    const std::array probes{probe({0, 0, 0}, {4, 4, 4}), probe({1, 0, 0}, {1, 1, 1}), probe({10, 0, 0}, {1, 1, 1})};
    CHECK(render::probe_at(probes, {-3, 0, 0}) == 1);
    CHECK(render::probe_at(probes, {1, 0.5f, 0}) == 2);
    CHECK(render::probe_at(probes, {2, 1, 1}) == 2);  // the edge is inside
    CHECK(render::probe_at(probes, {2.01f, 1, 1}) == 1);
    CHECK(render::probe_at(probes, {10, 0, 0}) == 3);
    CHECK(render::probe_at(probes, {6, 0, 0}) == 0);
    CHECK(render::probe_at({}, {0, 0, 0}) == 0);
    const std::array twins{probe({0, 0, 0}, {1, 1, 1}), probe({0, 0, 0}, {1, 1, 1})};
    CHECK(render::probe_at(twins, {0, 0, 0}) == 1);
}
