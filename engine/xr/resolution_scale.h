// SPDX-License-Identifier: Apache-2.0
// Owns: how large a part of the eye's picture is drawn, from how long the GPU took. Pure. Never: measures, draws, or goes below the floor.
// The part goes down one step when the mean of ten frames passes 80 % of the period (facts: the application's share), and up one step
// when ninety frames say that the larger part would stay under 70 %. GPU time of the larger part is taken to grow as its pixels do; it
// grows by less, since vertices and the shadow cost the same, so a step up is never a mistake that the next window takes back: a load
// that does not change has at most one direction. Units: milliseconds. Thread: any.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <vulkan/vulkan.h>

namespace accalmie::xr {

class ResolutionScale {
public:
    static constexpr int kFullSteps = 20, kFloorSteps = 17;  // twentieths: 1 down to 0.85
    static constexpr int kWindow = 10;                       // frames a decision stands on, and the fewest between two
    static constexpr int kCalmWindows = 9;                   // before a step up: a second at 90 Hz
    static constexpr double kDown = 0.8, kUp = 0.7;          // of the period

    // Once a frame, with the newest GPU time (two frames old); not positive: not known. The scale for the next frame.
    float next(double gpu_ms, double period_ms) {
        if (late_ > 0) {  // still of the size before
            --late_;
            return scale();
        }
        if (!(gpu_ms > 0) || !(period_ms > 0) || !std::isfinite(gpu_ms) || !std::isfinite(period_ms)) return scale();
        sum_ += gpu_ms / period_ms;
        if (++frames_ < kWindow) return scale();
        const double share = sum_ / kWindow;
        sum_ = 0;
        frames_ = 0;
        const double larger = static_cast<double>(steps_ + 1) / steps_;
        calm_ = share * larger * larger < kUp ? calm_ + 1 : 0;
        if (share > kDown && steps_ > kFloorSteps) step(-1);
        else if (calm_ >= kCalmWindows && steps_ < kFullSteps) step(+1);
        return scale();
    }

    float scale() const { return static_cast<float>(steps_) / kFullSteps; }

    VkExtent2D part_of(VkExtent2D whole) const { return part_of(whole, steps_); }
    // Rounded up to even numbers, so that the floor holds for the pixels too.
    static VkExtent2D part_of(VkExtent2D whole, int steps) {
        const auto part = [&](std::uint32_t side) {
            const std::uint32_t exact = (side * static_cast<std::uint32_t>(steps) + kFullSteps - 1) / kFullSteps;
            return std::min(side, exact + exact % 2);
        };
        return {part(whole.width), part(whole.height)};
    }

private:
    void step(int by) {
        steps_ += by;
        calm_ = 0;
        late_ = 2;
    }

    int steps_ = kFullSteps;
    int frames_ = 0, calm_ = 0, late_ = 0;
    double sum_ = 0;
};

}  // namespace accalmie::xr
