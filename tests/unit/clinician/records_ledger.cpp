// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/ledger.h"

#include <sqlcipher/sqlite3.h>

#include "clinician/records/anchor.h"
#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

int run_sql(sqlite3* database, const char* sql) { return sqlite3_exec(database, sql, nullptr, nullptr, nullptr); }

std::string ask(sqlite3* database, const char* sql) {
    std::string answer;
    sqlite3_exec(database, sql, [](void* text, int, char** values, char**) { *static_cast<std::string*>(text) = values[0] ? values[0] : ""; return 0; }, &answer, nullptr);
    return answer;
}

}  // namespace

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
    REQUIRE(must(study.ledger().head()) == report.head);
    std::vector<Row> rows;
    must(study.ledger().read("S0001", [&](const Row& each) { rows.push_back(each); }));
    REQUIRE(rows.size() == 7);
    CHECK(rows[1].payload == R"({"request":1,"source":"patient","value":41})");
    CHECK(rows[1].t_ms == 1000);
    CHECK(rows[1].previous == rows[0].hash);
    CHECK(rows[1].actor == "simulated-patient");
    CHECK(rows[1].utc.ends_with("+00:00"));
    CHECK(rows[1].monotonic_ns > rows[0].monotonic_ns);
    CHECK(rows[1].boot_id == rows[0].boot_id);
}

TEST_CASE("the ledger is open as durable and as closed as it promises") {
    const Folder folder;
    Ledger ledger = must(Ledger::create(folder / "study.db", key_of(3)));
    CHECK(ask(ledger.handle(), "PRAGMA journal_mode") == "wal");
    CHECK(ask(ledger.handle(), "PRAGMA synchronous") == "2");
    CHECK(ask(ledger.handle(), "PRAGMA foreign_keys") == "1");
    CHECK(ask(ledger.handle(), "PRAGMA trusted_schema") == "0");
    CHECK(ask(ledger.handle(), "PRAGMA user_version") == "1");
    CHECK_FALSE(ask(ledger.handle(), "PRAGMA cipher_version").empty());
    int defensive = 0;
    sqlite3_db_config(ledger.handle(), SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
    CHECK(defensive == 1);
    CHECK(std::filesystem::status(folder / "study.db").permissions() == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    must(ledger.append(rating("S0001", 1, 1, 50)));
    CHECK(std::filesystem::status(folder / "study.db-wal").permissions() == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("no row is changed, deleted, replaced or slipped in, even by the program itself") {
    const Folder folder;
    Ledger ledger = must(Ledger::create(folder / "study.db", key_of(3)));
    for (int i = 1; i <= 3; ++i) must(ledger.append(rating("S0001", i, i, 50)));
    const Hash head = must(ledger.head());
    CHECK(run_sql(ledger.handle(), "UPDATE ledger SET payload = '{}' WHERE sequence = 2") != SQLITE_OK);
    CHECK(run_sql(ledger.handle(), "DELETE FROM ledger WHERE sequence = 3") != SQLITE_OK);
    CHECK(run_sql(ledger.handle(), "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE sequence = 2") != SQLITE_OK);
    CHECK(run_sql(ledger.handle(), "INSERT INTO ledger SELECT 9, session, t_ms, class, kind, payload, actor, role, supersedes, reason, utc, monotonic_ns, boot_id, previous, hash "
                                   "FROM ledger WHERE sequence = 2") != SQLITE_OK);
    CHECK(run_sql(ledger.handle(), "PRAGMA writable_schema = 1; DELETE FROM sqlite_master") != SQLITE_OK);
    CHECK(must(ledger.head()) == head);
    CHECK(must(ledger.append(rating("S0001", 4, 4, 50))) == 4);
}

TEST_CASE("a row that could not be told apart later is refused and leaves nothing behind") {
    const Folder folder;
    Ledger ledger = must(Ledger::create(folder / "study.db", key_of(3)));
    must(ledger.append(rating("S0001", 1, 1, 50)));
    for (const char* payload : {"", "{", "[1]", "7", R"({"b":1,"a":2})", R"({"a": 1})", R"({"a":1,"a":2})", R"({"a":1} )", "{\"a\":\"\xff\"}", R"({"a":1.50})", R"({"a":NaN})"}) {
        INFO(payload);
        auto appended = ledger.append(row("S0001", 2, "note", payload));
        REQUIRE_FALSE(appended);
        CHECK(appended.error().message.find("payload") != std::string::npos);
        CHECK_FALSE(appended.error().hint.empty());
    }
    CHECK_FALSE(ledger.append(row("S0001", 2, "", "{}")));
    CHECK_FALSE(ledger.append(row(std::string("S\0x", 3), 2, "note", "{}")));
    NewRow correction = rating("S0001", 3, 1, 40);
    correction.supersedes = 1;
    CHECK_FALSE(ledger.append(correction));      // no reason
    correction.reason = "misheard";
    correction.supersedes = 9;
    CHECK_FALSE(ledger.append(correction));      // no such row
    const std::vector<NewRow> batch{rating("S0001", 3, 2, 40), row("S0001", 3, "note", "{")};
    CHECK_FALSE(ledger.append(batch));           // all or nothing
    CHECK_FALSE(ledger.append(std::vector<NewRow>{}));
    correction.supersedes = 1;
    CHECK(must(ledger.append(correction)) == 2);
    const std::vector<NewRow> measurements(5, rating("S0001", 4, 3, 40));
    CHECK(must(ledger.append(measurements)) == 7);
}

TEST_CASE("another key does not open the study, and says so") {
    const Folder folder;
    { new_study(folder / "study", key_of(3)); }
    Key nearly = key_of(3);
    nearly.bytes[31] ^= 1;
    for (const Key& key : {key_of(4), nearly}) {
        auto opened = Study::open(folder / "study", key);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().message == "the key does not open this study");
        auto verified = verify(folder / "study", key);
        REQUIRE_FALSE(verified);
        CHECK(verified.error().message == "the key does not open this study");
    }
    CHECK(must(Study::open(folder / "study", key_of(3))).info().id == "DEMO-01");
}

TEST_CASE("one console records, others may read") {
    const Folder folder;
    const std::string path = folder / "study.db";
    {
        Ledger writer = must(Ledger::create(path, key_of(3)));
        auto second = Ledger::open(path, key_of(3));
        REQUIRE_FALSE(second);
        CHECK(second.error().message == "another console is recording in this study");
        Ledger reader = must(Ledger::open(path, key_of(3), true));
        must(writer.append(rating("S0001", 1, 1, 50)));
        CHECK(must(reader.head()) == must(writer.head()));
        auto refused = reader.append(rating("S0001", 2, 2, 50));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.find("reading only") != std::string::npos);
    }
    CHECK(must(must(Ledger::open(path, key_of(3))).append(rating("S0001", 2, 2, 50))) == 2);
}

TEST_CASE("a ledger is made once, and opened only where one is") {
    const Folder folder;
    { must(Ledger::create(folder / "study.db", key_of(3))); }
    auto again = Ledger::create(folder / "study.db", key_of(3));
    REQUIRE_FALSE(again);
    CHECK(again.error().message.find("already there") != std::string::npos);
    auto nowhere = Ledger::open(folder / "elsewhere.db", key_of(3));
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().message.find("no study here") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "elsewhere.db"));
    CHECK_FALSE(std::filesystem::exists(folder / "elsewhere.db.lock"));
}

TEST_CASE("a study of a newer program is not touched") {
    const Folder folder;
    {
        Ledger ledger = must(Ledger::create(folder / "study.db", key_of(3)));
        REQUIRE(run_sql(ledger.handle(), "PRAGMA user_version = 2") == SQLITE_OK);
    }
    for (const bool read_only : {true, false}) {
        auto opened = Ledger::open(folder / "study.db", key_of(3), read_only);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().message.find("newer Accalmie") != std::string::npos);
    }
}

TEST_CASE("the digest depends on the decisions of the session alone") {
    const Folder folder;
    const auto digest_of = [&](const std::string& name, const std::function<void(Ledger&)>& fill) {
        Ledger ledger = must(Ledger::create(folder / name, key_of(3)));
        fill(ledger);
        return must(session_digest(ledger, "S0001"));
    };
    const NewRow start = row("S0001", 0, "session.start", "{}");
    NewRow measurement = row("S0001", 5, "frame_times", "{}");
    measurement.row_class = RowClass::measurement;
    const Hash plain = digest_of("a", [&](Ledger& l) { must(l.append(start)); must(l.append(rating("S0001", 5, 1, 50))); });
    CHECK(plain == digest_of("b", [&](Ledger& l) { must(l.append(rating("S0009", 1, 1, 9))); must(l.append(start)); must(l.append(measurement)); must(l.append(rating("S0001", 5, 1, 50))); }));
    CHECK(plain != digest_of("c", [&](Ledger& l) { must(l.append(start)); must(l.append(rating("S0001", 5, 1, 51))); }));
    CHECK(plain != digest_of("d", [&](Ledger& l) { must(l.append(start)); must(l.append(rating("S0001", 6, 1, 50))); }));
    CHECK(plain != digest_of("e", [&](Ledger& l) { must(l.append(rating("S0001", 5, 1, 50))); must(l.append(start)); }));
    CHECK(plain != digest_of("f", [&](Ledger& l) { must(l.append(start)); }));
    Ledger empty = must(Ledger::create(folder / "g", key_of(3)));
    CHECK_FALSE(session_digest(empty, "S0001"));
    CHECK_FALSE(session_digest(empty, ""));
}
