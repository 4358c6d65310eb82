// SPDX-License-Identifier: Apache-2.0
// A substance check in the study around it: what sessions, projection, exports, report and verification make of a session without a patient.
#include <cstdlib>

#include "clinician/exports/csv_package.h"
#include "clinician/exports/field_tables.h"
#include "clinician/records/projection.h"
#include "clinician/reports/session_report.h"
#include "field_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;
using namespace accalmie::session;

TEST_CASE("a substance check is a session without a pseudonym, and the study verifies with it") {
    FieldStudy field;
    const auto check = field.check(nir::SimulatedSample::tablet, 1, FieldPlace{48.7, 2.2, "2026-W47"});
    const auto sessions = must(field.study->sessions());
    REQUIRE(sessions.size() == 1);
    CHECK(sessions[0].kind == "nir-field");
    CHECK(sessions[0].pseudonym.empty());
    CHECK(sessions[0].outcome == "completed");
    CHECK(must(field.study->patients()).empty());
    field.study.reset();
    const auto report = must(verify(field.folder / "study", field.key));
    CHECK(report.ok);
    CHECK(report.notes.empty());
}

TEST_CASE("what a person says about the place is not taken for the answer about the measurement") {
    FieldStudy field;
    const auto kept = field.check(nir::SimulatedSample::tablet, 1, FieldPlace{48.7, 2.2, "2026-W47"}, false);
    const auto record = must(read_session(*field.study, kept.session));
    REQUIRE(record.nir.size() == 1);
    CHECK(record.nir[0].consent == true);
    CHECK(record.nir[0].pseudonym.empty());
}

TEST_CASE("exports keep substance checks apart: no exact time, no small cell, no row among patients' sessions") {
    FieldStudy field;
    record_exposure(*field.study, "S0001", "P-7Q4K");
    record_nir(*field.study, "S0002", "P-7Q4K");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) field.check(nir::SimulatedSample::tablet, seed, FieldPlace{48.7, 2.2, "2026-W47"});
    field.check(nir::SimulatedSample::foreign, 4, FieldPlace{45.7, 4.8, "2026-W48"});
    const auto tables = must(exports::field_tables(*field.study));
    REQUIRE(tables.size() == 1);
    CHECK(tables[0].whole());
    CHECK(tables[0].rows() == 4);
    const std::string& csv = tables[0].csv();
    CHECK(csv.contains("\"48.5,2.0\""));
    CHECK_FALSE(csv.contains("45.5,4.5"));        // one check alone in its cell
    CHECK(csv.contains("2026-W48"));
    CHECK(csv.contains("none of these"));
    CHECK_FALSE(csv.contains("P-7Q4K"));
    CHECK_FALSE(csv.contains("T0"));              // no clock time
    must(exports::export_csv(*field.study, field.folder / "out"));
    for (const char* name : {"sessions.csv", "nir.csv", "events.csv"}) {
        INFO(name);
        const std::string other = bytes_of(field.folder / "out/" + name);
        CHECK(other.contains("S000"));
        CHECK_FALSE(other.contains("S0003"));
        CHECK_FALSE(other.contains("nir-field"));
    }
}

TEST_CASE("the report of a substance check names no patient and reads in both languages") {
    FieldStudy field;
    const std::string sessions[] = {field.check(nir::SimulatedSample::tablet, 1).session, field.check(nir::SimulatedSample::foreign, 1).session, field.refuse().session};
    const char* expected[2][3] = {{"reconnu", "aucun de ceux-ci", "le consentement a été refusé"}, {"identified", "none of these", "consent was refused"}};
    for (const int language : {0, 1})
        for (const int i : {0, 1, 2}) {
            const std::string pdf = field.folder / std::format("{}{}.pdf", language, i);
            must(reports::write_session_report(*field.study, sessions[i], language == 0 ? "fr" : "en", pdf));
            REQUIRE(std::system(("pdftotext -layout " + pdf + " " + pdf + ".txt 2>/dev/null").c_str()) == 0);
            const std::string text = bytes_of(pdf + ".txt");
            INFO(text);
            CHECK(text.contains(expected[language][i]));
            CHECK(text.contains(language == 0 ? "contrôle d'un produit" : "Substance check report"));
            CHECK_FALSE(text.contains(language == 0 ? "le patient n'a" : "the patient did"));
            if (i == 0) CHECK(text.contains(language == 0 ? "SIMULÉ" : "SIMULATED"));
        }
}

TEST_CASE("a patient's page never shows a substance check") {
    FieldStudy field;
    record_exposure(*field.study, "S0001", "P-7Q4K");
    field.check(nir::SimulatedSample::tablet, 1);
    const std::string pdf = field.folder / "x.pdf";
    must(reports::write_session_report(*field.study, "S0001", "en", pdf));
    REQUIRE(std::system(("pdftotext -layout " + pdf + " " + pdf + ".txt 2>/dev/null").c_str()) == 0);
    CHECK_FALSE(bytes_of(pdf + ".txt").contains("simulated-tablet"));
}
