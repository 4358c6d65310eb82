// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/csv_package.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "clinician/exports/table.h"
#include "clinician/records/projection.h"
#include "records_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

// RFC 4180, read back by the book.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& cell = rows.back().back();
        if (quoted) {
            if (text[i] != '"') cell += text[i];
            else if (i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
            else quoted = false;
        } else if (text[i] == '"') quoted = true;
        else if (text[i] == ',') rows.back().emplace_back();
        else if (text.compare(i, 2, "\r\n") == 0) ++i, rows.push_back({""});
        else cell += text[i];
    }
    rows.pop_back();
    return rows;
}

std::vector<std::map<std::string, std::string>> table(const std::string& path) {
    const auto rows = parse_csv(bytes_of(path));
    std::vector<std::map<std::string, std::string>> records;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        REQUIRE(rows[i].size() == rows[0].size());
        for (std::size_t j = 0; j < rows[0].size(); ++j) {
            if (j == 0) records.emplace_back();
            records.back()[rows[0][j]] = rows[i][j];
        }
    }
    return records;
}

}  // namespace

TEST_CASE("every rating comes out as it went in, the missing and the corrected ones too") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_exposure(study, "S0001", "P-7Q4K", {.miss_probability = 0.15});
    std::vector<std::pair<std::int64_t, int>> recorded;  // time and value, straight from the rows
    std::int64_t first_row = 0;
    int missing = 0;
    must(study.ledger().read("S0001", [&](const Row& each) {
        const auto payload = nlohmann::json::parse(each.payload);
        if (each.kind == "event.rating") {
            if (first_row == 0) first_row = each.sequence;
            recorded.emplace_back(each.t_ms, payload["value"].get<int>());
        }
        missing += each.kind == "command.hide_rating" && payload["reason"].get<std::string>().starts_with("no answer within");
    }));
    REQUIRE(recorded.size() >= 8);
    REQUIRE(missing >= 1);
    NewRow correction = rating("S0001", recorded[0].first, 1, 99);
    correction.supersedes = first_row;
    correction.reason = "misheard";
    const std::int64_t correcting = must(study.ledger().append(correction));

    must(exports::export_csv(study, folder / "export"));
    const auto ratings = table(folder / "export/ratings.csv");
    std::vector<std::pair<std::int64_t, int>> exported;
    int exported_missing = 0;
    for (const auto& each : ratings) {
        CHECK(each.at("session") == "S0001");
        CHECK(each.at("pseudonym") == "P-7Q4K");
        if (each.at("status") == "unanswered") {
            CHECK(each.at("value").empty());
            ++exported_missing;
        } else if (each.at("supersedes").empty()) {
            exported.emplace_back(std::stoll(each.at("t_ms")), std::stoi(each.at("value")));
            CHECK(std::stoll(each.at("asked_t_ms")) <= std::stoll(each.at("t_ms")));
        }
    }
    CHECK(exported == recorded);
    CHECK(exported_missing == missing);
    CHECK(ratings[0].at("superseded_by") == std::to_string(correcting));
    CHECK(ratings[1].at("supersedes") == std::to_string(first_row));
    CHECK(ratings[1].at("value") == "99");
    CHECK(ratings[0].at("step_id") == "baseline");
    CHECK(ratings[0].at("step_kind") == "baseline");
    CHECK(ratings[0].at("scene") == "waiting-room");
    const auto exposure = std::ranges::find_if(ratings, [](const auto& each) { return each.at("step_kind") == "exposure" && each.at("level") == "1"; });
    REQUIRE(exposure != ratings.end());
    CHECK(exposure->at("scene") == "bar-night");
    const auto sessions = table(folder / "export/sessions.csv");
    REQUIRE(sessions.size() == 1);
    CHECK(sessions[0].at("outcome") == "completed");
    CHECK(sessions[0].at("ratings_answered") == std::to_string(recorded.size()));
    CHECK(sessions[0].at("ratings_missing") == std::to_string(missing));
    CHECK(sessions[0].at("digest") == to_hex(must(session_digest(study.ledger(), "S0001"))));
    CHECK(table(folder / "export/frame_times.csv").size() == 1);
}

TEST_CASE("text that a person typed cannot run in a spreadsheet or break a row") {
    exports::Table table("t", "t", "t", {{"a", "string", "a"}, {"b", "string", "b"}}, {"a"});
    for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) table.cell(exports::FreeText{text}).cell(std::string_view("x")).end_row();
    table.cell(exports::FreeText{"a = b, \"c\"\r\nd"}).cell(std::int64_t{-5}).end_row();
    CHECK(table.whole());
    const auto rows = parse_csv(table.csv());
    REQUIRE(rows.size() == 8);
    for (std::size_t i = 1; i <= 6; ++i) CHECK(rows[i][0].starts_with('\''));
    CHECK(rows[1][0] == "'=1+1");
    CHECK(rows[7][0] == "a = b, \"c\"\r\nd");
    CHECK(rows[7][1] == "-5");  // a number is no text
    table.cell(std::string_view("only one")).end_row();
    CHECK_FALSE(table.whole());
}

TEST_CASE("an export is a row in the ledger, and the row's hash is that of the descriptor") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_nir(study, "S0001", "P-7Q4K");
    const auto summary = must(exports::export_csv(study, folder / "export", "dr-demo"));
    CHECK(summary.files.size() == 18);
    for (const std::string& file : summary.files) CHECK(std::filesystem::exists(folder / ("export/" + file)));
    Row last;
    must(study.ledger().read("", [&](const Row& each) { last = each; }));
    CHECK(last.kind == "export");
    CHECK(last.actor == "dr-demo");
    CHECK(last.payload == R"({"files":18,"format":"csv","sha":")" + to_hex(summary.sha) + R"("})");
    CHECK(must(file_hash(folder / "export/datapackage.json")) == summary.sha);
    const auto nir = table(folder / "export/nir.csv");
    REQUIRE(nir.size() == 1);
    CHECK(nir[0].at("value") == "88.2175");
    CHECK(nir[0].at("consent") == "true");
    CHECK(must(verify(folder / "study", key_of(3))).ok);
}

TEST_CASE("an export that cannot be whole or cannot be recorded leaves nothing") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    const Hash head = must(study.ledger().head());
    std::filesystem::create_directory(folder / "busy");
    write_bytes(folder / "busy/letter.txt", "x");
    auto busy = exports::export_csv(study, folder / "busy");
    REQUIRE_FALSE(busy);
    CHECK(busy.error().message.find("not empty") != std::string::npos);
    CHECK_FALSE(exports::export_csv(study, "/proc/nowhere/export"));
    CHECK(must(study.ledger().head()) == head);
    Study reader = must(Study::open(folder / "study", key_of(3), true));
    auto unrecorded = exports::export_csv(reader, folder / "export");
    REQUIRE_FALSE(unrecorded);
    CHECK(unrecorded.error().message.find("every export is recorded") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "export"));
    CHECK_FALSE(std::filesystem::exists(folder / "export.partial"));
    std::filesystem::create_directory(folder / "empty");
    must(exports::export_csv(study, folder / "empty/"));
    CHECK(std::filesystem::exists(folder / "empty/README.txt"));
}
