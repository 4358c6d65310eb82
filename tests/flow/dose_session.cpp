// SPDX-License-Identifier: Apache-2.0
// The exposure dose of whole sessions: recorded, the same in every run of virtual time, and what the scene's own tool says.
#include <map>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include "clinician/records/study.h"
#include "scenes/player/scene_measure.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;
using namespace accalmie;

namespace {

struct Recorded {
    std::vector<std::string> dose;   // time and payload of each row, in order
    std::vector<nlohmann::json> dose_rows, comfort_rows;
    bool after_end = false;          // a dose was written after the session's end
    std::int64_t end_ms = 0;
};

Recorded session_of(std::uint64_t seed, std::vector<std::string> more = {}) {
    const flow::StudyFolder study;
    auto arguments = study.rehearse("alcohol-bar", seed);
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto finished = flow::run("accalmie", arguments, 300s);
    INFO(finished.errors);
    REQUIRE(finished.exit_code == 0);
    const auto key = records::Key::read_file(study.key);
    REQUIRE(key);
    auto opened = records::Study::open(study.study, *key, true);
    REQUIRE(opened);
    Recorded recorded;
    bool ended = false;
    const auto read = opened->ledger().read("", [&](const records::Row& row) {
        if (row.kind == "session.end") ended = true, recorded.end_ms = row.t_ms;
        if (row.kind == "comfort") recorded.comfort_rows.push_back(nlohmann::json::parse(row.payload));
        if (row.kind != "dose") return;
        recorded.after_end = recorded.after_end || ended;
        recorded.dose.push_back(std::to_string(row.t_ms) + " " + row.payload);
        recorded.dose_rows.push_back(nlohmann::json::parse(row.payload));
    });
    REQUIRE(read);
    return recorded;
}

}  // namespace

TEST_CASE("a session in virtual time has the same dose in every run, to the last digit, and before its end") {
    const auto first = session_of(7), again = session_of(7);
    REQUIRE(first.dose.size() > 5);
    CHECK(first.dose == again.dose);
    CHECK_FALSE(first.after_end);
    CHECK_FALSE(first.comfort_rows.empty());
    CHECK_FALSE(first.comfort_rows.front().contains("flashes"));  // pictures of virtual time do not follow each other as a patient would see them

    // What was seen at a level is what the scene's tool says of that level.
    std::map<int, double> seconds;
    for (const auto& row : first.dose_rows) {
        CHECK(row["gaze"] == "head");
        CHECK(row["scene"] == "bar-night");
        seconds[row["level"]] += row["seconds"].get<double>();
        for (const auto& cue : row["cues"]) {
            CHECK(cue["visible_s"].get<double>() <= row["seconds"].get<double>() + 1e-6);
            CHECK(cue["central_s"].get<double>() <= cue["visible_s"].get<double>());
            CHECK(cue["sr_s"].get<double>() <= cue["greatest_sr"].get<double>() * cue["visible_s"].get<double>() * 1.0001 + 1e-5);  // each was rounded
        }
    }
    CHECK(seconds.contains(2));
    const auto measured = scenes::measure_scene({.scene = "bar-night", .level = 2, .seconds = 0.1});
    REQUIRE(measured);
    std::map<std::string, double> at_seat;
    for (const auto& cue : measured->cues) at_seat[cue.cue] = static_cast<double>(cue.view.solid_angle_sr());
    int compared = 0;
    for (const auto& row : first.dose_rows) {
        if (row["level"] != 2) continue;
        for (const auto& cue : row["cues"]) {
            CHECK(cue["sr_s"].get<double>() / cue["visible_s"].get<double>() == Catch::Approx(at_seat[cue["cue"]]).epsilon(0.03));
            ++compared;
        }
    }
    CHECK(compared > 0);
}

TEST_CASE("a stop ends the dose at its moment") {
    const auto stopped = session_of(7, {"--stop-at-level", "4"});
    REQUIRE_FALSE(stopped.dose.empty());
    CHECK_FALSE(stopped.after_end);
    double seconds = 0;
    for (const auto& row : stopped.dose_rows) seconds += row["seconds"].get<double>();
    CHECK(seconds * 1000 <= static_cast<double>(stopped.end_ms) + 1);
    CHECK(stopped.dose_rows.back()["level"] == 4);
}
