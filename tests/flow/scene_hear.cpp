// SPDX-License-Identifier: Apache-2.0
// accalmie scene hear: the command that a scene's author listens with.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include "engine/content/sound_file.h"
#include "tests/flow/program.h"

using namespace flow;

namespace {

nlohmann::json hear(const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> arguments{"scene", "hear", "bar-night", "--out", out, "--seconds", "3", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished finished = run("accalmie", arguments);
    INFO(finished.errors);
    REQUIRE(finished.exit_code == 0);
    return nlohmann::json::parse(finished.output);
}

}  // namespace

TEST_CASE("scene hear writes what the seat hears, and a head that turns round hears it turned round", "[sound]") {
    const Folder folder;
    const auto ahead = hear(folder / "ahead.wav", {"--level", "4"}), turned = hear(folder / "turned.wav", {"--level", "4", "--turned", "180"});
    const auto file = accalmie::content::read_sound(folder / "ahead.wav");
    REQUIRE(file);
    CHECK(file->channels == 2);
    CHECK(file->seconds() == Catch::Approx(3).margin(0.05));
    CHECK(ahead.at("peak_db").get<double>() < -0.5);
    const auto leaning = [](const nlohmann::json& heard) { return heard.at("left_db").get<double>() - heard.at("right_db").get<double>(); };
    CHECK(leaning(ahead) > 0.5);    // the company sits at the left
    CHECK(leaning(turned) < -0.5);
    CHECK(hear(folder / "empty.wav", {"--level", "0"}).at("left_db").get<double>() < ahead.at("left_db").get<double>());
}

TEST_CASE("scene hear says what is wrong", "[sound]") {
    const Folder folder;
    const Finished level = run("accalmie", {"scene", "hear", "bar-night", "--level", "9", "--out", folder / "x.wav"});
    CHECK(level.exit_code == 1);
    CHECK(level.errors.contains("no level 9"));
    CHECK(run("accalmie", {"scene", "hear", "bar-nihgt", "--out", folder / "x.wav"}).errors.contains("bar-night"));
    CHECK(run("accalmie", {"scene", "hear", "bar-night", "--out", "/nowhere/x.wav"}).errors.contains("/nowhere/x.wav"));
}
