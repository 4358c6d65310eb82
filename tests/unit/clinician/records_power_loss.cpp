// SPDX-License-Identifier: Apache-2.0
// Power cuts, full disks and failing disks, simulated below SQLite: what was acknowledged is there afterwards.
#include <csignal>
#include <format>
#include <optional>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlcipher/sqlite3.h>

#include "records_crash_vfs.h"
#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

struct Recorded {
    std::vector<DiskEvent> log;
    std::size_t first = 0;  // the first event after the study was whole
};

// A short session with a checkpoint in it, every event on the way to the disk written down. `pragma` plants a fault.
Recorded record_session(const std::string& directory, const Key& key, const char* pragma = nullptr) {
    Recorded recorded;
    CrashVfs vfs;
    Study study = new_study(directory, key);
    const auto acknowledge = [&](std::int64_t sequence) {
        vfs.log.push_back({.operation = DiskOperation::acknowledge, .sequence = sequence, .anchor = bytes_of(directory + "/study.db.head")});
    };
    acknowledge(1);
    recorded.first = vfs.log.size() - 1;
    if (pragma) REQUIRE(sqlite3_exec(study.ledger().handle(), pragma, nullptr, nullptr, nullptr) == SQLITE_OK);
    acknowledge(must(study.ledger().append(row("S0001", 0, "session.start", "{}"))));
    for (int i = 1; i <= 18; ++i) {
        acknowledge(must(study.ledger().append(rating("S0001", i * 1000, i, 40))));
        if (i == 8) REQUIRE(sqlite3_wal_checkpoint_v2(study.ledger().handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr) == SQLITE_OK);
    }
    const std::vector<NewRow> batch(20, rating("S0001", 15'000, 15, 40));
    acknowledge(must(study.ledger().append(batch)));
    acknowledge(must(study.ledger().append(row("S0001", 16'000, "session.end", R"({"outcome":"completed"})"))));
    recorded.log = vfs.log;
    return recorded;
}

struct Tally {
    int states = 0, lost = 0, damaged = 0;
    std::string first;
};

// Cuts the power after every event and looks at the disk that is left.
Tally cut_power(const Recorded& recorded, const Key& key) {
    Tally tally;
    std::mt19937_64 random(20261123);
    DiskModel disk;
    std::int64_t acknowledged = 0;
    std::string anchor;
    for (std::size_t at = 0; at < recorded.log.size(); ++at) {
        const DiskEvent& event = recorded.log[at];
        disk.play(event);
        if (event.operation == DiskOperation::acknowledge) acknowledged = event.sequence, anchor = event.anchor;
        if (at < recorded.first) continue;
        for (const DiskModel::Cut cut : {DiskModel::Cut::nothing_more, DiskModel::Cut::everything, DiskModel::Cut::torn, DiskModel::Cut::torn}) {
            const Folder left;
            disk.leave(left.path, cut, random);
            write_bytes(left / "study.db.head", anchor);
            ++tally.states;
            const auto report = verify(left.path, key);
            const bool sound = report && report->ok;
            tally.damaged += !sound;
            tally.lost += report && report->rows < acknowledged;
            if (tally.first.empty() && (!sound || report->rows < acknowledged))
                tally.first = std::format("event {}: {} of {} rows; {}", at, report ? report->rows : -1, acknowledged,
                                          !report ? report.error().message : report->problems.empty() ? "" : report->problems[0]);
            if (sound && tally.states % 40 == 0) CHECK(must(Ledger::open(left / "study.db", key)).append(rating("S0009", 1, 1, 1)));
        }
    }
    return tally;
}

}  // namespace

TEST_CASE("a power cut at any moment loses no acknowledged row and damages nothing") {
    const Folder folder;
    const Recorded recorded = record_session(folder / "study", key_of(3));
    const Tally tally = cut_power(recorded, key_of(3));
    INFO(tally.first);
    CHECK(tally.states > 500);
    CHECK(tally.lost == 0);
    CHECK(tally.damaged == 0);
}

TEST_CASE("the power-cut harness catches a ledger that does not wait for the disk") {
    for (const char* planted : {"PRAGMA synchronous=OFF", "PRAGMA synchronous=NORMAL"}) {
        const Folder folder;
        INFO(planted);
        const Tally tally = cut_power(record_session(folder / "study", key_of(3), planted), key_of(3));
        CHECK(tally.lost > 0);
    }
}

TEST_CASE("a full disk is said, loses nothing, and the ledger goes on when there is room again") {
    const std::int64_t room = GENERATE(range(0, 60'000, 3'700));
    const Folder folder;
    CrashVfs vfs;
    std::int64_t acknowledged = 0;
    {
        Study study = new_study(folder / "study", key_of(3));
        must(study.ledger().append(row("S0001", 0, "session.start", "{}")));
        vfs.bytes_left = room;
        std::optional<Error> full;
        for (int i = 1; i <= 60 && !full; ++i) {
            auto appended = study.ledger().append(rating("S0001", i, i, 40));
            if (appended) acknowledged = *appended;
            else full = appended.error();
        }
        REQUIRE(full);
        CHECK(full->message == "the row was not recorded: the disk is full");
        CHECK(full->hint.find("free some space") != std::string::npos);
        CHECK(study.ledger().usable());
        CHECK_FALSE(study.ledger().append(rating("S0001", 99, 99, 40)));
        vfs.bytes_left.reset();
        const std::int64_t next = must(study.ledger().append(rating("S0001", 100, 100, 40)));
        CHECK(next == std::max<std::int64_t>(acknowledged, 2) + 1);
        acknowledged = next;
    }
    const VerifyReport report = must(verify(folder / "study", key_of(3)));
    for (const std::string& problem : report.problems) UNSCOPED_INFO(problem);
    CHECK(report.ok);
    CHECK(report.rows == acknowledged);
}

TEST_CASE("a study that did not fit on the disk leaves its folder empty, for the next attempt") {
    int refused = 0;
    for (std::int64_t room = 0;; room += 3'000) {
        const Folder folder;
        CrashVfs vfs;
        vfs.bytes_left = room;
        auto made = Study::create(folder / "study", {.id = "X"}, key_of(3));
        if (made) break;
        ++refused;
        CHECK(made.error().message.find("the disk is full") != std::string::npos);
        CHECK(std::filesystem::is_empty(folder / "study"));
        vfs.bytes_left.reset();
        must(Study::create(folder / "study", {.id = "X"}, key_of(3)));
    }
    CHECK(refused > 5);
}

TEST_CASE("a full disk under the real system calls is said and survived") {
    const Folder folder;
    { new_study(folder / "study", key_of(3)); }
    // The limit on file size belongs to a process: it fills up in a child, which answers with its exit code.
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        auto study = Study::open(folder / "study", key_of(3));
        if (!study || !study->ledger().append(row("S0001", 0, "session.start", "{}"))) ::_exit(2);
        const rlimit small{.rlim_cur = 60'000, .rlim_max = RLIM_INFINITY}, large{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
        if (::setrlimit(RLIMIT_FSIZE, &small) != 0) ::_exit(3);
        Result<std::int64_t> appended = 0;
        for (int i = 1; i <= 60 && appended; ++i) appended = study->ledger().append(rating("S0001", i, i, 40));
        if (appended || appended.error().message != "the row was not recorded: the disk is full" || !study->ledger().usable()) ::_exit(4);
        if (::setrlimit(RLIMIT_FSIZE, &large) != 0) ::_exit(5);
        ::_exit(study->ledger().append(rating("S0001", 100, 100, 40)) ? 0 : 6);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    const VerifyReport report = must(verify(folder / "study", key_of(3)));
    CHECK(report.ok);
    CHECK(report.rows > 3);
}

TEST_CASE("after a failed sync the ledger takes no more rows until it is opened again") {
    const Folder folder;
    std::int64_t acknowledged = 0;
    {
        CrashVfs vfs;
        Study study = new_study(folder / "study", key_of(3));
        acknowledged = must(study.ledger().append(row("S0001", 0, "session.start", "{}")));
        bool fail = true;
        vfs.refuse = [&](DiskOperation operation, const std::string& file) {
            return fail && operation == DiskOperation::sync && file.ends_with("-wal") ? SQLITE_IOERR_FSYNC : SQLITE_OK;
        };
        auto failed = study.ledger().append(rating("S0001", 1, 1, 40));
        REQUIRE_FALSE(failed);
        CHECK(failed.error().hint.find("open the study again") != std::string::npos);
        CHECK_FALSE(study.ledger().usable());
        fail = false;  // a sync that works again proves nothing about the pages that were dropped
        CHECK_FALSE(study.ledger().append(rating("S0001", 2, 2, 40)));
    }
    const VerifyReport report = must(verify(folder / "study", key_of(3)));
    CHECK(report.ok);
    CHECK(report.rows >= acknowledged);
    CHECK(must(Study::open(folder / "study", key_of(3))).ledger().append(rating("S0001", 3, 3, 40)));
}

TEST_CASE("an error at any write or sync is said, and what was acknowledged stays") {
    int injected = 0;
    for (int at = 1; at < 200; ++at) {
        const Folder folder;
        std::int64_t acknowledged = 1;
        bool happened = false, said = false;
        {
            CrashVfs vfs;
            Study study = new_study(folder / "study", key_of(3));
            int count = 0;
            vfs.refuse = [&](DiskOperation operation, const std::string&) {
                if (++count != at) return SQLITE_OK;
                happened = true;
                return operation == DiskOperation::sync ? SQLITE_IOERR_FSYNC : operation == DiskOperation::truncate ? SQLITE_IOERR_TRUNCATE : SQLITE_IOERR_WRITE;
            };
            for (int i = 0; i < 6; ++i) {
                auto appended = study.ledger().append(i == 0 ? row("S0001", 0, "session.start", "{}") : rating("S0001", i, i, 40));
                if (appended) acknowledged = *appended;
                else said = true;
            }
            if (!happened) break;
            CHECK(said);
            CHECK_FALSE(study.ledger().usable());
            vfs.refuse = nullptr;
        }
        ++injected;
        const VerifyReport report = must(verify(folder / "study", key_of(3)));
        INFO("operation " << at << " " << (report.problems.empty() ? "" : report.problems[0]));
        REQUIRE(report.ok);
        REQUIRE(report.rows >= acknowledged);
    }
    CHECK(injected >= 25);
}
