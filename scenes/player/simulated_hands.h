// SPDX-License-Identifier: Apache-2.0
// Owns: the way of SimulatedHands messages to the off-screen session: one press or release a frame, so that a press that is followed at
// once by its release is not lost; a stop overtakes everything. Never: used with a headset. Thread: the frame thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "engine/xr/session.h"
#include "scenes/link/messages.h"

namespace accalmie::scenes {

class SimulatedHandQueue {
public:
    const xr::SimulatedInput* input() const { return &input_; }

    void push(const link::SimulatedHands& hands, std::uint64_t frames) {
        if (hands.stop && !stop_frames_) stop_frames_ = frames;
        waiting_.push_back(hands);
    }
    // Before each frame begins.
    void next() {
        bool stops = false;
        for (const auto& one : waiting_) stops = stops || one.stop;
        bool moved = false;
        while (!waiting_.empty()) {
            const link::SimulatedHands& hands = waiting_.front();
            const bool presses = hands.select != input_.input.select || hands.stop != input_.input.stop;
            if (presses && moved && !stops) break;
            moved = moved || presses;
            apply(hands);
            const bool stop = hands.stop;
            waiting_.pop_front();
            if (stop && stops) break;
        }
    }
    // How many frames had been submitted when the stop came in; taken once.
    std::optional<std::uint64_t> take_stop_frames() { return std::exchange(stop_frames_, std::nullopt); }

private:
    void apply(const link::SimulatedHands& hands) {
        input_.world_from_head = {glm::normalize(hands.head_orientation), hands.head_position_m};
        input_.input.select = hands.select;
        input_.input.stop = hands.stop;
        input_.input.aim_valid = hands.aim_valid;
        input_.input.aim_is_head = !hands.aim_valid;  // no hand: the head points
        if (hands.aim_valid) input_.input.world_from_aim = {glm::normalize(hands.aim_orientation), hands.aim_position_m};
    }

    xr::SimulatedInput input_;
    std::deque<link::SimulatedHands> waiting_;
    std::optional<std::uint64_t> stop_frames_;
};

}  // namespace accalmie::scenes
