// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_bench.h"

#include <algorithm>
#include <chrono>
#include <format>

#include "scenes/data_root.h"
#include "scenes/player/scene_loader.h"
#include "scenes/player/theatre.h"
#include "tests/bench/watched_program.h"

namespace accalmie::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* kCalm = "calm-room";
constexpr int kLeftOut = 5, kFirstShown = 5;
constexpr auto kPatience = std::chrono::minutes(2);

class Loop {
public:
    explicit Loop(scenes::Theatre& theatre) : theatre_(theatre) {}

    struct Times {
        double wall_ms = 0, cpu_ms = 0;
    };
    // Draws one frame and gives the times since the frame before it began.
    Result<Times> frame(const std::string& scene, int level) {
        const auto now = Clock::now();
        const double cpu_ms = process_ms();
        const Times took{std::chrono::duration<double, std::milli>(now - began_).count(), cpu_ms - began_cpu_ms_};
        began_ = now;
        began_cpu_ms_ = cpu_ms;
        xr::Frame frame;
        if (auto status = theatre_.session().step_begin(frame); !status) return std::unexpected(std::move(status.error()));
        const double time_s = frames_++ / 90.0;
        render::FrameInput input{.views = frame.views, .scene = theatre_.scene(scene), .level = level, .scene_time_s = time_s};
        input.measure = {.luminance = true, .time_s = time_s};
        auto drawn = theatre_.renderer().draw(input, theatre_.session().color_images()[frame.image_index]);
        if (!drawn) return std::unexpected(std::move(drawn.error()));
        drawn_ = *drawn;
        while (theatre_.renderer().next_luminance() != nullptr) {}
        if (auto ended = theatre_.session().step_end(frame, {}); !ended) return std::unexpected(std::move(ended.error()));
        return took;
    }

    Result<std::vector<double>> frames(const std::string& scene, int level, int count, std::vector<double>* cpu_ms = nullptr) {
        std::vector<double> times;
        for (int i = 0; i < count; ++i) {
            auto took = frame(scene, level);
            if (!took) return std::unexpected(std::move(took.error()));
            times.push_back(took->wall_ms);
            if (cpu_ms != nullptr) cpu_ms->push_back(took->cpu_ms);
        }
        return times;
    }

    const render::FrameStats& drawn() const { return drawn_; }

private:
    scenes::Theatre& theatre_;
    render::FrameStats drawn_;
    Clock::time_point began_ = Clock::now();
    double began_cpu_ms_ = process_ms();
    int frames_ = 0;
};

}  // namespace

Result<LoadMeasured> measure_load(const LoadCase& asked) {
    LoadMeasured measured{.asked = asked, .device = {}};
    auto root = scenes::find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    scenes::PlayerOptions options;
    options.width = asked.width;
    options.height = asked.height;
    options.samples = asked.samples;
    auto theatre = scenes::Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    measured.device = (*theatre)->device().name();
    scenes::LoadedScene calm = scenes::load_scene(*root, kCalm, false);
    if (calm.error) return std::unexpected(std::move(*calm.error));
    if (auto added = (*theatre)->add(calm.asset); !added) return std::unexpected(std::move(added.error()));

    Loop loop(**theatre);
    if (auto warm = loop.frames(kCalm, 0, kLeftOut); !warm) return std::unexpected(std::move(warm.error()));
    std::vector<double> before_cpu;
    auto before = loop.frames(kCalm, 0, asked.frames, &before_cpu);
    if (!before) return std::unexpected(std::move(before.error()));
    measured.before_ms = spread_of(*before);
    measured.longest_before_ms = std::ranges::max(*before);
    measured.before_cpu_ms = spread_of(std::move(before_cpu)).median;

    scenes::SceneLoader loader(*root, false);
    loader.request(asked.scene);
    std::vector<double> during;
    const auto began = Clock::now();
    std::string step = "reading";
    for (bool ready = false; !ready;) {
        if (Clock::now() - began > kPatience) return std::unexpected(Error{"the scene does not become ready", "look after its files"});
        if (auto loaded = loader.poll()) {
            if (loaded->error) return std::unexpected(std::move(*loaded->error));
            (*theatre)->begin(std::move(loaded->asset));
            step = asked.at_once ? "at once" : "preparing";
        }
        if (const auto arrived = (*theatre)->arrived(asked.at_once)) {
            if (arrived->error) return std::unexpected(*arrived->error);
            ready = true;
        }
        auto took = loop.frame(kCalm, 0);
        if (!took) return std::unexpected(std::move(took.error()));
        // The time is that of the frame before this one, with what was done between the two.
        during.push_back(took->wall_ms);
        LoadMeasured::Step& of = measured.steps[step];
        ++of.frames;
        of.longest_ms = std::max(of.longest_ms, took->wall_ms);
        of.most_cpu_ms = std::max(of.most_cpu_ms, took->cpu_ms);
        if (loop.drawn().arriving_bytes > 0) step = "copying", measured.most_bytes = std::max(measured.most_bytes, loop.drawn().arriving_bytes);
        else if (loop.drawn().warmed) step = "warming";
        else if (step == "warming" || step == "copying") step = "settling";
    }
    measured.load_ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
    measured.during_ms = spread_of(during);
    for (const auto& [name, of] : measured.steps)
        if (of.longest_ms > measured.longest_ms) measured.longest_ms = of.longest_ms, measured.longest_in = name;

    auto first = loop.frames(asked.scene, asked.level, 1 + kFirstShown);
    if (!first) return std::unexpected(std::move(first.error()));
    measured.first_shown_ms = *std::max_element(first->begin() + 1, first->end());
    auto after = loop.frames(asked.scene, asked.level, asked.frames);
    if (!after) return std::unexpected(std::move(after.error()));
    measured.after_ms = spread_of(*after);
    measured.peak_memory_mib = memory_mib("self", "VmHWM:");
    return measured;
}

std::string to_text(const LoadMeasured& measured) {
    std::string text = std::format("{} while {} is loaded, 2 x {}x{}, {}x, {}\n", kCalm, measured.asked.scene, measured.asked.width, measured.asked.height, measured.asked.samples,
                                   measured.asked.at_once ? "taken up at once" : "taken up in steps");
    text += std::format("  before the load   median {:.1f} ms, longest {:.1f} ms ({:.2f} of the median)\n", measured.before_ms.median, measured.longest_before_ms,
                        measured.longest_before_ms / std::max(measured.before_ms.median, 1e-3));
    text += std::format("  during it         median {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms ({:.2f} of the median before) in step '{}'; {:.0f} ms in all\n", measured.during_ms.median,
                        measured.during_ms.p99, measured.longest_ms, measured.ratio(), measured.longest_in, measured.load_ms);
    for (const auto& [name, of] : measured.steps)
        text += std::format("    {:<15} {:>4} frames, longest {:.1f} ms; of the processor {:.1f} ms at most ({:.2f} of the median before)\n", name, of.frames, of.longest_ms, of.most_cpu_ms,
                            of.most_cpu_ms / std::max(measured.before_cpu_ms, 1e-3));
    if (measured.most_bytes > 0) text += std::format("    most copied in a frame: {:.2f} MiB\n", static_cast<double>(measured.most_bytes) / (1 << 20));
    text += std::format("  the scene itself  median {:.1f} ms, longest of its first {} {:.1f} ms ({:.2f} of that median)\n", measured.after_ms.median, kFirstShown, measured.first_shown_ms,
                        measured.first_shown_ratio());
    text += std::format("  peak memory       {:.0f} MiB\n", measured.peak_memory_mib);
    return text;
}

}  // namespace accalmie::bench
