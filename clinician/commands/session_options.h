// SPDX-License-Identifier: Apache-2.0
// Owns: the options that every command with a session shares (console, rehearse, demo), and turning them into a session::Setup.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "clinician/session/live_session.h"

namespace accalmie::commands {

struct SessionOptions {
    std::string protocol = "alcohol-bar";     // a file, or the name of a template
    std::string pseudonym;
    std::string language = "fr";
    std::string xr = "offscreen";
    std::string size;                         // of one eye, "640x640"
    std::string pictures;                     // folder for the patient's view at every rating
    std::uint64_t seed = 1;
    double speed = 0;                         // virtual seconds a second; 0: as fast as pictures come
    bool real_time = false;
    std::optional<int> stop_at_level;
    std::optional<int> samples;
    bool validation = false;
    int player_timeout_ms = 0;
    std::string voice = "microphone";         // sound::read_voice_choice
    std::string sound;                        // of the player: "on", "off", "null"; empty: as the player sees fit

    void add(CLI::App& command);
    // The set-up of a session with a real patient, or with the simulated one. Fails (commands::fail) on what the user has to mend.
    session::Setup resolve(bool simulated_patient) const;
};

// A protocol's path from a path or a template's name.
std::string protocol_path(const std::string& name_or_path);

}  // namespace accalmie::commands
