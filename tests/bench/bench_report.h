// SPDX-License-Identifier: Apache-2.0
// Owns: how measurements are kept (JSON) and told (a table), and the comparison with an earlier run as ratios of medians: absolute times
// move with the machine, ratios of one run's cases to another's on the same machine move less. Never: measures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tests/bench/frame_bench.h"
#include "tests/bench/load_bench.h"

namespace accalmie::bench {

struct Startup {
    std::string scene;
    Spread first_frame_ms;   // from the start of a new process to its first frame, done
    int starts = 0;
};

struct Report {
    std::vector<Measured> cases;
    std::vector<Startup> startups;
};

std::string to_json(const Report& report);
std::string to_json(const Soak& soak);
std::string to_json(const LoadMeasured& measured);
Result<Report> read_report(const std::string& path);
// The table; with a baseline every case that both have gets its ratio (new / old median frame time; under 1 is faster).
std::string to_text(const Report& report, const Report* baseline);

}  // namespace accalmie::bench
