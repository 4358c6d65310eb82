// SPDX-License-Identifier: Apache-2.0
// Owns: how long frames took and how many displays were missed since the last report. Never: reads a clock. Units: milliseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/render/renderer.h"
#include "engine/xr/session.h"
#include "scenes/link/messages.h"

namespace accalmie::scenes {

class FrameStatistics {
public:
    // `paced`: a display waits for the frames, so that one can be missed.
    void add(const xr::Frame& frame, double work_ms, const render::FrameStats& drawn, bool paced);
    int missed_in_a_row() const { return missed_in_a_row_; }
    void forgive() { missed_in_a_row_ = 0; }

    // What there is to tell; starts over.
    link::FrameTimes report(std::uint64_t frames);

private:
    std::vector<float> work_ms_;
    void learn_period(std::int64_t period_ns);
    std::int64_t last_display_ns_ = 0;
    std::int64_t period_ns_ = 0;  // of the display
    std::uint32_t missed_ = 0;
    int missed_in_a_row_ = 0;
    render::FrameStats drawn_;
};

}  // namespace accalmie::scenes
