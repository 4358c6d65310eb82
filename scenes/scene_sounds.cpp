// SPDX-License-Identifier: Apache-2.0
#include "scenes/scene_sounds.h"

#include <algorithm>
#include <format>

#include "scenes/written_path.h"

namespace accalmie::scenes {
namespace {

namespace fs = std::filesystem;
using protocols::Findings;
using protocols::place_of;
using protocols::TableReader;

constexpr std::size_t kMostSources = 12;  // four more places are the ambience's, and the scene before is still leaving
constexpr double kFarthest_m = 50, kQuietest_db = -60;

float gain_of(TableReader& table, Findings& findings) {
    const toml::node* node = table.take("gain_db", "gain_db = -6", false);
    if (node == nullptr) return 0;
    const auto value = node->value<double>();
    if (value && *value >= kQuietest_db && *value <= 0) return static_cast<float>(*value);
    findings.error(place_of(*node), std::format("{}: 'gain_db' has to be a number from {} to 0", table.name(), kQuietest_db), "sounds are only made quieter: for example gain_db = -6");
    return 0;
}

std::string wav_of(TableReader& table, std::string_view key, bool required, const fs::path& root, Findings& findings) {
    const auto written = table.string(key, std::format("{} = \"assets/sounds/bar-murmur.wav\"", key), required);
    if (!written) return {};
    const fs::path path(*written);
    if (!stays_inside(path) || path.extension() != ".wav")
        findings.error(table.place_of_key(key), std::format("'{}' is no .wav inside the project", protocols::one_line(*written)), "for example assets/sounds/bar-murmur.wav");
    return (root / path).lexically_normal().string();
}

glm::vec3 position_of(TableReader& table, std::string_view key, Findings& findings) {
    const toml::array* parts = table.array(key, std::format("{} = [0.4, 1.1, -1.2]", key));
    if (parts == nullptr) return glm::vec3(0);
    glm::vec3 position(0);
    bool good = parts->size() == 3;
    for (std::size_t i = 0; good && i < 3; ++i) {
        const auto value = (*parts)[i].value<double>();
        good = value && std::abs(*value) <= kFarthest_m;
        if (good) position[static_cast<glm::length_t>(i)] = static_cast<float>(*value);
    }
    if (!good) findings.error(table.place_of_key(key), std::format("'{}' has to be three numbers of metres, each at most {}", key, kFarthest_m), std::format("right, up, and towards the patient's back: {} = [0.4, 1.1, -1.2]", key));
    return good ? position : glm::vec3(0);
}

// A SceneSource or a SceneVoice.
void levels_of(TableReader& table, auto& placed, int levels, Findings& findings) {
    placed.level_last = std::max(levels - 1, 0);
    const toml::array* range = table.array("levels", "levels = [1, 4]", false);
    if (range == nullptr) return;
    const auto first = range->size() == 2 ? (*range)[0].value_exact<std::int64_t>() : std::nullopt;
    const auto last = range->size() == 2 ? (*range)[1].value_exact<std::int64_t>() : std::nullopt;
    if (first && last && *first >= 0 && *first <= *last && *last < levels) {
        placed.level_first = static_cast<int>(*first);
        placed.level_last = static_cast<int>(*last);
        return;
    }
    findings.error(table.place_of_key("levels"), std::format("'levels' has to be the first and the last level, from 0 to {}", std::max(levels - 1, 0)), "for example levels = [1, 4]");
}

}  // namespace

SceneSounds read_sounds(TableReader& top, const fs::path& root, int levels, Findings& findings) {
    SceneSounds sounds;
    const toml::table* table = top.table("sound", "[sound]", false);
    if (table == nullptr) return sounds;
    TableReader sound(*table, "[sound]", findings);
    sounds.ambience_path = wav_of(sound, "ambience", false, root, findings);
    sounds.ambience_gain_db = gain_of(sound, findings);
    if (const toml::array* sources = sound.array("source", "[[sound.source]]", false)) {
        if (sources->size() > kMostSources) findings.error(place_of(*sources), std::format("a scene has at most {} sources of sound", kMostSources), "put several into one file");
        for (const toml::node& node : *sources) {
            const toml::table* written = node.as_table();
            if (written == nullptr) {
                findings.error(place_of(node), "'source' has to be a list of tables", "start each with [[sound.source]]");
                continue;
            }
            TableReader reader(*written, std::format("sound source {}", sounds.sources.size() + 1), findings);
            SceneSource source;
            source.path = wav_of(reader, "file", true, root, findings);
            source.position_m = position_of(reader, "position", findings);
            levels_of(reader, source, levels, findings);
            source.gain_db = gain_of(reader, findings);
            source.loop = reader.boolean("loop").value_or(true);
            reader.refuse_unknown_keys();
            sounds.sources.push_back(std::move(source));
        }
    }
    sound.refuse_unknown_keys();
    if (sounds.empty()) findings.error(place_of(*table), "[sound] names no sound", "add ambience = \"assets/sounds/...wav\" or a [[sound.source]]");
    return sounds;
}

std::optional<SceneVoice> read_voice(TableReader& top, int levels, Findings& findings) {
    const toml::table* table = top.table("voice", "[voice]", false);
    if (table == nullptr) return std::nullopt;
    TableReader reader(*table, "[voice]", findings);
    SceneVoice voice;
    voice.at_m = position_of(reader, "at_m", findings);
    levels_of(reader, voice, levels, findings);
    reader.refuse_unknown_keys();
    return voice;
}

Result<std::vector<content::SoundFile>> load_sounds(const SceneSounds& sounds) {
    std::vector<content::SoundFile> files;
    const auto load = [&](const std::string& path) -> Result<void> {
        auto file = content::read_sound(path);
        if (!file) return std::unexpected(std::move(file.error()));
        files.push_back(std::move(*file));
        return {};
    };
    if (!sounds.ambience_path.empty())
        if (auto loaded = load(sounds.ambience_path); !loaded) return std::unexpected(std::move(loaded.error()));
    for (const SceneSource& source : sounds.sources) {
        if (auto loaded = load(source.path); !loaded) return std::unexpected(std::move(loaded.error()));
        if (files.back().channels != 1) return std::unexpected(Error{.message = "a sound that has a place has to have one channel", .hint = "mix it down: sox IN.wav -c 1 OUT.wav", .file = source.path});
    }
    return files;
}

}  // namespace accalmie::scenes
