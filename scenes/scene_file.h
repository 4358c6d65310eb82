// SPDX-License-Identifier: Apache-2.0
// Owns: SceneFile, one scenes/NAME/scene.toml after parsing: what a scene is, its cue levels, and how bright and restless it may be.
// Never: reads the model itself (engine/content) or decides when a scene is shown. Units: linear colours, luminance as a share of the
// display's white (0 to 1). Errors name file:line:column and what to do. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <glm/glm.hpp>

#include "engine/content/scene_asset.h"
#include "engine/error.h"
#include "protocols/plan.h"
#include "scenes/scene_sounds.h"

namespace accalmie::scenes {

using protocols::Text;

enum class SceneKind : std::uint8_t {
    calm,     // the room that a stop leads to; always resident, never a cue in it
    neutral,  // a place without cues: baseline and control
    cue,      // cue exposure
};
std::string_view name_of(SceneKind kind);

struct SceneLevel {
    int level = 0;
    Text title;
    Text note;  // for the clinician: what is in view; the patient never reads it
};

// What a scene may ask of a patient's eyes. A test draws every level and holds the picture against it.
struct ComfortBudget {
    double maximum_luminance = 0.85;  // mean relative luminance of the shown picture
    int flashes_per_second = 0;       // three is the most that any scene may have (facts: photosensitive epilepsy)
};

struct SceneFile {
    std::string name;       // the folder
    SceneKind kind = SceneKind::neutral;
    std::string substance;  // cue scenes: "alcohol"
    std::vector<std::string> places;  // cue scenes: the everyday places that it stands for ("bar"), as a diary names them
    Text title;
    std::vector<SceneLevel> levels;  // in order from 0; one for calm and neutral scenes
    std::string asset_path;          // absolute when the file's path was
    float exposure = 1;
    glm::vec3 background{0};
    ComfortBudget comfort;
    SceneSounds sounds;     // [sound], optional
    std::optional<SceneVoice> voice;  // [voice]
    Text evidence;          // what the choice of cues rests on, one or two sentences
    bool has_level(int level) const { return level >= 0 && level < static_cast<int>(levels.size()); }
};

// The data root is two folders above the file: ROOT/scenes/NAME/scene.toml.
Result<SceneFile> load_scene_file(const std::string& path);
Result<SceneFile> parse_scene_file(std::string_view text, const std::string& path);

// Every scene of a data root, by name. One broken file is an error that names it.
Result<std::vector<SceneFile>> list_scenes(const std::string& root);
// The scene NAME of a data root; an unknown name says which there are.
Result<SceneFile> find_scene(const std::string& root, const std::string& name);

// Reads and prepares the model with the file's exposure and background. A cue in a calm or neutral scene is an error.
Result<content::SceneAsset> load_model(const SceneFile& scene);

}  // namespace accalmie::scenes
