// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/ledger.h"

#include <sys/stat.h>

#include <sqlcipher/sqlite3.h>

#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

TEST_CASE("a study that was recorded verifies, and its rows come back as they went in") {
    const Folder folder;
    const Key key = key_of(3);
    {
        Study study = new_study(folder / "study", key);
        REQUIRE(must(study.add_patient("", "P-7Q4K")) == "P-7Q4K");
        short_session(study, must(study.next_session_id()), 5);
        REQUIRE(must(study.next_session_id()) == "S0002");
    }
    const VerifyReport report = must(verify(folder / "study", key));
    for (const std::string& problem : report.problems) UNSCOPED_INFO(problem);
    REQUIRE(report.ok);
    REQUIRE(report.rows == 9);
    REQUIRE(report.sessions == 1);
    REQUIRE(report.notes.empty());

    const Study study = must(Study::open(folder / "study", key, true));
    REQUIRE(study.info().title == "Étude d'essai");
    REQUIRE(must(study.ledger().head()) == report.head);
    std::vector<Row> rows;
    must(study.ledger().read("S0001", [&](const Row& each) { rows.push_back(each); }));
    REQUIRE(rows.size() == 7);
    REQUIRE(rows[1].payload == R"({"request":1,"source":"patient","value":41})");
    REQUIRE(rows[1].t_ms == 1000);
    REQUIRE(rows[1].previous == rows[0].hash);
    REQUIRE(rows[1].utc.ends_with("+00:00"));
    const auto sessions = must(study.sessions());
    REQUIRE(sessions.size() == 1);
    REQUIRE(sessions[0].pseudonym == "P-7Q4K");
    REQUIRE(sessions[0].outcome == "completed");
}

TEST_CASE("another key does not open the study, and says so") {
    const Folder folder;
    { new_study(folder / "study", key_of(3)); }
    auto opened = Study::open(folder / "study", key_of(4));
    REQUIRE_FALSE(opened);
    REQUIRE(opened.error().message == "the key does not open this study");
    auto verified = verify(folder / "study", key_of(4));
    REQUIRE_FALSE(verified);
    REQUIRE(must(Study::open(folder / "study", key_of(3))).info().id == "DEMO-01");
}
