// SPDX-License-Identifier: Apache-2.0
// accalmie scene hear: what a patient would hear of a scene, as a WAV.
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "scenes/player/hear.h"

namespace accalmie::commands {

namespace {

struct HearOptions {
    scenes::HearRequest request;
    std::string out;
    bool json = false;
};

void run(const HearOptions& options) {
    auto heard = scenes::hear_scene(options.request, options.out);
    if (!heard) fail(heard.error());
    if (options.json) {
        std::println("{}", nlohmann::json{{"scene", options.request.scene}, {"level", options.request.level}, {"seconds", heard->seconds}, {"out", options.out},
                                          {"left_db", heard->level_db[0]}, {"right_db", heard->level_db[1]}, {"peak_db", heard->peak_db}}.dump());
        return;
    }
    std::println("{}: {:.1f} s of {} level {}; left {:.1f} dB, right {:.1f} dB, peak {:.1f} dB of full scale", options.out, heard->seconds, options.request.scene,
                 options.request.level, heard->level_db[0], heard->level_db[1], heard->peak_db);
}

}  // namespace

void add_scene_hear(CLI::App& scene) {
    auto* command = scene.add_subcommand("hear", "Mix what the patient would hear into a WAV");
    auto options = std::make_shared<HearOptions>();
    command->add_option("SCENE", options->request.scene, "The scene's name")->required();
    command->add_option("--out", options->out, "The WAV to write, for headphones")->required();
    command->add_option("--level", options->request.level, "Cue level")->capture_default_str();
    command->add_option("--seconds", options->request.seconds, "From the moment that the scene begins")->check(CLI::Range(0.1, 600.0))->capture_default_str();
    command->add_option("--turned", options->request.turned_deg, "Degrees that the head is turned to the left")->check(CLI::Range(-180.0, 180.0))->capture_default_str();
    command->add_flag("--json", options->json, "For machines");
    command->footer("Example: accalmie scene hear bar-night --level 3 --seconds 5 --out bar.wav");
    command->callback([options] { run(*options); });
}

}  // namespace accalmie::commands
