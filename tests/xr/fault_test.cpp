// SPDX-License-Identifier: Apache-2.0
// A runtime that misbehaves: each fault ends in a Status or an Error that says what to do, within a bounded time, and never in a crash.
#include "headset.h"
#include "monado.h"

#include <catch2/generators/catch_generators.hpp>

#include <signal.h>

#include <openxr/openxr.h>

using namespace accalmie;
using xr::LayerFault;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST_CASE("an injected loss ends the session as lost, and a new session works in the same process", "[xr]") {
    const auto fault = GENERATE(LayerFault::session_lost, LayerFault::loss_pending, LayerFault::instance_lost, LayerFault::instance_loss_pending);
    CAPTURE(xr::layer::kFaultNames[static_cast<std::size_t>(fault)]);
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(5));
        monado.hands().set_fault(fault);
        REQUIRE(headset->step_until([&] { return headset->status == xr::Status::lost; }, 3s));
        CHECK(headset->error.empty());
        CHECK(headset->step() == xr::Status::lost);  // and stays so, without a call
        headset->session().shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(5));
        CHECK(headset->status == xr::Status::running);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("lost tracking is said, the picture keeps its last pose and is still submitted, and tracking comes back", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        monado.hands().set_head(xr::Pose{{1, 0, 0, 0}, {0, 1.2f, 0}});
        REQUIRE(headset->step_frames(5));
        REQUIRE(headset->frame.tracking == xr::TrackingState::tracked);
        const glm::vec3 last = headset->frame.world_from_head.position_m;
        monado.hands().set_fault(LayerFault::tracking_lost, true);
        REQUIRE(headset->step_until([&] { return headset->frame.tracking == xr::TrackingState::lost; }, 3s));
        CHECK(glm::distance(headset->frame.world_from_head.position_m, last) < 1e-3f);
        CHECK_FALSE(headset->frame.input.aim_is_head);
        REQUIRE(headset->step_frames(5));
        CHECK(headset->error.empty());
        monado.hands().set_fault(LayerFault::tracking_lost, false);
        CHECK(headset->step_until([&] { return headset->frame.tracking == xr::TrackingState::tracked; }, 3s));
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("without focus no input arrives, and a press made meanwhile arrives after it", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    monado.hands().set_aim(xr::Pose{});
    REQUIRE(headset->step_until([&] { return headset->rendered > 3 && headset->frame.input.aim_valid; }));
    monado.hands().set_fault(LayerFault::not_focused, true);
    REQUIRE(headset->step_until([&] { return !headset->frame.input.aim_valid; }, 3s));
    monado.hands().set_stop(true);
    REQUIRE(headset->step_frames(5));
    CHECK_FALSE(headset->frame.input.stop);
    monado.hands().set_fault(LayerFault::not_focused, false);
    CHECK(headset->step_until([&] { return headset->frame.input.stop; }, 3s));
}

TEST_CASE("late frames are late by what was asked and the loop goes on", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(5));
    monado.hands().set_fault(LayerFault::late_frames, true, 150ms, 2);
    const auto before = Clock::now();
    REQUIRE(headset->step_frames(3));
    CHECK(Clock::now() - before >= 300ms);
    CHECK(headset->status == xr::Status::running);
    CHECK(headset->error.empty());
}

TEST_CASE("a headset taken off makes the session idle without spinning, and the end of it makes it finished", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(5));
        monado.hands().set_fault(LayerFault::headset_off, true);
        REQUIRE(headset->step_until([&] { return headset->status == xr::Status::idle; }, 3s));
        const auto before = Clock::now();
        for (int turn = 0; turn < 20; ++turn) REQUIRE(headset->step() == xr::Status::idle);
        CHECK(Clock::now() - before >= 150ms);
        monado.hands().set_fault(LayerFault::headset_off, false);
        CHECK(headset->step_until([&] { return headset->status == xr::Status::finished; }, 3s));
        CHECK(headset->step() == xr::Status::finished);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a runtime that asks to end finishes the session", "[xr]") {
    test::Monado monado;
    auto headset = test::openxr_headset();
    REQUIRE(headset->step_frames(5));
    monado.hands().set_fault(LayerFault::exit);
    CHECK(headset->step_until([&] { return headset->status == xr::Status::finished; }, 3s));
}

TEST_CASE("a runtime killed mid-session is a lost session within five seconds, and the next runtime serves the same process", "[xr]") {
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(10));
        monado.service().kill();
        const auto killed = Clock::now();
        CHECK(headset->step_until([&] { return headset->status == xr::Status::lost; }, 5s));
        headset.reset();
        CHECK(Clock::now() - killed < 5s);
    }
    auto without = xr::make_openxr_session({});
    REQUIRE_FALSE(without);
    CHECK(without.error().message == "no OpenXR runtime is active");
    CHECK(without.error().hint.contains("--xr offscreen"));

    test::Monado next;
    auto headset = test::openxr_headset();
    CHECK(headset->step_frames(5));
}

TEST_CASE("without a STAGE the world's floor lies a seated eye height under LOCAL", "[xr]") {
    test::Monado monado;
    const auto head_height = [&] {
        auto session = xr::make_openxr_session({});
        REQUIRE(session);
        monado.hands().poll();  // the layer is there from now on, the spaces are made by the headset's init
        test::Headset headset(std::move(*session));
        REQUIRE(headset.step_frames(3));
        return headset.frame.world_from_head.position_m.y;
    };
    const float over_stage_m = head_height();
    monado.hands().set_fault(LayerFault::no_stage);
    const float over_local_m = head_height();
    // Monado's simulated head hangs at 1.6 m over its stage and near the origin of LOCAL, and sways by a few centimetres.
    CHECK(std::abs(over_stage_m - 1.6f) < 0.15f);
    CHECK(std::abs(over_local_m - 1.2f) < 0.15f);
}

TEST_CASE("no runtime at all is said with what to do", "[xr]") {
    test::ScratchFolder empty;
    test::ScopedEnvironment environment;
    environment.set("XR_LOADER_DEBUG", "none");
    environment.set("XR_RUNTIME_JSON", empty.file("nothing.json"));
    auto session = xr::make_openxr_session({});
    REQUIRE_FALSE(session);
    CHECK(describe(session.error()) ==
          "no OpenXR runtime is active (start your headset's runtime, or Monado: XRT_COMPOSITOR_NULL=1 XRT_NO_STDIN=1 monado-service, or run "
          "with --xr offscreen)");
}

TEST_CASE("a planted misuse of OpenXR is caught by the core validation layer, so that its silence means something", "[xr]") {
    test::Monado monado;
    monado.expect_complaints();
    {
        auto session = xr::make_openxr_session({});
        REQUIRE(session);
        // A second event buffer of the wrong type, through the loader and every layer.
        XrInstanceCreateInfo info{XR_TYPE_INSTANCE_CREATE_INFO};
        XrInstance instance = XR_NULL_HANDLE;
        info.type = XR_TYPE_SESSION_CREATE_INFO;
        CHECK(XR_FAILED(xrCreateInstance(&info, &instance)));
        XrSystemGetInfo wrong{XR_TYPE_EVENT_DATA_BUFFER};
        XrSystemId system = 0;
        xrGetSystem(reinterpret_cast<XrInstance>(0x1234), &wrong, &system);
    }
    CHECK(monado.complaints() != "");
}
