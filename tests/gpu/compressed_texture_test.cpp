// SPDX-License-Identifier: Apache-2.0
// Textures of BC7 blocks: the driver reads them as they were meant, a scene looks the same with them, they lose levels where memory ends, and
// a theatre takes them from the cache once all of a scene are there.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "engine/content/bc7.h"
#include "engine/content/texture_cache.h"
#include "engine/gpu/commands.h"
#include "engine/render/upload.h"
#include "picture_compare.h"
#include "read_back.h"
#include "scenes/player/theatre.h"
#include "stage.h"
#include "tests/unit/engine/bc7_decoder.h"

namespace accalmie::testing {
namespace {

constexpr VkExtent2D kExtent{128, 96};

render::FrameInput seat(render::SceneId scene) { return {.views = seat_views(), .scene = scene, .level = 2, .scene_time_s = 1}; }

// The small room with a picture on its walls that blocks cannot hold exactly.
content::SceneAsset rough_room() {
    content::SceneAsset room = small_room();
    std::mt19937 random(7);
    for (auto& mip : room.images[0].mips)
        for (std::size_t i = 0; i < mip.size(); ++i)
            if (i % 4 != 3) mip[i] = static_cast<std::uint8_t>(std::clamp(int{mip[i]} + static_cast<int>(random() % 25) - 12, 0, 255));
    return room;
}

content::SceneAsset compressed(content::SceneAsset room) {
    for (const std::size_t i : content::compressible_images(room)) {
        content::Image& image = room.images[i];
        image.mips = *content::bc7_levels(image.mips, image.width, image.height);
        image.bc7 = true;
    }
    return room;
}

// What the driver makes of a level of blocks.
std::vector<std::uint8_t> decoded_by_driver(Stage& stage, std::span<const std::uint8_t> blocks, VkExtent2D extent) {
    constexpr VkImageUsageFlags both = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_SAMPLED_BIT;
    auto from = gpu::Image::create(stage.device(), {.format = VK_FORMAT_BC7_UNORM_BLOCK, .extent = extent, .usage = both});
    auto to = gpu::Image::create(stage.device(), {.format = VK_FORMAT_R8G8B8A8_UNORM, .extent = extent, .usage = both});
    auto commands = gpu::Commands::create(stage.device());
    REQUIRE((from && to && commands && commands->begin()));
    render::Upload upload;
    upload.to_image(*from, {content::kBc7Bytes, content::kBc7Side}, {std::as_bytes(blocks)});
    REQUIRE(upload.make_staging(stage.device()));
    upload.record(commands->handle(), 0, 1000);
    REQUIRE(upload.finished());
    gpu::image_barrier(commands->handle(), from->handle(), gpu::use::sampled, gpu::use::transfer_read);
    gpu::image_barrier(commands->handle(), to->handle(), gpu::use::nothing, gpu::use::transfer_write);
    const VkOffset3D corner{static_cast<std::int32_t>(extent.width), static_cast<std::int32_t>(extent.height), 1};
    const VkImageBlit whole{{VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1}, {{}, corner}, {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1}, {{}, corner}};
    vkCmdBlitImage(commands->handle(), from->handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to->handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &whole, VK_FILTER_NEAREST);
    REQUIRE((commands->submit() && commands->wait()));
    const auto colors = texels<std::uint32_t>(stage.device(), to->handle(), 0, extent, gpu::use::transfer_write, VK_IMAGE_ASPECT_COLOR_BIT);
    std::vector<std::uint8_t> rgba(colors.size() * 4);
    std::memcpy(rgba.data(), colors.data(), rgba.size());
    return rgba;
}

double mean_error(const render::Renderer::Picture& a, const render::Renderer::Picture& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(int{a.rgba[i]} - int{b.rgba[i]});
    return sum / static_cast<double>(a.rgba.size());
}

}  // namespace

TEST_CASE("the driver reads our blocks as the specification has them, in pictures of any size") {
    Stage stage({16, 16}, 1);
    REQUIRE(stage.device().takes_bc7());
    std::mt19937 random(4);
    for (const VkExtent2D extent : {VkExtent2D{64, 64}, VkExtent2D{13, 7}, VkExtent2D{1, 1}, VkExtent2D{2, 9}}) {
        std::vector<std::uint8_t> rgba(std::size_t{4} * extent.width * extent.height);
        for (int kind = 0; kind < 4; ++kind) {  // noise, with alpha; noise without; of few steps, with alpha of its own; one colour
            CAPTURE(extent.width, kind);
            for (std::size_t i = 0; i < rgba.size(); ++i) {
                rgba[i] = static_cast<std::uint8_t>(kind == 3 ? 40 * (i % 4) + 1 : kind == 2 ? i / 4 % 16 * 9 : random());
                if (i % 4 == 3 && kind == 1) rgba[i] = 255;
                if (i % 4 == 3 && kind == 2) rgba[i] = random() & 1 ? 255 : 0;
            }
            const auto blocks = *content::bc7_level(rgba, extent.width, extent.height);
            CHECK(decoded_by_driver(stage, blocks, extent) == Bc7Decoder::level(blocks, extent.width, extent.height));
        }
    }
}

TEST_CASE("a scene with compressed textures looks as it does without") {
    for (const std::uint32_t samples : {1U, 4U}) {
        Stage stage(kExtent, samples);
        const auto plain = stage.shot(seat(stage.add(rough_room())));
        const auto blocks = stage.shot(seat(stage.add(compressed(rough_room()))));
        CHECK(plain.rgba != blocks.rgba);
        CHECK(mean_error(plain, blocks) < 1.5);
        CHECK(compare(plain, blocks).greatest < 40);
    }
}

TEST_CASE("compressed textures lose one level after another while memory ends") {
    gpu::MemoryFault fault{.at = ~std::uint64_t{0}};
    Stage stage(kExtent, 1, {.validation = true, .memory_fault = &fault});
    for (std::uint32_t lost = 1; lost <= 4; ++lost) {
        CAPTURE(lost);
        fault.at = fault.seen + 7;  // the first picture, see memory_test.cpp
        fault.times = lost;
        const auto added = stage.renderer().add_scene(compressed(rough_room()));
        fault.at = ~std::uint64_t{0};
        REQUIRE(added);
        CHECK(stage.renderer().lost_levels(*added) == lost);
        content::SceneAsset coarser = compressed(rough_room());
        for (content::Image& image : coarser.images) {
            image.mips.erase(image.mips.begin(), image.mips.begin() + lost);
            image.width >>= lost;
            image.height >>= lost;
        }
        CHECK(stage.shot(seat(*added)).rgba == stage.shot(seat(stage.add(coarser))).rgba);
    }
}

TEST_CASE("a theatre shows a scene plain while the cache lacks its textures, has them made, and takes them the next time") {
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("accalmie-bc7-" + std::to_string(::getpid()));
    const char* before = std::getenv("XDG_CACHE_HOME");
    const std::string cache_before = before != nullptr ? before : "";
    ::setenv("XDG_CACHE_HOME", folder.c_str(), 1);
    const content::TextureCache cache(content::TextureCache::users_folder());
    const content::SceneAsset room = rough_room();
    scenes::PlayerOptions options;
    options.width = options.height = 64;
    options.validation = true;
    options.quirks.bc7 = true;
    const auto opened = [&](scenes::TextureCompressor* compressor) {
        auto theatre = scenes::Theatre::open(options, nullptr, &room, compressor);
        REQUIRE(theatre);
        return std::move(*theatre);
    };
    CHECK_FALSE(opened(nullptr)->compressed(room.name));
    CHECK_FALSE(std::filesystem::exists(content::TextureCache::users_folder()));  // nobody was there to make them
    {
        scenes::TextureCompressor compressor(cache);
        const auto theatre = opened(&compressor);
        CHECK_FALSE(theatre->compressed(room.name));
        const auto all_there = [&] { return std::ranges::all_of(content::compressible_images(room), [&](std::size_t i) { return cache.read(room.images[i]).has_value(); }); };
        for (int wait = 0; wait < 500 && !all_there(); ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        REQUIRE(all_there());
        CHECK_FALSE(theatre->compressed(room.name));  // what stands stays as it is
        CHECK(theatre->device().validation_messages() == 0);
    }
    {
        const auto theatre = opened(nullptr);
        CHECK(theatre->compressed(room.name));
        theatre->remove(room.name);
        REQUIRE(theatre->add(room, scenes::Textures::plain));
        CHECK_FALSE(theatre->compressed(room.name));
        content::SceneAsset later = room;
        later.name = "later";
        theatre->begin(later);
        const auto arrived = theatre->arrived(true);
        REQUIRE((arrived && !arrived->error));
        CHECK(theatre->compressed("later"));
        theatre->renderer().forget_targets();
        CHECK(theatre->device().validation_messages() == 0);
    }
    // One of them is gone: none is taken.
    std::filesystem::remove(cache.path_of(content::texture_hash(room.images[content::compressible_images(room)[0]])));
    CHECK_FALSE(opened(nullptr)->compressed(room.name));
    options.quirks.bc7 = false;  // a driver that draws on the CPU is left alone
    CHECK_FALSE(opened(nullptr)->compressed(room.name));
    std::filesystem::remove_all(folder);
    if (before != nullptr) ::setenv("XDG_CACHE_HOME", cache_before.c_str(), 1);
    else ::unsetenv("XDG_CACHE_HOME");
}

}  // namespace accalmie::testing
