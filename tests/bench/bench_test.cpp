// SPDX-License-Identifier: Apache-2.0
// What the bench says of others and of us: similarity, the scene for the peers, memory of a tree of processes, growth.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <filesystem>
#include <random>

#include "engine/content/scene_asset.h"
#include "tests/bench/bar_scene.h"
#include "tests/bench/bench_report.h"
#include "tests/bench/peers_bench.h"
#include "tests/bench/similarity.h"
#include "tests/bench/watched_program.h"

namespace accalmie::bench {
namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("accalmie-bench-" + std::to_string(std::random_device{}()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
};

content::PictureFile stripes(std::uint32_t period, int noise = 0) {
    content::PictureFile picture{.width = 96, .height = 64, .rgba = {}};
    std::minstd_rand random(7);
    for (std::uint32_t y = 0; y < picture.height; ++y)
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const int light = (x / period % 2 == 0 ? 60 : 180) + (noise > 0 ? static_cast<int>(random() % static_cast<unsigned>(2 * noise)) - noise : 0);
            for (int i = 0; i < 3; ++i) picture.rgba.push_back(static_cast<std::uint8_t>(light));
            picture.rgba.push_back(255);
        }
    return picture;
}

TEST_CASE("the structural similarity is one for the same picture and falls with noise and with another structure") {
    const auto picture = stripes(8);
    CHECK_THAT(structural_similarity(picture, picture), Catch::Matchers::WithinAbs(1, 1e-12));
    const double little = structural_similarity(picture, stripes(8, 8)), much = structural_similarity(picture, stripes(8, 40)), other = structural_similarity(picture, stripes(5));
    CHECK(little < 1);
    CHECK(little > 0.7);
    CHECK(much < little);
    CHECK(other < much);
    CHECK_THAT(structural_similarity(stripes(8, 40), picture), Catch::Matchers::WithinAbs(much, 1e-12));
    CHECK(structural_similarity(picture, cropped(picture, 95, 64)) == -1);

    // Flat pictures have no structure, so that only the first factor of the formula is left.
    auto dark = stripes(1000), light = stripes(1000);
    for (std::size_t i = 0; i < light.rgba.size(); ++i) light.rgba[i] = i % 4 == 3 ? 255 : 120;
    constexpr double c1 = 2.55 * 2.55;
    CHECK_THAT(structural_similarity(dark, light), Catch::Matchers::WithinAbs((2.0 * 60 * 120 + c1) / (60.0 * 60 + 120.0 * 120 + c1), 1e-9));
}

TEST_CASE("pictures of one height stand side by side and their left eyes can be cut out again") {
    const auto both = side_by_side({stripes(8), stripes(5)});
    CHECK(both.width == 192);
    CHECK(cropped(both, 96, 64).rgba == stripes(8).rgba);
}

TEST_CASE("the bar taken apart has the objects and triangles that the comparison asks for, and our reader takes it") {
    const Folder folder;
    const std::string shipped = std::string(ACCALMIE_SOURCE_DIR) + "/assets/scenes/bar-night.glb", apart = folder / "bar-apart.glb";
    const auto counts = write_bar_scene(shipped, apart);
    REQUIRE(counts.has_value());
    CHECK(counts->objects >= 226);
    CHECK(counts->triangles >= 111'000);
    CHECK(counts->textures > 20);
    const auto asset = content::load_scene_asset(apart);
    if (!asset) FAIL(describe(asset.error()));
    CHECK(static_cast<int>(asset->nodes.size()) == counts->objects);
    std::size_t triangles = 0;
    for (const content::Node& node : asset->nodes) {
        CHECK(node.level_min == 0);
        CHECK_FALSE(node.light_mapped);
        for (const content::Primitive& primitive : asset->meshes[static_cast<std::size_t>(node.mesh)].primitives) triangles += primitive.index_count / 3;
    }
    CHECK(static_cast<int>(triangles) == counts->triangles);
    CHECK(asset->lights.empty());
    CHECK_FALSE(write_bar_scene(folder / "nothing.glb", apart).has_value());
}

TEST_CASE("the memory of a whole tree of processes is seen, line by line") {
    // The child of a shell holds 64 MiB while the second line is waited for.
    const auto watched = run_watched({.words = {"sh", "-c", "echo one; python3 -c 'x = bytearray(64 << 20); import time; time.sleep(0.6)'; echo two; exit 3"},
                                      .environment = {}, .not_counted = {}, .errors_to = {}, .on_line = {}});
    REQUIRE(watched.has_value());
    CHECK(watched->exit_code == 3);
    REQUIRE(watched->lines.size() == 2);
    CHECK(watched->lines[0].peak_mib < 32);
    CHECK(watched->lines[1].peak_mib > 64);
    CHECK_FALSE(run_watched({.words = {"/no/such/program"}, .environment = {}, .not_counted = {}, .errors_to = {}, .on_line = {}}).has_value());
}

TEST_CASE("a peer's program is changed only when it is the one we know") {
    CHECK(changed("a b c", {{"b", "x"}}, "f").value() == "a x c");
    CHECK_FALSE(changed("a c", {{"b", "x"}}, "f").has_value());
    CHECK_FALSE(changed("b b", {{"b", "x"}}, "f").has_value());
    const Folder folder;
    const auto report = measure_with_peers({.tools = folder / "nothing", .work = folder / "work", .shipped_glb = {}, .glb = {}, .picture = {}, .json = {}});
    REQUIRE_FALSE(report.has_value());
    CHECK(describe(report.error()).contains("../shared"));
}

TEST_CASE("the tree for another machine is whole, small enough and draws with nothing of this one but its Vulkan driver") {
    const Folder folder;
    const std::string tree = folder / "tree", drawn = folder / "drawn.json";
    const auto carried = run_watched({.words = {std::string(ACCALMIE_SOURCE_DIR) + "/tests/bench/carry", tree}, .environment = {}, .not_counted = {}, .errors_to = folder / "log", .on_line = {}});
    REQUIRE(carried.has_value());
    REQUIRE(carried->exit_code == 0);
    REQUIRE(carried->lines.size() == 1);
    CHECK(carried->lines[0].text.contains("MiB of at most 64"));
    const auto ran = run_watched({.words = {"env", "-i", tree + "/run", "--scene", "calm-room", "--scene", "people-12", "--size", "64x64", "--msaa", "1", "--frames", "3", "--starts", "1", "--json", drawn},
                                  .environment = {}, .not_counted = {}, .errors_to = {}, .on_line = {}});
    REQUIRE(ran.has_value());
    CHECK(ran->exit_code == 0);
    const auto report = read_report(drawn);
    REQUIRE(report.has_value());
    REQUIRE(report->cases.size() == 2);
    CHECK(report->cases.at(0).draws > 10);
    CHECK(report->cases.at(0).frame_ms.median > 0);
    // Every library that the running program maps comes from the tree, or belongs to the driver.
    const auto maps = run_watched({.words = {"env", "-i", tree + "/lib/ld-linux-x86-64.so.2", "--library-path", tree + "/lib", "--list", tree + "/bin/accalmie-bench-engine"},
                                   .environment = {}, .not_counted = {}, .errors_to = {}, .on_line = {}});
    REQUIRE(maps.has_value());
    CHECK(maps->lines.size() > 20);
    for (const auto& line : maps->lines) {
        INFO(line.text);
        CHECK((line.text.contains(tree) || line.text.contains("linux-vdso")));
    }
}

TEST_CASE("growth of memory is told from the first tenth to the end") {
    const Soak soak{.scene = "calm-room", .frames = 20, .points = {{2, 100}, {4, 120}, {20, 102}}};
    CHECK_THAT(soak.growth_percent(), Catch::Matchers::WithinAbs(2, 1e-9));
    CHECK(to_json(soak).contains("\"growth_percent\": 2.0"));
}

}  // namespace
}  // namespace accalmie::bench
