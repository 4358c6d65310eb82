// SPDX-License-Identifier: Apache-2.0
#include "engine/render/flash_counter.h"

#include <algorithm>

namespace accalmie::render {
namespace {

constexpr float kChange = 0.1f - 1e-6f, kDarker = 0.8f;

}  // namespace

void FlashCounter::change(Area& area, double time_s, int direction, float luminance) {
    area.direction = static_cast<std::int8_t>(direction);
    area.low = area.high = luminance;
    ++area.changes;
    area.times[area.next++ % kKept] = time_s;
    const std::size_t kept = std::min<std::size_t>(area.next, kKept);
    const auto recent = std::count_if(area.times.begin(), area.times.begin() + static_cast<std::ptrdiff_t>(kept), [&](double at) { return at > time_s - 1; });
    most_in_a_second_ = std::max(most_in_a_second_, static_cast<std::uint32_t>(recent / 2));
}

void FlashCounter::add(double time_s, std::span<const float> luminance) {
    for (std::size_t i = 0; i < std::min(areas_.size(), luminance.size()); ++i) {
        Area& area = areas_[i];
        const float now = luminance[i];
        if (!area.seen) area.low = area.high = now;
        area.seen = true;
        area.low = std::min(area.low, now);
        area.high = std::max(area.high, now);
        if (area.direction >= 0 && area.high - now >= kChange && now < kDarker) change(area, time_s, -1, now);
        else if (area.direction <= 0 && now - area.low >= kChange && area.low < kDarker) change(area, time_s, 1, now);
    }
}

void FlashCounter::forget() {
    for (Area& area : areas_) {
        area.seen = false;
        area.direction = 0;
        area.next = 0;
        area.taken += (area.changes - area.taken) % 2;  // whole flashes stay to be told
    }
}

FlashCounter::Count FlashCounter::take() {
    Count count{.most_in_a_second = most_in_a_second_};
    for (Area& area : areas_) {
        const std::uint32_t flashes = (area.changes - area.taken) / 2;  // half a flash waits for its other half
        count.flashes = std::max(count.flashes, flashes);
        area.taken += 2 * flashes;
    }
    most_in_a_second_ = 0;
    return count;
}

}  // namespace accalmie::render
