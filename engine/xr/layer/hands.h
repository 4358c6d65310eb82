// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated right hand's controller, the joints of bare hands and the head: what the client asked for, and what of it the program can read since its last xrSyncActions.
// Pure: no OpenXR call, no socket. Poses in STAGE space. Thread: under the layer's lock.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>

#include "engine/xr/session.h"

namespace accalmie::xr::layer {

struct Button {
    bool held = false;
    bool changed = false;  // at the last sync
    std::int64_t changed_at_ns = 0;
};

// A bare hand, as far as a program looks at it.
struct BareHand {
    Pose stage_from_palm;
    float apart_m = 0.1f;  // thumb tip to index tip
    bool seen = true;      // false: the runtime guesses
    // All joints of XR_EXT_hand_tracking, in the palm's own directions: the fingers are not bent, the tips lie where they have to.
    static constexpr std::size_t kJoints = 26, kThumbTip = 5, kIndexProximal = 7, kIndexTip = 10;
    std::array<Pose, kJoints> joints() const {
        std::array<Pose, kJoints> all;
        all.fill(stage_from_palm);
        const auto put = [&](std::size_t joint, glm::vec3 in_palm_m) { all[joint].position_m += stage_from_palm.orientation * in_palm_m; };
        put(kIndexProximal, {0, 0, -0.04f});
        put(kIndexTip, {0, 0, -0.10f});
        put(kThumbTip, {0, -apart_m, -0.10f});
        return all;
    }
};

class Hands {
public:
    struct Aim {
        std::optional<Pose> pose;
    };
    struct Select {
        bool held = false;
    };
    struct Stop {
        bool held = false;
    };
    using Command = std::variant<Aim, Select, Stop>;

    void push(const Command& command) { waiting_.push_back(command); }

    // Takes commands in order. A button that changed already in this sync ends the turn, so that every press lasts one sync at least.
    void sync(std::int64_t now_ns) {
        select_.changed = stop_.changed = false;
        while (!waiting_.empty() && take(waiting_.front(), now_ns)) waiting_.pop_front();
    }
    void let_go() {  // the client is gone
        waiting_.clear();
        *this = Hands{};
    }

    void set_bare(std::size_t hand, const std::optional<BareHand>& bare) { bare_[hand] = bare; }  // at once
    const std::optional<BareHand>& bare(std::size_t hand) const { return bare_[hand]; }

    bool present() const { return present_; }
    const std::optional<Pose>& aim() const { return aim_; }
    const Button& select() const { return select_; }
    const Button& stop() const { return stop_; }

private:
    bool take(const Command& command, std::int64_t now_ns) {
        present_ = true;
        if (const auto* aim = std::get_if<Aim>(&command)) {
            aim_ = aim->pose;
            return true;
        }
        if (const auto* select = std::get_if<Select>(&command)) return press(select_, select->held, now_ns);
        return press(stop_, std::get<Stop>(command).held, now_ns);
    }
    static bool press(Button& button, bool held, std::int64_t now_ns) {
        if (button.held == held) return true;
        if (button.changed) return false;
        button = {held, true, now_ns};
        return true;
    }

    std::deque<Command> waiting_;
    bool present_ = false;
    std::optional<Pose> aim_;
    Button select_, stop_;
    std::array<std::optional<BareHand>, 2> bare_;  // left, right
};

}  // namespace accalmie::xr::layer
