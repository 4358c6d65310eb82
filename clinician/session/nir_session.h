// SPDX-License-Identifier: Apache-2.0
// Owns: a verification session: one sample of one pseudonym, measured once, judged by one model, with the consent that allowed it.
// Never: reads or measures a spectrum before consent is on disk; gives a value for a spectrum that the model does not know; puts a result
// before a patient during an exposure (the card is for the team, and the player has no way to show it).
// Rows, each on disk before the next step: session.start, consent, then nir.spectrum, nir.values, nir.result, session.end. A refusal
// leaves session.start, consent {"given":false} and session.end {"outcome":"stopped"}. A spectrum that cannot be read or judged leaves a
// fault and session.end {"outcome":"interrupted"}. Thread: one owner. Units: session time in ms, the model's own for values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clinician/records/study.h"
#include "device/nir/model.h"
#include "device/nir/simulated.h"

namespace accalmie::session {

struct Consent {
    std::string form = "nir-verification";
    int version = 1;
    std::string scope = "one sample, one measurement, result to the clinical team";
    bool given = false;
};

struct NirSessionSetup {
    std::string pseudonym;
    std::string account = "clinician";
    Consent consent;
    std::string spectrum_file;                        // CSV or JCAMP-DX; empty: the simulated spectrometer measures `simulated`
    int row = 0;                                      // which spectrum of the file, from 1; 0: it holds only one
    nir::SimulatedScan simulated;
    std::uint64_t seed = 1;                           // of the simulated spectrometer
    std::string model_path = "simulated-tablet";      // a file, or the name of a shipped model
    std::string language = "fr";
};

// What the team reads, already in its language.
struct ResultCard {
    std::string title, headline;
    std::vector<std::string> explanation;             // what the verdict means and why
    std::vector<std::string> limits;                  // what NIR cannot see
    std::string audience;                             // whom the card is for
};

struct NirOutcome {
    std::string session_id;
    std::string outcome;                              // "completed", or "stopped" where consent was refused
    bool consent_given = false;
    std::string model_id, target, unit;
    std::string spectrum_source, spectrum_sha;        // as recorded
    std::optional<nir::Prediction> prediction;        // none without consent; its value is for display only when the verdict is inside
    std::vector<std::string> notes;                   // warnings of the reader, interpolation
    ResultCard card;
};

// Errors: unknown patient, unreadable model or study (nothing recorded), unreadable spectrum (recorded as a fault).
Result<NirOutcome> run_nir_session(records::Study& study, const NirSessionSetup& setup);

// "fr" or "en" (also fr-FR, en_GB).
std::string verdict_words(nir::Verdict verdict, const std::string& language);
ResultCard result_card(const nir::Model& model, const nir::Prediction& prediction, bool simulated, const std::string& language);
ResultCard refusal_card(const std::string& language);

}  // namespace accalmie::session
