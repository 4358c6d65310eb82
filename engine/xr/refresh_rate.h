// SPDX-License-Identifier: Apache-2.0
// Owns: the choice of a display's refresh rate. Pure. Never: calls the runtime. Units: hertz.
#pragma once

#include <cmath>
#include <optional>
#include <span>

namespace accalmie::xr {

// The rate nearest to the wish; of two that are as near the faster one, which is the smoother. nullopt: none is offered, or none makes sense.
inline std::optional<float> nearest_rate(std::span<const float> offered_hz, float wanted_hz) {
    std::optional<float> best;
    for (const float rate : offered_hz) {
        if (!std::isfinite(rate) || rate <= 0) continue;
        const float off = std::abs(rate - wanted_hz), best_off = best ? std::abs(*best - wanted_hz) : 0;
        if (!best || off < best_off || (off == best_off && rate > *best)) best = rate;
    }
    return best;
}

}  // namespace accalmie::xr
