// SPDX-License-Identifier: Apache-2.0
// The player by itself, driven over a real link as the console drives it, with small scenes that are told apart by their colour:
// the calm room is green, the neutral scene blue, every cue red. So "no cue pixel" is a question about a picture.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenes/link/channel.h"
#include "scenes/link/voice_port.h"
#include "tests/flow/program.h"

namespace flow {

namespace link = accalmie::link;
using std::chrono::milliseconds;

// A data root with the three scenes; ACCALMIE_ROOT of the player names it.
class SmallScenes {
public:
    SmallScenes();
    const std::string& root() const { return root_; }

private:
    Folder folder_;
    std::string root_;
};

struct Pixels {
    std::uint64_t frame = 0;
    std::uint32_t width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
    // Pixels that are clearly of the colour: red for cues, green for the calm room, blue for the neutral scene.
    int red() const { return count(0); }
    int green() const { return count(1); }
    int blue() const { return count(2); }
    int all() const { return static_cast<int>(width * height); }

private:
    int count(int channel) const;
};

class DrivenPlayer {
public:
    struct Setup {
        std::vector<std::string> arguments;   // beyond the size and the samples
        std::string root;                     // empty: the project's own scenes
        std::string size = "128x128";
        std::string xr = "offscreen";
        std::string program;                  // empty: the player of this build
        bool keep_heartbeats = true;          // pump() speaks as a living console does
    };
    explicit DrivenPlayer(Setup setup);
    ~DrivenPlayer();
    DrivenPlayer(const DrivenPlayer&) = delete;
    DrivenPlayer& operator=(const DrivenPlayer&) = delete;

    // Starts and says Hello; false when the calm room did not come up.
    bool wait_until_ready();
    void say(const link::Message& message);
    link::VoicePort voice_port() const { return link::VoicePort(channel_); }
    void say_bytes(const std::vector<std::uint8_t>& bytes);

    // Hears until a message of this kind comes (and `wanted` holds of it); the messages before it stay in heard().
    template <class M>
    std::optional<M> wait_for(milliseconds limit = milliseconds(20'000), std::function<bool(const M&)> wanted = {}) {
        const auto end = std::chrono::steady_clock::now() + limit;
        for (;;) {
            for (; looked_ < heard_.size(); ++looked_) {
                const M* message = std::get_if<M>(&heard_[looked_]);
                if (!message || (wanted && !wanted(*message))) continue;
                ++looked_;
                return *message;
            }
            if (std::chrono::steady_clock::now() >= end || !pump(milliseconds(10))) return std::nullopt;
        }
    }
    // Hears and speaks for a while; false when the player is gone.
    bool pump(milliseconds wait);
    void pump_for(milliseconds time);
    // The newest picture of a frame with at least this number.
    std::optional<Pixels> picture_from(std::uint64_t frame, milliseconds limit = milliseconds(10'000));
    std::optional<Pixels> newer_picture(std::uint64_t after) const;

    template <class M>
    int count() const {
        int found = 0;
        for (const auto& message : heard_) found += std::holds_alternative<M>(message) ? 1 : 0;
        return found;
    }
    const std::vector<link::Message>& heard() const { return heard_; }
    const link::Ready& ready() const { return ready_; }
    pid_t pid() const { return pid_; }
    void be_silent() { keep_heartbeats_ = false; }
    void close_link() { channel_ = link::Channel(); }
    std::optional<int> exit_code(milliseconds limit);
    bool alive();

private:
    link::Channel channel_;
    std::optional<link::MirrorReader> mirror_;
    std::vector<link::Message> heard_;
    std::size_t looked_ = 0;
    link::Ready ready_;
    pid_t pid_ = -1;
    std::optional<int> status_;
    bool keep_heartbeats_ = true;
    std::chrono::steady_clock::time_point spoke_{};
    std::uint64_t heartbeats_ = 0;
};

// A hand in the patient's lap that points at a place.
link::SimulatedHands pointing_at(glm::vec3 target_m);

}  // namespace flow
