// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/peers_bench.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <optional>
#include <print>

#include <nlohmann/json.hpp>

#include "engine/content/png_file.h"
#include "engine/gpu/check.h"
#include "tests/bench/bench_report.h"
#include "tests/bench/similarity.h"
#include "tests/bench/watched_program.h"

namespace accalmie::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The same rules for all: two frames more are drawn and not counted; Filament's picture stands on its feet, the page's begins at its corner.
const std::vector<Change> kFilamentChanges{{"for(int n=0;n<N;n++){ if(n==2)", "for(int n=-2;n<N;n++){ if(n==2)"}, {"t.push_back(", "if(n>=0) t.push_back("},
                                           {"for(int y=H-1;y>=0;y--)", "for(int y=0;y<H;y++)"}};
const std::vector<Change> kThreeChanges{{"for(let i=0;i<N;i++){const a", "for(let i=-2;i<N;i++){const a"}, {"t.push(performance.now()-a);", "if(i>=0)t.push(performance.now()-a);"},
                                        {"<!doctype html><body>", "<!doctype html><body style=\"margin:0;overflow:hidden\">"}};

// xvfb-run asks for xauth, which not every machine with Xvfb has; a display of our own for one program needs no key.
constexpr const char* kXvfbRun = R"(#!/bin/bash
[ "$1" = -a ] && shift
exec {told}< <(exec Xvfb -displayfd 1 -screen 0 1280x1024x24 -nolisten tcp -ac 2>/dev/null)
server=$!
read -r number <&"$told" || { echo "Xvfb does not start" >&2; exit 1; }
DISPLAY=:$number "$@"
code=$?
kill "$server"
exit $code
)";

Result<std::string> text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::unexpected(Error{"it cannot be read", {}, path.string()});
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

Result<void> put(const fs::path& path, const std::string& text, bool runs = false) {
    std::error_code ignored;
    fs::remove(path, ignored);
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) return std::unexpected(Error{"it cannot be written", "check the folder and the room on the disk", path.string()});
    if (runs) fs::permissions(path, fs::perms::owner_all, ignored);
    return {};
}

Result<void> copy_tools(const PeersOptions& options) {
    const fs::path from = options.tools, to = fs::path(options.work) / "tools";
    if (!fs::exists(from / "compare"))
        return std::unexpected(Error{"the programs of the peers are not here", "they are part of the reference data beside the project, ../shared; the other cases of this bench need none of it", (from / "compare").string()});
    std::error_code failed;
    fs::create_directories(to, failed);
    fs::create_directories(fs::path(options.work) / "bin", failed);
    if (failed) return std::unexpected(Error{"the folder cannot be made: " + failed.message(), {}, options.work});
    struct File { const char* name; const std::vector<Change>& changes; };
    static const std::vector<Change> kNone;
    for (const File& file : {File{"compare", kNone}, File{"three_run.mjs", kNone}, File{"filament_stereo.cpp", kFilamentChanges}, File{"three_page.html", kThreeChanges}}) {
        auto text = text_of(from / file.name);
        if (!text) return std::unexpected(std::move(text.error()));
        text = changed(std::move(*text), file.changes, (from / file.name).string());
        if (!text) return std::unexpected(std::move(text.error()));
        const auto old = text_of(to / file.name);
        if (!old || *old != *text) ACCALMIE_TRY(put(to / file.name, *text, true));  // a newer file would be compiled again
    }
    if (const char* modules = std::getenv("ACCALMIE_NODE_MODULES"); modules != nullptr) {
        const fs::path link = fs::path(options.work) / "node_modules";
        fs::remove(link, failed);
        fs::create_directory_symlink(modules, link, failed);
    }
    return put(fs::path(options.work) / "bin" / "xvfb-run", kXvfbRun, true);
}

Result<content::PictureFile> read_ppm(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string magic;
    std::uint32_t width = 0, height = 0, most = 0;
    file >> magic >> width >> height >> most;
    file.get();
    if (!file || magic != "P6" || most != 255 || std::uint64_t{width} * height > (1U << 28)) return std::unexpected(Error{"this is no picture of a peer", {}, path});
    std::vector<std::uint8_t> rgb(std::size_t{width} * height * 3);
    file.read(reinterpret_cast<char*>(rgb.data()), static_cast<std::streamsize>(rgb.size()));
    content::PictureFile picture{.width = width, .height = height, .rgba = std::vector<std::uint8_t>(std::size_t{width} * height * 4, 255)};
    for (std::size_t i = 0; i < std::size_t{width} * height; ++i) std::copy_n(&rgb[i * 3], 3, &picture.rgba[i * 4]);
    return picture;
}

Result<content::PictureFile> left_eye(const std::string& path, const PeersOptions& options) {
    auto picture = path.ends_with(".ppm") ? read_ppm(path) : content::read_picture(path);
    if (!picture) return picture;
    return cropped(*picture, options.width, options.height);
}

Result<PeerResult> run_ours(const PeersOptions& options, const std::string& glb, const std::string& name, PeersReport& report) {
    const std::string base = (fs::path(options.work) / name).string();
    auto watched = run_watched({.words = {own_program(), "--glb", glb, "--size", std::format("{}x{}", options.width, options.height), "--msaa", std::to_string(options.samples), "--frames",
                                          std::to_string(options.frames), "--json", base + ".json", "--picture", base + ".png"},
                                .environment = {}, .not_counted = {}, .errors_to = base + ".log", .on_line = {}});
    if (!watched) return std::unexpected(std::move(watched.error()));
    if (watched->exit_code != 0) return std::unexpected(Error{std::format("our own engine gave up with exit code {}", watched->exit_code), "its messages are in this file", base + ".log"});
    auto read = read_report(base + ".json");
    if (!read) return std::unexpected(std::move(read.error()));
    const Measured& measured = read->cases.at(0);
    report.draws = measured.draws;
    report.triangles = measured.triangles;
    return PeerResult{.name = "accalmie", .renderer = measured.device, .median_ms = measured.frame_ms.median, .p95_ms = measured.frame_ms.p95,
                      .peak_mib = measured.peak_memory_mib, .drawing_mib = measured.peak_memory_mib, .picture_path = base + ".png"};
}

double number_after(const std::string& text, const std::string& name) {
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + name.size(), nullptr);
}

// A line of `compare`, when it is one that tells a result.
std::optional<PeerResult> result_of(const WatchedLine& line, const PeersOptions& options) {
    const auto picture = [&](const char* name) { return (fs::path(options.work) / name).string(); };
    const double filament_mib = number_after(line.text, "VmHWM:") / 1024;
    if (line.text.contains("filament gl msaa"))
        return PeerResult{.name = "Filament", .renderer = "OpenGL, llvmpipe", .median_ms = number_after(line.text, " p50="), .p95_ms = number_after(line.text, " p95="),
                          .peak_mib = filament_mib, .drawing_mib = filament_mib, .picture_path = picture("filament.ppm")};
    if (!line.text.starts_with("three ")) return std::nullopt;
    const json told = json::parse(line.text.substr(std::min(line.text.find('{'), line.text.size())), nullptr, false);
    if (!told.is_object()) return std::nullopt;
    const bool software = line.text.starts_with("three swiftshader");
    return PeerResult{.name = software ? "three.js/SwiftShader" : "three.js/llvmpipe", .renderer = told.value("renderer", std::string()), .median_ms = told.value("p50", 0.0),
                      .p95_ms = told.value("p95", 0.0), .peak_mib = line.peak_mib, .drawing_mib = told.value("rss_mb", 0.0), .picture_path = picture(software ? "three_sw.png" : "three_gl.png")};
}

Result<void> run_peers(const PeersOptions& options, const std::string& glb, PeersReport& report) {
    const std::string log = (fs::path(options.work) / "peers.log").string(), path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin";
    WatchedOptions watch{.words = {(fs::path(options.work) / "tools" / "compare").string(), glb, std::to_string(options.width), std::to_string(options.height),
                                   std::to_string(options.frames), std::to_string(options.samples)},
                         .environment = {"PEERS_DIR=" + options.work, "PATH=" + (fs::path(options.work) / "bin").string() + ":" + path},
                         .not_counted = {"bash", "compare", "xvfb-run", "Xvfb", "tr", "cc1plus", "g++", "as", "ld", "collect2"}, .errors_to = log, .on_line = {}};
    watch.on_line = [&](const WatchedLine& line) {
        if (auto result = result_of(line, options)) {
            std::println(stderr, "[peers] {} {:.0f} ms", result->name, result->median_ms);
            report.results.push_back(std::move(*result));
        }
    };
    const auto before = report.results.size();
    auto watched = run_watched(watch);
    if (!watched) return std::unexpected(std::move(watched.error()));
    if (watched->exit_code != 0 || report.results.size() != before + 3)
        return std::unexpected(Error{std::format("the peers' programs gave up with exit code {} after {} of 3", watched->exit_code, report.results.size() - before), "their messages are in this file", log});
    return {};
}

Result<void> compare_pictures(PeersReport& report) {
    std::vector<content::PictureFile> pictures;
    for (PeerResult& result : report.results) {
        auto picture = left_eye(result.picture_path, report.asked);
        if (!picture) return std::unexpected(std::move(picture.error()));
        pictures.push_back(std::move(*picture));
        result.similarity = structural_similarity(pictures.front(), pictures.back());
        result.mean_luma = mean_luma(pictures.back());
    }
    pictures.pop_back();  // ours again
    const auto all = side_by_side(pictures);
    const std::string path = report.asked.picture.empty() ? (fs::path(report.asked.work) / "side-by-side.png").string() : report.asked.picture;
    report.asked.picture = path;
    return content::write_png(path, all.width, all.height, all.rgba);
}

double ours_ms(const PeersReport& report) { return (report.results.front().median_ms + report.results.back().median_ms) / 2; }

}  // namespace

Result<std::string> changed(std::string text, const std::vector<Change>& changes, const std::string& file) {
    for (const Change& change : changes) {
        const auto at = text.find(change.from);
        if (at == std::string::npos || text.find(change.from, at + 1) != std::string::npos)
            return std::unexpected(Error{"the peer's program is not as this bench knows it: it has to hold this once: " + change.from, "adapt tests/bench/peers_bench.cpp to it", file});
        text.replace(at, change.from.size(), change.to);
    }
    return text;
}

Result<PeersReport> measure_with_peers(const PeersOptions& options) {
    ACCALMIE_TRY(copy_tools(options));
    PeersReport report{.asked = options};
    std::string glb = options.glb;
    if (glb.empty()) {
        glb = (fs::path(options.work) / "bar-apart.glb").string();
        auto scene = write_bar_scene(options.shipped_glb, glb);
        if (!scene) return std::unexpected(std::move(scene.error()));
        report.scene = *scene;
    }
    auto first = run_ours(options, glb, "ours-first", report);
    if (!first) return std::unexpected(std::move(first.error()));
    std::println(stderr, "[peers] accalmie {:.0f} ms", first->median_ms);
    report.results.push_back(std::move(*first));
    ACCALMIE_TRY(run_peers(options, glb, report));
    auto second = run_ours(options, glb, "ours-second", report);
    if (!second) return std::unexpected(std::move(second.error()));
    report.results.push_back(std::move(*second));
    ACCALMIE_TRY(compare_pictures(report));
    if (!options.json.empty()) ACCALMIE_TRY(put(options.json, to_json(report)));
    return report;
}

std::string to_text(const PeersReport& report) {
    std::string text;
    if (report.scene.objects > 0)
        text += std::format("the bar taken apart: {} objects, {} triangles, {} materials, {} textures\n", report.scene.objects, report.scene.triangles, report.scene.materials, report.scene.textures);
    text += std::format("2 x {}x{}, {}x, {} frames each, two more before them not counted; ours draws {} objects, {} triangles an eye after culling\n", report.asked.width, report.asked.height,
                        report.asked.samples, report.asked.frames, report.draws, report.triangles);
    text += std::format("{:<22} {:>10} {:>10} {:>11} {:>10} {:>11} {:>11} {:>10}  {}\n", "renderer", "median ms", "p95 ms", "ours/this", "tree MiB", "drawing MiB", "similarity", "mean luma", "on");
    for (const PeerResult& each : report.results)
        text += std::format("{:<22} {:>10.1f} {:>10.1f} {:>11.2f} {:>10.0f} {:>11.0f} {:>11.3f} {:>10.1f}  {}\n", each.name, each.median_ms, each.p95_ms, each.median_ms > 0 ? ours_ms(report) / each.median_ms : 0,
                            each.peak_mib, each.drawing_mib, each.similarity, each.mean_luma, each.renderer);
    return text + "pictures side by side (accalmie, Filament, three.js/llvmpipe, three.js/SwiftShader): " + report.asked.picture + "\n";
}

std::string to_json(const PeersReport& report) {
    json results = json::array();
    for (const PeerResult& each : report.results)
        results.push_back({{"name", each.name}, {"renderer", each.renderer}, {"median_ms", each.median_ms}, {"p95_ms", each.p95_ms}, {"ours_by_this", each.median_ms > 0 ? ours_ms(report) / each.median_ms : 0},
                           {"peak_mib", each.peak_mib}, {"drawing_mib", each.drawing_mib}, {"similarity", each.similarity}, {"mean_luma", each.mean_luma}});
    return json{{"format", "accalmie-bench-peers"}, {"version", 1}, {"width", report.asked.width}, {"height", report.asked.height}, {"samples", report.asked.samples},
                {"frames", report.asked.frames}, {"objects", report.scene.objects}, {"triangles", report.scene.triangles}, {"materials", report.scene.materials},
                {"textures", report.scene.textures}, {"drawn_objects", report.draws}, {"drawn_triangles_an_eye", report.triangles}, {"results", results}}
               .dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace accalmie::bench
