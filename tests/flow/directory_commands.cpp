// SPDX-License-Identifier: Apache-2.0
// `accalmie directory` as a user types it, and the bridge end to end: a new study, accounts, import, search, map, letter, tracked to seen.
#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "program.h"

using nlohmann::json;

namespace {

const std::string kSample = ACCALMIE_SOURCE_DIR "/assets/samples/services.csv";

flow::Finished accalmie(std::vector<std::string> arguments) { return flow::run("accalmie", std::move(arguments)); }

json answer(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    const auto done = accalmie(std::move(arguments));
    INFO(done.output << done.errors);
    REQUIRE(done.exit_code == 0);
    return json::parse(done.output);
}

// What a reader of the PDF sees, as poppler extracts it.
std::string words_of(const std::string& pdf) {
    std::string text;
    std::FILE* pipe = ::popen(("pdftotext -layout '" + pdf + "' - 2>/dev/null").c_str(), "r");
    REQUIRE(pipe);
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
    REQUIRE(::pclose(pipe) == 0);
    return text;
}

}  // namespace

TEST_CASE("the bridge from an empty study to the first appointment", "[flow][directory]") {
    const flow::StudyFolder study;
    const auto map = study.folder / "map.svg", letter = study.folder / "letter.pdf";
    CHECK(answer(study.as("a.martin", {"directory", "import", kSample}))["rows"] == 40);

    const auto found = answer(study.as("a.martin", {"directory", "search", "--type", "CJC", "--age", "17", "--product", "cannabis", "--near", "Paris"}));
    REQUIRE(found["count"] == 8);
    const json nearest = found["services"][0];
    CHECK(nearest["town"] == "Paris");

    CHECK(answer(study.as("a.martin", {"directory", "map", "--out", map}))["placed"] == 40);
    std::ifstream drawn(map);
    const std::string svg{std::istreambuf_iterator<char>(drawn), {}};
    CHECK(svg.contains("CJC du Canal (fictif)"));

    const auto made = answer(study.as("a.martin", {"directory", "refer", "--patient", "P-TEST", "--service", nearest["id"], "--reason", "Souhaite parler du cannabis avec des gens de son âge",
                                                   "--on", "2026-01-05", "--out", letter}));
    CHECK(made["state"] == "made");
    CHECK(made["letter"].get<std::string>().size() == 64);
    const std::string words = words_of(letter);
    INFO(words);
    for (const char* each : {"Test", "P-TEST", "Consultation jeunes consommateurs", "75010 Paris", "5 janvier 2026", "Souhaite parler du cannabis avec des gens de son âge", "écrit à la main", "R0001"})
        CHECK(words.contains(each));

    const std::string id = made["referral"];
    answer(study.as("a.martin", {"directory", "track", id, "--sent", "--on", "2026-01-06"}));
    answer(study.as("nurse", {"directory", "track", id, "--received", "--on", "2026-01-09"}));
    const auto seen = answer(study.as("nurse", {"directory", "track", id, "--seen", "--on", "2026-01-27"}));
    CHECK(seen["days_to_first_appointment"] == 21);
    const auto all = answer(study.as("nurse", {"directory", "referrals"}));
    REQUIRE(all.size() == 1);
    CHECK(all[0] == seen);

    CHECK(accalmie({"study", "verify", "--study", study.study, "--key-file", study.key}).exit_code == 0);
}

TEST_CASE("an assessor sees neither the directory nor a referral, and the data manager no referral", "[flow][directory]") {
    const flow::StudyFolder study;
    answer(study.as("data", {"directory", "import", kSample}));
    CHECK(answer(study.as("data", {"directory", "search", "--text", "reunion"}))["count"] == 2);
    for (const std::vector<std::string>& command : {std::vector<std::string>{"directory", "search"}, {"directory", "referrals"}, {"directory", "map", "--out", study.folder / "m.svg"},
                                                    {"directory", "import", kSample}}) {
        const auto refused = accalmie(study.as("assessor", command));
        CHECK(refused.exit_code != 0);
        CHECK(refused.output.empty());
        CHECK(refused.errors.contains("assessor"));
    }
    CHECK_FALSE(std::filesystem::exists(study.folder / "m.svg"));
    CHECK(accalmie(study.as("data", {"directory", "referrals"})).exit_code != 0);
}

TEST_CASE("a file with wrong lines is refused with all of them, or imported without them on demand", "[flow][directory]") {
    const flow::StudyFolder study;
    const auto file = study.folder / "services.csv";
    std::ofstream(file) << "numero;nom;type;codepostal;commune\n1;Un;CMP;44000;Nantes\n2;Deux;clinique;44000;Nantes\n3;;CJC;44000;Nantes\n";
    const std::vector<std::string> command{"directory", "import", file, "--map", "nofinesset=numero", "--map", "rs=nom"};
    const auto refused = accalmie(study.as("a.martin", command));
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.contains(file + ":3: 'clinique' is not a type of service"));
    CHECK(refused.errors.contains(file + ":4: 'rs' is empty"));
    CHECK(refused.errors.contains("nothing was imported"));
    auto leave_out = command;
    leave_out.push_back("--skip-wrong");
    const auto imported = answer(study.as("a.martin", leave_out));
    CHECK(imported["rows"] == 1);
    CHECK(imported["skipped"] == 2);
    const auto unmapped = accalmie(study.as("a.martin", {"directory", "import", file}));
    CHECK(unmapped.exit_code == 1);
    CHECK(unmapped.errors.contains("--map nofinesset=NAME"));
}
