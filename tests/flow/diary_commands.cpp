// SPDX-License-Identifier: Apache-2.0
// `accalmie diary` as a clinic types it: a simulated patient's diary, what its hours propose, what is decided; and every refusal with its place.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "tests/flow/program.h"

using nlohmann::json;

namespace {

const std::string kPatient = flow::StudyFolder::kPseudonym;

flow::Finished diary(const flow::StudyFolder& study, const std::string& account, std::vector<std::string> words) {
    words.insert(words.begin(), "diary");
    return flow::run("accalmie", study.as(account, words));
}

json answer(const flow::Finished& done) {
    INFO(done.errors << done.output);
    REQUIRE(done.exit_code == 0);
    const json value = json::parse(done.output, nullptr, false);
    REQUIRE_FALSE(value.is_discarded());
    return value;
}

std::string simulated(const flow::StudyFolder& study, const std::string& name, const std::string& seed = "7") {
    const std::string file = study.folder / name;
    REQUIRE(flow::run("accalmie", {"diary", "simulate", "--out", file, "--seed", seed, "--days", "42", "--last-day", "2026-03-15"}).exit_code == 0);
    return file;
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a simulated diary goes in once, its hard hours propose the bar, and the decision stands") {
    const flow::StudyFolder study;
    const std::string file = simulated(study, "diary.jsonl");
    CHECK(bytes_of(simulated(study, "again.jsonl")) == bytes_of(file));
    CHECK(bytes_of(simulated(study, "other.jsonl", "8")) != bytes_of(file));
    const json first = answer(diary(study, "nurse", {"import", file, "--patient", kPatient, "--json"}));
    CHECK(first["new"].get<int>() > 50);
    CHECK(first["new"] == first["entries"]);
    CHECK(answer(diary(study, "nurse", {"import", file, "--patient", kPatient, "--json"}))["new"] == 0);

    const json proposed = answer(diary(study, "a.martin", {"propose", "--patient", kPatient, "--json"}));
    REQUIRE_FALSE(proposed.empty());
    CHECK(proposed[0]["scene"] == "bar-night");
    CHECK(proposed[0]["first_hour"] == 21);
    CHECK(proposed[0]["weekend"] == true);
    const std::string id = proposed[0]["proposal"];
    CHECK(diary(study, "a.martin", {"decide", id, "--accept", "--decline", "--reason", "x"}).exit_code == 1);
    CHECK(diary(study, "assessor", {"decide", id, "--accept", "--reason", "x"}).exit_code == 1);
    CHECK(answer(diary(study, "a.martin", {"decide", id, "--decline", "--reason", "not yet", "--json"}))["accepted"] == false);
    const auto again = diary(study, "a.martin", {"decide", id, "--accept", "--reason", "x"});
    CHECK(again.exit_code == 1);
    CHECK(again.errors.contains("declined already by a.martin"));
    CHECK(answer(diary(study, "a.martin", {"propose", "--patient", kPatient, "--json"})).empty());  // what was decided is not proposed again

    const json shown = answer(diary(study, "a.martin", {"show", "--patient", kPatient, "--json"}));
    CHECK(shown["entries"] == first["entries"]);
    CHECK(shown["hard"][0]["place"] == "bar");
    CHECK(shown["proposals"][0]["reason"] == "not yet");
    const auto french = diary(study, "a.martin", {"show", "--patient", kPatient, "--language", "fr"});
    CHECK(french.output.contains("Heures difficiles"));
    CHECK(french.output.contains("sam "));
    CHECK(diary(study, "a.martin", {"show", "--patient", kPatient, "--language", "en"}).output.contains("Hard hours"));
    CHECK(flow::run("accalmie", {"study", "verify", "--study", study.study, "--key-file", study.key}).exit_code == 0);
}

TEST_CASE("a diary that cannot be right is refused with its place, and nothing of it is in the record") {
    const flow::StudyFolder study;
    const std::string good = simulated(study, "good.jsonl"), bad = study.folder / "bad.jsonl";
    std::string text = bytes_of(good);
    const auto last = text.rfind("\"craving\":");
    REQUIRE(last != std::string::npos);
    std::ofstream(bad, std::ios::binary) << text.substr(0, last) << "\"craving\":9" << text.substr(last + 10);  // a 9 before the last entry's own digit
    const auto lines = std::count(text.begin(), text.end(), '\n');
    const auto refused = diary(study, "nurse", {"import", bad, "--patient", kPatient});
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.contains("bad.jsonl:" + std::to_string(lines) + ": 'craving' is '9"));
    CHECK(refused.errors.contains("from 0 to 10"));
    const auto unknown = diary(study, "nurse", {"import", good, "--patient", "P-NOBODY"});
    CHECK(unknown.exit_code == 1);
    CHECK(unknown.errors.contains("no patient 'P-NOBODY'"));
    CHECK(diary(study, "nurse", {"import", study.folder / "none.jsonl", "--patient", kPatient}).exit_code == 1);
    CHECK(diary(study, "assessor", {"import", good, "--patient", kPatient}).exit_code == 1);
    CHECK(diary(study, "data", {"show", "--patient", kPatient}).exit_code == 1);
    CHECK(answer(diary(study, "nurse", {"show", "--patient", kPatient, "--json"}))["entries"] == 0);
}

TEST_CASE("the served page is reached from this machine alone") {
    const flow::StudyFolder study;
    flow::Program server("accalmie", {"diary", "page", "--serve", "18124"});
    REQUIRE(server.wait_for("http://localhost:18124/", std::chrono::seconds(20)));
    // The kernel's own list: address and port in hexadecimal, state 0A is listening.
    bool local = false, elsewhere = false;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        for (std::string row; std::getline(file, row);) {
            if (!row.contains(":46CC ") || !row.contains(" 0A ")) continue;
            (row.contains(" 0100007F:46CC ") ? local : elsewhere) = true;
        }
    }
    CHECK(local);
    CHECK_FALSE(elsewhere);
    const auto taken = flow::run("accalmie", {"diary", "page", "--serve", "18124"}, std::chrono::seconds(20));
    CHECK(taken.exit_code == 1);
    CHECK(taken.errors.contains("18124"));
    server.signal(SIGTERM);  // a shell that starts the tests in the background has Ctrl-C ignored
    CHECK(server.finish(std::chrono::seconds(10)).exit_code == 128 + SIGTERM);
    CHECK(flow::run("accalmie", {"diary", "page"}).exit_code == 1);
}
