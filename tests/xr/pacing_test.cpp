// SPDX-License-Identifier: Apache-2.0
// What the thread that waits is worth on Monado: a frame that takes too long costs the next one nothing. Figures: asked for by name ([.pacing]).
#include "headset.h"
#include "monado.h"

#include <catch2/generators/catch_generators.hpp>

#include <time.h>

#include <print>
#include <thread>

using namespace accalmie;
using Clock = std::chrono::steady_clock;

namespace {

double cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void sleep_and_measure(bool overlap, double usual, double spike, int every) {
    test::Monado monado({.validation = false, .hands = false});
    auto headset = test::openxr_headset({.overlap = overlap});
    auto& session = headset->session();
    REQUIRE(headset->step_frames(20));
    xr::Frame frame;
    std::int64_t last_ns = 0, first_ns = 0, period_ns = 0;
    int missed = 0, twice = 0, row = 0, frames = 0;
    double work_s = 0;
    const auto began = Clock::now();
    const double cpu_began_s = cpu_s();
    while (frames < 120) {
        auto status = session.step_begin(frame);
        REQUIRE((status && *status == xr::Status::running));
        const auto work_began = Clock::now();
        period_ns = frame.predicted_period_ns;
        if (last_ns != 0) {
            const auto skipped = static_cast<int>((frame.predicted_display_time_ns - last_ns + period_ns / 2) / period_ns) - 1;
            missed += skipped;
            row = skipped > 0 ? row + 1 : 0;
            twice += row > 1;
        } else {
            first_ns = frame.predicted_display_time_ns;
        }
        last_ns = frame.predicted_display_time_ns;
        const double share = every > 0 && frames % every == every - 1 ? spike : usual;
        // Sleep, not spin: two cores for many, and only the order of the calls is asked about.
        std::this_thread::sleep_until(work_began + std::chrono::nanoseconds(static_cast<std::int64_t>(share * static_cast<double>(period_ns))));
        session.relocate(frame);
        headset->painter().clear_eyes(session.color_images()[frame.image_index], session.color_format(), session.eye_extent(), 0.2f, 0.4f, 0.6f);
        work_s += std::chrono::duration<double>(Clock::now() - work_began).count();
        REQUIRE(session.step_end(frame, headset->quad));
        ++frames;
    }
    const double wall_s = std::chrono::duration<double>(Clock::now() - began).count();
    std::println("overlap {} load {:.2f} spike {:.2f} every {}: period {:.2f} ms, interval {:.2f} ms, work {:.2f} ms, missed {} (in a row {}), CPU {:.1f} %, display span {:.2f}",
                 overlap, usual, spike, every, static_cast<double>(period_ns) * 1e-6, wall_s * 1000 / frames, work_s * 1000 / frames, missed, twice,
                 (cpu_s() - cpu_began_s) / wall_s * 100, static_cast<double>(last_ns - first_ns) * 1e-9);
}

}  // namespace

TEST_CASE("a frame that takes longer than a period costs the next frame no display slot, because its wait was over already", "[xr]") {
    const bool overlap = GENERATE(false, true);
    CAPTURE(overlap);
    test::Monado monado({.hands = false});
    {
        auto headset = test::openxr_headset({.overlap = overlap});
        REQUIRE(headset->step_frames(20));  // the runtime learns how long a frame takes
        const xr::Frame& frame = headset->frame;
        int lost = 0;
        for (int trial = 0; trial < 5; ++trial) {
            REQUIRE(headset->step_frames(3));
            // The patient's program is busy for a quarter more than a period within this frame.
            const auto slot_ns = frame.predicted_display_time_ns;
            std::int64_t long_slot_ns = 0;
            xr::Frame slow;
            auto status = headset->session().step_begin(slow);
            REQUIRE((status && *status == xr::Status::running));
            long_slot_ns = slow.predicted_display_time_ns;
            CHECK(long_slot_ns > slot_ns);
            std::this_thread::sleep_for(std::chrono::nanoseconds(slow.predicted_period_ns * 5 / 4));
            if (slow.should_render) headset->painter().clear_eyes(headset->session().color_images()[slow.image_index], headset->session().color_format(),
                                                                  headset->session().eye_extent(), 0.2f, 0.4f, 0.6f);
            REQUIRE(headset->session().step_end(slow, headset->quad));
            REQUIRE(headset->step() == xr::Status::running);
            lost += frame.predicted_display_time_ns - long_slot_ns > slow.predicted_period_ns * 3 / 2;
        }
        if (overlap) CHECK(lost <= 1);  // one that this machine itself delayed
        else CHECK(lost >= 4);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("what overlapping the wait is worth", "[.pacing]") {
    for (int round = 0; round < 2; ++round)
        for (const auto& [usual, spike, every] : {std::tuple{0.0, 0.0, 0}, {0.5, 0.0, 0}, {0.85, 0.0, 0}, {0.3, 1.2, 10}, {0.6, 1.3, 10}})
            for (const bool overlap : {false, true}) sleep_and_measure(overlap, usual, spike, every);
}
