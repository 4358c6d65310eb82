// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/study.h"

#include <cstdlib>
#include <set>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlcipher/sqlite3.h>

#include "clinician/records/connection.h"
#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

// Runs the hidden case below in a process of its own, with or without plain SQLite loaded before SQLCipher; its exit code.
int run_plain_case(const std::string& directory, bool plain) {
    write_bytes(directory + "/plain.db", "");
    const pid_t child = ::fork();
    if (child == 0) {
        if (plain) ::setenv("LD_PRELOAD", "libsqlite3.so.0", 1);
        ::setenv("ACCALMIE_PLAIN_DIRECTORY", directory.c_str(), 1);
        ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
        ::execl("/proc/self/exe", "child", "[.plain-sqlite]", "--out", "/dev/null", nullptr);
        ::_exit(127);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("pseudonyms are random, unambiguous and each there once") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    std::set<std::string> seen;
    for (int i = 0; i < 60; ++i) {
        const std::string pseudonym = must(study.add_patient(""));
        CHECK(pseudonym.size() == 6);
        CHECK(pseudonym.starts_with("P-"));
        CHECK(pseudonym.find_first_of("01OILSAEU5", 2) == std::string::npos);
        CHECK(seen.insert(pseudonym).second);
    }
    CHECK(must(study.patients()).size() == 60);
    CHECK(must(study.add_patient("", "P-DEMO")) == "P-DEMO");
    auto twice = study.add_patient("", "P-DEMO");
    REQUIRE_FALSE(twice);
    CHECK(twice.error().message.find("taken") != std::string::npos);
    for (const char* wrong : {"", "P", "p-demo", "P DEMO", "P-DÉMO", "=P-DEMO", "P-0123456789012345678901234"}) CHECK_FALSE(study.add_patient("", wrong));
}

TEST_CASE("a patient's name goes to the identity file only, and neither file gives away a word") {
    const Folder folder;
    const std::string name = "Capucine Exemple-Fictive", note = "une phrase que personne ne doit lire dans le fichier";
    {
        Study study = new_study(folder / "study", key_of(3));
        const std::string pseudonym = must(study.add_patient(name));
        must(study.ledger().append(row("S0001", 0, "session.start", R"({"kind":"exposure"})")));
        must(study.ledger().append(row("S0001", 5, "note", R"({"text":")" + note + R"("})")));
        // The write-ahead log is still there now, and so is the note, for who has the key.
        CHECK(bytes_of(folder / "study/study.db-wal").size() > 4096);
        bool found = false;
        must(study.ledger().read("", [&](const Row& each) {
            found = found || each.payload.find(note) != std::string::npos;
            CHECK(each.payload.find(name) == std::string::npos);
        }));
        CHECK(found);
        for (const char* file : {"study.db", "study.db-wal", "study.db-shm", "study.db.head", "identity.db"})
            for (const std::string& secret : {name, note, std::string("Capucine"), std::string("personne ne doit"), std::string("session.start"), std::string("SQLite format 3"), pseudonym}) {
                INFO(file << " holds " << secret);
                CHECK(bytes_of(folder / ("study/" + std::string(file))).find(secret) == std::string::npos);
            }
        auto vault = must(db::Connection::open(folder / "study/identity.db", identity_key(key_of(3)), db::Mode::read_only));
        CHECK(must(vault.text("SELECT name FROM identity WHERE pseudonym = '" + pseudonym + "'")) == name);
        CHECK_FALSE(db::Connection::open(folder / "study/identity.db", key_of(3), db::Mode::read_only));
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "study"))
        if (entry.is_regular_file()) CHECK(bytes_of(entry.path().string()).find("Capucine") == std::string::npos);
    // The search itself finds what is there: the same note in a file without encryption.
    write_bytes(folder / "plain", "x" + note + "x");
    CHECK(bytes_of(folder / "plain").find(note) != std::string::npos);
}

TEST_CASE("sessions are listed with who, what and how they ended") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    CHECK(study.info().rehearsal);
    CHECK(must(study.next_session_id()) == "S0001");
    short_session(study, "S0001", 3);
    must(study.ledger().append(row("S0002", 0, "session.start", R"({"kind":"nir","protocol":"nir-1","pseudonym":"P-7Q4K"})")));
    CHECK(must(study.next_session_id()) == "S0003");
    const auto sessions = must(study.sessions());
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0].outcome == "completed");
    CHECK(sessions[0].rows == 5);
    CHECK(sessions[1].outcome == "interrupted");
    CHECK(sessions[1].kind == "nir");
    CHECK(sessions[1].pseudonym == "P-7Q4K");
}

TEST_CASE("a study is made in a new or empty folder only") {
    const Folder folder;
    std::filesystem::create_directory(folder / "busy");
    write_bytes(folder / "busy/letter.txt", "x");
    auto made = Study::create(folder / "busy", {.id = "X"}, key_of(3));
    REQUIRE_FALSE(made);
    CHECK(made.error().message.find("not empty") != std::string::npos);
    CHECK_FALSE(Study::create(folder / "nameless", {}, key_of(3)));
    CHECK_FALSE(Study::create("/proc/nowhere/study", {.id = "X"}, key_of(3)));
    must(Study::create(folder / "good", {.id = "X", .title = "Étude « pilote »", .site = "Site", .language = "en"}, key_of(3)));
    const Study study = must(Study::open(folder / "good", key_of(3), true));
    CHECK(study.info().title == "Étude « pilote »");
    CHECK(study.info().language == "en");
    CHECK_FALSE(study.info().rehearsal);
}

TEST_CASE("a key file is private, whole, and never written over") {
    const Folder folder;
    const Key key = Key::random();
    CHECK(key.bytes != Key::random().bytes);
    must(key.write_file(folder / "site.key"));
    struct stat status{};
    REQUIRE(::stat((folder / "site.key").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(must(Key::read_file(folder / "site.key")).bytes == key.bytes);
    CHECK_FALSE(Key::random().write_file(folder / "site.key"));
    CHECK(must(Key::read_file(folder / "site.key")).bytes == key.bytes);
    for (const std::string& wrong : {std::string(), std::string("abc"), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), std::string(64, 'a') + "\nmore"}) {
        write_bytes(folder / "wrong.key", wrong);
        auto read = Key::read_file(folder / "wrong.key");
        REQUIRE_FALSE(read);
        CHECK(read.error().message.find("64 hexadecimal digits") != std::string::npos);
    }
    CHECK_FALSE(Key::read_file(folder / "missing.key"));
}

// Run by the case below, with plain SQLite loaded before SQLCipher.
TEST_CASE("child of the plain SQLite case", "[.plain-sqlite]") {
    const char* directory = std::getenv("ACCALMIE_PLAIN_DIRECTORY");
    REQUIRE(directory);
    auto created = Ledger::create(std::string(directory) + "/fresh.db", key_of(3));
    REQUIRE_FALSE(created);
    REQUIRE(created.error().message.find("does not encrypt") != std::string::npos);
    REQUIRE_FALSE(std::filesystem::exists(std::string(directory) + "/fresh.db"));
    for (const bool read_only : {true, false}) {
        auto opened = Ledger::open(std::string(directory) + "/plain.db", key_of(3), read_only);
        REQUIRE_FALSE(opened);
        REQUIRE(opened.error().message.find("does not encrypt") != std::string::npos);
    }
    REQUIRE_FALSE(Study::create(std::string(directory) + "/study", {.id = "X"}, key_of(3)));
}

TEST_CASE("plain SQLite in the place of SQLCipher is refused before a word is written") {
    const Folder encrypting, plain;
    const int with_sqlcipher = run_plain_case(encrypting.path, false);
    CHECK(with_sqlcipher > 0);  // the harness notices a library that is not refused
    CHECK(with_sqlcipher != 127);
    CHECK(run_plain_case(plain.path, true) == 0);
    CHECK(std::filesystem::file_size(plain / "plain.db") == 0);
}
