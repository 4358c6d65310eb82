// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/frame_statistics.h"

#include <algorithm>
#include <cstdlib>

namespace accalmie::scenes {

// A runtime may plan only every second or third display for a program that is slow (Monado does), and says that as a longer period:
// missed is counted in displays. A period that is no multiple is another refresh rate.
void FrameStatistics::learn_period(std::int64_t period_ns) {
    const std::int64_t times = period_ns_ > 0 ? (period_ns + period_ns_ / 2) / period_ns_ : 0;
    const bool stretched = times > 1 && std::abs(period_ns - times * period_ns_) < period_ns_ / 20;
    if (!stretched) period_ns_ = period_ns;
}

void FrameStatistics::add(const xr::Frame& frame, double work_ms, const render::FrameStats& drawn, bool paced) {
    work_ms_.push_back(static_cast<float>(work_ms));
    drawn_ = drawn;
    if (paced && frame.predicted_period_ns > 0) learn_period(frame.predicted_period_ns);
    if (paced && last_display_ns_ > 0 && frame.predicted_period_ns > 0) {
        // Half a period of slack: display times jitter.
        const std::int64_t skipped = (frame.predicted_display_time_ns - last_display_ns_ + period_ns_ / 2) / period_ns_ - 1;
        if (skipped > 0) {
            missed_ += static_cast<std::uint32_t>(std::min<std::int64_t>(skipped, 1'000'000));
            missed_in_a_row_ += static_cast<int>(std::min<std::int64_t>(skipped, 1'000));
        } else {
            missed_in_a_row_ = 0;
        }
    }
    last_display_ns_ = frame.predicted_display_time_ns;
}

link::FrameTimes FrameStatistics::report(std::uint64_t frames) {
    link::FrameTimes times{.frames = frames, .missed = missed_, .draws = drawn_.draws, .triangles = drawn_.triangles};
    if (!work_ms_.empty()) {
        std::ranges::sort(work_ms_);
        const auto at = [&](double share) { return work_ms_[static_cast<std::size_t>(share * static_cast<double>(work_ms_.size() - 1) + 0.5)]; };
        times.median_ms = at(0.5);
        times.p95_ms = at(0.95);
        times.worst_ms = work_ms_.back();
    }
    work_ms_.clear();
    missed_ = 0;
    return times;
}

}  // namespace accalmie::scenes
