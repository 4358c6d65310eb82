// SPDX-License-Identifier: Apache-2.0
// The OpenXR session against the real Monado runtime, with both layers of validation.
#include "headset.h"
#include "monado.h"

using namespace accalmie;

TEST_CASE("sixty frames with a panel go through the real runtime and neither validation layer speaks", "[xr]") {
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset();
        CHECK(headset->session().runtime_name().starts_with("Monado"));
        CHECK(headset->session().color_format() == VK_FORMAT_R8G8B8A8_SRGB);
        CHECK(headset->session().eye_extent().width == 320);
        CHECK(headset->session().eye_extent().height == 240);
        REQUIRE(headset->step_frames(60));
        CHECK(headset->status == xr::Status::running);
        CHECK(headset->error.empty());
        CHECK(headset->quad_drawn);
        CHECK(headset->frame.tracking == xr::TrackingState::tracked);
        CHECK(headset->frame.predicted_period_ns > 0);
        const float between_eyes_m = glm::distance(headset->frame.views[0].world_from_eye.position_m, headset->frame.views[1].world_from_eye.position_m);
        CHECK(between_eyes_m > 0.05f);
        CHECK(between_eyes_m < 0.08f);
        CHECK(headset->frame.views[0].fov.left < 0);
        CHECK(headset->frame.views[0].fov.right > 0);
        // Nothing is in the hands, so that the head aims.
        CHECK(headset->frame.input.aim_is_head);
        headset->session().shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("the asked picture size is used, up to what the runtime allows", "[xr]") {
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset({.width = 512, .height = 384});
        CHECK(headset->session().eye_extent().width == 512);
        CHECK(headset->session().eye_extent().height == 384);
        REQUIRE(headset->step_frames(3));
        // Linear 0.4 is 170 in sRGB; read between the frames from an image that the session owns, before the runtime takes it back.
        xr::Frame& frame = headset->frame;
        REQUIRE(headset->session().step_begin(frame));
        REQUIRE(frame.should_render);
        const VkImage image = headset->session().color_images()[frame.image_index];
        headset->painter().clear_eyes(image, headset->session().color_format(), headset->session().eye_extent(), 0.2f, 0.4f, 0.6f);
        CHECK(headset->painter().pixel(image, 0, 500, 380)[1] == 170);
        CHECK(headset->painter().pixel(image, 1, 500, 380)[1] == 170);
        CHECK(headset->session().step_end(frame, headset->quad));
        headset->session().shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    {
        auto headset = test::openxr_headset({.width = 1'000'000, .height = 200});
        CHECK(headset->session().eye_extent().width < 1'000'000);
        CHECK(headset->session().eye_extent().height == 200);
    }
    CHECK(monado.complaints() == "");
}
