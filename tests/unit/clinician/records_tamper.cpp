// SPDX-License-Identifier: Apache-2.0
// What somebody with the key, or with the file alone, might do to a record, and that the verifier finds each.
#include <random>

#include <catch2/generators/catch_generators.hpp>

#include <sqlcipher/sqlite3.h>

#include "clinician/records/anchor.h"
#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

struct Tampered {
    Folder folder;
    Key key = key_of(3);
    std::string directory = folder / "study";
    Tampered() {
        Study study = new_study(directory, key);
        must(study.add_patient("", "P-7Q4K"));
        short_session(study, "S0001", 12);
    }
    // As somebody with the key would: SQLCipher's own shell, no defences, the triggers dropped and put back.
    void alter(const std::string& sql, bool restore_triggers = true) {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((directory + "/study.db").c_str(), &database) == SQLITE_OK);
        const auto run = [&](const std::string& each) {
            INFO(each << ": " << sqlite3_errmsg(database));
            REQUIRE(sqlite3_exec(database, each.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        };
        run("PRAGMA key = \"x'" + to_hex(key.bytes) + "'\"");
        std::vector<std::string> triggers;
        sqlite3_exec(database, "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
                     [](void* list, int, char** values, char**) { static_cast<std::vector<std::string>*>(list)->emplace_back(values[0]); return 0; }, &triggers, nullptr);
        REQUIRE(triggers.size() == 3);
        run("DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete; DROP TRIGGER ledger_in_order;");
        run(sql);
        if (restore_triggers)
            for (const std::string& trigger : triggers) run(trigger);
        sqlite3_close(database);
    }
    VerifyReport check(const VerifyOptions& options = {}) const { return must(verify(directory, key, options)); }
    std::string found(const VerifyOptions& options = {}) const {
        std::string text;
        for (const std::string& problem : check(options).problems) text += problem + "\n";
        return text;
    }
};

bool says(const std::string& text, const std::string& expected) {
    INFO("expected \"" << expected << "\" in:\n" << text);
    CHECK(text.find(expected) != std::string::npos);
    return text.find(expected) != std::string::npos;
}

}  // namespace

TEST_CASE("an edited field of any column is found") {
    const auto [column, value] = GENERATE(table<const char*, const char*>({{"session", "'S0009'"}, {"t_ms", "t_ms + 1"}, {"class", "1"}, {"kind", "'event.ratinG'"},
        {"payload", "replace(payload, '44', '14')"}, {"actor", "'nobody'"}, {"role", "'clinician'"}, {"supersedes", "2, reason = 'x'"}, {"reason", "'because'"},
        {"utc", "replace(utc, '20', '19')"}, {"monotonic_ns", "monotonic_ns - 1"}, {"boot_id", "'other'"}, {"previous", "zeroblob(32)"}, {"hash", "zeroblob(32)"}}));
    INFO(column);
    Tampered study;
    REQUIRE(study.check().ok);
    study.alter(std::string("UPDATE ledger SET ") + column + " = " + value + " WHERE sequence = 7");
    REQUIRE_FALSE(study.check().ok);
    says(study.found(), "row 7");
    says(study.found(), "(chain)");
}

TEST_CASE("a verifier that skips the chain misses an edited rating, and this harness would notice") {
    Tampered study;
    study.alter("UPDATE ledger SET payload = replace(payload, '44', '14') WHERE sequence = 7");
    CHECK(study.check({.check_chain = false}).ok);  // the planted fault
    CHECK_FALSE(study.check().ok);
}

TEST_CASE("deleted, reordered, inserted and renumbered rows are found") {
    Tampered study;
    SECTION("one row deleted") {
        study.alter("DELETE FROM ledger WHERE sequence = 7");
        says(study.found(), "row 7 is missing (sequence)");
    }
    SECTION("several rows deleted") {
        study.alter("DELETE FROM ledger WHERE sequence BETWEEN 5 AND 9");
        says(study.found(), "rows 5 to 9 are missing (sequence)");
    }
    SECTION("a row deleted and the rest moved up") {
        study.alter("DELETE FROM ledger WHERE sequence = 7; UPDATE ledger SET sequence = sequence - 1 WHERE sequence > 7");
        says(study.found(), "row 7: it does not follow the row before it (chain)");
    }
    SECTION("two rows swapped") {
        study.alter("UPDATE ledger SET sequence = 1000 WHERE sequence = 6; UPDATE ledger SET sequence = 6 WHERE sequence = 7; UPDATE ledger SET sequence = 7 WHERE sequence = 1000");
        says(study.found(), "row 6: it does not follow the row before it (chain)");
    }
    SECTION("a row put in between") {
        study.alter("UPDATE ledger SET sequence = sequence + 1000 WHERE sequence > 7; "
                    "UPDATE ledger SET sequence = sequence - 999 WHERE sequence > 1000; "
                    "INSERT INTO ledger SELECT 8, session, t_ms, class, kind, payload, actor, role, supersedes, reason, utc, monotonic_ns, boot_id, previous, hash FROM ledger WHERE sequence = 7");
        says(study.found(), "row 8: its hash does not match its content (chain)");
    }
    SECTION("everything deleted") {
        study.alter("DELETE FROM ledger");
        says(study.found(), "the ledger has no rows");
    }
    SECTION("the tail cut, down to a row that is whole") {
        study.alter("DELETE FROM ledger WHERE sequence > 7");
        says(study.found(), "rows after 7 were cut off: row 16 was there");
    }
    REQUIRE_FALSE(study.check().ok);
}

TEST_CASE("a chain made anew by somebody with the key is found by the anchor and by a printed head") {
    Tampered study;
    const Hash printed = study.check().head;
    // The whole history written again with one rating changed: every link is right.
    const std::string fresh = study.folder / "fresh";
    std::filesystem::create_directory(fresh);
    {
        const Study old = must(Study::open(study.directory, study.key, true));
        Ledger forged = must(Ledger::create(fresh + "/study.db", study.key));
        must(old.ledger().read("", [&](const Row& each) {
            NewRow copy = each;
            if (each.sequence == 7) copy.payload = R"({"request":4,"source":"patient","value":14})";
            must(forged.append(copy));
        }));
    }
    for (const char* file : {"study.db", "study.db.head"}) {
        std::filesystem::copy_file(fresh + "/" + file, study.directory + "/" + file, std::filesystem::copy_options::overwrite_existing);
        if (std::string(file) == "study.db") says(study.found(), "it is not the one that was there when the last session ended (head)");
    }
    CHECK(study.check().ok);  // with the key and the anchor too, nothing inside the folder can tell
    says(study.found({.expected_head = printed}), "no row carries the expected head");
}

TEST_CASE("dropped, weakened and added triggers are found") {
    Tampered study;
    SECTION("dropped") {
        study.alter("SELECT 1", false);
        says(study.found(), "trigger ledger_no_update is missing (schema)");
    }
    SECTION("weakened") {
        study.alter("CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger WHEN 0 BEGIN SELECT 1; END; CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger WHEN 0 BEGIN SELECT 1; END;"
                    "CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger WHEN 0 BEGIN SELECT 1; END", false);
        says(study.found(), "trigger ledger_no_delete was changed (schema)");
    }
    SECTION("added") {
        study.alter("CREATE TABLE extra(x)");
        says(study.found(), "that Accalmie did not make (schema)");
    }
}

TEST_CASE("an anchor that is missing, altered or made with another key is found") {
    Tampered study;
    const std::string path = study.directory + "/study.db.head", anchor = bytes_of(path);
    SECTION("missing") {
        std::filesystem::remove(path);
        says(study.found(), "the anchored head is missing");
    }
    SECTION("altered") {
        for (std::size_t at = 0; at < anchor.size() - 1; at += 5) {
            std::string other = anchor;
            other[at] = other[at] == '7' ? '8' : '7';
            write_bytes(path, other);
            says(study.found(), "the anchored head was altered");
        }
    }
    SECTION("made with another key") {
        must(write_anchor(study.directory + "/study.db", {.sequence = 3}, anchor_key(key_of(9))));
        says(study.found(), "the anchored head was altered");
    }
}

TEST_CASE("a single flipped byte anywhere in study.db is found") {
    Tampered study;
    const std::string path = study.directory + "/study.db", whole = bytes_of(path);
    REQUIRE(study.check().ok);
    REQUIRE(whole.size() >= 3 * 4096);
    std::mt19937_64 random(20261123);
    std::vector<std::size_t> places{0, 15, 16, 4095, 4096, whole.size() - 1};
    for (std::size_t page = 0; page < whole.size(); page += 4096)  // content, then the reserve with vector and seal
        for (int i = 0; i < 6; ++i) places.push_back(page + (i < 4 ? random() % 4016 : 4016 + random() % 80));
    for (const std::size_t place : places) {
        std::string damaged = whole;
        damaged[place] = static_cast<char>(damaged[place] ^ (1 << random() % 8));
        write_bytes(path, damaged);
        const auto report = verify(study.directory, study.key);
        INFO("byte " << place);
        REQUIRE_FALSE((report && report->ok));
        if (report) CHECK_FALSE(report->problems.empty());
    }
    for (const std::size_t length : {std::size_t{0}, std::size_t{100}, std::size_t{4096}, whole.size() - 4096, whole.size() - 1}) {
        write_bytes(path, whole.substr(0, length));
        const auto report = verify(study.directory, study.key);
        INFO("cut to " << length);
        REQUIRE_FALSE((report && report->ok));
    }
    write_bytes(path, whole);
    REQUIRE(study.check().ok);
}

TEST_CASE("a flipped byte or a missing file of identity.db is found") {
    Tampered study;
    const std::string path = study.directory + "/identity.db", whole = bytes_of(path);
    for (const std::size_t place : {std::size_t{20}, std::size_t{4090}, whole.size() - 2}) {
        std::string damaged = whole;
        damaged[place] = static_cast<char>(damaged[place] ^ 4);
        write_bytes(path, damaged);
        says(study.found(), "identity.db");
    }
    std::filesystem::remove(path);
    says(study.found(), "identity.db");
}

TEST_CASE("a picture that is missing or was changed is found; a session without an end is only noted") {
    const Folder folder;
    const Key key = key_of(3);
    Study study = new_study(folder / "study", key);
    std::filesystem::create_directory(folder / "study/pictures");
    write_bytes(folder / "study/pictures/0001.png", "picture");
    const std::string sha = to_hex(must(file_hash(folder / "study/pictures/0001.png")));
    must(study.ledger().append(row("S0001", 0, "session.start", "{}")));
    must(study.ledger().append(row("S0001", 5, "picture", R"({"file":"pictures/0001.png","frame":1,"request":1,"sha":")" + sha + R"("})")));
    must(study.ledger().append(row("S0001", 5, "picture", R"({"file":"../elsewhere/0001.png","frame":1,"request":1,"sha":")" + sha + R"("})")));
    VerifyReport report = must(verify(folder / "study", key));
    CHECK(report.ok);
    REQUIRE(report.notes.size() == 2);
    CHECK(report.notes[0].find("kept outside the study") != std::string::npos);
    CHECK(report.notes[1] == "session S0001 was interrupted: it has no end row");
    write_bytes(folder / "study/pictures/0001.png", "another");
    report = must(verify(folder / "study", key));
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0] == "row 3: picture pictures/0001.png is not the one that was recorded (pictures)");
    std::filesystem::remove(folder / "study/pictures/0001.png");
    report = must(verify(folder / "study", key));
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0] == "row 3: picture pictures/0001.png is missing (pictures)");
}

TEST_CASE("rows outside a session's start are found") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    must(study.ledger().append(rating("S0001", 5, 1, 50)));
    must(study.ledger().append(row("S0002", 0, "session.start", "{}")));
    must(study.ledger().append(row("S0002", 0, "session.start", "{}")));
    const VerifyReport report = must(verify(folder / "study", key_of(3)));
    REQUIRE(report.problems.size() == 2);
    CHECK(report.problems[0] == "row 2: session S0001 has not started yet (sessions)");
    CHECK(report.problems[1] == "row 4: session S0002 starts a second time (sessions)");
}
