// SPDX-License-Identifier: Apache-2.0
// Owns: the count of general flashes in one or more areas of a picture: a flash is a pair of opposing changes of relative luminance of 0.1
// or more (10 % of the maximum) where the darker image is below 0.8 (WCAG 2.2, "general flash and red flash thresholds"; ISO 9241-391).
// No picture may have more than three in a second. Areas stand for the rule's size: an area of 5 x 5 degrees is about the quarter of a
// 10 degree field that the rule asks for. Saturated red is not judged apart.
// Never: sees more than the samples it is given: n samples a second show flashes up to n / 2 a second.
// Units: seconds of the caller's clock. Thread: one owner. add() does not allocate.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace accalmie::render {

class FlashCounter {
public:
    explicit FlashCounter(std::size_t areas) : areas_(areas) {}

    // One luminance for each area. Times do not go back.
    void add(double time_s, std::span<const float> luminance);
    // What was before is not compared with what follows (the head turned away, the picture was away).
    void forget();

    struct Count {
        std::uint32_t flashes = 0;             // of the area that had most, since the last take()
        std::uint32_t most_in_a_second = 0;    // in any second that ended since then, in any area; 8 stands for 8 or more
    };
    Count take();

private:
    static constexpr std::size_t kKept = 16;
    struct Area {
        float low = 1, high = 0;               // since the last change
        std::int8_t direction = 0;             // of the last change: up, down, none yet
        bool seen = false;
        std::uint32_t changes = 0, taken = 0;  // taken: those that were told as flashes, two a flash
        std::array<double, kKept> times{};     // of the last changes
        std::size_t next = 0;
    };
    void change(Area& area, double time_s, int direction, float luminance);
    std::vector<Area> areas_;
    std::uint32_t most_in_a_second_ = 0;
};

}  // namespace accalmie::render
