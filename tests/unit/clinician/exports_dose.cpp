// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/dose_tables.h"

#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

NewRow measured(const std::string& session, std::int64_t t_ms, const std::string& kind, const std::string& payload) {
    NewRow made = row(session, t_ms, kind, payload);
    made.row_class = RowClass::measurement;
    return made;
}

}  // namespace

TEST_CASE("a dose becomes a row for each cue, comfort a row for each report, and what is not known stays empty") {
    const Folder folder;
    Study study = must(Study::create(folder / "study", {.id = "dose"}, Key::random()));
    must(study.ledger().append(row("S0001", 0, "session.start", "{}")));
    must(study.ledger().append(measured("S0001", 5000, "dose",
        R"({"cues":[{"central_s":0.5,"cue":"glass","gaze_s":0.25,"greatest_sr":0.2,"sr_s":0.1,"visible_s":1.0},{"central_s":0.0,"cue":"=taps","gaze_s":0.0,"greatest_sr":0.1,"sr_s":0.0,"visible_s":0.0}],"gaze":"head","level":2,"scene":"bar","seconds":1.0})")));
    must(study.ledger().append(measured("S0001", 5000, "comfort", R"({"frames":90,"left_luminance":0.25,"missed":2,"scene_deg_s":0.0,"seconds":1.0})")));
    must(study.ledger().append(measured("S0001", 5100, "frame_times", "{}")));

    const auto tables = must(exports::dose_tables(study));
    REQUIRE(tables.size() == 2);
    INFO(tables[0].csv() << tables[1].csv());
    CHECK(tables[0].name() == "dose");
    CHECK(tables[0].rows() == 2);
    CHECK(tables[0].csv().ends_with("S0001,3,5000,bar,2,glass,1,1,0.5,0.25,head,0.1,0.1,0.2\r\n"
                                    "S0001,3,5000,bar,2,'=taps,1,0,0,0,head,0,,0.1\r\n"));
    CHECK(tables[1].name() == "comfort");
    CHECK(tables[1].csv().ends_with("S0001,4,5000,1,90,0.25,,,,,,,,0,2,,\r\n"));
}

TEST_CASE("a payload that is no dose gives no row and no failure") {
    const Folder folder;
    Study study = must(Study::create(folder / "study", {.id = "dose"}, Key::random()));
    must(study.ledger().append(row("S0001", 0, "session.start", "{}")));
    must(study.ledger().append(measured("S0001", 1, "dose", "{}")));
    must(study.ledger().append(measured("S0001", 2, "dose", R"({"cues":[7]})")));
    const auto tables = must(exports::dose_tables(study));
    CHECK(tables[0].rows() == 0);
    CHECK(tables[1].rows() == 0);
}
