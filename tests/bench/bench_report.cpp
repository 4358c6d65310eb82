// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_report.h"

#include <algorithm>
#include <format>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

namespace accalmie::bench {
namespace {

using nlohmann::json;

json json_of(const Spread& spread) { return {{"median", spread.median}, {"p95", spread.p95}, {"p99", spread.p99}}; }
Spread spread_from(const json& value) { return {value.value("median", 0.0), value.value("p95", 0.0), value.value("p99", 0.0)}; }

bool same_case(const Case& a, const Case& b) {
    return a.scene == b.scene && a.level == b.level && a.width == b.width && a.height == b.height && a.samples == b.samples && a.peers_camera == b.peers_camera;
}

std::string ratio(const Measured& measured, const Report* baseline) {
    if (!baseline) return {};
    const auto before = std::ranges::find_if(baseline->cases, [&](const Measured& each) { return same_case(each.asked, measured.asked) && each.device == measured.device; });
    if (before == baseline->cases.end() || before->frame_ms.median <= 0) return "      -";
    return std::format("  {:5.2f}", measured.frame_ms.median / before->frame_ms.median);
}

}  // namespace

std::string to_json(const Report& report) {
    json cases = json::array(), startups = json::array();
    for (const Measured& each : report.cases)
        cases.push_back({{"scene", each.asked.scene}, {"level", each.asked.level}, {"width", each.asked.width}, {"height", each.asked.height}, {"samples", each.asked.samples},
                         {"frames", each.asked.frames}, {"peers_camera", each.asked.peers_camera}, {"device", each.device}, {"frame_ms", json_of(each.frame_ms)},
                         {"record_ms", json_of(each.record_ms)}, {"gpu_ms", json_of(each.gpu_ms)}, {"gpu_people_ms", json_of(each.gpu_people_ms)}, {"cpu_ms", each.cpu_ms}, {"load_ms", each.load_ms},
                         {"upload_ms", each.upload_ms}, {"peak_memory_mib", each.peak_memory_mib}, {"draws", each.draws}, {"triangles", each.triangles}});
    for (const Startup& each : report.startups) startups.push_back({{"scene", each.scene}, {"starts", each.starts}, {"first_frame_ms", json_of(each.first_frame_ms)}});
    return json{{"format", "accalmie-bench-engine"}, {"version", 1}, {"cases", cases}, {"startups", startups}}.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string to_json(const Soak& soak) {
    json points = json::array();
    for (const auto& [frames, mib] : soak.points) points.push_back({{"frames", frames}, {"memory_mib", mib}});
    return json{{"format", "accalmie-bench-soak"}, {"version", 1}, {"scene", soak.scene}, {"frames", soak.frames}, {"points", points}, {"growth_percent", soak.growth_percent()},
                {"most_growth_percent", kMostGrowth_percent}}.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string to_json(const LoadMeasured& measured) {
    json steps = json::array();
    for (const auto& [name, of] : measured.steps) steps.push_back({{"step", name}, {"frames", of.frames}, {"longest_ms", of.longest_ms}, {"most_cpu_ms", of.most_cpu_ms}});
    return json{{"format", "accalmie-bench-load"}, {"version", 1}, {"scene", measured.asked.scene}, {"width", measured.asked.width}, {"height", measured.asked.height},
                {"samples", measured.asked.samples}, {"at_once", measured.asked.at_once}, {"device", measured.device}, {"before_ms", json_of(measured.before_ms)},
                {"longest_before_ms", measured.longest_before_ms}, {"before_cpu_ms", measured.before_cpu_ms}, {"during_ms", json_of(measured.during_ms)}, {"longest_ms", measured.longest_ms}, {"longest_in", measured.longest_in},
                {"ratio", measured.ratio()}, {"first_shown_ms", measured.first_shown_ms}, {"first_shown_ratio", measured.first_shown_ratio()}, {"after_ms", json_of(measured.after_ms)},
                {"steps", steps}, {"load_ms", measured.load_ms}, {"peak_memory_mib", measured.peak_memory_mib}}.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<Report> read_report(const std::string& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const json whole = json::parse(text, nullptr, false);
    if (!whole.is_object() || whole.value("format", json()) != json("accalmie-bench-engine") || !whole.contains("cases") || !whole["cases"].is_array())
        return std::unexpected(Error{"this is no report of accalmie-bench-engine", "give the JSON file of an earlier run", path});
    Report report;
    for (const json& each : whole["cases"]) {
        Measured measured{.asked = {}, .device = each.value("device", std::string())};
        measured.asked = {.scene = each.value("scene", std::string()), .level = each.value("level", 0), .width = each.value("width", 0u), .height = each.value("height", 0u),
                          .samples = each.value("samples", 0u), .frames = each.value("frames", 0), .peers_camera = each.value("peers_camera", false)};
        if (each.contains("frame_ms")) measured.frame_ms = spread_from(each["frame_ms"]);
        measured.peak_memory_mib = each.value("peak_memory_mib", 0.0);
        measured.draws = each.value("draws", 0u);
        measured.triangles = each.value("triangles", std::uint64_t{0});
        report.cases.push_back(std::move(measured));
    }
    return report;
}

std::string to_text(const Report& report, const Report* baseline) {
    std::string text;
    if (!report.cases.empty()) {
        text += report.cases.front().device + "\n";
        text += std::format("{:<14} {:>11} {:>3} {:>24} {:>20} {:>22} {:>8} {:>6} {:>9} {:>8}{}\n", "scene", "2 eyes of", "x", "frame ms p50 p95 p99", "record ms p50 p99",
                            "gpu ms p50 p95 p99", "cpu ms", "draws", "triangles", "MiB", baseline ? "  ratio" : "");
    }
    for (const Measured& each : report.cases)
        text += std::format("{:<14} {:>11} {:>3} {:>24} {:>20} {:>22} {:>8.1f} {:>6} {:>9} {:>8.0f}{}\n", each.asked.scene.substr(each.asked.scene.find_last_of('/') + 1),
                            std::format("{}x{}", each.asked.width, each.asked.height), each.asked.samples,
                            std::format("{:.1f} {:.1f} {:.1f}", each.frame_ms.median, each.frame_ms.p95, each.frame_ms.p99),
                            std::format("{:.3f} {:.3f}", each.record_ms.median, each.record_ms.p99),
                            std::format("{:.1f} {:.1f} {:.1f}", each.gpu_ms.median, each.gpu_ms.p95, each.gpu_ms.p99), each.cpu_ms, each.draws, each.triangles,
                            each.peak_memory_mib, ratio(each, baseline));
    for (const Startup& each : report.startups)
        text += std::format("start to first frame, {}: {:.0f} ms (median of {}), p95 {:.0f} ms\n", each.scene, each.first_frame_ms.median, each.starts, each.first_frame_ms.p95);
    return text;
}

}  // namespace accalmie::bench
