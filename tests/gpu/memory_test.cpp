// SPDX-License-Identifier: Apache-2.0
// Graphics memory that ends, at every allocation in turn: less is drawn and it is said, or there is an error; nothing is left behind.
#include <atomic>

#include <catch2/catch_test_macros.hpp>

#include "engine/gpu/check.h"
#include "scenes/player/theatre.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

constexpr VkExtent2D kExtent{64, 48};

render::FrameInput seat(render::SceneId scene) { return {.views = seat_views(), .scene = scene, .level = 2, .scene_time_s = 1}; }

scenes::PlayerOptions small_view(std::uint64_t fault, std::uint64_t times = 1) {
    scenes::PlayerOptions options;
    options.width = 80;
    options.height = 60;
    options.validation = true;
    options.memory_fault = fault;
    options.memory_fault_times = times;
    return options;
}

Result<std::unique_ptr<scenes::Theatre>> opened(std::uint64_t fault, std::uint64_t times = 1, const content::SceneAsset* first = nullptr) {
    return scenes::Theatre::open(small_view(fault, times), nullptr, first);
}

}  // namespace

TEST_CASE("memory that ends anywhere in the making of the renderer is an error, and nothing of it stays") {
    int faults = 0;
    for (std::uint64_t at = 1;; ++at) {
        CAPTURE(at);
        std::atomic<std::uint32_t> messages = 0;
        gpu::MemoryFault fault{.at = at};
        {
            const auto maker = gpu::make_plain_vulkan();
            const auto device = gpu::Device::create(*maker, {.validation = true, .memory_fault = &fault, .message_count = &messages});
            REQUIRE(device);
            const auto renderer = render::Renderer::create(**device, {.eye_extent = kExtent});
            REQUIRE(renderer.has_value() != fault.fired());
            if (!renderer) CHECK(gpu::out_of_memory(renderer.error()));
            faults += fault.fired();
        }
        CHECK(messages == 0);  // a leak is told when the device goes
        if (!fault.fired()) break;
    }
    CHECK(faults > 15);
}

TEST_CASE("memory that ends anywhere in a scene's upload costs the scene, or the fineness of its textures, and not the scene before") {
    gpu::MemoryFault fault{.at = ~std::uint64_t{0}};
    Stage stage(kExtent, 4, {.validation = true, .memory_fault = &fault});
    const render::SceneId calm = stage.add(small_room());
    const auto before = stage.shot(seat(calm));
    int refused = 0, coarser = 0;
    for (std::uint64_t after = 1;; ++after) {
        CAPTURE(after);
        fault.at = fault.seen + after;
        const auto added = stage.renderer().add_scene(small_room());
        const bool fired = fault.fired();
        fault.at = ~std::uint64_t{0};
        CHECK(stage.shot(seat(calm)).rgba == before.rgba);
        if (!added) {
            CHECK(fired);
            CHECK(gpu::out_of_memory(added.error()));
            ++refused;
            continue;
        }
        CHECK((stage.renderer().lost_levels(*added) > 0) == fired);
        coarser += fired;
        CHECK((stage.shot(seat(*added)).rgba == before.rgba) == !fired);
        stage.renderer().remove_scene(*added);
        if (!fired) break;
    }
    CHECK(refused > 0);
    CHECK(coarser == 4);  // as many pictures
}

// What a scene is that was made with smaller pictures.
content::SceneAsset coarser_room(std::uint32_t levels) {
    content::SceneAsset room = small_room();
    for (content::Image& image : room.images) {
        image.mips.erase(image.mips.begin(), image.mips.begin() + levels);
        image.width >>= levels;
        image.height >>= levels;
    }
    return room;
}

TEST_CASE("textures lose one level after another while memory ends, and then the scene is refused") {
    gpu::MemoryFault fault{.at = ~std::uint64_t{0}};
    Stage stage(kExtent, 4, {.validation = true, .memory_fault = &fault});
    const auto add_with = [&](std::uint64_t faults) {
        constexpr std::uint64_t kFirstPicture = 7;  // after two buffers, the staging buffer, the white texel, light map and environment
        fault.at = fault.seen + kFirstPicture;
        fault.times = faults;
        auto added = stage.renderer().add_scene(small_room());
        fault.at = ~std::uint64_t{0};
        return added;
    };
    for (std::uint32_t lost = 1; lost <= 4; ++lost) {
        CAPTURE(lost);
        const auto added = add_with(lost);
        REQUIRE(added);
        CHECK(stage.renderer().lost_levels(*added) == lost);
        CHECK(stage.shot(seat(*added)).rgba == stage.shot(seat(stage.add(coarser_room(lost)))).rgba);
    }
    const auto refused = add_with(5);
    REQUIRE_FALSE(refused);
    CHECK(gpu::out_of_memory(refused.error()));
}

TEST_CASE("a view that does not fit is opened with fewer samples, then smaller down to its floor, and says so") {
    const auto whole = opened(0);
    REQUIRE(whole);
    CHECK((*whole)->shortage().empty());
    CHECK((*whole)->samples() == 4);
    const auto samples = opened(1);
    REQUIRE(samples);
    CHECK((*samples)->samples() == 1);
    CHECK((*samples)->session().eye_extent().width == 80);
    CHECK((*samples)->shortage().contains("1 sample a pixel instead of 4"));
    CHECK_FALSE((*samples)->shortage().contains("%"));
    const auto smallest = opened(1, 4);
    REQUIRE(smallest);
    CHECK((*smallest)->session().eye_extent().width == 68);
    CHECK((*smallest)->session().eye_extent().height == 52);  // 51, made even
    CHECK((*smallest)->shortage().contains("85 %"));
    const auto none = opened(1, 5);
    REQUIRE_FALSE(none);
    CHECK(gpu::out_of_memory(none.error()));
}

TEST_CASE("memory that ends anywhere on the way to the calm room ends with the calm room shown") {
    const content::SceneAsset calm = small_room();
    for (std::uint64_t at = 1;; ++at) {
        CAPTURE(at);
        const auto theatre = opened(at, 1, &calm);
        REQUIRE(theatre);
        const bool textures = (*theatre)->renderer().lost_levels((*theatre)->scene(calm.name)) > 0;
        const bool less = textures || !(*theatre)->shortage().empty();
        xr::Frame frame;
        REQUIRE((*theatre)->session().step_begin(frame));
        const VkImage target = (*theatre)->session().color_images()[frame.image_index];
        CHECK((*theatre)->renderer().draw({.views = frame.views, .scene = (*theatre)->scene(calm.name)}, target));
        CHECK((*theatre)->session().step_end(frame, {}));
        (*theatre)->renderer().forget_targets();
        CHECK((*theatre)->device().validation_messages() == 0);
        if (!less) {
            CHECK(at > 20);
            break;
        }
    }
}

}  // namespace accalmie::testing
