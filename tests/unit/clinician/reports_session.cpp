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
        REQUIRE(std::system(("pdftotext -layout " + pdf + " " + pdf + ".txt 2>/dev/null").c_str()) == 0);
        if (const char* kept = std::getenv("ACCALMIE_KEEP_REPORTS")) std::filesystem::copy_file(pdf, std::string(kept) + "/" + session + "-" + language + ".pdf", std::filesystem::copy_options::overwrite_existing);
        return bytes_of(pdf + ".txt");
    }
};

}  // namespace

TEST_CASE("the report's page says who, what, how craving went, why, and which hashes prove it, in French") {
    ReportedStudy reported;
    const std::string text = reported.page("S0001", "fr");
    for (const char* expected : {"P-7Q4K", "S0001", "Compte rendu de séance d'exposition", "dispositif médical certifié", "le patient est simulé", "Étude d'essai", "Ligne de base",
                                 "Pic en exposition", "Le comptoir d'un bar", "Laisser passer la vague", "88,22 octane number", "dans le domaine du modèle", "consentement enregistré", "tension dans les épaules"}) {
        INFO(expected);
        CHECK(text.find(expected) != std::string::npos);
    }
    const std::string digest = to_hex(must(session_digest(reported.study.ledger(), "S0001"))), head = to_hex(must(reported.study.ledger().head()));
    CHECK(text.find(digest.substr(0, 8) + " " + digest.substr(8, 8)) != std::string::npos);
    CHECK(text.find(head.substr(0, 8) + " " + head.substr(8, 8)) != std::string::npos);
}

TEST_CASE("a stopped session and an interrupted one have their page too, in English") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_exposure(study, "S0001", "P-7Q4K", {.seed = 11, .stop_after_ratings = 12});
    must(study.ledger().append(row("S0002", 0, "session.start", R"({"kind":"exposure","plan":"","protocol":"p","pseudonym":"P-7Q4K","seed":7,"version":1})")));
    for (const char* session : {"S0001", "S0002"}) {
        const std::string pdf = folder / (std::string(session) + ".pdf");
        must(reports::write_session_report(study, session, "en", pdf));
        REQUIRE(std::system(("pdftotext -layout " + pdf + " " + pdf + ".txt 2>/dev/null").c_str()) == 0);
        if (const char* kept = std::getenv("ACCALMIE_KEEP_REPORTS")) std::filesystem::copy_file(pdf, std::string(kept) + "/" + session + "-en.pdf", std::filesystem::copy_options::overwrite_existing);
        const std::string text = bytes_of(pdf + ".txt");
        CHECK(text.find("Not a certified medical device") != std::string::npos);
        CHECK(text.find(session == std::string("S0001") ? "stopped by the patient" : "interrupted") != std::string::npos);
    }
}

TEST_CASE("a NIR session and a session of two seconds have their page") {
    ReportedStudy reported;
    CHECK(reported.page("S0002", "en").find("NIR verification report") != std::string::npos);
    record_exposure(reported.study, "S0003", "P-7Q4K", {.protocol = "short-check"});
    must(reported.study.ledger().append(row("S0004", 0, "session.start", R"({"kind":"nir","plan":"","protocol":"nir-verification","pseudonym":"P-7Q4K","seed":0,"version":1})")));
    must(reported.study.ledger().append(row("S0004", 0, "consent", R"({"form":"nir-1","given":false,"scope":"one spectrum","version":1})")));
    must(reported.study.ledger().append(row("S0004", 0, "session.end", R"({"outcome":"stopped"})")));
    const std::string refusal = reported.page("S0004", "fr");
    CHECK(refusal.find("n'a pas consenti") != std::string::npos);
    CHECK(refusal.find("88,22") == std::string::npos);  // an earlier result of the same patient is not this session's
    must(reported.study.ledger().append(row("S0006", 0, "session.start", R"({"kind":"nir","plan":"","protocol":"nir-verification","pseudonym":"P-7Q4K","seed":0,"version":1})")));
    must(reported.study.ledger().append(row("S0006", 0, "nir.result", R"({"model":"m","unit":"octane number","verdict":"outside the model: none of these"})")));
    CHECK(reported.page("S0006", "fr").find("aucun de ceux-ci") != std::string::npos);
    CHECK(reported.page("S0003", "fr").find("0,4 s") != std::string::npos);
}

TEST_CASE("a report that cannot be written says why and leaves no file") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_exposure(study, "S0001", "P-7Q4K", {.protocol = "short-check"});
    auto nowhere = reports::write_session_report(study, "S0001", "fr", folder / "missing/report.pdf");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().message.find("No such file") != std::string::npos);
    auto unknown = reports::write_session_report(study, "S0099", "fr", folder / "report.pdf");
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().message.find("S0099") != std::string::npos);
    CHECK_FALSE(reports::write_session_report(study, "S0001", "xx", folder / "report.pdf"));
    CHECK_FALSE(std::filesystem::exists(folder / "report.pdf"));
}
