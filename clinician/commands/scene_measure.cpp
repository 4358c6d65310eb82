// SPDX-License-Identifier: Apache-2.0
// accalmie scene measure: what a scene's author wants to know of a level before a patient sees it.
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "scenes/player/scene_measure.h"

namespace accalmie::commands {

namespace {

using nlohmann::json;

struct MeasureOptions {
    std::string scene;
    int level = 0;
    double seconds = 4;
    std::uint32_t side = 256;
    int samples = 1;
    bool json = false;
};

json eye_json(const render::CueInEye& eye) { return {{"pixels", eye.pixels}, {"solid_angle_sr", eye.solid_angle_sr}}; }

json as_json(const scenes::SceneMeasures& measures) {
    json cues = json::array();
    for (const auto& cue : measures.cues)
        cues.push_back({{"cue", cue.cue}, {"left", eye_json(cue.view.eyes[0])}, {"right", eye_json(cue.view.eyes[1])}, {"solid_angle_sr", cue.view.solid_angle_sr()},
                        {"disc_degrees", cue.disc_degrees}, {"central_share", cue.view.central_share()}, {"gaze_share", cue.view.gaze_share()}});
    return {{"scene", measures.scene}, {"level", measures.level}, {"cues", cues}, {"picture_side", render::kCueExtent.width},
            {"luminance", {{"left", measures.luminance[0]}, {"right", measures.luminance[1]}, {"greatest", measures.greatest_luminance}}},
            {"flashes", {{"seconds", measures.seconds}, {"picture", measures.flashes}, {"area", measures.area_flashes}, {"most_in_a_second", measures.flashes_in_a_second}}},
            {"gpu_ms", {{"cues_and_luminance", measures.gpu_measure_ms}, {"luminance", measures.gpu_luminance_ms}, {"rest_of_frame", measures.gpu_frame_ms}}}};
}

void print_text(const scenes::SceneMeasures& measures) {
    std::println("{} level {}, from the seat, looking ahead\n", measures.scene, measures.level);
    if (measures.cues.empty()) std::println("The scene has no cues.");
    else std::println("{:<24} {:>13} {:>13} {:>11} {:>11}", "cue", "pixels L / R", "solid angle", "as a disc", "central");
    for (const auto& cue : measures.cues) {
        if (!cue.view.visible()) {
            std::println("{:<24} not seen", cue.cue);
            continue;
        }
        std::println("{:<24} {:>13} {:>10.5f} sr {:>7.2f} deg {:>9.1f} %", cue.cue, std::format("{} / {}", cue.view.eyes[0].pixels, cue.view.eyes[1].pixels),
                     cue.view.solid_angle_sr(), cue.disc_degrees, 100 * cue.view.central_share());
    }
    std::println("\nmean luminance {:.3f} left, {:.3f} right, at most {:.3f} of the display's white", measures.luminance[0], measures.luminance[1], measures.greatest_luminance);
    std::println("flashes in {:.0f} s: {} of the picture, {} in its worst area; at most {} in any second (3 are allowed)", measures.seconds, measures.flashes, measures.area_flashes,
                 measures.flashes_in_a_second);
    std::println("cost on this machine: {:.2f} ms to look for cues, {:.2f} ms for luminance, {:.2f} ms the rest of a frame", measures.gpu_measure_ms - measures.gpu_luminance_ms,
                 measures.gpu_luminance_ms, measures.gpu_frame_ms);
}

}  // namespace

void add_scene_measure(CLI::App& scene) {
    auto options = std::make_shared<MeasureOptions>();
    auto* command = scene.add_subcommand("measure", "What a level shows from the seat: each cue's pixels and solid angle after occlusion, brightness, flashes");
    command->add_option("SCENE", options->scene, "The scene's name")->required();
    command->add_option("--level", options->level, "Cue level")->capture_default_str();
    command->add_option("--seconds", options->seconds, "How much of the scene's own time to watch for flashes")->check(CLI::Range(0.1, 120.0))->capture_default_str();
    command->add_option("--side", options->side, "Width and height of the pictures that luminance is taken from")->check(CLI::Range(64, 4096))->capture_default_str();
    command->add_option("--msaa", options->samples, "Samples a pixel of them")->check(CLI::IsMember({1, 4}))->capture_default_str();
    command->add_flag("--json", options->json, "For machines");
    command->footer("Example: accalmie scene measure bar-night --level 2");
    command->callback([options] {
        auto measures = scenes::measure_scene({.scene = options->scene, .level = options->level, .seconds = options->seconds, .side = options->side,
                                               .samples = static_cast<std::uint32_t>(options->samples)});
        if (!measures) fail(measures.error());
        if (options->json) std::println("{}", as_json(*measures).dump(2));
        else print_text(*measures);
    });
}

}  // namespace accalmie::commands
