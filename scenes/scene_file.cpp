// SPDX-License-Identifier: Apache-2.0
#include "scenes/scene_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>

#include <toml++/toml.hpp>

#include "protocols/toml_reader.h"
#include "scenes/written_path.h"

namespace accalmie::scenes {
namespace {

namespace fs = std::filesystem;
using protocols::Findings;
using protocols::place_of;
using protocols::TableReader;

constexpr std::size_t kMaximumFileBytes = 256 * 1024;
constexpr std::size_t kMaximumLevels = 32;
constexpr int kMostFlashes = 3;
constexpr std::array kKinds{SceneKind::calm, SceneKind::neutral, SceneKind::cue};

Error to_error(const protocols::Error& error) { return {error.message, error.hint, error.file, error.line, error.column}; }

double number(TableReader& table, std::string_view key, double low, double high, std::string_view example, double fallback, Findings& findings) {
    const toml::node* node = table.take(key, example, false);
    if (node == nullptr) return fallback;
    const auto value = node->value<double>();
    if (value && *value >= low && *value <= high) return *value;
    findings.error(place_of(*node), std::format("{}: '{}' has to be a number from {} to {}", table.name(), key, low, high), std::format("for example {}", example));
    return fallback;
}

SceneKind kind_of(TableReader& table, Findings& findings) {
    const auto written = table.string("kind", "kind = \"cue\"");
    if (!written) return SceneKind::neutral;
    for (const SceneKind kind : kKinds)
        if (*written == name_of(kind)) return kind;
    std::vector<std::string> names;
    for (const SceneKind kind : kKinds) names.emplace_back(name_of(kind));
    findings.error(table.place_of_key("kind"), std::format("'{}' is no kind of scene", protocols::one_line(written->substr(0, 40))), protocols::suggestion(*written, names));
    return SceneKind::neutral;
}

glm::vec3 background_of(TableReader& table, Findings& findings) {
    const toml::array* parts = table.array("background", "background = [0.01, 0.01, 0.02]", false);
    if (parts == nullptr) return glm::vec3(0);
    glm::vec3 color(0);
    bool good = parts->size() == 3;
    for (std::size_t i = 0; good && i < 3; ++i) {
        const auto value = (*parts)[i].value<double>();
        good = value && *value >= 0 && *value <= 1;
        if (good) color[static_cast<glm::length_t>(i)] = static_cast<float>(*value);
    }
    if (!good) findings.error(table.place_of_key("background"), "'background' has to be three numbers from 0 to 1 (linear red, green, blue)", "for example background = [0.01, 0.01, 0.02]");
    return good ? color : glm::vec3(0);
}

std::vector<std::string> places_of(TableReader& table, SceneKind kind, Findings& findings) {
    std::vector<std::string> places;
    const toml::array* array = table.array("places", "places = [\"bar\"]", false);
    if (array == nullptr) return places;
    for (const toml::node& node : *array) {
        const auto* text = node.as_string();
        if (text == nullptr || !protocols::is_identifier(text->get())) {
            findings.error(place_of(node), "a place has to be a short word in quotes", "for example places = [\"bar\"]");
            continue;
        }
        places.push_back(text->get());
    }
    if (kind != SceneKind::cue) findings.error(table.place_of_key("places"), std::format("a {} scene stands for no place of craving", name_of(kind)), "remove the line, or use kind = \"cue\"");
    return places;
}

std::string asset_of(TableReader& table, const fs::path& root, Findings& findings) {
    const auto written = table.string("asset", "asset = \"assets/scenes/bar-night.glb\"");
    if (!written) return {};
    const fs::path path(*written);
    if (!stays_inside(path) || path.extension() != ".glb")
        findings.error(table.place_of_key("asset"), std::format("'{}' is no .glb inside the project", protocols::one_line(*written)), "for example assets/scenes/bar-night.glb");
    return (root / path).lexically_normal().string();
}

void read_comfort(TableReader& top, SceneFile& scene, Findings& findings) {
    const toml::table* table = top.table("comfort", "[comfort]");
    if (table == nullptr) return;
    TableReader comfort(*table, "[comfort]", findings);
    scene.comfort.maximum_luminance = number(comfort, "maximum_luminance", 0.01, 1, "maximum_luminance = 0.6", scene.comfort.maximum_luminance, findings);
    scene.comfort.flashes_per_second = static_cast<int>(comfort.integer("flashes_per_second", 0, kMostFlashes, "flashes_per_second = 0").value_or(0));
    comfort.refuse_unknown_keys();
}

void read_levels(TableReader& top, SceneFile& scene, Findings& findings) {
    const toml::array* levels = top.array("level", "[[level]]");
    if (levels == nullptr) return;
    if (levels->empty() || levels->size() > kMaximumLevels)
        findings.error(place_of(*levels), std::format("a scene has from 1 to {} levels", kMaximumLevels), "start with [[level]] and level = 0");
    for (const toml::node& node : *levels) {
        const toml::table* table = node.as_table();
        if (table == nullptr) {
            findings.error(place_of(node), "'level' has to be a list of tables", "start each with [[level]]");
            continue;
        }
        const auto expected = static_cast<std::int64_t>(scene.levels.size());
        TableReader level(*table, std::format("level {}", expected), findings);
        const auto number = level.integer("level", 0, kMaximumLevels, std::format("level = {}", expected));
        if (number && *number != expected)
            findings.error(level.place_of_key("level"), std::format("level {} stands where level {} is due", *number, expected), "number the levels from 0, weakest cue first");
        SceneLevel one{.level = static_cast<int>(expected), .title = {}, .note = {}};
        one.title = level.text("title", "title = { en = \"...\", fr = \"...\" }").value_or(Text{});
        one.note = level.text("note", "note = { en = \"...\", fr = \"...\" }").value_or(Text{});
        level.refuse_unknown_keys();
        scene.levels.push_back(std::move(one));
    }
    if (scene.kind != SceneKind::cue && scene.levels.size() > 1)
        findings.error(place_of(*levels), std::format("a {} scene has one level", name_of(scene.kind)), "levels are for cues; use kind = \"cue\"");
}

SceneFile read_scene(const toml::table& document, const fs::path& path, Findings& findings) {
    SceneFile scene;
    const fs::path folder = path.parent_path();
    scene.name = folder.filename().string();
    TableReader top(document, "the scene", findings);
    if (!protocols::is_identifier(scene.name))
        findings.error(top.place(), std::format("the folder '{}' cannot name a scene", scene.name), "use lower-case letters, digits and dashes");
    scene.kind = kind_of(top, findings);
    scene.substance = top.string("substance", "substance = \"alcohol\"", scene.kind == SceneKind::cue).value_or("");
    if (!scene.substance.empty() && scene.kind != SceneKind::cue)
        findings.error(top.place_of_key("substance"), std::format("a {} scene has no substance", name_of(scene.kind)), "remove the line, or use kind = \"cue\"");
    scene.places = places_of(top, scene.kind, findings);
    scene.title = top.text("title", "title = { en = \"...\", fr = \"...\" }").value_or(Text{});
    scene.asset_path = asset_of(top, folder.parent_path().parent_path(), findings);
    scene.exposure = static_cast<float>(number(top, "exposure", 0.01, 100, "exposure = 1.0", 1, findings));
    scene.background = background_of(top, findings);
    scene.evidence = top.text("evidence", "evidence = { en = \"...\", fr = \"...\" }").value_or(Text{});
    read_comfort(top, scene, findings);
    read_levels(top, scene, findings);
    scene.sounds = read_sounds(top, folder.parent_path().parent_path(), static_cast<int>(scene.levels.size()), findings);
    scene.voice = read_voice(top, static_cast<int>(scene.levels.size()), findings);
    top.refuse_unknown_keys();
    return scene;
}

}  // namespace

std::string_view name_of(SceneKind kind) {
    switch (kind) {
        case SceneKind::calm: return "calm";
        case SceneKind::neutral: return "neutral";
        case SceneKind::cue: return "cue";
    }
    return "neutral";
}

Result<SceneFile> parse_scene_file(std::string_view text, const std::string& path) {
    Findings findings;
    findings.file = path;
    toml::table document;
    try {
        document = toml::parse(text, path);
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        return std::unexpected(Error{protocols::one_line(error.description()), "the file has to be TOML", path, static_cast<int>(at.line), static_cast<int>(at.column)});
    }
    SceneFile scene = read_scene(document, path, findings);
    if (findings.errors.empty()) return scene;
    const auto first = std::ranges::min_element(findings.errors, {}, [](const protocols::Error& e) { return std::pair(e.line, e.column); });
    return std::unexpected(to_error(*first));
}

Result<SceneFile> load_scene_file(const std::string& path) {
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (failure) return std::unexpected(Error{.message = failure.message(), .hint = "accalmie scene list shows the scenes that are there", .file = path});
    if (size > kMaximumFileBytes) return std::unexpected(Error{.message = "is too large for a scene file", .hint = "name the scene.toml", .file = path});
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return std::unexpected(Error{.message = "cannot be read", .hint = "look at its permissions", .file = path});
    std::error_code ignored;
    const fs::path absolute = fs::absolute(path, ignored);
    auto scene = parse_scene_file(text.str(), ignored ? path : absolute.lexically_normal().string());
    if (!scene) scene.error().file = path;
    return scene;
}

Result<std::vector<SceneFile>> list_scenes(const std::string& root) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator at(fs::path(root) / "scenes", failure), end; !failure && at != end; at.increment(failure)) {
        fs::path file = at->path() / "scene.toml";
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored)) files.push_back(std::move(file));
    }
    if (failure) return std::unexpected(Error{.message = failure.message(), .hint = "set ACCALMIE_ROOT to the project's folder", .file = root + "/scenes"});
    std::ranges::sort(files);
    std::vector<SceneFile> scenes;
    for (const fs::path& file : files) {
        auto scene = load_scene_file(file.string());
        if (!scene) return std::unexpected(std::move(scene.error()));
        scenes.push_back(std::move(*scene));
    }
    return scenes;
}

Result<SceneFile> find_scene(const std::string& root, const std::string& name) {
    // A name comes over the link: it is never a path.
    const fs::path file = fs::path(root) / "scenes" / name / "scene.toml";
    std::error_code ignored;
    if (protocols::is_identifier(name) && fs::is_regular_file(file, ignored)) return load_scene_file(file.string());
    std::vector<std::string> names;
    if (auto scenes = list_scenes(root)) {
        for (const SceneFile& scene : *scenes) names.push_back(scene.name);
    }
    return std::unexpected(Error{.message = std::format("there is no scene '{}'", name.substr(0, 64)), .hint = protocols::suggestion(name, names), .file = {}});
}

Result<content::SceneAsset> load_model(const SceneFile& scene) {
    auto asset = content::load_scene_asset(scene.asset_path);
    if (!asset) return asset;
    const auto cue = std::ranges::find_if(asset->nodes, &content::Node::cue);
    if (scene.kind != SceneKind::cue && cue != asset->nodes.end())
        return std::unexpected(Error{.message = std::format("a {} scene holds the cue '{}'", name_of(scene.kind), cue->cue_id),
                                     .hint = "take the cue out of the model, or use kind = \"cue\"", .file = scene.asset_path});
    asset->name = scene.name;
    asset->exposure = scene.exposure;
    asset->background = scene.background;
    return asset;
}

}  // namespace accalmie::scenes
