// SPDX-License-Identifier: Apache-2.0
// A head that moves while the frame's commands are recorded: the picture and what the runtime is told are of the newest pose.
#include "headset.h"
#include "monado.h"

#include "engine/render/renderer.h"
#include "tests/gpu/scene_builder.h"

using namespace accalmie;

namespace {

content::SceneAsset boxes() {
    testing::SceneBuilder build;
    build.asset.name = "boxes";
    const int red = build.material({.name = "red", .base_color = {0.8f, 0.1f, 0.1f, 1}, .metallic = 0, .emissive = {0.4f, 0, 0}});
    const int green = build.material({.name = "green", .base_color = {0.1f, 0.8f, 0.1f, 1}, .metallic = 0, .emissive = {0, 0.4f, 0}});
    for (int column = -3; column <= 3; ++column)
        build.node("box", build.box({0.12f, 0.3f, 0.12f}, column % 2 == 0 ? red : green), {0.4f * static_cast<float>(column), 1.2f, -1.5f});
    build.asset.exposure = 1;
    content::prepare(build.asset);
    return build.asset;
}

// Moves the simulated head when the renderer has recorded all, then asks the runtime.
class MovesWhileRecording final : public render::LateViews {
public:
    MovesWhileRecording(xr::LayerClient& hands, const xr::Pose& to, xr::Session& session, xr::Frame& frame)
        : hands_(hands), to_(to), session_(session), frame_(frame) {}
    std::array<xr::View, 2> views_now() override {
        hands_.set_head(to_);
        session_.relocate(frame_);
        return frame_.views;
    }

private:
    xr::LayerClient& hands_;
    xr::Pose to_;
    xr::Session& session_;
    xr::Frame& frame_;
};

}  // namespace

TEST_CASE("poses are latched after recording: the picture and the submitted layer follow a head that moved meanwhile", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        auto& session = headset->session();
        auto renderer = render::Renderer::create(headset->device(), {.color_format = session.color_format(), .eye_extent = session.eye_extent()});
        REQUIRE(renderer);
        const auto scene = (*renderer)->add_scene(boxes());
        REQUIRE(scene);

        const xr::Pose before{{1, 0, 0, 0}, {0, 1.2f, 0}};
        const xr::Pose after{glm::angleAxis(glm::radians(2.5f), glm::vec3(0, 1, 0)), {0.03f, 1.21f, 0.02f}};
        xr::Frame& frame = headset->frame;
        enum class Late { none, relocated };
        const auto picture = [&](Late late) {
            auto status = session.step_begin(frame);
            REQUIRE((status && *status == xr::Status::running && frame.should_render));
            const VkImage target = session.color_images()[frame.image_index];
            MovesWhileRecording moves(monado.hands(), after, session, frame);
            const auto drawn = (*renderer)->draw({.views = frame.views, .scene = *scene, .late_views = late == Late::relocated ? &moves : nullptr}, target);
            REQUIRE(drawn);
            auto eye = (*renderer)->read_eye(target, 0, frame.views[0], {}, VK_NULL_HANDLE);
            REQUIRE(eye);
            monado.hands().request_counters();
            REQUIRE(session.step_end(frame, headset->quad));
            return std::move(eye->rgba);
        };
        const auto submitted_eye_m = [&] {  // asked for before the frame ended, answered by the next call after it
            monado.hands().request_counters();
            REQUIRE(headset->step_frames(1));
            monado.hands().poll();
            const auto& counted = *monado.hands().counters();
            return glm::vec3(counted.eye_x_um, counted.eye_y_um, counted.eye_z_um) * 1e-6f;
        };

        monado.hands().set_head(before);
        REQUIRE(headset->step_until([&] { return glm::distance(headset->frame.world_from_head.position_m, before.position_m) < 1e-4f; }));
        const auto early = picture(Late::none);
        const auto latched = picture(Late::relocated);
        const xr::View told = frame.views[0];
        CHECK(glm::distance(frame.world_from_head.position_m, after.position_m) < 1e-4f);
        CHECK(glm::distance(submitted_eye_m(), told.world_from_eye.position_m) < 2e-6f);
        const auto there = picture(Late::none);  // the head is there from the beginning of this frame
        CHECK(early != latched);
        CHECK(latched == there);

        (*renderer)->forget_targets();
        renderer->reset();
        session.shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}
