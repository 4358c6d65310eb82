// SPDX-License-Identifier: Apache-2.0
// Owns: the patient's program as a child process and the console's end of its link. Never: interprets messages.
// The child is deliberately not tied to the parent's life: when the console dies it stays and shows the calm room.
// Thread: one owner.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "scenes/link/channel.h"

namespace accalmie::session {

struct PlayerOptions {
    std::string program;                   // empty: accalmie-player, beside this program
    std::vector<std::string> arguments;    // after --link-fd N
    std::vector<std::string> environment;  // NAME=VALUE, added to this process's own
    std::string log_path;                  // its stderr; empty: this process's stderr
};

class PlayerProcess {
public:
    PlayerProcess() = default;
    static Result<PlayerProcess> start(const PlayerOptions& options);
    PlayerProcess(PlayerProcess&& other) noexcept;
    PlayerProcess& operator=(PlayerProcess&& other) noexcept;
    ~PlayerProcess();  // a player that still runs is asked to quit, then killed

    link::Channel& channel() { return channel_; }
    pid_t pid() const { return pid_; }
    // The way it ended, in words ("exit code 3", "signal 9"), once it has.
    std::optional<std::string> ended();
    void kill();

private:
    pid_t pid_ = -1;
    link::Channel channel_;
    std::optional<std::string> ended_;
};

}  // namespace accalmie::session
