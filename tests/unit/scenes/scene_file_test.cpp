// SPDX-License-Identifier: Apache-2.0
#include "scenes/scene_file.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "scenes/data_root.h"

using namespace accalmie;
using scenes::SceneKind;

namespace {

const std::string kGood = R"(kind = "cue"
substance = "alcohol"
places = ["bar", "party"]
title = { en = "Bar", fr = "Bar" }
asset = "assets/scenes/bar.glb"
exposure = 1.5
background = [0.1, 0.2, 0.3]
evidence = { en = "e", fr = "f" }
[comfort]
maximum_luminance = 0.5
flashes_per_second = 1
[[level]]
level = 0
title = { en = "Empty", fr = "Vide" }
note = { en = "n", fr = "n" }
[[level]]
level = 1
title = { en = "Bottle", fr = "Bouteille" }
note = { en = "n", fr = "n" }
)";

std::string with(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Result<scenes::SceneFile> parse(const std::string& text, const std::string& folder = "my-bar") { return scenes::parse_scene_file(text, "/root/scenes/" + folder + "/scene.toml"); }

struct Mistake {
    std::string from, to;
    int line;
    std::string says;
};

}  // namespace

TEST_CASE("a scene file is read as it is written") {
    const auto scene = parse(kGood);
    REQUIRE(scene);
    CHECK(scene->name == "my-bar");
    CHECK(scene->kind == SceneKind::cue);
    CHECK(scene->substance == "alcohol");
    CHECK(scene->places == std::vector<std::string>{"bar", "party"});
    CHECK(parse(with("places = [\"bar\", \"party\"]\n", ""))->places.empty());
    CHECK(scene->asset_path == "/root/assets/scenes/bar.glb");
    CHECK(scene->exposure == 1.5f);
    CHECK(scene->background == glm::vec3(0.1f, 0.2f, 0.3f));
    CHECK(scene->comfort.maximum_luminance == 0.5);
    CHECK(scene->comfort.flashes_per_second == 1);
    REQUIRE(scene->levels.size() == 2);
    CHECK(scene->levels[1].title.fr == "Bouteille");
    CHECK(scene->has_level(1));
    CHECK_FALSE(scene->has_level(2));
    CHECK_FALSE(scene->has_level(-1));
}

TEST_CASE("every mistake in a scene file has its place and says what to do") {
    const std::vector<Mistake> mistakes{
        {"exposure = 1.5", "exposre = 1.5", 6, "did you mean 'exposure'"},
        {"kind = \"cue\"", "kind = \"cues\"", 1, "did you mean 'cue'"},
        {"kind = \"cue\"", "kind = 3", 1, "kind"},
        {"substance = \"alcohol\"\n", "", 1, "substance"},
        {"fr = \"Bar\"", "fr = 1", 4, "title"},
        {", fr = \"Bar\"", "", 4, "fr"},
        {"assets/scenes/bar.glb", "../../../etc/passwd.glb", 5, "inside the project"},
        {"assets/scenes/bar.glb", "/etc/bar.glb", 5, "inside the project"},
        {"assets/scenes/bar.glb", "assets/scenes/bar.obj", 5, ".glb"},
        {"exposure = 1.5", "exposure = -1", 6, "exposure"},
        {"exposure = 1.5", "exposure = nan", 6, "exposure"},
        {"[0.1, 0.2, 0.3]", "[0.1, 0.2]", 7, "three numbers"},
        {"[0.1, 0.2, 0.3]", "[0.1, 0.2, 9]", 7, "three numbers"},
        {"flashes_per_second = 1", "flashes_per_second = 4", 11, "flashes_per_second"},
        {"maximum_luminance = 0.5", "maximum_luminence = 0.5", 10, "did you mean 'maximum_luminance'"},
        {"level = 1", "level = 2", 17, "level 2 stands where level 1 is due"},
        {"note = { en = \"n\", fr = \"n\" }\n[[level]]", "[[level]]", 12, "note"},
        {"[comfort]", "[comfort", 9, ""},
        {"[\"bar\", \"party\"]", "[\"the bar\"]", 3, "a short word"},
        {"[\"bar\", \"party\"]", "[3]", 3, "a short word"},
        {"[\"bar\", \"party\"]", "\"bar\"", 3, "places"},
        {"kind = \"cue\"\nsubstance = \"alcohol\"", "kind = \"neutral\"", 2, "stands for no place"},
    };
    for (const Mistake& mistake : mistakes) {
        INFO(mistake.from << " -> " << mistake.to);
        const auto scene = parse(with(mistake.from, mistake.to));
        REQUIRE_FALSE(scene);
        const std::string text = describe(scene.error());
        INFO(text);
        CHECK(scene.error().line == mistake.line);
        CHECK(scene.error().column > 0);
        CHECK(text.contains(mistake.says));
        CHECK(text.starts_with("/root/scenes/my-bar/scene.toml:"));
    }
}

TEST_CASE("only a cue scene has a substance and levels") {
    CHECK_FALSE(parse(with("kind = \"cue\"", "kind = \"neutral\"")));
    CHECK_FALSE(parse(with("kind = \"cue\"\nsubstance = \"alcohol\"", "kind = \"calm\"")));
}

TEST_CASE("a folder that cannot name a scene is refused") { CHECK_FALSE(parse(kGood, "My Bar")); }

TEST_CASE("what a scene file says cannot break an error into lines") {
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"kind = \"cue\"", R"(kind = "c\nue\u001b[2J")"}, {"assets/scenes/bar.glb", R"(assets/\nbar.obj)"}, {"assets/scenes/bar.glb", R"(assets/bar.txt\u0000.glb)"},
             {"exposure = 1.5", "exposure = 1.5\n\"a\\nb\" = 1"}}) {
        INFO(to);
        const auto scene = parse(with(from, to));
        REQUIRE_FALSE(scene);
        for (const char c : describe(scene.error())) CHECK(static_cast<unsigned char>(c) >= 0x20);
    }
}

TEST_CASE("no bytes bring the reader down") {
    std::string text = kGood;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] = static_cast<char>(changed[at] ^ 0x15);
        (void)parse(changed);
        const auto cut = parse(text.substr(0, at));
        if (!cut) CHECK_FALSE(cut.error().message.empty());
    }
}

TEST_CASE("the shipped scenes are whole: one calm room, a neutral room, a bar with five levels, in both languages") {
    const std::string root = ACCALMIE_SOURCE_DIR;
    const auto all = scenes::list_scenes(root);
    if (!all) FAIL(describe(all.error()));
    const auto kind_of = [&](const std::string& name) {
        const auto scene = scenes::find_scene(root, name);
        REQUIRE(scene);
        return scene->kind;
    };
    CHECK(kind_of("calm-room") == SceneKind::calm);
    CHECK(kind_of("waiting-room") == SceneKind::neutral);
    CHECK(kind_of("bar-night") == SceneKind::cue);
    CHECK(std::ranges::count(*all, SceneKind::calm, &scenes::SceneFile::kind) == 1);
    CHECK(scenes::find_scene(root, "bar-night")->levels.size() == 5);
    for (const auto& scene : *all) {
        INFO(scene.name);
        CHECK_FALSE((scene.evidence.en.empty() || scene.evidence.fr.empty()));
        for (const auto& level : scene.levels) {
            CHECK_FALSE((level.title.en.empty() || level.title.fr.empty()));
            CHECK_FALSE((level.note.en.empty() || level.note.fr.empty()));
        }
    }
}

TEST_CASE("the shipped models hold cues in cue scenes alone, and every level of a cue scene differs from the one before") {
    const std::string root = ACCALMIE_SOURCE_DIR;
    const auto all = scenes::list_scenes(root);
    REQUIRE(all);
    for (const auto& scene : *all) {
        INFO(scene.name);
        const auto model = scenes::load_model(scene);
        if (!model) FAIL(describe(model.error()));
        CHECK(model->exposure == scene.exposure);
        std::vector<std::vector<bool>> shown;
        for (const auto& level : scene.levels) {
            std::vector<bool> nodes;
            for (const auto& node : model->nodes) nodes.push_back(node.level_min <= level.level && level.level <= node.level_max);
            CHECK((shown.empty() || nodes != shown.back()));
            shown.push_back(std::move(nodes));
        }
        const bool has_cue = std::ranges::any_of(model->nodes, &content::Node::cue);
        CHECK(has_cue == (scene.kind == SceneKind::cue));
        const bool cue_at_first = std::ranges::any_of(model->nodes, [](const content::Node& node) { return node.cue && node.level_min <= 0; });
        CHECK_FALSE(cue_at_first);  // level 0 is the place alone
    }
}

TEST_CASE("an unknown scene says which there are, and a path is no name") {
    const auto near = scenes::find_scene(ACCALMIE_SOURCE_DIR, "bar-nigth");
    REQUIRE_FALSE(near);
    CHECK(describe(near.error()).contains("bar-night"));
    CHECK_FALSE(scenes::find_scene(ACCALMIE_SOURCE_DIR, "../scenes/bar-night"));
    CHECK_FALSE(scenes::find_scene(ACCALMIE_SOURCE_DIR, ""));
}

TEST_CASE("the data root is the one that is named, else the project above the program") {
    ::unsetenv("ACCALMIE_ROOT");
    const auto found = scenes::find_data_root();
    REQUIRE(found);
    CHECK(std::filesystem::equivalent(*found, ACCALMIE_SOURCE_DIR));
    ::setenv("ACCALMIE_ROOT", "/nonexistent", 1);
    const auto wrong = scenes::find_data_root();
    REQUIRE_FALSE(wrong);
    CHECK(describe(wrong.error()).contains("/nonexistent"));
    ::unsetenv("ACCALMIE_ROOT");
}
