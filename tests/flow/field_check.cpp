// SPDX-License-Identifier: Apache-2.0
// Substance checks without a patient as a person at a stand makes them, with the product's own commands.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <format>
#include <fstream>

#include <nlohmann/json.hpp>

#include "program.h"

using nlohmann::json;
using Words = std::vector<std::string>;

namespace {

flow::Finished accalmie(Words arguments) { return flow::run("accalmie", std::move(arguments)); }

flow::Finished well(Words arguments) {
    auto done = accalmie(std::move(arguments));
    INFO(done.errors << done.output);
    REQUIRE(done.exit_code == 0);
    return done;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("end to end: a new study, an account, three checks with their cards, the results, and the record verifies", "[flow][nir]") {
    const flow::Folder folder;
    const std::string key = folder / "site.key", study = folder / "study", secret = folder / "secret";
    std::ofstream(key) << std::string(64, 'b') << "\n";
    std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::ofstream(secret) << "quatre mots pour l'essai\n";
    const auto in_study = [&](Words command) {
        command.insert(command.end(), {"--study", study, "--key-file", key});
        return command;
    };
    const auto as = [&](const std::string& account, Words command) {
        command.insert(command.end(), {"--account", account, "--passphrase-file", secret});
        return in_study(std::move(command));
    };
    well(in_study({"study", "new", "--id", "FIELD-01", "--rehearsal"}));
    well(in_study({"study", "users", "add", "chief", "--role", "administrator", "--new-passphrase-file", secret}));
    well(as("chief", {"study", "users", "add", "nurse", "--role", "operator", "--new-passphrase-file", secret}));

    const struct {
        const char *sample, *place, *verdict, *card;
    } checks[] = {{"tablet", "--place=48.7,2.2", "identified", "Ressemble à"}, {"powder", "--place=48.6,2.4", "identified", "Ressemble à"},
                  {"foreign", "--place=48.9,2.1", "none of these", "Aucun des produits connus"}};
    for (const auto& each : checks) {
        const std::string card = folder / std::format("{}.html", each.sample);
        const auto done = well(as("nurse", {"nir", "field", "--simulated", "--sample", each.sample, "--seed", "7", "--consent", "given", each.place, "--week", "2026-W47",
                                            "--consent-place", "--card", card, "--language", "fr", "--json"}));
        const auto answer = json::parse(done.output);
        CHECK(answer["verdict"] == each.verdict);
        CHECK(answer["cell"] == "48.5,2.0");
        CHECK(answer.contains("value") == (answer["verdict"] == "identified"));
        const std::string page = text_of(card);
        CHECK(page.contains(each.card));
        CHECK(page.contains("SIMULÉ"));
        CHECK_FALSE(page.contains("48.5"));
    }
    const auto results = json::parse(well(as("nurse", {"nir", "results", "--json"})).output);
    CHECK(results["checks"].size() == 3);
    CHECK(results["verdicts"]["identified"] == 2);
    CHECK(results["verdicts"]["none of these"] == 1);
    CHECK(results["cells"] == json::array({{{"cell", "48.5,2.0"}, {"checks", 3}}}));
    const auto verified = json::parse(well(in_study({"study", "verify", "--json"})).output);
    CHECK(verified["ok"] == true);
    CHECK(verified["sessions"] == 3);
    CHECK(json::parse(well(in_study({"study", "patients", "--json"})).output).empty());
    well(in_study({"report", "--session", "S0003", "--language", "fr", "--out", folder / "check.pdf"}));
}

TEST_CASE("a small cell stays out of the results, in words and for machines", "[flow][nir]") {
    const flow::StudyFolder study;
    for (const char* seed : {"1", "2"})
        well(study.as("nurse", {"nir", "field", "--simulated", "--seed", seed, "--consent", "given", "--place", "45.7,4.8", "--week", "2026-W47", "--consent-place"}));
    const auto printed = well(study.as("nurse", {"nir", "results"})).output, machine = well(study.as("nurse", {"nir", "results", "--json"})).output;
    CHECK_FALSE(printed.contains("45.5"));
    CHECK_FALSE(machine.contains("45.5"));
    CHECK(printed.contains("fewer than 3"));
    CHECK(json::parse(machine)["small_cells"]["any"] == true);
    CHECK(json::parse(machine)["checks"][0]["cell_withheld"] == true);
}

TEST_CASE("a file judged by simulated models is told to say nothing real, on the screen and on the card", "[flow][nir]") {
    const flow::StudyFolder study;
    const std::string file = study.folder / "x.csv", card = study.folder / "card.html";
    well({"nir", "acquire", "--simulated", "--sample", "powder", "--count", "2", "--out", file});
    const auto unclear = accalmie(study.as("nurse", {"nir", "field", "--data", file, "--consent", "given"}));
    CHECK(unclear.exit_code == 1);
    CHECK(unclear.errors.contains("holds 2 spectra"));
    const auto done = well(study.as("nurse", {"nir", "field", "--data", file, "--row", "2", "--consent", "given", "--card", card, "--language", "en"}));
    CHECK(done.errors.contains("judge nothing real"));
    CHECK(text_of(card).contains("judge nothing real"));
    CHECK(text_of(card).contains("SIMULATED MODEL"));
    CHECK_FALSE(text_of(card).contains("x.csv"));
}

TEST_CASE("what a check needs is asked for before anything is recorded", "[flow][nir]") {
    const flow::StudyFolder study;
    const auto sessions = [&] { return json::parse(well({"study", "sessions", "--study", study.study, "--key-file", study.key, "--json"}).output).size(); };
    study.as("nurse", {});
    const Words sample{"nir", "field", "--simulated"};
    const auto with = [&](Words more) {
        Words command = sample;
        command.insert(command.end(), more.begin(), more.end());
        return command;
    };
    for (const auto& [account, command, words] :
         {std::tuple<std::string, Words, std::string>{"nurse", with({"--consent", "given", "--place", "48.7,2.2", "--week", "2026-W47"}), "only with consent"},
          {"nurse", with({"--consent", "given", "--consent-place"}), "needs --place and --week"},
          {"nurse", with({"--consent", "given", "--consent-place", "--place", "48.7", "--week", "2026-W47"}), "latitude,longitude"},
          {"nurse", with({"--consent", "given", "--consent-place", "--place", "98.7,1", "--week", "2026-W47"}), "no place on the earth"},
          {"nurse", with({"--consent", "given", "--consent-place", "--place", "48.7,2.2", "--week", "2026-W54"}), "no ISO week"},
          {"nurse", with({"--consent", "given", "--model", "no-such.model"}), "no-such.model"},
          {"nurse", {"nir", "field", "--consent", "given"}, "one sample is needed"},
          {"assessor", with({"--consent", "given"}), "assessor"},
          {"data", {"nir", "results"}, "data"}}) {
        const auto done = accalmie(study.as(account, command));
        INFO(done.errors);
        CHECK(done.exit_code == 1);
        CHECK(done.errors.contains(words));
        CHECK(done.errors.contains("("));
    }
    CHECK(accalmie(study.as("nurse", sample)).exit_code != 0);  // consent has to be answered
    CHECK(sessions() == 0);
    well(study.as("nurse", with({"--consent", "refused"})));
    CHECK(sessions() == 1);
}

TEST_CASE("identify tells products apart from the command line", "[flow][nir]") {
    const flow::Folder folder;
    const std::string file = folder / "x.csv";
    for (const auto& [sample, verdict] : {std::pair{"tablet", "identified"}, {"powder", "identified"}, {"foreign", "none of these"}, {"mixture", "none of these"}}) {
        well({"nir", "acquire", "--simulated", "--sample", sample, "--count", "3", "--amount", "45", "--seed", "7", "--out", file});
        const auto answer = json::parse(well({"nir", "identify", "--data", file, "--json"}).output);
        CHECK(answer["models"].size() == 2);
        for (const auto& each : answer["identifications"]) {
            CHECK(each["verdict"] == verdict);
            CHECK(each.contains("value") == (each["verdict"] == "identified"));
        }
    }
    const auto one = well({"nir", "identify", "--data", file, "--model", "simulated-powder", "--rows", "2"});
    CHECK(one.output.contains("none of these"));
    CHECK(one.output.contains("judges nothing real"));
    for (const char* command : {"identify", "field", "results"}) CHECK(well({"nir", command, "--help"}).output.contains(std::format("Example: accalmie nir {}", command)));
}
