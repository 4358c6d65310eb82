// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/scene_measure.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <numbers>

#include "engine/render/flash_counter.h"
#include "scenes/data_root.h"
#include "scenes/player/theatre.h"
#include "scenes/scene_file.h"

namespace accalmie::scenes {
namespace {

constexpr double kRate_hz = 30;
constexpr int kLookEvery = 3;  // frames: ten looks a second, as in a session

double median_of(std::vector<double>& values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

struct Watch {
    Theatre& theatre;
    SceneMeasures& measures;
    render::FlashCounter whole{2}, areas{2 * render::kLuminanceCells * render::kLuminanceCells};
    std::vector<double> cue_ms, luminance_ms, frame_ms;
    int pictures = 0;

    void take() {
        while (const render::Luminance* told = theatre.renderer().next_luminance()) {
            whole.add(told->time_s, told->mean);
            areas.add(told->time_s, told->cells);
            ++pictures;
            for (std::size_t eye = 0; eye < 2; ++eye) {
                measures.luminance[eye] += static_cast<double>(told->mean[eye]);
                measures.greatest_luminance = std::max(measures.greatest_luminance, static_cast<double>(told->mean[eye]));
            }
        }
        while (const render::CueViews* told = theatre.renderer().next_cues())
            if (told->time_s == 0)  // the answer to the first look: the scene at rest
                for (std::size_t i = 0; i < told->cues.size() && i < measures.cues.size(); ++i) measures.cues[i].view = told->cues[i];
    }

    Result<void> frame(int number) {
        xr::Frame frame;
        if (auto status = theatre.session().step_begin(frame); !status) return std::unexpected(std::move(status.error()));
        const double time_s = number / kRate_hz;
        render::FrameInput input{.views = frame.views, .scene = theatre.scene(measures.scene), .level = measures.level, .scene_time_s = time_s};
        input.measure = {.cues = number % kLookEvery == 0, .luminance = true, .time_s = time_s, .world_from_head = frame.world_from_head, .world_from_gaze = {}};
        auto drawn = theatre.renderer().draw(input, theatre.session().color_images()[frame.image_index]);
        if (!drawn) return std::unexpected(std::move(drawn.error()));
        if (number > 4) {  // its times are those of the frame two before
            ((number - 2) % kLookEvery == 0 ? cue_ms : luminance_ms).push_back(drawn->gpu_measure_ms);
            frame_ms.push_back(drawn->gpu_ms - drawn->gpu_measure_ms);
        }
        take();
        return theatre.session().step_end(frame, {});
    }
};

}  // namespace

double disc_degrees(double solid_angle_sr) {
    const double half = std::acos(std::clamp(1 - solid_angle_sr / (2 * std::numbers::pi), -1.0, 1.0));
    return 2 * half * 180 / std::numbers::pi;
}

Result<SceneMeasures> measure_scene(const SceneMeasureRequest& request) {
    auto root = find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto scene = find_scene(*root, request.scene);
    if (!scene) return std::unexpected(std::move(scene.error()));
    if (!scene->has_level(request.level))
        return std::unexpected(Error{.message = std::format("{} has no level {}", request.scene, request.level), .hint = std::format("0 to {}", scene->levels.size() - 1), .file = {}});
    auto asset = load_model(*scene);
    if (!asset) return std::unexpected(std::move(asset.error()));
    PlayerOptions options;
    options.width = options.height = request.side;
    options.samples = request.samples;
    options.validation = request.validation;
    auto theatre = Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    const std::string name = asset->name;
    if (auto added = (*theatre)->add(std::move(*asset)); !added) return std::unexpected(std::move(added.error()));

    SceneMeasures measures{.scene = name, .level = request.level, .seconds = request.seconds};
    for (const std::string& cue : (*theatre)->renderer().cue_names((*theatre)->scene(name))) measures.cues.push_back({.cue = cue});
    Watch watch{**theatre, measures};
    for (int i = 0; i < std::max(1, static_cast<int>(request.seconds * kRate_hz)); ++i)
        if (auto drawn = watch.frame(i); !drawn) return std::unexpected(std::move(drawn.error()));
    if (auto finished = (*theatre)->renderer().finish_measures(); !finished) return std::unexpected(std::move(finished.error()));
    watch.take();
    for (double& luminance : measures.luminance) luminance /= std::max(watch.pictures, 1);
    for (CueAtSeat& cue : measures.cues) cue.disc_degrees = disc_degrees(static_cast<double>(cue.view.solid_angle_sr()));
    const auto whole = watch.whole.take(), areas = watch.areas.take();
    measures.flashes = whole.flashes;
    measures.area_flashes = areas.flashes;
    measures.flashes_in_a_second = std::max(whole.most_in_a_second, areas.most_in_a_second);
    measures.gpu_measure_ms = median_of(watch.cue_ms);
    measures.gpu_luminance_ms = median_of(watch.luminance_ms);
    measures.gpu_frame_ms = median_of(watch.frame_ms);
    if (request.validation && (*theatre)->device().validation_messages() != 0)
        return std::unexpected(Error{.message = "the Vulkan validation layer had something to say", .hint = "its messages are on standard error", .file = {}});
    return measures;
}

}  // namespace accalmie::scenes
