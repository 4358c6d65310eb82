// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/session_options.h"

#include <cstdio>
#include <filesystem>
#include <print>

#include "clinician/commands/commands.h"
#include "scenes/data_root.h"

namespace accalmie::commands {

namespace {

void list_microphones() {
    const auto names = sound::microphone_names();
    for (const std::string& name : names) std::println("{}", name);
    if (names.empty()) std::println("no microphone");
    throw CLI::Success();
}

}  // namespace

void SessionOptions::add(CLI::App& command) {
    command.add_option("--protocol", protocol, "A protocol file, or the name of a shipped one")->capture_default_str();
    command.add_option("--pseudonym", pseudonym, "The patient's pseudonym in the study");
    command.add_option("--language", language, "Language of the patient's panels and of the console")->check(CLI::IsMember({"fr", "en"}))->capture_default_str();
    command.add_option("--xr", xr, "openxr (a headset or Monado), offscreen, desktop")->check(CLI::IsMember({"openxr", "offscreen", "desktop"}))->capture_default_str();
    command.add_option("--size", size, "WIDTHxHEIGHT of one eye; the runtime's wish without it");
    command.add_option("--pictures", pictures, "Folder for a PNG of the patient's view at every rating");
    command.add_option("--seed", seed, "Seed of everything that is drawn at random")->capture_default_str();
    command.add_option("--msaa", samples, "Samples a pixel")->check(CLI::IsMember({1, 4}));
    command.add_option("--player-timeout", player_timeout_ms, "Milliseconds without a sign of life after which the patient's program counts as hung; 0: 700, on a software driver 4000")
        ->check(CLI::Range(0, 60'000))->capture_default_str();
    command.add_option("--voice", voice, "What the clinician speaks into: microphone, microphone:NAME (--microphones lists them), or for a rehearsal tone:HZ or a .wav file that speaks instead")
        ->capture_default_str();
    command.add_flag_callback("--microphones", list_microphones, "List the machine's microphones, and end");
    command.add_option("--sound", sound, "What the patient hears: on, off, null (mixed and thrown away); off-screen it is off, else on")->check(CLI::IsMember({"on", "off", "null"}));
    command.add_flag("--validation", validation, "Vulkan validation in the player (needs vulkan-validationlayers)");
}

std::string protocol_path(const std::string& name_or_path) {
    if (std::filesystem::exists(name_or_path)) return name_or_path;
    auto root = scenes::find_data_root();
    if (!root) fail(root.error());
    const auto shipped = *root + "/protocols/templates/" + name_or_path + ".toml";
    if (!std::filesystem::exists(shipped)) fail("no protocol file '" + name_or_path + "' and no shipped protocol of that name", "accalmie protocol list shows them");
    return shipped;
}

session::Setup SessionOptions::resolve(bool simulated_patient) const {
    session::Setup setup;
    auto plan = protocols::load_plan(protocol_path(protocol));
    if (!plan) fail(plan.error());
    setup.plan = std::move(*plan);
    setup.pseudonym = pseudonym;
    setup.language = language;
    setup.xr = xr == "openxr" ? session::XrKind::openxr : xr == "desktop" ? session::XrKind::desktop : session::XrKind::off_screen;
    if (!size.empty()) {
        char rest = 0;
        if (std::sscanf(size.c_str(), "%ux%u%c", &setup.eye_width, &setup.eye_height, &rest) != 2 || setup.eye_width < 16 || setup.eye_height < 16 ||
            setup.eye_width > 8192 || setup.eye_height > 8192) {
            fail("--size " + size + " is not WIDTHxHEIGHT between 16 and 8192", "for example --size 1024x1024");
        }
    }
    if (samples) setup.player_arguments = {"--msaa", std::to_string(*samples)};
    auto spoken = sound::read_voice_choice(voice);
    if (!spoken) fail(spoken.error());
    if (spoken->rehearsal() && !simulated_patient) fail("--voice " + voice + " speaks to the simulated patient only", "leave --voice out, or add --rehearse");
    setup.voice = std::move(*spoken);
    if (!sound.empty()) setup.player_arguments.insert(setup.player_arguments.end(), {"--sound", sound});
    setup.player_timeout_ms = player_timeout_ms;
    if (validation) setup.player_arguments.push_back("--validation");
    setup.seed = seed;
    // A check of the software leaves a question open for milliseconds; the simulated patient is then as quick as that.
    setup.patient.latency_mean_ms = std::min(setup.patient.latency_mean_ms, static_cast<double>(setup.plan.scale.timeout_ms) / 4);
    setup.simulated_patient = simulated_patient;
    setup.virtual_time = simulated_patient && !real_time;
    setup.virtual_speed = speed;
    setup.stop_at_level = stop_at_level;
    setup.pictures_directory = pictures;
    if (!pictures.empty()) {
        std::error_code failure;
        std::filesystem::create_directories(pictures, failure);
        if (failure) fail("the folder " + pictures + " cannot be made: " + failure.message());
    }
    return setup;
}

}  // namespace accalmie::commands
