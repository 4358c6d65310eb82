// SPDX-License-Identifier: Apache-2.0
// The cache of compressed textures: what is not whole, not of this version or of other texels is never taken, and can be made anew.
#include "engine/content/texture_cache.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <sys/stat.h>

#include "engine/content/bc7.h"
#include "engine/content/textures.h"
#include "glb_file.h"

using namespace accalmie;
using accalmie::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

content::Image image(std::uint32_t width, std::uint32_t height, int seed) {
    content::Image made{.width = width, .height = height, .rgba = {}, .mips = {}};
    for (std::uint32_t i = 0; i < width * height; ++i)
        for (const std::uint32_t value : {i, i / width, i * 3, 255U}) made.rgba.push_back(static_cast<std::uint8_t>(value == 255 ? 255 : value + static_cast<std::uint32_t>(seed)));
    content::make_mips(made);
    return made;
}

content::TextureLevels blocks_of(const content::Image& of) { return *content::bc7_levels(of.mips, of.width, of.height); }

std::vector<std::uint8_t> bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
void put(const std::string& path, std::span<const std::uint8_t> bytes) {
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// A cache in a folder that goes with the test, and one picture in it.
struct Kept {
    TemporaryFolder folder;
    content::TextureCache cache{folder.path("textures")};
    content::Image picture = image(37, 22, 5);
    content::TextureLevels blocks = blocks_of(picture);
    std::string path = cache.path_of(content::texture_hash(picture));
    Kept() { REQUIRE(cache.write(picture, blocks)); }
    std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path("textures")), fs::directory_iterator())); }
};

}  // namespace

TEST_CASE("what was kept comes back, of the picture that it was made of alone") {
    const Kept kept;
    const auto read = kept.cache.read(kept.picture);
    REQUIRE(read);
    CHECK(*read == kept.blocks);
    CHECK_FALSE(kept.cache.read(image(37, 22, 6)));
    CHECK_FALSE(kept.cache.read(image(22, 37, 5)));
    CHECK(kept.files() == 1);
    // A whole file of another picture under this one's name.
    const content::Image other = image(37, 22, 6);
    REQUIRE(kept.cache.write(other, blocks_of(other)));
    fs::copy_file(kept.cache.path_of(content::texture_hash(other)), kept.path, fs::copy_options::overwrite_existing);
    const auto foreign = kept.cache.read(kept.picture);
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().message.contains("another picture"));
}

TEST_CASE("a torn or changed file is refused, and the next one written takes its place") {
    const Kept kept;
    const auto whole = bytes_of(kept.path);
    for (std::size_t length = 0; length < whole.size(); length += 97) {
        CAPTURE(length);
        put(kept.path, std::span(whole).first(length));
        REQUIRE_FALSE(kept.cache.read(kept.picture));
        REQUIRE_FALSE(content::read_texture_file(std::span(whole).first(length), "torn"));
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] ^= 1;
        REQUIRE_FALSE(content::read_texture_file(changed, "changed"));
    }
    auto longer = whole;
    longer.push_back(0);
    CHECK_FALSE(content::read_texture_file(longer, "longer"));
    REQUIRE(kept.cache.write(kept.picture, kept.blocks));
    CHECK(kept.cache.read(kept.picture));
}

TEST_CASE("a file of another version says so, and sizes that no picture has ask for no memory") {
    const Kept kept;
    const auto whole = bytes_of(kept.path);
    const auto with = [&](std::size_t at, std::uint32_t number) {
        auto changed = whole;
        for (std::size_t i = 0; i < 4; ++i) changed[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
        const auto read = content::read_texture_file(changed, "hostile.bc7");
        REQUIRE_FALSE(read);
        CHECK(read.error().file == "hostile.bc7");
        return read.error().message;
    };
    CHECK(with(8, 2).contains("version 2, not 1"));
    CHECK(with(12, 0).contains("size"));
    CHECK(with(12, 0xFFFFFFFF).contains("size"));
    CHECK(with(16, 8193).contains("size"));
    CHECK(with(20, 0).contains("size"));
    CHECK(with(20, 33).contains("size"));
    CHECK(with(20, 5).contains("size"));
}

TEST_CASE("a folder, a link or a pipe in a file's place is no texture and stops nobody") {
    const Kept kept;
    fs::rename(kept.path, kept.path + ".away");
    fs::create_symlink(kept.path + ".away", kept.path);
    CHECK_FALSE(kept.cache.read(kept.picture));
    fs::remove(kept.path);
    REQUIRE(::mkfifo(kept.path.c_str(), 0600) == 0);
    CHECK_FALSE(kept.cache.read(kept.picture));
    CHECK(kept.cache.write(kept.picture, kept.blocks));
    CHECK(kept.cache.read(kept.picture));
    fs::remove(kept.path);
    fs::create_directory(kept.path);
    CHECK_FALSE(kept.cache.read(kept.picture));
    CHECK_FALSE(kept.cache.write(kept.picture, kept.blocks));
    CHECK(kept.files() == 2);  // nothing unfinished is left
}

TEST_CASE("two writers of one picture at once leave it whole, and readers meanwhile get all of it or none") {
    const Kept kept;
    int refused = 0;
    std::atomic<int> unwritten = 0;  // assertions belong to one thread
    {
        const auto write = [&] {
            const content::TextureCache own(kept.folder.path("textures"));
            for (int i = 0; i < 100; ++i) unwritten += own.write(kept.picture, kept.blocks) ? 0 : 1;
        };
        const std::jthread first(write), second(write);
        for (int i = 0; i < 200; ++i) refused += kept.cache.read(kept.picture) ? 0 : 1;
    }
    CHECK(unwritten == 0);
    CHECK(refused == 0);
    CHECK(kept.files() == 1);
    CHECK(*kept.cache.read(kept.picture) == kept.blocks);
}

TEST_CASE("the folder stays below its bound: what was longest unused goes, and what a killed program left") {
    const TemporaryFolder folder;
    const std::string path = folder.path("textures");
    std::vector<content::Image> pictures;
    for (int i = 0; i < 4; ++i) pictures.push_back(image(64, 64, i));
    const std::uint64_t bytes = content::texture_file_bytes({.width = 64, .height = 64, .levels = blocks_of(pictures[0])}).size();
    const content::TextureCache cache(path, 3 * bytes);
    const auto used = [&](const content::Image& of, int hours_ago) { fs::last_write_time(cache.path_of(content::texture_hash(of)), fs::file_time_type::clock::now() - std::chrono::hours(hours_ago)); };
    for (int i = 0; i < 3; ++i) {
        REQUIRE(cache.write(pictures[static_cast<std::size_t>(i)], blocks_of(pictures[static_cast<std::size_t>(i)])));
        used(pictures[static_cast<std::size_t>(i)], 10 - i);
    }
    REQUIRE(cache.read(pictures[0]));  // now the second is the oldest
    put(path + "/dead.bc7.1.1.unfinished", std::vector<std::uint8_t>(10));
    put(path + "/alive.bc7.1.1.unfinished", {});
    put(path + "/not-ours.txt", std::vector<std::uint8_t>(10));
    fs::last_write_time(path + "/dead.bc7.1.1.unfinished", fs::file_time_type::clock::now() - std::chrono::hours(2));
    REQUIRE(cache.write(pictures[3], blocks_of(pictures[3])));
    CHECK(cache.read(pictures[0]));
    CHECK_FALSE(cache.read(pictures[1]));
    CHECK(cache.read(pictures[2]));
    CHECK(cache.read(pictures[3]));
    CHECK_FALSE(fs::exists(path + "/dead.bc7.1.1.unfinished"));
    CHECK(fs::exists(path + "/alive.bc7.1.1.unfinished"));
    CHECK(fs::exists(path + "/not-ours.txt"));
}

TEST_CASE("a folder that cannot be made is an error, and none at all too") {
    const TemporaryFolder folder;
    put(folder.path("file"), {});
    const content::Image picture = image(8, 8, 1);
    CHECK_FALSE(content::TextureCache(folder.path("file") + "/textures").write(picture, blocks_of(picture)));
    CHECK_FALSE(content::TextureCache("").write(picture, blocks_of(picture)));
    CHECK_FALSE(content::TextureCache("").read(picture));
}

TEST_CASE("only colour that is shown whole is compressed: no normals, no roughness, nothing whose alpha cuts a shape out") {
    content::SceneAsset scene;
    for (int i = 0; i < 6; ++i) scene.images.push_back(image(8, 8, i));
    scene.images[1].srgb = scene.images[2].srgb = false;
    scene.materials = {{.base_color_image = 0, .metallic_roughness_image = 1, .normal_image = 2, .emissive_image = 3},
                       {.alpha_mode = content::AlphaMode::mask, .base_color_image = 4},
                       {.alpha_mode = content::AlphaMode::blend, .base_color_image = 5}};
    CHECK(content::compressible_images(scene) == std::vector<std::size_t>{0, 3, 5});
    scene.materials[1].base_color_image = 0;  // one use that forbids it is enough
    CHECK(content::compressible_images(scene) == std::vector<std::size_t>{3, 5});
}

TEST_CASE("a scene's textures are compressed whole or not at all") {
    const TemporaryFolder folder;
    const content::TextureCache cache(folder.path("textures"));
    content::SceneAsset scene;
    for (int i = 0; i < 3; ++i) scene.images.push_back(image(16, 8, i));
    scene.materials = {{.base_color_image = 0, .normal_image = 2, .emissive_image = 1}};
    const auto plain = scene.images[0].mips;
    std::vector<content::Image> lacking;
    CHECK_FALSE(cache.compress(scene, &lacking));
    REQUIRE(lacking.size() == 2);
    REQUIRE(cache.write(lacking[0], blocks_of(lacking[0])));
    lacking.clear();
    CHECK_FALSE(cache.compress(scene, &lacking));
    CHECK_FALSE(cache.compress(scene, nullptr));
    REQUIRE(lacking.size() == 1);
    CHECK(lacking[0].mips == scene.images[1].mips);
    CHECK(scene.images[0].mips == plain);
    CHECK_FALSE(scene.images[0].bc7);
    REQUIRE(cache.write(lacking[0], blocks_of(lacking[0])));
    lacking.clear();
    CHECK(cache.compress(scene, &lacking));
    CHECK(lacking.empty());
    CHECK((scene.images[0].bc7 && scene.images[1].bc7 && !scene.images[2].bc7));
    CHECK(scene.images[0].mips[0].size() == content::bc7_bytes(16, 8));
}
