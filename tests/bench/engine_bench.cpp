// SPDX-License-Identifier: Apache-2.0
// `accalmie-bench-engine`: what a stereo frame costs, in every scene, at the sizes that headsets have. ./dev bench engine runs it.
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <print>

#include <vulkan/vulkan.h>

#include <CLI/CLI.hpp>

#include "engine/heap.h"
#include "scenes/data_root.h"
#include "scenes/scene_file.h"
#include "tests/bench/bench_report.h"
#include "tests/bench/load_bench.h"
#include "tests/bench/peers_bench.h"
#include "tests/bench/texture_bench.h"

extern char** environ;

namespace accalmie::bench {
namespace {

struct Options {
    std::vector<std::string> scenes, sizes{"1024x1024", "2064x2208"};
    std::vector<std::uint32_t> samples{1, 4};
    std::string glb, json, baseline, picture, first_frame, peers_tools, load;
    bool peers = false, at_once = false, textures = false;
    int frames = 30, starts = 5, soak = 0;
    std::vector<std::string> quirks;
};

[[noreturn]] void give_up(const Error& error) {
    std::println(stderr, "accalmie-bench-engine: error: {}", describe(error));
    std::exit(1);
}

VkExtent2D extent_of(const std::string& size) {
    VkExtent2D extent{};
    if (std::sscanf(size.c_str(), "%ux%u", &extent.width, &extent.height) != 2) give_up({"--size " + size + " is not WIDTHxHEIGHT", "for example 1024x1024"});
    return extent;
}

std::vector<Case> cases_of(const Options& options) {
    auto root = scenes::find_data_root();
    if (!root) give_up(root.error());
    auto shipped = scenes::list_scenes(*root);
    if (!shipped) give_up(shipped.error());
    auto quirks = scenes::read_quirks(options.quirks);
    if (!quirks) give_up(quirks.error());
    std::vector<Case> cases;
    const auto add = [&](const std::string& scene, int level, bool peers) {
        for (const std::string& size : options.sizes)
            for (const std::uint32_t samples : options.samples) {
                const VkExtent2D eye = extent_of(size);
                cases.push_back({.scene = scene, .level = level, .width = eye.width, .height = eye.height, .samples = samples, .frames = options.frames, .quirks = *quirks, .peers_camera = peers});
            }
    };
    if (!options.glb.empty()) add(options.glb, 1'000, true);
    else
        for (const auto& scene : *shipped)
            if (options.scenes.empty() || std::ranges::contains(options.scenes, scene.name)) add(scene.name, static_cast<int>(scene.levels.size()) - 1, false);
    for (const std::string& name : options.scenes)
        if (name.starts_with("boxes-") || name.starts_with("people-")) add(name, 0, false);
    if (cases.empty()) give_up({"no scene of that name", "accalmie scene list says which there are"});
    return cases;
}

// A new process each time, so that nothing of ours is warm; what the operating system keeps in memory is: that is a warm start.
Startup start_often(const std::string& scene, int starts) {
    std::vector<double> times;
    for (int i = 0; i < starts; ++i) {
        std::vector<std::string> words{own_program(), "--first-frame", scene};
        std::vector<char*> argv{words[0].data(), words[1].data(), words[2].data(), nullptr};
        const auto began = std::chrono::steady_clock::now();
        pid_t child = -1;
        int status = 1;
        if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0 || waitpid(child, &status, 0) != child || status != 0)
            give_up({"the program did not start to its first frame", "run it with --first-frame " + scene});
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    return {scene, spread_of(std::move(times)), starts};
}

void write(const std::string& path, const std::string& text) {
    if (path.empty()) return;
    std::ofstream file(path);
    file << text;
    if (!file.flush()) give_up({"the report cannot be written", "check the folder", path});
}

int soak_memory(const Options& options) {
    auto soaked = soak(options.scenes.empty() ? "calm-room" : options.scenes.front(), options.soak);
    if (!soaked) give_up(soaked.error());
    write(options.json, to_json(*soaked));
    const bool grew = soaked->growth_percent() > kMostGrowth_percent;
    std::println("{}: {} frames, {:.1f} MiB after a tenth of them, {:.1f} MiB at the end ({:+.2f} %{})", soaked->scene, soaked->frames, soaked->points.front().memory_mib,
                 soaked->points.back().memory_mib, soaked->growth_percent(), grew ? ", more than the 1 % that is allowed" : "");
    return grew ? 1 : 0;
}

int peers(const Options& options) {
    auto root = scenes::find_data_root();
    if (!root) give_up(root.error());
    const std::filesystem::path folder = std::filesystem::canonical(*root);
    const VkExtent2D eye = extent_of(options.sizes.front());
    auto report = measure_with_peers({.tools = options.peers_tools.empty() ? (folder.parent_path() / "shared/tools/peers").string() : options.peers_tools,
                                      .work = (folder / "build/peers").string(), .shipped_glb = (folder / "assets/scenes/bar-night.glb").string(), .glb = options.glb,
                                      .picture = options.picture, .json = options.json, .width = eye.width, .height = eye.height, .samples = options.samples.back(),
                                      .frames = options.frames});
    if (!report) give_up(report.error());
    std::print("{}", to_text(*report));
    return 0;
}

int load(const Options& options) {
    auto root = scenes::find_data_root();
    if (!root) give_up(root.error());
    auto scene = scenes::find_scene(*root, options.load);
    if (!scene) give_up(scene.error());
    const VkExtent2D eye = extent_of(options.sizes.front());
    auto measured = measure_load({.scene = options.load, .level = static_cast<int>(scene->levels.size()) - 1, .width = eye.width, .height = eye.height,
                                  .samples = options.samples.back(), .frames = options.frames, .at_once = options.at_once});
    if (!measured) give_up(measured.error());
    write(options.json, to_json(*measured));
    std::print("{}\n{}", measured->device, to_text(*measured));
    return 0;
}

int textures(const Options& options) {
    auto measured = measure_textures(options.scenes);
    if (!measured) give_up(measured.error());
    std::print("{}", to_text(*measured));
    return 0;
}

int run(const Options& options) {
    if (options.peers) return peers(options);
    if (!options.load.empty()) return load(options);
    if (options.textures) return textures(options);
    if (!options.first_frame.empty()) {
        auto measured = measure({.scene = options.first_frame, .frames = -2});
        if (!measured) give_up(measured.error());
        std::_Exit(0);  // the first frame is done; taking down is not part of it
    }
    if (options.soak > 0) return soak_memory(options);
    std::optional<Report> baseline;
    if (!options.baseline.empty()) {
        auto read = read_report(options.baseline);
        if (!read) give_up(read.error());
        baseline = std::move(*read);
    }
    Report report;
    const auto cases = cases_of(options);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::print(stderr, "[{}/{}] {} {}x{} {}x\n", i + 1, cases.size(), cases[i].scene, cases[i].width, cases[i].height, cases[i].samples);
        auto measured = measure(cases[i], i == 0 ? options.picture : std::string());
        if (!measured) give_up(measured.error());
        report.cases.push_back(std::move(*measured));
    }
    if (options.glb.empty() && options.starts > 0) report.startups.push_back(start_often("calm-room", options.starts));
    write(options.json, to_json(report));
    std::print("{}", to_text(report, baseline ? &*baseline : nullptr));
    return 0;
}

}  // namespace
}  // namespace accalmie::bench

int main(int argc, char** argv) {
    accalmie::set_up_heap();
    accalmie::bench::Options options;
    CLI::App app{"What a stereo frame costs: median, p95 and p99 of the whole frame, of its recording and of the GPU's passes."};
    app.add_option("--scene", options.scenes, "Only these scenes (repeat); cue scenes at their highest level. boxes-500: five hundred boxes, made in code; people-12: twelve patrons, moving")->type_name("NAME");
    app.add_option("--glb", options.glb, "A model file instead, seen as the peers' programs see it")->type_name("FILE");
    app.add_option("--size", options.sizes, "Of one eye (repeat)")->type_name("WxH")->capture_default_str();
    app.add_option("--msaa", options.samples, "Samples a pixel (repeat)")->capture_default_str();
    app.add_option("--frames", options.frames, "Frames a case")->check(CLI::Range(3, 100'000))->capture_default_str();
    app.add_option("--starts", options.starts, "Starts of a new process to its first frame; 0: none")->capture_default_str();
    app.add_option("--soak", options.soak, "Only draw so many frames at 64x64 (100000) and fail when the memory grew by more than 1 %")->type_name("FRAMES")->check(CLI::Range(10, 100'000'000));
    app.add_flag("--peers", options.peers, "Measure with Filament and three.js in turn, on the bar taken apart (or --glb), at the first --size and the last --msaa; --picture: all side by side");
    app.add_option("--peers-tools", options.peers_tools, "The folder of the peers' programs (../shared/tools/peers)")->type_name("DIR");
    app.add_option("--load", options.load, "Draw the calm room while this scene is loaded, at the first --size and the last --msaa, and say how long the longest frame was")->type_name("NAME");
    app.add_flag("--at-once", options.at_once, "With --load: take the scene up between two frames, to compare");
    app.add_flag("--textures", options.textures, "What the scenes' textures hold plain and as BC7, how good these are, and how fast they are made");
    app.add_option("--json", options.json, "Keep the figures here")->type_name("FILE");
    app.add_option("--baseline", options.baseline, "Compare with the figures kept here, as ratios of medians")->type_name("FILE");
    app.add_option("--quirk", options.quirks, accalmie::scenes::kQuirkHelp)->delimiter(',')->envname("ACCALMIE_QUIRKS");
    app.add_option("--picture", options.picture, "Save the left eye of the first case")->type_name("PNG");
    app.add_option("--first-frame", options.first_frame, "Only start, draw this scene once and leave")->type_name("NAME")->group("");
    app.footer("Example: ./dev bench engine --scene bar-night --size 1024x1024 --msaa 4 --json today.json --baseline yesterday.json");
    CLI11_PARSE(app, argc, argv);
    return accalmie::bench::run(options);
}
