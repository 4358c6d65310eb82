// SPDX-License-Identifier: Apache-2.0
// The discussions end to end, as somebody types it: a study, accounts, an import, the table, a wish, the export; and who may not.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"
#include "tests/flow/program.h"

using nlohmann::json;

namespace {

const std::string kSample = std::string(ACCALMIE_SOURCE_DIR) + "/assets/samples/discussions.csv";

flow::Finished ask(const flow::StudyFolder& study, const std::string& account, std::vector<std::string> command) {
    return flow::run("accalmie", study.as(account, std::move(command)));
}

json answer(const flow::Finished& finished) {
    INFO(finished.errors);
    REQUIRE(finished.exit_code == 0);
    return json::parse(finished.output, nullptr, false);
}

const json* row(const json& table, const std::string& key) {
    for (const json& each : table["rows"])
        if (each["key"] == key) return &each;
    return nullptr;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("discussions from a file to the abstract's table, a wish and an export without a handle") {
    const flow::StudyFolder study;
    const json imported = answer(ask(study, "data", {"corpus", "import", kSample, "--name", "forums-2020", "--json"}));
    CHECK(imported["discussions"] == 120);
    const flow::Finished twice = ask(study, "a.martin", {"corpus", "import", kSample});
    CHECK(twice.exit_code == 1);
    CHECK(twice.errors.contains("imported before, as forums-2020 by data"));

    const json table = answer(ask(study, "data", {"corpus", "table", "--json"}));
    CHECK(table["discussions"] == 100);
    CHECK(table["of"] == 120);
    REQUIRE(row(table, "évolution de la consommation"));
    REQUIRE(row(table, "achat"));
    CHECK((*row(table, "évolution de la consommation"))["discussions"] == 11);
    CHECK((*row(table, "achat"))["views"] == 141556);
    CHECK(table["rows"][0]["key"] == "évolution de la consommation");

    const flow::Finished french = ask(study, "data", {"corpus", "table", "--language", "fr"});
    CHECK(french.output.contains("le plus lu\u202f: achat (141\u202f556 vues)."));
    const flow::Finished weeks = ask(study, "data", {"corpus", "table", "--by", "week", "--all", "--language", "en"});
    CHECK(weeks.output.contains("120 of 120 discussions"));
    CHECK(weeks.output.contains("2020-W12"));
    CHECK(answer(ask(study, "data", {"corpus", "table", "--words", "quarantaine", "--json"}))["discussions"] == 9);
    CHECK(ask(study, "data", {"corpus", "table", "--words", "--,*"}).exit_code == 1);

    CHECK(answer(ask(study, "data", {"corpus", "wish", "--theme", "Achat", "--why", "le plus lu", "--json"}))["wish"] == "W0001");
    CHECK(ask(study, "a.martin", {"corpus", "wish", "--theme", "achat", "--why", "encore"}).errors.contains("wished for already (W0001)"));
    CHECK(ask(study, "a.martin", {"corpus", "wish", "--theme", "couture", "--why", "x"}).errors.contains("no discussion of this study has the theme"));
    CHECK(answer(ask(study, "a.martin", {"corpus", "wishes", "--json"})).size() == 1);

    const std::string out = study.folder / "export";
    const flow::Finished exported = flow::run("accalmie", {"export", "--study", study.study, "--key-file", study.key, "--to", "csv", "--out", out});
    INFO(exported.errors);
    REQUIRE(exported.exit_code == 0);
    CHECK(text_of(std::filesystem::path(out) / "themes.csv").contains("forums-2020,achat,9,0.09,141556,"));
    const std::string discussions = text_of(std::filesystem::path(out) / "discussions.csv");
    const auto sample = accalmie::between::read_csv_table(kSample);
    REQUIRE(sample.has_value());
    for (const auto& each : sample->rows) CHECK_FALSE(discussions.contains(each.cells[static_cast<std::size_t>(sample->column("author"))]));
    CHECK(flow::run("accalmie", {"study", "verify", "--study", study.study, "--key-file", study.key}).exit_code == 0);
}

TEST_CASE("a nurse and an assessor get no discussions, and a wrong file is refused whole with its line") {
    const flow::StudyFolder study;
    for (const char* account : {"nurse", "assessor"})
        for (const std::vector<std::string>& command : {std::vector<std::string>{"corpus", "import", kSample}, {"corpus", "table"}, {"corpus", "wish", "--theme", "achat", "--why", "x"}, {"corpus", "wishes"}}) {
            const flow::Finished refused = ask(study, account, command);
            INFO(account << " " << command[1]);
            CHECK(refused.exit_code == 1);
            CHECK(refused.errors.contains("may not study discussions"));
        }
    const std::string broken = study.folder / "broken.json";
    std::ofstream(broken) << "[\n{\"forum\":\"F\",\"title\":\"Covid\",\"date\":\"2020-04-02\",\"views\":\"many\",\"counted\":\"2020-07-08\",\"theme\":\"achat\",\"status\":\"new\",\"author\":\"brume\"}\n]\n";
    const flow::Finished refused = ask(study, "data", {"corpus", "import", broken});
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.contains("broken.json:2: the views 'many' are not a whole number"));
    CHECK(ask(study, "data", {"corpus", "table"}).errors.contains("no discussions were imported"));
}
