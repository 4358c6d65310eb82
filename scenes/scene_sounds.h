// SPDX-License-Identifier: Apache-2.0
// Owns: the [sound] and [voice] parts of a scene.toml: what is heard in a scene, where and at which levels, and the files decoded.
// Never: plays anything (scenes/player/scene_sound.h). Units: metres in the scene's world (_m), decibels at most 0 (_db).
// Errors name file:line:column for the scene.toml and the sound's own path for what cannot be decoded. Thread: any.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <glm/glm.hpp>

#include "engine/content/sound_file.h"
#include "engine/error.h"
#include "protocols/toml_reader.h"

namespace accalmie::scenes {

struct SceneSource {
    std::string path;
    glm::vec3 position_m{0};
    int level_first = 0, level_last = 0;  // heard from the one to the other
    float gain_db = 0;
    bool loop = true;                     // else once, when its first level comes
};

struct SceneSounds {
    std::string ambience_path;            // a loop that comes from all around; empty: none
    float ambience_gain_db = 0;
    std::vector<SceneSource> sources;
    bool empty() const { return ambience_path.empty() && sources.empty(); }
};

// The mouth of a person of the scene, from which the clinician speaks; at other levels, and without one, beside the patient.
struct SceneVoice {
    glm::vec3 at_m{0};
    int level_first = 0, level_last = 0;
};

// Takes [sound] out of the scene's table; `levels` is how many the scene has.
SceneSounds read_sounds(protocols::TableReader& top, const std::filesystem::path& root, int levels, protocols::Findings& findings);

// Takes [voice] out of it.
std::optional<SceneVoice> read_voice(protocols::TableReader& top, int levels, protocols::Findings& findings);

// The ambience first, then the sources in order.
Result<std::vector<content::SoundFile>> load_sounds(const SceneSounds& sounds);

}  // namespace accalmie::scenes
