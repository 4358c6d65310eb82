// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <format>

#include "engine/content/picture_file.h"
#include "engine/content/png_file.h"
#include "engine/content/scene_asset.h"
#include "glb_file.h"

using namespace accalmie;
using accalmie::testing::TemporaryFolder;
using accalmie::testing::TriangleFile;
using Catch::Approx;

namespace {

Result<content::SceneAsset> load(const TriangleFile& file) {
    const TemporaryFolder folder;
    return content::load_scene_asset(folder.write("scene.glb", file.bytes()));
}

content::SceneAsset loaded(const TriangleFile& file) {
    auto asset = load(file);
    if (!asset) FAIL(describe(asset.error()));
    return std::move(*asset);
}

void write_png_of(const TemporaryFolder& folder, const char* name, std::uint32_t width, std::uint32_t height) {
    const std::vector<std::uint8_t> rgba(std::size_t{width} * height * 4, 128);
    REQUIRE(content::write_png(folder.path(name), width, height, rgba));
}

}  // namespace

TEST_CASE("a whole file is read as it is") {
    const auto asset = loaded({});
    CHECK(asset.name == "scene");
    CHECK(asset.vertices.size() == 3);
    CHECK(asset.indices.size() == 3);
    REQUIRE(asset.nodes.size() == 1);
    CHECK(asset.nodes[0].name == "triangle");
    CHECK(asset.materials[0].base_color.g == Approx(0.5f));
    CHECK(asset.meshes[0].primitives[0].bounds_max.x == 1);
    CHECK(asset.prepared);
}

TEST_CASE("places are flattened through the tree, and extras hold for the children") {
    TriangleFile file;
    file.nodes = R"([{"name":"guest","translation":[1,0,0],"children":[1],"extras":{"level_min":2,"level_max":3,"cue":"wine","idle":"sway"}},
                     {"name":"head","mesh":0,"translation":[0,2,0],"scale":[2,2,2]}])";
    const auto asset = loaded(file);
    REQUIRE(asset.nodes.size() == 1);
    const content::Node& head = asset.nodes[0];
    CHECK(head.world_from_node[3].x == 1);
    CHECK(head.world_from_node[3].y == 2);
    CHECK(head.world_from_node[0].x == 2);
    CHECK(head.level_min == 2);
    CHECK(head.level_max == 3);
    CHECK(head.cue);
    CHECK(head.cue_id == "wine");
    CHECK(head.sway == "sway");
    CHECK(head.idle_pivot == glm::vec3(1, 0, 0));
}

TEST_CASE("material extensions are applied") {
    TriangleFile file;
    file.materials = R"([{"emissiveFactor":[1,0.5,0],"doubleSided":true,"alphaMode":"BLEND",
        "extensions":{"KHR_materials_emissive_strength":{"emissiveStrength":8},"KHR_materials_transmission":{"transmissionFactor":0.9}}}])";
    const auto asset = loaded(file);
    CHECK(asset.materials[0].emissive.g == Approx(4));
    CHECK(asset.materials[0].transmission == Approx(0.9f));
    CHECK(asset.materials[0].double_sided);
    CHECK(asset.materials[0].alpha_mode == content::AlphaMode::blend);
}

TEST_CASE("a light map and an environment beside the file are read, and a wrong one is an error") {
    TriangleFile file;
    file.nodes = R"([{"name":"wall","mesh":0,"extras":{"lightmap":true}}])";
    const TemporaryFolder folder;
    const std::string path = folder.write("scene.glb", file.bytes());
    const auto missing = content::load_scene_asset(path);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("light map") != std::string::npos);

    write_png_of(folder, "scene.lightmap.png", 4, 8);
    write_png_of(folder, "scene.environment.png", 16, 8);
    const auto asset = content::load_scene_asset(path);
    REQUIRE(asset);
    CHECK(asset->light_map_width == 4);
    CHECK(asset->light_map_texels.size() == 32);
    CHECK(asset->nodes[0].light_mapped);

    folder.write("scene.environment.png", {1, 2, 3, 4});
    const auto broken = content::load_scene_asset(path);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().file == folder.path("scene.environment.png"));
}

TEST_CASE("a light-mapped node without a second UV set is refused") {
    TriangleFile file;
    file.nodes = R"([{"name":"wall","mesh":0,"extras":{"lightmap":true}}])";
    file.attributes = R"({"POSITION":0,"NORMAL":1,"TEXCOORD_0":2})";
    const auto asset = load(file);
    REQUIRE_FALSE(asset);
    CHECK(asset.error().message.find("wall") != std::string::npos);
}

TEST_CASE("a missing normal is made, and faces its triangle's front") {
    TriangleFile file;
    file.attributes = R"({"POSITION":0})";
    const auto asset = loaded(file);
    CHECK(asset.vertices[0].normal.z == Approx(1));
}

TEST_CASE("a missing file says so with its name") {
    const auto asset = content::load_scene_asset("/nowhere/at-all.glb");
    REQUIRE_FALSE(asset);
    CHECK(asset.error().file == "/nowhere/at-all.glb");
}

TEST_CASE("a file cut short at any place is an error and no crash") {
    const TemporaryFolder folder;
    const auto bytes = TriangleFile{}.bytes();
    for (std::size_t length = 0; length < bytes.size() - 4; length += length < 64 ? 1 : 17) {
        INFO(length);
        CHECK_FALSE(content::load_scene_asset(folder.write("cut.glb", {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)})));
    }
}

TEST_CASE("a file with any one byte changed is an error or a scene, and no crash") {
    const TemporaryFolder folder;
    const auto whole = TriangleFile{}.bytes();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        auto bytes = whole;
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 0x5A);
        if (!content::load_scene_asset(folder.write("changed.glb", bytes))) ++refused;
    }
    CHECK(refused > 10);
}

TEST_CASE("hostile numbers are refused") {
    TriangleFile file;
    SECTION("an accessor beyond its view") { file.accessors.replace(file.accessors.find("\"count\":3"), 9, "\"count\":9"); }
    SECTION("a huge count") { file.accessors.replace(file.accessors.find("\"count\":3"), 9, "\"count\":4000000000"); }
    SECTION("a count that wraps round") { file.accessors.replace(file.accessors.find("\"count\":3"), 9, "\"count\":1537228672809129302"); }
    SECTION("a view beyond its buffer") { file.views.replace(file.views.find("\"byteLength\":36"), 15, "\"byteLength\":99999"); }
    SECTION("an offset that wraps round") { file.views.replace(file.views.find("\"byteOffset\":36"), 15, "\"byteOffset\":18446744073709551600"); }
    SECTION("a buffer longer than the file") { file.declared_bytes = 1'000'000; }
    SECTION("an index beyond the vertices") { file.indices[1] = 7; }
    SECTION("two thirds of a triangle") { file.accessors.replace(file.accessors.rfind("\"count\":3"), 9, "\"count\":2"); }
    SECTION("a position that is not a number") { file.positions[4] = std::numeric_limits<float>::quiet_NaN(); }
    SECTION("a position at infinity") { file.positions[4] = std::numeric_limits<float>::infinity(); }
    SECTION("indices of a float type") { file.accessors.replace(file.accessors.rfind("5123"), 4, "5126"); }
    SECTION("attributes of unequal length") { file.accessors.replace(file.accessors.rfind("\"count\":3,\"type\":\"VEC2\""), 9, "\"count\":2"); }
    SECTION("positions of two numbers") { file.attributes = R"({"POSITION":2})"; }
    SECTION("no positions") { file.attributes = R"({"NORMAL":1})"; }
    SECTION("an accessor that is not there") { file.attributes = R"({"POSITION":44})"; }
    SECTION("a negative accessor") { file.attributes = R"({"POSITION":-5})"; }
    SECTION("indices that are not there") { file.primitive_more = R"(,"indices":12,"material":0)"; }
    SECTION("a material that is not there") { file.primitive_more = R"(,"indices":3,"material":5)"; }
    SECTION("lines instead of triangles") { file.primitive_more = R"(,"indices":3,"mode":1)"; }
    SECTION("a texture that is not there") { file.materials = R"([{"pbrMetallicRoughness":{"baseColorTexture":{"index":3}}}])"; }
    SECTION("a picture that is not there") {
        file.materials = R"([{"pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}])";
        file.more = R"(,"textures":[{"source":4}])";
    }
    SECTION("a picture in another file") {
        file.materials = R"([{"pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}])";
        file.more = R"(,"textures":[{"source":0}],"images":[{"uri":"../../../etc/passwd"}])";
    }
    SECTION("a picture that is no picture") {
        file.materials = R"([{"pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}])";
        file.more = R"(,"textures":[{"source":0}],"images":[{"bufferView":0,"mimeType":"image/png"}])";
    }
    SECTION("a mesh that is not there") { file.nodes = R"([{"mesh":8}])"; }
    SECTION("a node that is its own child") { file.nodes = R"([{"mesh":0,"children":[0]}])"; }
    SECTION("two nodes that are each other's children") { file.nodes = R"([{"mesh":0,"children":[1]},{"mesh":0,"children":[0]}])"; }
    SECTION("a child that is not there") { file.nodes = R"([{"mesh":0,"children":[9]}])"; }
    SECTION("a root that is not there") { file.roots = "[3]"; }
    SECTION("no root") { file.roots = "[]"; }
    SECTION("a place at infinity") { file.nodes = R"([{"mesh":0,"translation":[1e300,0,0]}])"; }
    SECTION("an extension that must be understood and is not") { file.more = R"(,"extensionsRequired":["KHR_draco_mesh_compression"])"; }
    const auto asset = load(file);
    REQUIRE_FALSE(asset);
    CHECK_FALSE(asset.error().message.empty());
    CHECK(asset.error().message.find('\n') == std::string::npos);
    CHECK(asset.error().file.ends_with("scene.glb"));
}

TEST_CASE("a picture that begins in its buffer and ends beyond it is refused") {
    const std::vector<std::uint8_t> rgba(4 * 4 * 4, 128);
    const std::vector<std::uint8_t> png = content::encode_png(4, 4, rgba);
    const TemporaryFolder folder;
    const auto load_with = [&](std::size_t view_bytes) {
        const std::string json = std::format(R"({{"asset":{{"version":"2.0"}},"buffers":[{{"byteLength":{}}}],"bufferViews":[{{"buffer":0,"byteOffset":0,"byteLength":{}}}],)"
                                             R"("images":[{{"bufferView":0,"mimeType":"image/png"}}],"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"name":"alone"}}]}})",
                                             png.size(), view_bytes);
        return content::load_scene_asset(folder.write("scene.glb", testing::glb_bytes(json, png)));
    };
    // Nothing is drawn in this scene, so it is refused in the end; the picture is not the reason.
    const auto whole = load_with(png.size());
    CHECK((whole || !whole.error().message.contains("picture")));
    const auto beyond = load_with(png.size() + 200);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().message.find("beyond the end of its buffer") != std::string::npos);
}

TEST_CASE("a PNG whose first data chunk is empty is refused before stb_image sees it") {
    const std::vector<std::uint8_t> rgba(4 * 4 * 4, 128);
    std::vector<std::uint8_t> png = content::encode_png(4, 4, rgba);
    REQUIRE(content::decode_picture(png, "whole.png"));
    static constexpr std::uint8_t empty_chunk[] = {0, 0, 0, 0, 'I', 'D', 'A', 'T', 0x35, 0xAF, 0x06, 0x1E};
    png.insert(png.begin() + 33, std::begin(empty_chunk), std::end(empty_chunk));  // after the signature and IHDR
    const auto picture = content::decode_picture(png, "empty.png");
    REQUIRE_FALSE(picture);
    CHECK(picture.error().message.find("empty data chunk") != std::string::npos);
}

TEST_CASE("nodes that multiply without end are refused") {
    // Each node shows the next twice: 2^40 in all.
    TriangleFile file;
    file.nodes = "[";
    for (int i = 0; i < 40; ++i) file.nodes += std::string(R"({"mesh":0,"children":[)") + std::to_string(i + 1) + "," + std::to_string(i + 1) + "]},";
    file.nodes += R"({"mesh":0}])";
    const auto asset = load(file);
    REQUIRE_FALSE(asset);
}
