// SPDX-License-Identifier: Apache-2.0
// Owns: what each second asks of the patient's eyes and balance: how bright the picture was, how often it flashed, how fast the head
// turned, how far the scene moved against the room, how late the pictures were.
//   * Flashes by the rule in engine/render/flash_counter.h: of the whole picture (either eye's mean), and of its 16 x 16 areas. An area moves
//     with the head, so areas are judged only while the head is nearly still; a lamp that passes through an area is no flash.
//   * Motion to photon is an estimate: the runtime's predicted display time minus the time at which the eyes were last asked for, both
//     of the runtime's clock. Without such a clock there is none, and no number is made up. A frame is late when it was handed over
//     after the time for which it was predicted.
//   * The scene's own angular speed is 0: nothing in the player moves the room against the tracking space. Locomotion of any kind has
//     to be measured here.
// Never: reads a clock. In virtual time nobody looks, and pictures follow each other as fast as they can be drawn: no flashes and no
// speeds then. Units: seconds of the player's clock (_s), nanoseconds of the runtime's (_ns), degrees. Thread: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/render/flash_counter.h"
#include "engine/render/measure.h"
#include "engine/xr/session.h"
#include "scenes/link/messages.h"

namespace accalmie::scenes {

inline constexpr double kStillHead_deg_s = 5;

class ComfortMeter {
public:
    ComfortMeter();

    // A frame was handed over. `posed_ns`, `ended_ns`: when its eyes were located and when it was handed over.
    void frame(const xr::Frame& frame, bool is_virtual, std::optional<std::int64_t> posed_ns, std::optional<std::int64_t> ended_ns);
    void luminance(const render::Luminance& luminance, bool is_virtual);
    // What came before is not compared with what follows: the headset was off, or the runtime gone.
    void interrupted();

    // What there is to tell; starts over. `seconds` since the last time.
    link::Comfort report(double seconds, std::uint32_t missed);

private:
    render::FlashCounter whole_{2}, areas_{2 * render::kLuminanceCells * render::kLuminanceCells};
    std::vector<float> speeds_deg_s_;
    std::optional<xr::Pose> head_;
    std::int64_t head_at_ns_ = 0;
    bool head_still_ = true;
    bool judged_ = false;             // flashes could be seen in this report
    std::uint32_t pictures_ = 0;      // whose luminance is known
    std::array<double, 2> sum_{};
    float brightest_ = 0;
    std::uint32_t frames_ = 0, late_ = 0, clocked_ = 0;
    double motion_to_photon_ms_ = 0;  // summed over `posed_`
    std::uint32_t posed_ = 0;
};

}  // namespace accalmie::scenes
