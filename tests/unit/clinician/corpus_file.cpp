// SPDX-License-Identifier: Apache-2.0
// Files of discussions: what is read, what is refused and in which line; JSON and CSV say the same.
#include <format>

#include <nlohmann/json.hpp>

#include "clinician/between/corpus/thread_file.h"
#include "clinician/between/folded_text.h"
#include "corpus_fixture.h"

using namespace accalmie;
using namespace accalmie::between;
using namespace accalmie::records::test;

namespace {

const std::string kHead = "forum,title,date,views,counted,theme,product,status,author\n";
const std::string kGood = "Halte-Parole,Confinement et tabac,2020-04-02,120,2020-07-08,achat,tabac,new,brume\n";

Error refusal(const std::string& bytes, const ThreadLimits& limits = {}) {
    auto read = parse_threads(bytes, "d.csv", limits);
    INFO(bytes.substr(0, 400));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().file == "d.csv");
    CHECK_FALSE(read.error().hint.empty());
    return read.error();
}

std::string with(const std::string& from, const std::string& to) {
    std::string line = kGood;
    line.replace(line.find(from), from.size(), to);
    return kHead + kGood + line;
}

nlohmann::json as_json(const std::string& csv_path) {
    const auto table = must(read_csv_table(csv_path));
    nlohmann::json all = nlohmann::json::array();
    for (const auto& row : table.rows) {
        nlohmann::json one;
        for (std::size_t i = 0; i < table.header.size(); ++i) one[table.header[i]] = row.cells[i];
        one["views"] = std::stoll(one["views"].get<std::string>());
        all.push_back(one);
    }
    return all;
}

}  // namespace

TEST_CASE("the same discussions as JSON and as CSV are read alike") {
    const auto csv = must(parse_threads(bytes_of(test::kDiscussions), "d.csv"));
    const auto json = must(parse_threads(as_json(test::kDiscussions).dump(1), "d.json"));
    REQUIRE(csv.size() == 120);
    REQUIRE(json.size() == csv.size());
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const Thread &a = csv[i].thread, &b = json[i].thread;
        INFO(a.title);
        CHECK(std::tie(a.forum, a.title, a.date, a.counted, a.theme, a.product, a.views, a.status, csv[i].handle) ==
              std::tie(b.forum, b.title, b.date, b.counted, b.theme, b.product, b.views, b.status, json[i].handle));
    }
}

TEST_CASE("columns may have French names, any order, other columns beside them, and no product at all") {
    const auto read = must(parse_threads("statut;Auteur;THÈME;note;titre;vues;forum;comptees_le;date_edition\nHabitué;brume;achat;x;Covid;3;F;2020-07-08;2020-04-02\n", "d.csv"));
    REQUIRE(read.size() == 1);
    CHECK(read[0].thread.status == AuthorStatus::regular);
    CHECK(read[0].thread.theme == "achat");
    CHECK(read[0].thread.product == "");
    CHECK(read[0].thread.views == 3);
    CHECK(read[0].line == 2);
}

TEST_CASE("what is wrong in a table is said with its line") {
    const auto line_3 = [](const std::string& bytes, const std::string& word) {
        const Error error = refusal(bytes);
        INFO(error.message);
        CHECK(error.line == 3);
        CHECK(error.message.contains(word));
    };
    line_3(with("120", "many"), "views 'many'");
    line_3(with("120", "-1"), "views '-1'");
    line_3(with("120", "12.5"), "views '12.5'");
    line_3(with("120", "99999999999999999999"), "views");
    line_3(with("2020-04-02", "2020-02-30"), "date '2020-02-30'");
    line_3(with("2020-04-02", "02/04/2020"), "date");
    line_3(with("2020-07-08", "2020-03-01"), "before the discussion began");
    line_3(with("new", "guru"), "status 'guru'");
    line_3(with("achat", ""), "theme is empty");
    line_3(with("brume", ""), "author is empty");
    line_3(with("Confinement et tabac", "\"Confinement\net tabac\""), "holds a sign that is no text");
    line_3(with("Confinement et tabac", std::string(501, 'x')), "title is longer");
    line_3(kHead + kGood + kGood, "stands in line 2 already");
    line_3(with("achat", "\"achat"), "never ends");
    CHECK(refusal("forum,title,date,views,counted,product,status,author\n").message.contains("column 'theme' is missing"));
    CHECK(refusal("forum,title,titre,date,views,counted,theme,product,status,author\n").message.contains("two columns are the title"));
    CHECK(refusal(kHead).message.contains("no discussion"));
    CHECK(refusal("").line == 1);
    CHECK(refusal(kHead + kGood + kGood, {.threads = 1}).message.contains("more than"));
    CHECK(refusal(kHead + kGood, {.bytes = 20}).message.contains("larger"));
    CHECK(refusal(kHead + "F,\xFF\xFE,2020-04-02,1,2020-07-08,a,,new,b\n").message.contains("title holds a sign"));
}

TEST_CASE("what is wrong in JSON is said with the line where its object begins") {
    const std::string good = R"({"forum":"F","title":"Covid","date":"2020-04-02","views":1,"counted":"2020-07-08","theme":"achat","status":"new","author":"brume"})";
    const auto at = [](const std::string& bytes, int line, const std::string& word) {
        const Error error = refusal(bytes);
        INFO(error.message);
        CHECK(error.line == line);
        CHECK(error.message.contains(word));
    };
    CHECK(must(parse_threads("\n[" + good + "]\n", "d.json"))[0].line == 2);
    at("[\n" + good + ",\n{\"forum\":\n\"F\"}\n]", 3, "title is empty");
    at("[\n" + good + "\n" + good + "]", 3, "comma is missing");
    at("[\n" + good + ",\n]", 3, "an object {...} has to stand here");
    at("[\n" + good + ",\n{\"title\":nonsense}]", 3, "not JSON");
    at("[\n" + good + ",\n{\"views\":1.5}]", 3, "'views' is neither");
    at("[\n" + good + ",\n{\"title\":[\"a\"]}]", 3, "'title' is neither");
    at("[\n" + good + ",\n{\"title\":\"never ends", 3, "never ends");
    at("[\n" + good + ",\n{\"title\":\"a\\u0000b\",\"forum\":\"F\"}]", 3, "sign that is no text");
    at("[\n" + good + "]\nmore", 3, "after the end");
    at("{\"discussions\":[]}", 1, "not an array");
    at("[]", 1, "no discussion");
    at("[{\"a\":" + std::string(100'000, '[') + "}]", 1, "nested too deep");
    at("[" + good, 1, "never ends");
}

TEST_CASE("folding takes case, accents, ligatures and kinds of hyphen and space away, and nothing else") {
    CHECK(folded("Dé-CONFINEMENT : l’Épidémie") == "de-confinement : l'epidemie");
    CHECK(folded("de\u0301confinement") == "deconfinement");
    CHECK(folded("Œuvre  \u00A0straße\u2011Łódź ") == "oeuvre strasse-lodz");
    CHECK(folded("Ж × ÷ 5") == "Ж × ÷ 5");
    CHECK(folded("a\xFF\xC3") == "a");
}
