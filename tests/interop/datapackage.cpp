// SPDX-License-Identifier: Apache-2.0
// The CSV export before the eyes of the Frictionless `datapackage` validator: a whole export passes, and one wrong field does not.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "clinician/exports/csv_package.h"
#include "records_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

struct Judgement {
    int code = -1;
    std::string said;
};

Judgement judge(const std::string& folder) {
    Judgement judgement;
    const std::string command = "node '" ACCALMIE_SOURCE_DIR "/tests/interop/datapackage.cjs' '" + folder + "' 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe);
    char buffer[4096];
    while (const std::size_t length = std::fread(buffer, 1, sizeof buffer, pipe)) judgement.said.append(buffer, length);
    const int status = ::pclose(pipe);
    judgement.code = status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    INFO(judgement.said);
    REQUIRE(judgement.code != 3);  // a missing validator is a failure, never a skip
    return judgement;
}

struct Exported {
    Folder folder;
    std::string out = folder / "export";
    Exported() {
        Study study = new_study(folder / "study", key_of(3));
        must(study.add_patient("", "P-7Q4K"));
        record_exposure(study, "S0001", "P-7Q4K", {.note = "=HYPERLINK(\"http://example.org\"; \"clic\"),\r\n« deux lignes », œuvre 10 €"});
        record_exposure(study, "S0002", "P-7Q4K", {.seed = 11, .stop_after_ratings = 9});
        record_nir(study, "S0003", "P-7Q4K");
        must(study.ledger().append(row("S0004", 0, "session.start", R"({"kind":"exposure","plan":"","protocol":"p","pseudonym":"P-7Q4K","seed":7,"version":1})")));
        must(exports::export_csv(study, out));
    }
    void change(const std::string& file, const std::string& from, const std::string& to) {
        std::string text = bytes_of(out + "/" + file);
        const std::size_t at = text.find(from);
        INFO(file << " has no " << from);
        REQUIRE(at != std::string::npos);
        write_bytes(out + "/" + file, text.replace(at, from.size(), to));
    }
};

}  // namespace

TEST_CASE("the CSV export of a whole study satisfies the data package validator") {
    const Exported exported;
    const Judgement judgement = judge(exported.out);
    INFO(judgement.said);
    CHECK(judgement.code == 0);
    CHECK(judgement.said.starts_with("16 tables, "));
}

TEST_CASE("the export of a study without sessions satisfies it too") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    must(exports::export_csv(study, folder / "export"));
    const Judgement judgement = judge(folder / "export");
    INFO(judgement.said);
    CHECK(judgement.code == 0);
}

TEST_CASE("one wrong field anywhere and the validator refuses the export") {
    Exported exported;
    std::string expected;
    SECTION("a word where a number belongs") {
        exported.change("ratings.csv", ",answered,", ",answered,x");
        expected = "table: ratings.csv";
    }
    SECTION("a status that nobody defined") {
        exported.change("ratings.csv", ",answered,", ",anserwed,");
        expected = "table: ratings.csv";
    }
    SECTION("an outcome that nobody defined") {
        exported.change("sessions.csv", ",completed,", ",finished,");
        expected = "table: sessions.csv";
    }
    SECTION("a date in another form") {
        exported.change("sessions.csv", "T", " ");
        expected = "table: sessions.csv";
    }
    SECTION("a session of another study") {
        exported.change("ratings.csv", "\r\nS0001,", "\r\nS0901,");
        expected = "table: ratings.csv";
    }
    SECTION("a required cell that is empty") {
        exported.change("ratings.csv", ",P-7Q4K,", ",,");
        expected = "table: ratings.csv";
    }
    SECTION("one row twice") {
        const std::string text = bytes_of(exported.out + "/nir.csv");
        write_bytes(exported.out + "/nir.csv", text + text.substr(text.find("\r\n") + 2));
        expected = "table: nir.csv";
    }
    SECTION("a column that is missing") {
        exported.change("events.csv", "session,sequence,", "session,");
        expected = "table: events.csv";
    }
    SECTION("a descriptor without a table's path") {
        exported.change("datapackage.json", "\"path\"", "\"paths\"");
        expected = "descriptor";
    }
    SECTION("a type that does not exist") {
        exported.change("datapackage.json", "\"integer\"", "\"integral\"");
        expected = "descriptor";
    }
    SECTION("a cell changed to another that the schema allows") {
        exported.change("ratings.csv", ",patient,", ",patients,");
        expected = "hash: ratings.csv";
    }
    const Judgement judgement = judge(exported.out);
    INFO(judgement.said);
    CHECK(judgement.code == 1);
    CHECK(judgement.said.find(expected) != std::string::npos);
}

TEST_CASE("the harness says so when the validator is missing") {
    REQUIRE(std::getenv("ACCALMIE_NODE_MODULES"));
    CHECK(std::system("ACCALMIE_NODE_MODULES=/nowhere node '" ACCALMIE_SOURCE_DIR "/tests/interop/datapackage.cjs' / 2>/dev/null") >> 8 == 3);
}
