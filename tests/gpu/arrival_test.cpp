// SPDX-License-Identifier: Apache-2.0
// A scene that comes while frames are drawn: what is seen in the end and meanwhile, what a frame does for it at most, and that nothing
// stays behind of one that is given up.
#include <algorithm>
#include <numeric>

#include <catch2/catch_test_macros.hpp>

#include "engine/gpu/commands.h"
#include "engine/gpu/vma.h"
#include "engine/render/arrival.h"
#include "scene_builder.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

constexpr int kPatience = 500;  // frames

// The small room with a picture that takes several frames to copy, and a light whose shadow is a map of its own.
content::SceneAsset large_room() {
    content::SceneAsset asset = small_room();
    asset.name = "large-room";
    content::Image& image = asset.images[0];
    for (std::uint32_t side = image.width; side < 1024; side *= 2) {  // its last level, again and again, below a larger one
        std::vector<std::uint8_t> level(std::size_t{side} * side * 16);
        for (std::size_t i = 0; i < level.size(); ++i) level[i] = static_cast<std::uint8_t>(i * 7 % 251);
        image.mips.insert(image.mips.begin(), std::move(level));
    }
    image.width = image.height = 1024;
    asset.lights.push_back({.kind = content::DynamicLight::Kind::spot, .position_m = {0, 2.8f, -1}, .direction = {0, -1, 0}, .color = glm::vec3(4), .inner_cone_cos = 0.9f,
                            .outer_cone_cos = 0.7f, .casts_shadow = true});
    return asset;
}

std::uint64_t bytes_of(const content::SceneAsset& asset) {
    std::uint64_t bytes = 4 + asset.vertices.size() * sizeof(render::PackedVertex) + 4 * (asset.indices.size() + asset.light_map_texels.size() + asset.environment_light.texels.size());
    for (const content::Image& image : asset.images)
        for (const auto& mip : image.mips) bytes += mip.size();
    return bytes;
}

render::PreparedScene prepared(Stage& stage, content::SceneAsset asset) {
    auto made = stage.renderer().prepare_scene(std::move(asset));
    if (!made) FAIL(describe(made.error()));
    return std::move(*made);
}

std::uint32_t device_allocations(Stage& stage) {
    VmaTotalStatistics statistics{};
    vmaCalculateStatistics(stage.device().allocator(), &statistics);
    return statistics.total.statistics.allocationCount;
}

}  // namespace

TEST_CASE("a scene that came in steps looks as one that was added at once, and the frames meanwhile as they did before") {
    for (const std::uint32_t samples : {1U, 4U}) {
        Stage stage({64, 64}, samples);
        const render::SceneId at_once = stage.add(large_room()), calm = stage.add(small_room());
        const render::FrameInput calm_input{.views = seat_views(), .scene = calm};
        const auto before = stage.shot(calm_input);
        const render::SceneId coming = stage.renderer().begin_scene(prepared(stage, large_room()));
        CHECK_FALSE(stage.renderer().has_scene(coming));
        int frames = 0;
        for (; !stage.renderer().has_scene(coming) && frames < kPatience; ++frames) CHECK(stage.shot(calm_input).rgba == before.rgba);
        REQUIRE(frames < kPatience);
        CHECK(frames > 4);
        for (int eye = 0; eye < 2; ++eye)
            for (const int level : {0, 2}) {
                const auto whole = stage.shot({.views = seat_views(), .scene = at_once, .level = level}, eye);
                CHECK(stage.shot({.views = seat_views(), .scene = coming, .level = level}, eye).rgba == whole.rgba);
                CHECK(whole.rgba != before.rgba);
            }
    }
}

TEST_CASE("a frame copies a bounded share of a scene, then warms one pipeline, and every byte comes once") {
    Stage stage({64, 64}, 4);
    const render::SceneId calm = stage.add(small_room());
    const std::uint64_t all = bytes_of(large_room());
    const render::SceneId coming = stage.renderer().begin_scene(prepared(stage, large_room()));
    std::uint64_t copied = 0;
    int copying = 0, warming = 0, frames = 0;
    for (; !stage.renderer().has_scene(coming) && frames < kPatience; ++frames) {
        const render::FrameStats stats = stage.draw({.views = seat_views(), .scene = calm});
        CHECK(stats.arriving_bytes <= render::Upload::kHalf);
        CHECK_FALSE((stats.arriving_bytes > 0 && stats.warmed));
        copied += stats.arriving_bytes;
        copying += stats.arriving_bytes > 0 ? 1 : 0;
        warming += stats.warmed ? 1 : 0;
    }
    REQUIRE(frames < kPatience);
    CHECK(copied == all);
    CHECK(copying >= 2);      // 5.6 MB
    CHECK(warming >= 6);      // the materials of the small room make six pipelines at least
    CHECK(frames >= copying + warming + 1);  // it is ready when the last of them is done on the GPU, not before
}

TEST_CASE("with no time to spare an upload still goes on, a piece at a time") {
    Stage stage({64, 64}, 1);
    const std::vector<std::byte> bytes(3 * render::Upload::kPiece + 5, std::byte{7});
    auto buffer = gpu::Buffer::create(stage.device(), bytes.size(), VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::device);
    auto commands = gpu::Commands::create(stage.device());
    REQUIRE(buffer);
    REQUIRE(commands);
    bool released = false;
    render::Upload upload;
    upload.to_buffer(*buffer, bytes, [&] { released = true; });
    REQUIRE(upload.make_staging(stage.device()));
    std::vector<VkDeviceSize> pieces;
    while (!upload.finished() && pieces.size() < 10) {
        CHECK_FALSE(released);
        REQUIRE(commands->begin());
        pieces.push_back(upload.record(commands->handle(), pieces.size() % render::Upload::kHalves, 0));
        REQUIRE(commands->submit());
    }
    REQUIRE(commands->wait());
    CHECK(released);
    CHECK(pieces.size() == 4);
    CHECK(std::ranges::max(pieces) == render::Upload::kPiece);
    CHECK(std::accumulate(pieces.begin(), pieces.end(), VkDeviceSize{0}) == bytes.size());
}

TEST_CASE("a scene that is given up at any step leaves nothing behind") {
    Stage stage({64, 64}, 4);
    render::Renderer& renderer = stage.renderer();
    const render::FrameInput calm{.views = seat_views(), .scene = stage.add(small_room())};
    renderer.remove_scene(stage.add(large_room()));  // the shadow's map stays with the renderer
    const std::uint32_t allocations = device_allocations(stage);
    { const auto never_begun = prepared(stage, large_room()); }
    CHECK(device_allocations(stage) == allocations);
    bool whole = false;
    for (int steps = 0; !whole && steps < kPatience; ++steps) {
        const render::SceneId coming = renderer.begin_scene(prepared(stage, large_room()));
        const render::SceneId behind = steps == 2 ? renderer.begin_scene(prepared(stage, small_room())) : coming;
        for (int i = 0; i < steps; ++i) stage.draw(calm);
        whole = renderer.has_scene(coming);
        renderer.remove_scene(coming);
        renderer.remove_scene(behind);
        CHECK(device_allocations(stage) == allocations);
        CHECK_FALSE(renderer.has_scene(coming));
    }
    CHECK(whole);
    for (int i = 0; i < 3; ++i) stage.draw(calm);
    // And one that is still coming when the renderer goes; the stage's end checks that the validation layers are silent.
    renderer.begin_scene(prepared(stage, large_room()));
    for (int i = 0; i < 2; ++i) stage.draw(calm);
}

TEST_CASE("scenes that come together are taken in one after the other, and finish_scenes waits for all") {
    Stage stage({64, 64}, 1);
    render::Renderer& renderer = stage.renderer();
    const render::SceneId calm = stage.add(small_room());
    const render::SceneId first = renderer.begin_scene(prepared(stage, large_room())), second = renderer.begin_scene(prepared(stage, small_room()));
    stage.draw({.views = seat_views(), .scene = calm});
    SECTION("by frames") {
        for (int i = 0; !renderer.has_scene(second) && i < kPatience; ++i) {
            stage.draw({.views = seat_views(), .scene = calm});
            if (renderer.has_scene(second)) CHECK(renderer.has_scene(first));
        }
    }
    SECTION("at once") { REQUIRE(renderer.finish_scenes()); }
    REQUIRE(renderer.has_scene(first));
    REQUIRE(renderer.has_scene(second));
    CHECK(stage.shot({.views = seat_views(), .scene = second}).rgba == stage.shot({.views = seat_views(), .scene = calm}).rgba);
}

TEST_CASE("a scene that cannot be prepared is refused before anything is begun") {
    Stage stage({64, 64}, 1);
    content::SceneAsset nothing;
    nothing.name = "nothing";
    CHECK_FALSE(stage.renderer().prepare_scene(nothing));
    content::prepare(nothing);
    CHECK_FALSE(stage.renderer().prepare_scene(nothing));
}

}  // namespace accalmie::testing
