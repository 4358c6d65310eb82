// SPDX-License-Identifier: Apache-2.0
// Owns: what the player's command line may say. Never: reads files or opens devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.h"
#include "scenes/player/quirks.h"

namespace accalmie::scenes {

enum class XrChoice : std::uint8_t { off_screen, openxr, desktop };
enum class SoundChoice : std::uint8_t { off, on, null };  // null: mixed as on a device, and thrown away

// Faults that are built in so that the tests can show that they would be caught. Never on without being named.
struct Plants {
    bool ignore_stop = false;      // announces the stop and keeps the cue on screen
    bool ignore_silence = false;   // never goes to the calm room by itself when the console is silent or gone
    bool trust_late_scenes = false;// shows a scene that was asked for before the console knew of the stop
    bool keep_voice = false;       // writes the clinician's voice to standard error
};

struct PlayerOptions {
    int link = -1;                           // descriptor of the socket to the console; -1: none
    XrChoice xr = XrChoice::off_screen;
    std::uint32_t width = 0, height = 0;     // of one eye; 0: the runtime's wish
    std::uint32_t samples = 4;
    bool validation = false;
    SoundChoice sound = SoundChoice::off;    // headset and desktop: on without a word
    std::string sound_wav;                   // tests: what would be heard, written here at the end
    std::string language = "en";             // until the console says
    std::optional<double> linger_s;          // in the calm room after the console is gone
    std::optional<int> missed_frames;        // in a row, after which the calm room comes; 0: never
    std::string scene;                       // without a link: what to show
    int level = 0;
    std::string shot;                        // a PNG to write instead of running
    bool stereo = false;
    Plants plants;
    std::uint64_t memory_fault = 0;          // tests: this allocation of graphics memory fails, from 1; 0: none
    std::uint64_t memory_fault_times = 1;    // and so many in a row
    Quirks quirks;
    float refresh_hz = 90;                   // asked of the headset's display
};

// nullopt: what was asked for (help) is already printed.
Result<std::optional<PlayerOptions>> parse_options(int argument_count, const char* const* arguments);

}  // namespace accalmie::scenes
