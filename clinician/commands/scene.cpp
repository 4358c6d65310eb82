// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "scenes/data_root.h"
#include "scenes/player/shot.h"
#include "scenes/scene_file.h"

namespace accalmie::commands {

namespace {

struct SceneOptions {
    std::string scene, file, out, size = "1280x800";
    int level = 0;
    int samples = 4;
    bool stereo = false;
    bool json = false;
    std::vector<std::string> quirks;
};

VkExtent2D parse_size(const std::string& text) {
    unsigned width = 0, height = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%ux%u%c", &width, &height, &rest) != 2 || width < 16 || height < 16 || width > 8192 || height > 8192) {
        fail("--size " + text + " is not WIDTHxHEIGHT between 16 and 8192", "for example --size 1280x800");
    }
    return {width, height};
}

std::string root_or_fail() {
    auto root = scenes::find_data_root();
    if (!root) fail(root.error());
    return *root;
}

void list(const SceneOptions& options) {
    auto scenes = scenes::list_scenes(root_or_fail());
    if (!scenes) fail(scenes.error());
    if (options.json) {
        auto rows = nlohmann::json::array();
        for (const auto& scene : *scenes) rows.push_back({{"name", scene.name}, {"title_en", scene.title.en}, {"title_fr", scene.title.fr}, {"levels", scene.levels.size()}});
        std::println("{}", rows.dump(2));
        return;
    }
    for (const auto& scene : *scenes) std::println("{:<14} {} level{}  {}", scene.name, scene.levels.size(), scene.levels.size() == 1 ? " " : "s", scene.title.en);
}

void check(const SceneOptions& options) {
    auto path = std::filesystem::path(options.file);
    if (std::filesystem::is_directory(path)) path /= "scene.toml";
    auto scene = scenes::load_scene_file(path.string());
    if (!scene) fail(scene.error());
    std::println("{}: ok ({}, {} levels)", path.string(), scene->title.en, scene->levels.size());
}

void shot(const SceneOptions& options) {
    const auto size = parse_size(options.size);
    auto quirks = scenes::read_quirks(options.quirks);
    if (!quirks) fail(quirks.error());
    if (auto drawn = scenes::render_shot({.scene = options.scene, .level = options.level, .size = size, .samples = static_cast<std::uint32_t>(options.samples), .stereo = options.stereo, .quirks = *quirks}, options.out); !drawn) fail(drawn.error());
    std::println("{}", options.out);
}

}  // namespace

void add_scene(CLI::App& app) {
    auto* scene = app.add_subcommand("scene", "List, check and draw scenes");
    scene->require_subcommand(1);
    auto options = std::make_shared<SceneOptions>();

    auto* list_command = scene->add_subcommand("list", "The scenes that are installed");
    list_command->add_flag("--json", options->json, "For machines");
    list_command->footer("Example: accalmie scene list");
    list_command->callback([options] { list(*options); });

    auto* check_command = scene->add_subcommand("check", "Explain every mistake of a scene file with file:line:column");
    check_command->add_option("FILE", options->file, "A scene.toml or its folder")->required();
    check_command->footer("Example: accalmie scene check scenes/bar-night");
    check_command->callback([options] { check(*options); });

    auto* shot_command = scene->add_subcommand("shot", "Draw what the patient would see into a PNG");
    shot_command->add_option("SCENE", options->scene, "The scene's name")->required();
    shot_command->add_option("--out", options->out, "The PNG to write")->required();
    shot_command->add_option("--level", options->level, "Cue level")->capture_default_str();
    shot_command->add_option("--size", options->size, "WIDTHxHEIGHT of one eye")->capture_default_str();
    shot_command->add_option("--msaa", options->samples, "Samples a pixel")->check(CLI::IsMember({1, 4}))->capture_default_str();
    shot_command->add_flag("--stereo", options->stereo, "Both eyes side by side");
    shot_command->add_option("--quirk", options->quirks, scenes::kQuirkHelp)->delimiter(',')->envname("ACCALMIE_QUIRKS");
    shot_command->footer("Example: accalmie scene shot bar-night --level 2 --out bar.png --size 1600x1000");
    shot_command->callback([options] { shot(*options); });
    add_scene_measure(*scene);
    add_scene_hear(*scene);
}

}  // namespace accalmie::commands
