// SPDX-License-Identifier: Apache-2.0
// Owns: one Monado service with its simulated headset and null compositor, in a private runtime folder: the real OpenXR runtime on a
// machine without a headset (rehearsal, `accalmie demo --xr openxr`, tests). The destructor stops it and removes the folder.
// Never: changes this process's own environment; the caller gives environment() to the player. Dies with the thread that started it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"

namespace accalmie::xr {

class MonadoService {
public:
    struct Options {
        std::chrono::milliseconds ready_within{20'000};
        std::vector<std::pair<std::string, std::string>> extra_environment;  // of the service, e.g. SIMULATED_RIGHT=simple
    };
    using Environment = std::vector<std::pair<std::string, std::string>>;

    // Returns once the service takes connections.
    static Result<MonadoService> start(const Options& options);
    static Result<MonadoService> start() { return start(Options{}); }

    MonadoService(MonadoService&& other) noexcept;
    MonadoService& operator=(MonadoService&& other) noexcept;
    ~MonadoService();

    // What a program needs to find this runtime (XR_RUNTIME_JSON, XDG_RUNTIME_DIR) and to keep its start-up report off the terminal.
    Environment environment() const;
    pid_t pid() const { return pid_; }
    bool running();
    std::string log() const;  // what it printed so far
    void stop();              // asks, then kills
    void kill();              // SIGKILL at once: a runtime that crashes

private:
    MonadoService() = default;
    Result<void> spawn(const Options& options);
    Result<void> wait_until_ready(std::chrono::milliseconds within);
    void reap();

    pid_t pid_ = -1;
    std::string folder_;
    std::string manifest_;
};

}  // namespace accalmie::xr
