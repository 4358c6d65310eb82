// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/hear.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <vector>

#include "engine/sound/wav_file.h"
#include "scenes/data_root.h"
#include "scenes/player/scene_sound.h"

namespace accalmie::scenes {
namespace {

constexpr double kFrame_s = 1.0 / 90;
constexpr float kSeatedHead_m = 1.2f;

HeardScene measured(const std::vector<float>& stereo) {
    HeardScene heard{.seconds = static_cast<double>(stereo.size()) / 2 / sound::kMixRate_hz};
    std::array<double, 2> power{};
    float peak = 0;
    for (std::size_t i = 0; i < stereo.size(); ++i) {
        power[i % 2] += static_cast<double>(stereo[i]) * static_cast<double>(stereo[i]);
        peak = std::max(peak, std::abs(stereo[i]));
    }
    const double frames = std::max(1.0, static_cast<double>(stereo.size()) / 2);
    for (std::size_t ear = 0; ear < 2; ++ear) heard.level_db[ear] = 10 * std::log10(power[ear] / frames + 1e-12);
    heard.peak_db = 20 * std::log10(static_cast<double>(peak) + 1e-6);
    return heard;
}

}  // namespace

Result<HeardScene> hear_scene(const HearRequest& request, const std::string& wav_path) {
    auto root = find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto scene = find_scene(*root, request.scene);
    if (!scene) return std::unexpected(std::move(scene.error()));
    if (!scene->has_level(request.level))
        return std::unexpected(Error{.message = std::format("{} has no level {}", scene->name, request.level), .hint = std::format("its levels are 0 to {}", scene->levels.size() - 1), .file = {}});
    auto files = load_sounds(scene->sounds);
    if (!files) return std::unexpected(std::move(files.error()));
    auto output = sound::open_loopback();
    if (!output) return std::unexpected(std::move(output.error()));
    SceneSound ears(std::move(*output));
    if (auto added = ears.add(*scene, *files); !added) return std::unexpected(std::move(added.error()));

    const xr::Pose head{.orientation = glm::angleAxis(static_cast<float>(glm::radians(request.turned_deg)), glm::vec3(0, 1, 0)), .position_m = {0, kSeatedHead_m, 0}};
    std::vector<float> stereo;
    std::vector<float> frame(2 * static_cast<std::size_t>(kFrame_s * sound::kMixRate_hz));
    for (int n = 0; n * kFrame_s < request.seconds; ++n) {
        ears.frame({.scene = scene->name, .level = request.level, .brightness = static_cast<float>(request.brightness)}, head, n * kFrame_s);
        ears.mixer().output().render(frame);
        stereo.insert(stereo.end(), frame.begin(), frame.end());
    }
    if (auto written = sound::write_wav(wav_path, stereo, 2, sound::kMixRate_hz); !written) return std::unexpected(std::move(written.error()));
    return measured(stereo);
}

}  // namespace accalmie::scenes
