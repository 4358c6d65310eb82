// SPDX-License-Identifier: Apache-2.0
// What a runtime may have and we use: an old version of OpenXR, refresh rate, eyes, haptics, recentring, depth and hidden pixels.
#include "counted.h"

#include <algorithm>
#include <cmath>

#include "engine/render/projection.h"
#include "engine/render/renderer.h"
#include "tests/gpu/scene_builder.h"

using namespace accalmie;

namespace {

bool same(const xr::Pose& a, const xr::Pose& b) {
    return glm::distance(a.position_m, b.position_m) < 1e-4f && std::abs(glm::dot(a.orientation, b.orientation)) > 0.99999f;
}

}  // namespace

TEST_CASE("a runtime that refuses OpenXR 1.1 is used by 1.0, one that takes it by 1.1", "[xr]") {
    for (const bool old : {true, false}) {
        CAPTURE(old);
        // The core validation layer gives another code for the refusal that it hands on.
        test::Monado monado({.validation = !old});
        {
            test::ScopedEnvironment environment;
            if (old) environment.set(xr::layer::kOldRuntimeVariable, "1");
            auto headset = test::openxr_headset();
            CHECK(headset->session().features().starts_with(old ? "OpenXR 1.0;" : "OpenXR 1.1;"));
            REQUIRE(headset->step_frames(10));
            CHECK(headset->error.empty());
            headset->session().shutdown();
            CHECK(headset->device().validation_messages() == 0);
        }
        if (!old) CHECK(monado.complaints() == "");
    }
}

TEST_CASE("the display's rate nearest to 90 Hz is asked for, and the log's line says what there is", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(2));
        const auto counters = test::counted(monado, *headset);
        const double period_ms = static_cast<double>(headset->frame.predicted_period_ns) * 1e-6;
        INFO(headset->session().features());
        // Monado's null compositor has one rate, that of its frames; on a busy machine it plans every second or third of them.
        CHECK(counters.refresh_mhz > 0);
        const double displays = static_cast<double>(counters.refresh_mhz) * 1e-6 * period_ms;
        CHECK(std::abs(displays - std::max(1.0, std::round(displays))) < 0.01);
        const std::string said = headset->session().features();
        CHECK(said.contains("(90 Hz wished)"));
        CHECK(said.contains("wait overlapped"));
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("eyes that the runtime tracks are in the frame and aim while no hand does; without them the head aims", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        const xr::Frame& frame = headset->frame;
        monado.hands().set_head(xr::Pose{{1, 0, 0, 0}, {0, 1.2f, 0}});
        REQUIRE(headset->step_frames(5));
        CHECK_FALSE(frame.world_from_gaze);
        CHECK(frame.input.aim_is_head);
        CHECK_FALSE(frame.input.aim_is_eyes);

        const xr::Pose gaze{glm::angleAxis(glm::radians(20.0f), glm::vec3(0, 1, 0)), {0, 1.2f, 0}};
        monado.hands().set_gaze(gaze);
        REQUIRE(headset->step_until([&] { return frame.world_from_gaze.has_value(); }));
        CHECK(same(*frame.world_from_gaze, gaze));
        CHECK(frame.input.aim_valid);
        CHECK(frame.input.aim_is_head);  // chosen by dwell
        CHECK(frame.input.aim_is_eyes);
        CHECK(same(frame.input.world_from_aim, gaze));

        const xr::Pose hand{{1, 0, 0, 0}, {0.2f, 1, -0.1f}};
        monado.hands().set_aim(hand);
        REQUIRE(headset->step_until([&] { return !frame.input.aim_is_head; }));
        CHECK_FALSE(frame.input.aim_is_eyes);
        CHECK(same(frame.input.world_from_aim, hand));
        REQUIRE(frame.world_from_gaze);
        CHECK(same(*frame.world_from_gaze, gaze));

        // Without focus nobody may look into the patient's eyes.
        monado.hands().set_fault(xr::LayerFault::not_focused, true);
        REQUIRE(headset->step_until([&] { return !frame.world_from_gaze; }));
        monado.hands().set_fault(xr::LayerFault::not_focused, false);
        REQUIRE(headset->step_until([&] { return frame.world_from_gaze.has_value(); }));

        monado.hands().set_aim(std::nullopt);
        monado.hands().set_gaze(std::nullopt);
        REQUIRE(headset->step_until([&] { return !frame.world_from_gaze && frame.input.aim_is_head; }));
        CHECK_FALSE(frame.input.aim_is_eyes);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a headset without eye tracking has no gaze, although its runtime knows the extension", "[xr]") {
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(5));
        CHECK_FALSE(headset->frame.world_from_gaze);
        CHECK(headset->session().features().contains("eye gaze not there"));
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a pulse reaches the runtime once", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(3));
        const auto before = test::counted(monado, *headset);
        headset->session().pulse();
        const auto after = test::counted(monado, *headset);
        CHECK(after.pulses - before.pulses == 1);
        CHECK(headset->status == xr::Status::running);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("recentring puts the head over the origin and ahead along -z; the runtime's own recentring is said and undoes ours", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        const xr::Frame& frame = headset->frame;
        const xr::Pose head{glm::angleAxis(glm::radians(110.0f), glm::vec3(0, 1, 0)), {0.7f, 1.25f, -0.4f}};
        monado.hands().set_head(head);
        REQUIRE(headset->step_until([&] { return same(frame.world_from_head, head); }));
        CHECK_FALSE(frame.recentred);
        REQUIRE(headset->session().recentre());
        REQUIRE(headset->step_until([&] { return frame.recentred; }));
        CHECK(same(frame.world_from_head, {{1, 0, 0, 0}, {0, 1.25f, 0}}));
        REQUIRE(headset->step_frames(1));
        CHECK_FALSE(frame.recentred);

        // Twice is once more from where the head is now.
        monado.hands().set_head(xr::Pose{head.orientation, head.position_m + glm::vec3(0.2f, 0.1f, 0.3f)});
        REQUIRE(headset->step_frames(2));
        REQUIRE(headset->session().recentre());
        REQUIRE(headset->step_frames(1));
        CHECK(same(frame.world_from_head, {{1, 0, 0, 0}, {0, 1.35f, 0}}));

        monado.hands().set_head(head);
        monado.hands().set_fault(xr::LayerFault::recentre);
        REQUIRE(headset->step_until([&] { return frame.recentred; }));
        CHECK(same(frame.world_from_head, head));

        // With no head to be seen there is nothing to recentre on.
        monado.hands().set_fault(xr::LayerFault::tracking_lost, true);
        REQUIRE(headset->step_until([&] { return frame.tracking == xr::TrackingState::lost; }));
        CHECK_FALSE(headset->session().recentre());
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("frames with depth, a hidden mesh and a smaller part go through the runtime, and neither validation layer speaks", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset({.depth_layer = true, .near_m = render::kNear_m});
        auto& session = headset->session();
        CHECK(session.features().contains("depth layer on"));
        auto renderer = render::Renderer::create(headset->device(), {.color_format = session.color_format(), .eye_extent = session.eye_extent()});
        REQUIRE(renderer);
        testing::SceneBuilder build;
        build.asset.name = "box";
        build.node("box", build.box({0.3f, 0.3f, 0.3f}, build.material({.name = "grey"})), {0, 1.6f, -2});
        content::prepare(build.asset);
        const auto scene = (*renderer)->add_scene(build.asset);
        REQUIRE(scene);
        const xr::HiddenMesh* mesh = session.new_hidden_mesh();
        REQUIRE(mesh != nullptr);
        CHECK(session.new_hidden_mesh() == nullptr);
        INFO("hidden triangles: " << mesh->triangles[0].size() / 3 << " and " << mesh->triangles[1].size() / 3);
        CHECK(mesh->triangles[0].size() % 3 == 0);
        CHECK(session.features().contains(mesh->triangles[0].empty() ? "visibility mask empty" : "visibility mask on"));
        REQUIRE((*renderer)->set_hidden_mesh(*mesh));

        xr::Frame& frame = headset->frame;
        int drawn = 0;
        const VkExtent2D part{272, 204};
        for (int turn = 0; turn < 200 && drawn < 12; ++turn) {
            auto status = session.step_begin(frame);
            REQUIRE(status);
            if (*status != xr::Status::running) continue;
            if (frame.should_render) {
                REQUIRE(frame.depth_image != VK_NULL_HANDLE);
                if (drawn >= 6) frame.extent = part;
                if (drawn >= 9) frame.depth_image = VK_NULL_HANDLE;  // a frame that did not draw it
                REQUIRE((*renderer)->draw({.views = frame.views, .scene = *scene, .extent = frame.extent, .depth_target = frame.depth_image},
                                          session.color_images()[frame.image_index]));
                ++drawn;
            }
            REQUIRE(session.step_end(frame, {}));
        }
        CHECK(drawn == 12);
        monado.hands().request_counters();
        REQUIRE(session.step_begin(frame));
        REQUIRE(session.step_end(frame, {}));
        monado.hands().poll();
        REQUIRE(monado.hands().counters());
        CHECK(monado.hands().counters()->depth_frames == 9);
        CHECK(monado.hands().counters()->projection_frames >= 12);
        CHECK(monado.hands().counters()->rect_width == part.width);
        CHECK(monado.hands().counters()->rect_height == part.height);
        (*renderer)->forget_targets();
        renderer->reset();
        session.shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("the quirk no_visibility_mask hides nothing, and depth that nobody asked for is not handed out", "[xr]") {
    test::Monado monado({.hands = false});
    auto headset = test::openxr_headset({.visibility_mask = false});
    REQUIRE(headset->step_frames(2));
    CHECK(headset->session().new_hidden_mesh() == nullptr);
    CHECK(headset->session().features().contains("visibility mask off"));
    CHECK(headset->session().features().contains("depth layer off"));
    CHECK(headset->frame.depth_image == VK_NULL_HANDLE);
}
