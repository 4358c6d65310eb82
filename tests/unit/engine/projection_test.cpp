// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/error.h"
#include "engine/render/draw_list.h"
#include "engine/render/projection.h"

using namespace accalmie;
using Catch::Approx;

namespace {

const xr::Fov kFov{-0.7f, 0.6f, 0.5f, -0.4f};

glm::vec3 device_point(const glm::vec3& eye_point) {
    const glm::vec4 clip = render::clip_from_eye(kFov) * glm::vec4(eye_point, 1);
    return glm::vec3(clip) / clip.w;
}

}  // namespace

TEST_CASE("an uneven field of view fills the picture to its edges, y down") {
    const glm::vec3 corner = device_point({std::tan(-0.7f) * 3, std::tan(0.5f) * 3, -3});
    CHECK(corner.x == Approx(-1));
    CHECK(corner.y == Approx(-1));
    const glm::vec3 other = device_point({std::tan(0.6f) * 9, std::tan(-0.4f) * 9, -9});
    CHECK(other.x == Approx(1));
    CHECK(other.y == Approx(1));
}

TEST_CASE("depth is one at the near plane and falls towards zero without end") {
    CHECK(device_point({0, 0, -render::kNear_m}).z == Approx(1));
    CHECK(device_point({0, 0, -10}).z == Approx(render::kNear_m / 10));
    CHECK(device_point({0, 0, -100'000}).z > 0);
}

TEST_CASE("a pose and its inverse are each other's undoing") {
    const xr::Pose pose{glm::normalize(glm::quat(0.8f, 0.1f, -0.4f, 0.3f)), {1, 2, 3}};
    const glm::mat4 whole = render::eye_from_world(pose) * render::world_from_eye(pose);
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j) CHECK(whole[i][j] == Approx(i == j ? 1 : 0).margin(1e-5));
}

TEST_CASE("the frustum keeps what it touches and drops what it does not") {
    const render::Frustum frustum = render::frustum_of(render::clip_from_eye(kFov));
    const auto box_at = [](glm::vec3 at) { return render::Box{at, glm::vec3(0.5f)}; };
    CHECK(render::touches(frustum, box_at({0, 0, -3})));
    CHECK(render::touches(frustum, box_at({0, 0, -1000})));
    CHECK(render::touches(frustum, box_at({0, 0, 0})));
    CHECK_FALSE(render::touches(frustum, box_at({0, 0, 3})));
    CHECK_FALSE(render::touches(frustum, box_at({-20, 0, -3})));
    CHECK_FALSE(render::touches(frustum, box_at({0, 20, -3})));
}

TEST_CASE("opaque things come near to far, clear ones far to near and last, other levels not at all") {
    std::vector<render::DrawItem> items(6);
    const float distances[] = {5, 1, 3, 2, 4, 2};
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].box = {{0, 0, -distances[i]}, glm::vec3(0.1f)};
        items[i].level_max = 9;
        items[i].pass = i >= 3 ? render::Pass::clear : render::Pass::opaque;
    }
    items[5].level_min = 4;
    const render::Frustum frustum = render::frustum_of(render::clip_from_eye(kFov));
    render::DrawList list;
    list.reserve(items.size());
    list.build(items, 0, {frustum, frustum}, glm::vec3(0));
    CHECK(std::vector(list.order().begin(), list.order().end()) == std::vector<std::uint32_t>{1, 2, 0, 4, 3});
    list.build(items, 4, {frustum, frustum}, glm::vec3(0));
    CHECK(list.order().size() == 6);
}

TEST_CASE("what only one eye can see is drawn") {
    std::vector<render::DrawItem> items(1);
    items[0].box = {{-2, 0, -1}, glm::vec3(0.1f)};
    const xr::Fov narrow{-0.3f, 0.3f, 0.3f, -0.3f};
    const auto frustum_at = [&](float x) { return render::frustum_of(render::clip_from_eye(narrow) * render::eye_from_world({.position_m = {x, 0, 0}})); };
    render::DrawList list;
    list.build(items, 0, {frustum_at(-2), frustum_at(0)}, glm::vec3(0));
    CHECK(list.order().size() == 1);
    list.build(items, 0, {frustum_at(0), frustum_at(-2)}, glm::vec3(0));
    CHECK(list.order().size() == 1);
    list.build(items, 0, {frustum_at(0), frustum_at(0)}, glm::vec3(0));
    CHECK(list.order().empty());
}

TEST_CASE("idle motion is slow, small, and a function of time alone") {
    const glm::vec3 pivot{1, 0, -2};
    for (const auto idle : {render::Idle::breathe, render::Idle::sway}) {
        CHECK(render::idle_motion(idle, pivot, 12.5) == render::idle_motion(idle, pivot, 12.5));
        const glm::vec3 head = pivot + glm::vec3(0.1f, 1.3f, 0.1f);
        glm::vec3 last = head;
        for (int step = 0; step <= 1000; ++step) {
            const glm::vec3 now(render::idle_motion(idle, pivot, step / 90.0) * glm::vec4(head, 1));
            CHECK(glm::distance(now, head) < 0.03f);
            if (step > 0) CHECK(glm::distance(now, last) < 0.001f);
            last = now;
        }
    }
    CHECK(render::idle_motion(render::Idle::none, pivot, 3) == glm::mat4(1));
}

TEST_CASE("an error is told with its place and its advice") {
    CHECK(describe(Error{.message = "is broken", .hint = "mend it", .file = "a.toml", .line = 3, .column = 7}) == "a.toml:3:7: is broken (mend it)");
    CHECK(describe(Error{.message = "is broken", .hint = "", .file = "a.toml"}) == "a.toml: is broken");
    CHECK(describe(Error{.message = "is broken"}) == "is broken");
}
