// SPDX-License-Identifier: Apache-2.0
// Owns: our engine and three other renderers on one scene, in one run, in turn: ours, Filament, three.js on llvmpipe, three.js on
// SwiftShader, ours again. Never: installs anything; the peers' programs are ../shared/tools/peers and what the test tier brings.
// Units: milliseconds a stereo frame, MiB, structural similarity 0 to 1.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"
#include "tests/bench/bar_scene.h"

namespace accalmie::bench {

struct PeersOptions {
    std::string tools;       // the folder of `compare`
    std::string work;        // what is built, copied and drawn lies here
    std::string shipped_glb; // the bar
    std::string glb;         // another scene instead; empty: the bar taken apart
    std::string picture, json;
    unsigned width = 1024, height = 1024, samples = 4;
    int frames = 20;
};

struct PeerResult {
    std::string name, renderer;
    double median_ms = 0, p95_ms = 0;
    double peak_mib = 0;         // of the whole tree of its processes (what they share counts in each); for a single process its own peak
    double drawing_mib = 0;      // of a browser only the processes that draw the page
    double similarity = 1;       // of our picture and its; ours: of its first and its second
    double mean_luma = 0;
    std::string picture_path;
};

struct PeersReport {
    PeersOptions asked;
    BarScene scene;              // zeros for a scene of the caller's
    unsigned draws = 0;          // of ours, after culling
    unsigned long triangles = 0; // of one eye, after culling
    std::vector<PeerResult> results;  // in the order of the run
};

Result<PeersReport> measure_with_peers(const PeersOptions& options);
std::string to_text(const PeersReport& report);
std::string to_json(const PeersReport& report);

// One change of a peer's program; `from` has to be in it exactly once.
struct Change {
    std::string from, to;
};
Result<std::string> changed(std::string text, const std::vector<Change>& changes, const std::string& file);

}  // namespace accalmie::bench
