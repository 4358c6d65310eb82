// SPDX-License-Identifier: Apache-2.0
// Any bytes as a scene.toml: a scene whose every path stays in the project and whose every number is in its range, or an error with its
// place that fits in one line.
#include "scenes/scene_file.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace accalmie;

namespace {

// The root is /root: whatever a file says, nothing outside it is named.
bool inside(const std::string& path, std::string_view ending) { return path.starts_with("/root/") && path.ends_with(ending) && !path.contains("/../"); }

bool within(double value, double low, double high) { return value >= low && value <= high; }

bool good(const scenes::SceneSource& source, int levels) {
    for (int axis = 0; axis < 3; ++axis)
        if (!within(static_cast<double>(source.position_m[axis]), -50, 50)) return false;
    return inside(source.path, ".wav") && within(static_cast<double>(source.gain_db), -60, 0) && 0 <= source.level_first && source.level_first <= source.level_last && source.level_last < levels;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<scenes::SceneFile> scene = scenes::parse_scene_file({reinterpret_cast<const char*>(data), size}, "/root/scenes/fuzz/scene.toml");
    if (!scene) {
        const Error& error = scene.error();
        if (error.message.empty() || error.line < 1 || describe(error).find('\n') != std::string::npos) std::abort();
        return 0;
    }
    const int levels = static_cast<int>(scene->levels.size());
    if (levels < 1 || scene->name != "fuzz" || !inside(scene->asset_path, ".glb")) std::abort();
    if (scene->kind != scenes::SceneKind::cue && (levels != 1 || !scene->substance.empty() || !scene->places.empty())) std::abort();
    for (int level = 0; level < levels; ++level)
        if (scene->levels[static_cast<std::size_t>(level)].level != level) std::abort();
    if (!within(static_cast<double>(scene->exposure), 0.01 - 1e-6, 100) || !within(scene->comfort.maximum_luminance, 0.01, 1) || !within(scene->comfort.flashes_per_second, 0, 3)) std::abort();
    for (int channel = 0; channel < 3; ++channel)
        if (!within(static_cast<double>(scene->background[channel]), 0, 1)) std::abort();
    if (!scene->sounds.ambience_path.empty() && !inside(scene->sounds.ambience_path, ".wav")) std::abort();
    if (!within(static_cast<double>(scene->sounds.ambience_gain_db), -60, 0) || scene->sounds.sources.size() > 12) std::abort();
    for (const scenes::SceneSource& source : scene->sounds.sources)
        if (!good(source, levels)) std::abort();
    return 0;
}
