// SPDX-License-Identifier: Apache-2.0
// Nothing is allocated in the frame loop once a scene is up. Counted: every operator new of this thread, ours and the C++ libraries'. Not
// counted: what the Vulkan driver takes with malloc for itself.
#include <array>
#include <cstdlib>
#include <new>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "people_builder.h"
#include "stage.h"

namespace {

thread_local bool counting = false;
thread_local long counted = 0;

void* take(std::size_t size) {
    if (counting) ++counted;
    if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace accalmie::testing {
namespace {

template <class Work>
long allocations_of(Work&& work) {
    counted = 0;
    counting = true;
    work();
    counting = false;
    return counted;
}

}  // namespace

TEST_CASE("a frame allocates nothing once the scene is up, whatever is in view and whatever is measured of it") {
    Stage stage({64, 64}, 4, false);  // the validation layer allocates for itself
    content::SceneAsset lit = small_room();
    lit.nodes[2].cue = true;
    lit.nodes[2].cue_id = "metal";
    lit.name = "lit-room";
    lit.nodes[2].smoke = content::Smoke{};
    lit.nodes[1].glow = true;
    lit.probes.push_back({.name = "left", .center_m = {-1, 1, -2}, .half_m = {0.9f, 1, 1}, .picture = {}, .light = lit.environment_light});
    lit.lights.push_back({.kind = content::DynamicLight::Kind::spot, .position_m = {0, 2.8f, -1}, .direction = {0, -1, 0}, .color = glm::vec3(4), .inner_cone_cos = 0.9f,
                          .outer_cone_cos = 0.7f, .casts_shadow = true});
    PeopleBuilder people;
    people.asset.lights = lit.lights;
    const int paint = people.material({.name = "paint"}), tube = people.tube(paint);
    for (int i = 0; i < 3; ++i) people.arm("arm", tube, {static_cast<float>(i) * 0.5f, 0.5f, -2}, 0.3f * static_cast<float>(i)).level_max = i;
    people.sliding_box("box", people.box({0.1f, 0.1f, 0.1f}, paint), {0, 1.5f, -2}, 0.2f, 0.5f);
    const std::array scenes{stage.add(small_room()), stage.add(lit), stage.add(people.take())};
    const auto turn = [&](int frames) {
        for (int i = 0; i < frames; ++i)
            stage.draw({.views = seat_views(0.063f, static_cast<float>(i * 9)), .scene = scenes[static_cast<std::size_t>(i) % scenes.size()], .level = i / 3 % 3, .scene_time_s = i / 90.0,
                        .measure = {.cues = i % 2 == 0, .luminance = true}});
    };
    turn(18);  // the first frames meet each scene, target and pipeline
    CHECK(allocations_of([&] { turn(80); }) == 0);
}

TEST_CASE("a frame that copies or warms a scene on its way in allocates nothing either") {
    Stage stage({64, 64}, 4, false);
    const render::FrameInput calm{.views = seat_views(), .scene = stage.add(small_room())};
    stage.draw(calm);
    auto prepared = stage.renderer().prepare_scene(small_room());
    REQUIRE(prepared);
    const render::SceneId coming = stage.renderer().begin_scene(std::move(*prepared));
    int steps = 0;
    for (int i = 0; !stage.renderer().has_scene(coming) && i < 100; ++i) {
        bool step = false;
        const long counted_here = allocations_of([&] {
            const render::FrameStats stats = stage.draw(calm);
            step = stats.arriving_bytes > 0 || stats.warmed;
        });
        if (!step) continue;  // the one that lets it in makes room for its draw list
        ++steps;
        CHECK(counted_here == 0);
    }
    CHECK(steps > 4);
}

TEST_CASE("one allocation in a frame would be counted") {
    Stage stage({64, 64}, 1, false);
    const render::SceneId scene = stage.add(small_room());
    stage.draw({.views = seat_views(), .scene = scene});
    const long planted = allocations_of([&] {
        stage.draw({.views = seat_views(), .scene = scene});
        std::vector<int> forgotten(3, static_cast<int>(scene));
        CHECK(forgotten.size() == 3);
    });
    CHECK(planted >= 1);
}

}  // namespace accalmie::testing
