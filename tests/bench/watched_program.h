// SPDX-License-Identifier: Apache-2.0
// Owns: a program that runs to its end while somebody watches what memory it and its children hold. Never: gives it a terminal or input.
// Units: MiB, resident. Thread: the caller's, which waits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::bench {

struct WatchedLine {
    std::string text;       // of its standard output
    double peak_mib = 0;    // of the whole tree of processes since the line before
};

struct Watched {
    int exit_code = -1;     // 128 + signal when killed
    std::vector<WatchedLine> lines;
};

struct WatchedOptions {
    std::vector<std::string> words;             // the program and its arguments
    std::vector<std::string> environment;       // NAME=VALUE, beside ours
    std::vector<std::string> not_counted;       // processes of these names: shells, a compiler, a display server
    std::string errors_to;                      // file that gets its standard error
    std::function<void(const WatchedLine&)> on_line;  // may be empty
};

// The memory is looked at ten times a second.
Result<Watched> run_watched(const WatchedOptions& options);

// A field of /proc/PID/status in MiB ("VmRSS:", "VmHWM:"); 0 when it is not there.
double memory_mib(const std::string& pid, const std::string& field);

}  // namespace accalmie::bench
