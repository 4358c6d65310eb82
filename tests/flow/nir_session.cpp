// SPDX-License-Identifier: Apache-2.0
// A verification session in a real study: what is on disk afterwards, and that it verifies.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "clinician/records/projection.h"
#include "clinician/session/nir_session.h"
#include "device/nir/read.h"
#include "program.h"

using namespace accalmie;
using nlohmann::json;

namespace {

struct NirStudy {
    flow::Folder folder;
    records::Key key = records::Key::random();
    std::optional<records::Study> study;

    NirStudy() {
        auto made = records::Study::create(folder / "study", {.id = "NIR-01", .title = "Essai", .site = "Site fictif", .rehearsal = true}, key);
        REQUIRE(made.has_value());
        study.emplace(std::move(*made));
        REQUIRE(study->add_patient("", "P-NIR1").has_value());
    }
    std::vector<records::Row> rows(const std::string& session) const {
        std::vector<records::Row> rows;
        REQUIRE(study->ledger().read(session, [&](const records::Row& row) { rows.push_back(row); }).has_value());
        return rows;
    }
    std::vector<std::string> kinds(const std::string& session) const {
        std::vector<std::string> kinds;
        for (const auto& row : rows(session)) kinds.push_back(row.kind);
        return kinds;
    }
    std::string digest(const std::string& session) const { return records::to_hex(records::session_digest(study->ledger(), session).value()); }
    void check_verifies() const {
        const auto report = records::verify(folder / "study", key);
        REQUIRE(report.has_value());
        INFO((report->problems.empty() ? std::string() : report->problems[0]));
        CHECK(report->ok);
        CHECK(report->notes.empty());
    }
};

session::NirSessionSetup simulated(bool consent = true) {
    session::NirSessionSetup setup{.pseudonym = "P-NIR1"};
    setup.consent.given = consent;
    setup.seed = 7;
    setup.model_path = std::string(ACCALMIE_SOURCE_DIR) + "/device/nir/models/simulated-tablet.model";
    return setup;
}

}  // namespace

TEST_CASE("a NIR session is recorded whole, in order, and verifies", "[flow][nir]") {
    NirStudy nir;
    const auto outcome = session::run_nir_session(*nir.study, simulated());
    REQUIRE(outcome.has_value());
    CHECK(outcome->outcome == "completed");
    REQUIRE(outcome->prediction);
    CHECK(outcome->prediction->verdict == nir::Verdict::inside);
    CHECK(outcome->prediction->interval_low < 50);
    CHECK(outcome->prediction->interval_high > 50);
    CHECK(nir.kinds(outcome->session_id) == std::vector<std::string>{"session.start", "consent", "nir.spectrum", "nir.values", "nir.result", "session.end"});

    const auto rows = nir.rows(outcome->session_id);
    CHECK(json::parse(rows[0].payload)["kind"] == "nir");
    CHECK(json::parse(rows[1].payload)["given"] == true);
    const auto spectrum = json::parse(rows[2].payload), values = json::parse(rows[3].payload), result = json::parse(rows[4].payload);
    CHECK(spectrum["channels"] == 125);
    CHECK(values["values"].size() == 125);
    CHECK(rows[3].row_class == records::RowClass::measurement);
    // The hash names the spectrum that is kept beside it.
    records::Hash hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(rows[3].payload.data()), rows[3].payload.size(), nullptr, 0);
    CHECK(spectrum["sha"] == records::to_hex(hash));
    CHECK(result["value"] == outcome->prediction->value);
    CHECK(result["model"] == outcome->model_id);
    CHECK(rows[5].t_ms == nir::simulated_scan_ms);
    nir.check_verifies();

    const auto sessions = nir.study->sessions();
    REQUIRE(sessions.has_value());
    CHECK(sessions->back().kind == "nir");
    CHECK(sessions->back().outcome == "completed");
    const auto record = records::read_session(*nir.study, outcome->session_id);
    REQUIRE(record.has_value());
    REQUIRE(record->nir.size() == 1);
    CHECK(record->nir[0].value == outcome->prediction->value);
    CHECK(record->nir[0].consent == true);
}

TEST_CASE("the same seed gives the same digest, another seed another", "[flow][nir]") {
    NirStudy one, two;
    auto setup = simulated();
    const auto first = session::run_nir_session(*one.study, setup), again = session::run_nir_session(*two.study, setup);
    setup.seed = 8;
    const auto other = session::run_nir_session(*two.study, setup);
    REQUIRE((first && again && other));
    CHECK(one.digest(first->session_id) == two.digest(again->session_id));
    CHECK(two.digest(other->session_id) != two.digest(again->session_id));
}

TEST_CASE("without consent nothing but the refusal is recorded", "[flow][nir]") {
    NirStudy nir;
    auto setup = simulated(false);
    setup.spectrum_file = "must-not-be-opened.csv";
    const auto outcome = session::run_nir_session(*nir.study, setup);
    REQUIRE(outcome.has_value());
    CHECK(outcome->outcome == "stopped");
    CHECK_FALSE(outcome->consent_given);
    CHECK_FALSE(outcome->prediction);
    CHECK(outcome->card.headline.contains("refusé"));
    CHECK(nir.kinds(outcome->session_id) == std::vector<std::string>{"session.start", "consent", "session.end"});
    CHECK(json::parse(nir.rows(outcome->session_id)[1].payload)["given"] == false);
    nir.check_verifies();
}

TEST_CASE("a foreign powder is none of those the model knows, and leaves no number", "[flow][nir]") {
    NirStudy nir;
    auto setup = simulated();
    setup.simulated.sample = nir::SimulatedSample::foreign;
    setup.language = "en";
    const auto outcome = session::run_nir_session(*nir.study, setup);
    REQUIRE(outcome.has_value());
    CHECK(outcome->prediction->verdict == nir::Verdict::outside);
    CHECK(outcome->card.headline == "None of those the model knows: no value is given");
    const auto result = json::parse(nir.rows(outcome->session_id)[4].payload);
    CHECK(result["verdict"] == "outside the model: none of these");
    CHECK_FALSE(result.contains("value"));
    nir.check_verifies();
}

TEST_CASE("a spectrum file is judged, and its path stays out of the record", "[flow][nir]") {
    NirStudy nir;
    const auto file = nir.folder / "Jean Fictif.csv";
    REQUIRE(nir::write_file(file, nir::write_csv(nir::simulate_table(nir::SimulatedSample::tablet, 3, 5))).has_value());
    auto setup = simulated();
    setup.spectrum_file = file;
    const auto unclear = session::run_nir_session(*nir.study, setup);
    REQUIRE_FALSE(unclear.has_value());
    CHECK(unclear.error().message.contains("holds 3 spectra"));
    CHECK(nir.kinds("S0001") == std::vector<std::string>{"session.start", "consent", "fault", "session.end"});

    setup.row = 2;
    const auto outcome = session::run_nir_session(*nir.study, setup);
    REQUIRE(outcome.has_value());
    CHECK(outcome->spectrum_source == "file, CSV with ','");
    for (const auto& row : nir.rows("")) CHECK_FALSE(row.payload.contains("Jean"));
    nir.check_verifies();
}

TEST_CASE("a broken spectrum file is a recorded fault and a clear error", "[flow][nir]") {
    NirStudy nir;
    const auto file = nir.folder / "broken.csv";
    std::ofstream(file) << "id,900,901,902\na,1,x,3\n";
    auto setup = simulated();
    setup.spectrum_file = file;
    const auto outcome = session::run_nir_session(*nir.study, setup);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(describe(outcome.error()).starts_with(file + ":2:5: "));
    CHECK(nir.kinds("S0001").back() == "session.end");
    CHECK(json::parse(nir.rows("S0001").back().payload)["outcome"] == "interrupted");
    nir.check_verifies();
}

TEST_CASE("a wrong call records nothing", "[flow][nir]") {
    NirStudy nir;
    const auto before = nir.rows("").size();
    auto stranger = simulated();
    stranger.pseudonym = "P-NONE";
    CHECK_FALSE(session::run_nir_session(*nir.study, stranger).has_value());
    auto no_model = simulated();
    no_model.model_path = "no-such.model";
    CHECK_FALSE(session::run_nir_session(*nir.study, no_model).has_value());
    auto no_form = simulated();
    no_form.consent.form.clear();
    CHECK_FALSE(session::run_nir_session(*nir.study, no_form).has_value());
    CHECK(nir.rows("").size() == before);
}

TEST_CASE("the card says what NIR cannot see, in French and in English", "[flow][nir]") {
    NirStudy nir;
    auto setup = simulated();
    const auto french = session::run_nir_session(*nir.study, setup);
    setup.language = "en";
    const auto english = session::run_nir_session(*nir.study, setup);
    REQUIRE((french && english));
    CHECK(french->card.headline.starts_with("Teneur estimée"));
    CHECK(french->card.headline.contains(","));
    CHECK(english->card.headline.starts_with("Estimated content: "));
    CHECK(french->card.limits.size() == english->card.limits.size());
    CHECK(french->card.limits.size() == 5);
    CHECK(english->card.limits[1].contains("small amount"));
    CHECK(french->card.audience.contains("Jamais montré au patient"));
    // A language changes words, never the record.
    CHECK(nir.rows(french->session_id)[4].payload == nir.rows(english->session_id)[4].payload);
}
