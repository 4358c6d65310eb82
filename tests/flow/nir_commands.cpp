// SPDX-License-Identifier: Apache-2.0
// `accalmie nir` as a user types it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <filesystem>
#include <format>
#include <fstream>

#include <nlohmann/json.hpp>

#include "program.h"

using nlohmann::json;

namespace {

flow::Finished accalmie(std::vector<std::string> arguments) { return flow::run("accalmie", std::move(arguments)); }

json answer(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    const auto done = accalmie(std::move(arguments));
    INFO(done.errors);
    REQUIRE(done.exit_code == 0);
    return json::parse(done.output);
}

}  // namespace

TEST_CASE("the whole chain from a terminal: acquire, read, train, quantify", "[flow][nir]") {
    flow::Folder folder;
    const auto spectra = folder / "X.csv", model = folder / "m.model", foreign = folder / "foreign.csv";
    CHECK(answer({"nir", "acquire", "--simulated", "--count", "60", "--seed", "3", "--out", spectra})["spectra"] == 60);
    CHECK(answer({"nir", "acquire", "--simulated", "--sample", "foreign", "--count", "3", "--out", foreign})["sample"] == "foreign");
    const auto read = answer({"nir", "read", spectra});
    CHECK(read["channels"] == 125);
    CHECK(read["columns"] == json{"id", "active_mg"});

    const auto trained = answer({"nir", "train", "--data", spectra, "--target", "active_mg", "--unit", "mg", "--rows", "1-50", "--prep", "snv, sg(9,2,1)", "--components",
                                 "1-6", "--cv", "kfold:10", "--out", model});
    CHECK(trained["rmsecv"].size() == 6);
    CHECK(trained["spectra"] == 50);
    const auto quantified = answer({"nir", "quantify", "--model", model, "--data", spectra, "--rows", "51-60", "--target", "active_mg"});
    CHECK(quantified["predictions"].size() == 10);
    CHECK(quantified["predictions"][0]["row"] == 51);
    CHECK(quantified["rmsep"] < 2.0);
    for (const auto& prediction : answer({"nir", "quantify", "--model", model, "--data", foreign})["predictions"]) {
        CHECK(prediction["inside"] == false);
        CHECK(prediction["verdict"] == "outside the model: none of these");
    }
    const auto plain = accalmie({"nir", "read", spectra, "--rows", "1", "--plot"});
    CHECK(plain.exit_code == 0);
    CHECK(plain.output.contains("60") == false);
    CHECK(plain.output.contains("1676 nm"));
}

TEST_CASE("R1 and R2 from a terminal", "[flow][nir][reference]") {
    const std::string gasoline = std::string(ACCALMIE_SOURCE_DIR) + "/../shared/data/nir/gasoline.csv";
    if (!std::filesystem::exists(gasoline)) SKIP("reference data gasoline.csv is not here");
    flow::Folder folder;
    const double loo[] = {1.356951, 0.296620, 0.252408, 0.247578, 0.239794, 0.231881}, test[] = {1.169597, 0.244483, 0.234108, 0.328684, 0.278033, 0.270318};
    for (int components = 1; components <= 6; ++components) {
        const auto model = folder / std::format("m{}.model", components);
        const auto trained = answer({"nir", "train", "--data", gasoline, "--target", "octane", "--rows", "1-50", "--components", std::to_string(components), "--cv", "loo", "--out", model});
        const auto quantified = answer({"nir", "quantify", "--model", model, "--data", gasoline, "--rows", "51-60", "--target", "octane"});
        CHECK_THAT(trained["rmsecv"].back()["rmsecv"].get<double>(), Catch::Matchers::WithinAbs(loo[components - 1], 0.51e-6));
        CHECK_THAT(quantified["rmsep"].get<double>(), Catch::Matchers::WithinAbs(test[components - 1], 0.51e-6));
    }
}

TEST_CASE("a broken file, a wrong row, a missing instrument: exit 1, the place and what to do", "[flow][nir]") {
    flow::Folder folder;
    const auto broken = folder / "broken.csv";
    std::ofstream(broken) << "id,mg,900,901,902\na,1,0.1,x,0.3\n";
    for (const auto& arguments : {std::vector<std::string>{"nir", "read", broken}, {"nir", "train", "--data", broken, "--target", "mg"}, {"nir", "read", folder / "none.csv"},
                                  {"nir", "acquire", "--out", folder / "x.csv"}, {"nir", "quantify", "--model", broken, "--data", broken}}) {
        const auto done = accalmie(arguments);
        INFO(done.errors);
        CHECK(done.exit_code == 1);
        CHECK(done.errors.starts_with("accalmie: error: "));
        CHECK(done.errors.contains("("));
        CHECK(done.output.empty());
    }
    CHECK(accalmie({"nir", "read", broken}).errors.contains(broken + ":2:9: 'x' is not a number"));
    const auto machine = accalmie({"nir", "read", broken, "--json"});
    CHECK(machine.exit_code == 1);
    CHECK(json::parse(machine.output)["error"]["line"] == 2);
    CHECK_FALSE(std::filesystem::exists(folder / "x.csv"));
}

TEST_CASE("every nir command has a help with an example", "[flow][nir]") {
    for (const char* command : {"read", "train", "quantify", "identify", "acquire", "field", "results"}) {
        const auto done = accalmie({"nir", command, "--help"});
        CHECK(done.exit_code == 0);
        CHECK(done.output.contains(std::format("Example: accalmie nir {}", command)));
    }
}
