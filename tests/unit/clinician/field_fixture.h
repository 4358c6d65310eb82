// SPDX-License-Identifier: Apache-2.0
// Owns: a study with an operator and the substance checks that the tests make in it, all with the simulated spectrometer.
#pragma once

#include <optional>

#include "clinician/session/nir_field.h"
#include "records_fixture.h"

namespace accalmie::records::test {

struct FieldStudy {
    Folder folder;
    Key key = key_of(3);
    std::optional<Study> study = new_study(folder / "study", key);
    Account nurse{.name = "nurse", .role = AccountRole::operator_};

    static std::vector<std::string> shipped() {
        const std::string models = ACCALMIE_SOURCE_DIR "/device/nir/models/";
        return {models + "simulated-powder.model", models + "simulated-tablet.model"};
    }
    session::FieldCheck run(const session::FieldSetup& setup) { return must(session::run_field_check(*study, nurse, setup)).check; }
    session::FieldCheck check(nir::SimulatedSample sample, std::uint64_t seed, std::optional<session::FieldPlace> place = std::nullopt, bool place_consent = true) {
        return run({.sample = {.simulated = {.sample = sample}, .seed = seed}, .models = shipped(), .consent = true, .place = std::move(place), .place_consent = place_consent});
    }
    session::FieldCheck refuse() { return run({.sample = {.spectrum_file = "must-not-be-opened.csv"}, .models = shipped(), .place = session::FieldPlace{48.7, 2.2, "2026-W47"}, .place_consent = true}); }
    std::vector<Row> rows(const std::string& session) const {
        std::vector<Row> rows;
        must(study->ledger().read(session, [&](const Row& row) { rows.push_back(row); }));
        return rows;
    }
    std::vector<std::string> kinds(const std::string& session) const {
        std::vector<std::string> kinds;
        for (const auto& row : rows(session)) kinds.push_back(row.kind);
        return kinds;
    }
};

}  // namespace accalmie::records::test
