// SPDX-License-Identifier: Apache-2.0
// Owns: a substance check without a patient: one sample, measured once, judged by several models, with the consent that allowed it, and
// what is later read back from the ledger about all such checks (list, counts, cells).
// Never: a pseudonym, a name or a file's name anywhere in the session; a measurement before consent is on disk; a number for what was not
// identified; a place without a consent of its own.
// Rows, each on disk before the next step: session.start (kind "nir-field", pseudonym ""), consent (form "nir-field"), where a place was
// offered consent (form "nir-field-place"), nir.spectrum, nir.values, nir.result, nir.place (only with that consent), session.end. A
// refusal leaves session.start, consent {"given":false} and session.end {"outcome":"stopped"}; a failure a fault and "interrupted".
//
// Place: the south-west corner of a square of half a degree, such as "48.5,2.0": 55 km from south to north; from west to east 35 to 41 km
// in mainland France, up to 55 km overseas. Week: the ISO week as the person gave it, "2026-W47". Both are off unless given with consent.
// Limit, stated: the ledger's own rows carry the exact time at which they were written, and other sessions stand before and after. Whoever
// holds the study's key sees when a check was entered; coarse is what screens, tables and cards tell. Cells with fewer than
// kFewestInCell checks are not told singly by any of them.
// Errors: a wrong place, week, consent or model (nothing recorded); an unreadable spectrum (recorded as a fault).
// Units: session time in ms, degrees, the models' own for values. Thread: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/records/accounts.h"
#include "clinician/session/nir_measure.h"
#include "device/nir/identify.h"

namespace accalmie::session {

inline constexpr std::string_view kFieldKind = "nir-field", kFieldPlaceForm = "nir-field-place";
inline constexpr double kCellDegrees = 0.5;
inline constexpr int kFewestInCell = 3;

struct FieldPlace {
    double latitude_deg = 0, longitude_deg = 0;       // never recorded: only the square they lie in
    std::string week;                                 // "2026-W47"
};
Result<std::string> cell_of(double latitude_deg, double longitude_deg);   // "48.5,2.0"; refuses what is not on the earth
struct CellCorner {
    double south_deg = 0, west_deg = 0;
};
std::optional<CellCorner> corner_of(std::string_view cell);
bool is_iso_week(std::string_view text);              // a week that the year has: 2026-W53 is one, 2025-W53 is none

struct FieldSetup {
    SampleSource sample;
    std::vector<std::string> models;                  // files or shipped names; empty: all that ship
    bool consent = false;                             // this sample, one measurement
    std::optional<FieldPlace> place;                  // offered; kept only with place_consent
    bool place_consent = false;
};

// A check as the ledger tells it.
struct FieldCheck {
    std::string session, outcome;                     // "completed", "stopped" (refused), "interrupted"
    bool consent = false, simulated = false;
    std::string verdict;                              // nir::name_of(Identity); "" where nothing was judged
    std::string model, unit;                          // the one identified
    std::optional<double> value, interval_low, interval_high;
    std::vector<std::string> judged;                  // ids of the models that were asked and could judge
    std::string spectrum_source, spectrum_sha;
    std::string cell, week;                           // "" unless kept
};

struct FieldOutcome {
    FieldCheck check;
    std::vector<std::string> notes;                   // of the reader, interpolation, models that could not judge
};
Result<FieldOutcome> run_field_check(records::Study& study, const records::Account& account, const FieldSetup& setup);

// Every check of the study, in order. Who shows a cell asks FieldCounts::shows first.
Result<std::vector<FieldCheck>> field_checks(const records::Study& study);
struct KeptSpectrum {
    std::vector<double> axis, values;
    std::string unit, quantity;
};
Result<std::optional<KeptSpectrum>> spectrum_of(const records::Study& study, const std::string& session);

struct CellCount {
    std::string cell;
    int checks = 0;                                   // at least kFewestInCell
};
struct FieldCounts {
    int identified = 0, none = 0, several = 0, refused = 0, interrupted = 0;
    std::vector<CellCount> cells;                     // by name
    int in_small_cells = 0;                           // checks in cells with fewer than kFewestInCell
    int without_place = 0;                            // judged, and no place was kept
    bool shows(std::string_view cell) const;          // whether this cell may be told
};
FieldCounts count_checks(std::span<const FieldCheck> checks);

}  // namespace accalmie::session
