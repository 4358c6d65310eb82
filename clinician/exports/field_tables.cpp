// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/field_tables.h"

#include "clinician/session/nir_field.h"

namespace accalmie::exports {

Result<std::vector<Table>> field_tables(const records::Study& study) {
    auto checks = session::field_checks(study);
    if (!checks) return std::unexpected(std::move(checks.error()));
    const auto counts = session::count_checks(*checks);
    Table table("substance_checks", "Substance checks",
        "One row a substance check without a patient, by near-infrared spectroscopy. These sessions stand in no other table, so that no exact time lies beside a place.",
        {{"check", "string", "Id of the check, its session in the ledger; it is not in sessions.csv", true},
         {"outcome", "string", "stopped: consent was refused; interrupted: the measurement failed", true, {"completed", "stopped", "interrupted"}},
         {"verdict", "string", "Of all models that were asked; missing when nothing was measured", false, {"identified", "none of these", "more than one is possible"}},
         {"model", "string", "Id of the model that alone accepted the spectrum"},
         {"value", "number", "Content, in the unit of the unit column; missing unless identified"},
         {"unit", "string", "Unit of value, interval_low and interval_high"},
         {"interval_low", "number", "Lower end of the 95 % prediction interval"},
         {"interval_high", "number", "Upper end of the 95 % prediction interval"},
         {"cell", "string", "South-west corner of a square of half a degree, latitude,longitude; kept with consent only, and missing where fewer than 3 checks fell into it"},
         {"week", "string", "ISO week as the person gave it, such as 2026-W47; kept with consent only"},
         {"simulated", "boolean", "Whether the simulated spectrometer measured it", true},
         {"spectrum_source", "string", "Where the spectrum came from"},
         {"spectrum_sha", "string", "Hash of the spectrum, as recorded"}},
        {"check"});
    for (const auto& check : *checks) {
        table.cell(check.session).cell(check.outcome).cell(check.verdict).cell(FreeText{check.model}).cell(check.value).cell(FreeText{check.unit});
        table.cell(check.interval_low).cell(check.interval_high).cell(counts.shows(check.cell) ? check.cell : std::string()).cell(check.week);
        table.cell(std::optional(check.simulated)).cell(FreeText{check.spectrum_source}).cell(FreeText{check.spectrum_sha}).end_row();
    }
    std::vector<Table> tables;
    tables.push_back(std::move(table));
    return tables;
}

}  // namespace accalmie::exports
