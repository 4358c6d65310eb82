// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/virtual_display.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <format>
#include <string>
#include <utility>

namespace accalmie::commands {

namespace {

constexpr int kReady_ms = 15'000;
constexpr int kDisplayDescriptor = 3;  // Xvfb writes the number of the display it took to this descriptor

}  // namespace

Result<VirtualDisplay> VirtualDisplay::start_unless_there() {
    VirtualDisplay display;
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
        if (const char* value = std::getenv(name); value && *value) return display;
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return std::unexpected(Error{.message = "no pipe for Xvfb"});
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int writer = fcntl(ends[1], F_DUPFD_CLOEXEC, kDisplayDescriptor + 1);  // dup2 onto itself would keep close-on-exec
    posix_spawn_file_actions_adddup2(&actions, writer, kDisplayDescriptor);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    char* const argv[] = {const_cast<char*>("Xvfb"), const_cast<char*>("-displayfd"), const_cast<char*>("3"), const_cast<char*>("-screen"), const_cast<char*>("0"),
                          const_cast<char*>("1920x1080x24"), const_cast<char*>("-nolisten"), const_cast<char*>("tcp"), nullptr};
    const int failure = posix_spawnp(&display.pid_, "Xvfb", &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    close(writer);
    std::string number;
    if (failure == 0) {
        // Up to the newline: an Xvfb whose second write finds the pipe closed gives up.
        pollfd ready{ends[0], POLLIN, 0};
        char letter = 0;
        while (!number.ends_with('\n') && poll(&ready, 1, kReady_ms) == 1 && read(ends[0], &letter, 1) == 1) number += letter;
    } else {
        display.pid_ = -1;
    }
    close(ends[0]);
    if (!number.empty()) number.pop_back();
    if (number.empty()) {
        return std::unexpected(Error{.message = "there is no display, and Xvfb does not start", .hint = "install xvfb, or set DISPLAY"});
    }
    setenv("DISPLAY", (":" + number).c_str(), 1);
    return display;
}

VirtualDisplay::VirtualDisplay(VirtualDisplay&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

VirtualDisplay::~VirtualDisplay() {
    if (pid_ > 0) {
        kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
    }
}

}  // namespace accalmie::commands
