// SPDX-License-Identifier: Apache-2.0
// Owns: measuring what a scene's load does to the frames that are drawn meanwhile: the calm room in a loop as the player draws it, the scene
// read by the player's loader, taken up and shown. A frame's time is from its beginning to the beginning of the next: what a patient sees.
// Never: a verdict. Units: milliseconds, MiB. Thread: one, beside the loader's.
#pragma once

#include <map>
#include <string>

#include "tests/bench/frame_bench.h"

namespace accalmie::bench {

struct LoadCase {
    std::string scene;
    int level = 0;
    std::uint32_t width = 1024, height = 1024, samples = 4;
    int frames = 30;          // of the calm room before the load, and of the scene after it
    bool at_once = false;     // taken up between two frames, as a blocking add does: what the steps are measured against
};

struct LoadMeasured {
    LoadCase asked;
    std::string device;
    Spread before_ms, during_ms, after_ms;  // calm room, calm room during the load, the scene once it was shown for a while
    double longest_before_ms = 0;           // the machine's own unrest: no load is under way
    double longest_ms = 0;                  // during the load
    std::string longest_in;                 // the step that its frame was in
    double first_shown_ms = 0;              // the longest of the scene's first frames
    struct Step {
        int frames = 0;
        double longest_ms = 0;
        double most_cpu_ms = 0;             // of all threads in one frame: the honest figure while others use the machine
    };
    std::map<std::string, Step> steps;
    double before_cpu_ms = 0;               // median
    std::uint64_t most_bytes = 0;           // that one frame copied
    double load_ms = 0;                     // from the wish to ready
    double peak_memory_mib = 0;             // of the process (VmHWM)
    double ratio() const { return before_ms.median > 0 ? longest_ms / before_ms.median : 0; }
    double first_shown_ratio() const { return after_ms.median > 0 ? first_shown_ms / after_ms.median : 0; }
};

Result<LoadMeasured> measure_load(const LoadCase& asked);

std::string to_text(const LoadMeasured& measured);

}  // namespace accalmie::bench
