// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/session_report.h"

#include <cstdlib>

#include "records_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

struct ReportedStudy {
    Folder folder;
    Key key = key_of(3);
    Study study = new_study(folder / "study", key);
    ReportedStudy() {
        must(study.add_patient("", "P-7Q4K"));
        record_exposure(study, "S0001", "P-7Q4K");
        record_nir(study, "S0002", "P-7Q4K");
    }
    // What a reader of the page sees, by poppler.
    std::string page(const std::string& session, const std::string& language) {
        const std::string pdf = folder / (session + "-" + language + ".pdf");
        must(reports::write_session_report(study, session, language, pdf));
        REQUIRE(std::system(("pdftotext -layout " + pdf + " " + pdf + ".txt").c_str()) == 0);
        if (const char* kept = std::getenv("ACCALMIE_KEEP_REPORTS")) std::filesystem::copy_file(pdf, std::string(kept) + "/" + session + "-" + language + ".pdf", std::filesystem::copy_options::overwrite_existing);
        return bytes_of(pdf + ".txt");
    }
};

}  // namespace

TEST_CASE("the report's page says who, what, how craving went, why, and which hashes prove it, in French") {
    ReportedStudy reported;
    const std::string text = reported.page("S0001", "fr");
    for (const char* expected : {"P-7Q4K", "S0001", "Compte rendu de séance d'exposition", "dispositif médical certifié", "le patient est simulé", "Étude d'essai", "Ligne de base",
                                 "Pic en exposition", "Le comptoir d'un bar", "Laisser passer la vague", "88,22 octane number", "consentement enregistré", "tension dans les épaules"}) {
        INFO(expected);
        CHECK(text.find(expected) != std::string::npos);
    }
    const std::string digest = to_hex(must(session_digest(reported.study.ledger(), "S0001"))), head = to_hex(must(reported.study.ledger().head()));
    CHECK(text.find(digest.substr(0, 8) + " " + digest.substr(8, 8)) != std::string::npos);
    CHECK(text.find(head.substr(0, 8) + " " + head.substr(8, 8)) != std::string::npos);
}
