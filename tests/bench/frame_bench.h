// SPDX-License-Identifier: Apache-2.0
// Owns: measuring one scene at one size: every frame is drawn, submitted and waited for, so that its time is all of its time.
// Never: a window, a headset, a test's verdict. Units: milliseconds, MiB. Thread: one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/content/scene_asset.h"
#include "engine/error.h"
#include "scenes/player/quirks.h"

namespace accalmie::bench {

// How to start this bench anew. A copy that was carried to another machine is started through its own loader: ACCALMIE_BENCH_PROGRAM.
std::string own_program();

struct Case {
    std::string scene;                   // a shipped scene's name, the path of a .glb, "boxes-N": N boxes of 20 materials, made in code, or "people-N": N patrons
    int level = 0;
    std::uint32_t width = 1024, height = 1024, samples = 4;
    int frames = 30;
    scenes::Quirks quirks{};
    bool peers_camera = false;           // 96 degrees across from (0, 1.6, 1.5) towards (0, 1.2, -4), as the peers' programs look
};

struct Spread {
    double median = 0, p95 = 0, p99 = 0;
};
Spread spread_of(std::vector<double> values);  // nearest rank; zeros for none
double process_ms();                           // of the processor, in all threads of this process

struct Measured {
    Case asked;
    std::string device;
    Spread frame_ms, record_ms, gpu_ms;  // frame: cull, record, submit, wait; gpu: between the pass's time stamps
    Spread gpu_people_ms;                // the part of gpu_ms that bends people
    double cpu_ms = 0;                   // of all threads, a frame: on a software driver the honest figure while others use the machine
    double load_ms = 0, upload_ms = 0;
    double peak_memory_mib = 0;          // of the process so far (VmHWM)
    std::uint32_t draws = 0;
    std::uint64_t triangles = 0;         // of one eye
};

struct Soak {
    std::string scene;
    int frames = 0;
    struct Point {
        int frames = 0;
        double memory_mib = 0;  // of the process (VmRSS)
    };
    std::vector<Point> points;  // ten, after each tenth
    double growth_percent() const;  // from the first of them to the last
};
inline constexpr double kMostGrowth_percent = 1;
// Draws on and on at 64 x 64, one sample, looks whether the memory grows, and says so as it goes.
Result<Soak> soak(const std::string& scene, int frames);

// The first frames (pipelines, caches) are drawn and left out.
Result<Measured> measure(const Case& asked, const std::string& picture_path = {});

}  // namespace accalmie::bench
