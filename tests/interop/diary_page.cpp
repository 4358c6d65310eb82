// SPDX-License-Identifier: Apache-2.0
// The Coach from end to end: the page in Chromium, as a local file and from http://localhost, filled by clicking; what it hands over is
// imported, and the record holds exactly that. axe-core judges the page.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "browser.h"
#include "tests/flow/program.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json browse(const std::string& url, const std::string& downloads, bool plant = false) {
    return accalmie::testing::browse("diary_page.cjs", "'" + url + "' '" + downloads + "'" + (plant ? " --plant" : ""));
}

std::string only_file(const std::string& folder) {
    std::string found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        CHECK(found.empty());
        found = entry.path().string();
    }
    return found;
}

void check_page(const json& result) {
    INFO(result.dump(2));
    CHECK(result["language"] == "fr");
    CHECK(result["missing"].get<std::string>().starts_with("Il manque encore"));
    CHECK(result["listed"] == 3);
    CHECK(result["entry_ms"].get<int>() < 20'000);
    CHECK(result["violations"] == json::array());
    CHECK(result["errors"] == json::array());
    CHECK(result["wide"] == false);
    CHECK(result["small"] == json::array());  // targets of 40 px and more
    CHECK(result["kept"] == 3);
    CHECK(result["erased"] == true);
    CHECK(result["aside"] == true);
}

void check_import(const flow::StudyFolder& study, const std::string& file) {
    const auto import = study.as("nurse", {"diary", "import", file, "--patient", flow::StudyFolder::kPseudonym, "--json"});
    const auto done = flow::run("accalmie", import);
    INFO(done.errors);
    REQUIRE(done.exit_code == 0);
    CHECK(json::parse(done.output)["new"] == 3);
    CHECK(json::parse(flow::run("accalmie", import).output)["new"] == 0);
    const std::string exported = study.folder / "export";
    REQUIRE(flow::run("accalmie", {"export", "--study", study.study, "--key-file", study.key, "--to", "csv", "--out", exported}).exit_code == 0);
    std::ifstream table(exported + "/diary.csv");
    const std::string text{std::istreambuf_iterator<char>(table), {}};
    CHECK(text.contains(",false,7,2,bar,people\r\n"));
    CHECK(text.contains(",true,10,1,home,stress\r\n"));
    CHECK(text.contains(",false,0,5,work,other\r\n"));
    CHECK(std::ranges::count(text, '\n') == 4);
}

}  // namespace

TEST_CASE("a patient fills the diary page as a local file, hands it over, and the record holds exactly that") {
    const flow::StudyFolder study;
    const std::string downloads = study.folder / "downloads", pages = study.folder / "page";
    fs::create_directories(downloads);
    REQUIRE(flow::run("accalmie", {"diary", "page", "--out", pages}).exit_code == 0);
    CHECK(fs::file_size(pages + "/index.html") <= 150'000);
    const json result = browse("file://" + pages + "/index.html", downloads);
    check_page(result);
    for (const auto& request : result["requests"]) CHECK(request.get<std::string>().starts_with("file://"));
    check_import(study, only_file(downloads));
    // The file's second line cut short: refused by its line, and nothing of it is in the record.
    const std::string cut = study.folder / "cut.jsonl";
    {
        std::ifstream in(only_file(downloads));
        std::string header, second;
        std::getline(in, header);
        std::getline(in, second);
        std::ofstream(cut) << header << "\n" << second.substr(0, second.size() / 2) << "\n";
    }
    const auto refused = flow::run("accalmie", study.as("nurse", {"diary", "import", cut, "--patient", flow::StudyFolder::kPseudonym}));
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.contains("cut.jsonl:2: "));
    const auto assessor = flow::run("accalmie", study.as("assessor", {"diary", "show", "--patient", flow::StudyFolder::kPseudonym}));
    CHECK(assessor.exit_code == 1);
    CHECK(assessor.errors.contains("may not read what patients recorded"));
}

TEST_CASE("the same page from http://localhost does the same, and asks nothing of anybody else") {
    const flow::StudyFolder study;
    const std::string downloads = study.folder / "downloads";
    fs::create_directories(downloads);
    flow::Program server("accalmie", {"diary", "page", "--serve", "18123"});
    REQUIRE(server.wait_for("http://localhost:18123/", std::chrono::seconds(20)));
    const json result = browse("http://localhost:18123/", downloads);
    check_page(result);
    std::set<std::string> asked;
    for (const auto& request : result["requests"]) asked.insert(request.get<std::string>());
    asked.erase("http://localhost:18123/favicon.ico");  // the browser's own wish
    CHECK(asked == std::set<std::string>{"http://localhost:18123/"});
    server.signal(SIGINT);
    check_import(study, only_file(downloads));
}

TEST_CASE("a label that is missing from the page is found by the same look") {
    const flow::StudyFolder study;
    const std::string downloads = study.folder / "downloads";
    fs::create_directories(downloads);
    const json result = browse("file://" ACCALMIE_SOURCE_DIR "/assets/diary/index.html", downloads, true);
    INFO(result.dump(2));
    REQUIRE_FALSE(result["violations"].empty());
    CHECK(result["violations"][0].get<std::string>().starts_with("label"));
}
