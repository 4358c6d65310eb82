// SPDX-License-Identifier: Apache-2.0
// Owns: the small clocks beside the frame loop: is the console alive, is the head tracked, how far is the scene's own time.
// Never: reads a clock or sends anything; a time is handed in. Units: seconds of one steady clock (_s).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace accalmie::scenes {

inline constexpr double kConsoleSilence_s = 1.5;  // the calm room is there within 2 s: this and a slow frame
inline constexpr double kTrackingLoss_s = 0.25;   // a blink of the tracking is no reason to change rooms
inline constexpr double kTrackingBack_s = 0.5;

class ConsoleWatch {
public:
    void heard(double now_s) { heard_s_ = now_s; }
    // True once when it fell silent, false once when it is back.
    std::optional<bool> look(double now_s) {
        const bool silent = now_s - heard_s_ > kConsoleSilence_s;
        if (silent == silent_) return std::nullopt;
        silent_ = silent;
        return silent;
    }
    bool silent() const { return silent_; }
    double quiet_s(double now_s) const { return now_s - heard_s_; }

private:
    double heard_s_ = 0;
    bool silent_ = false;
};

class TrackingWatch {
public:
    // The new state once it has held for long enough.
    std::optional<bool> look(bool tracked, double now_s) {
        if (tracked == tracked_) {
            since_s_.reset();
            return std::nullopt;
        }
        if (!since_s_) since_s_ = now_s;
        if (now_s - *since_s_ < (tracked ? kTrackingBack_s : kTrackingLoss_s)) return std::nullopt;
        tracked_ = tracked;
        since_s_.reset();
        return tracked_;
    }

private:
    bool tracked_ = true;
    std::optional<double> since_s_;
};

// The animation's time. Virtual: exactly the session's. Real: the player's own clock, drawn gently towards the session's.
class SceneTime {
public:
    void session_says(std::int64_t session_ms, bool is_virtual, double now_s) {
        const double said_s = static_cast<double>(session_ms) / 1000;
        virtual_ = is_virtual;
        const double off_s = said_s - at(now_s);
        base_s_ = is_virtual || std::abs(off_s) > kJump_s ? said_s : at(now_s) + off_s * kPull;
        since_s_ = now_s;
    }
    void pause(bool paused, double now_s) {
        base_s_ = at(now_s);
        since_s_ = now_s;
        paused_ = paused;
    }
    double at(double now_s) const { return virtual_ || paused_ ? base_s_ : base_s_ + (now_s - since_s_); }
    bool is_virtual() const { return virtual_; }

private:
    static constexpr double kJump_s = 0.5, kPull = 0.2;
    double base_s_ = 0, since_s_ = 0;
    bool virtual_ = false, paused_ = false;
};

}  // namespace accalmie::scenes
