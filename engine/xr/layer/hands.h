// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated right hand and head: what the client asked for, and what of it the program can read since its last xrSyncActions.
// Pure: no OpenXR call, no socket. Poses in STAGE space. Thread: under the layer's lock.
#pragma once

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
};

}  // namespace accalmie::xr::layer
