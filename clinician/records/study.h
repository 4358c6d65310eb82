// SPDX-License-Identifier: Apache-2.0
// Owns: a study folder: study.db (the ledger, pseudonymous), identity.db (names, another key derived for it), exports/, streams/.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clinician/records/ledger.h"

namespace accalmie::records {

struct StudyInfo {
    std::string id, title, site, language = "fr";
    bool rehearsal = false;   // a throw-away study against the simulated patient
};

struct SessionSummary {
    std::string id;           // "S0001"
    std::string pseudonym;    // "P-7Q4K"; empty for a substance check without a patient
    std::string kind;         // "exposure", "nir", "nir-field"
    std::string protocol;
    std::string started_utc;
    std::string outcome;      // "completed", "stopped", "interrupted" (no end row), ...
    std::int64_t rows = 0;
};

class Study {
public:
    static Result<Study> create(const std::string& directory, const StudyInfo& info, const Key& key);
    static Result<Study> open(const std::string& directory, const Key& key, bool read_only = false);

    const std::string& directory() const { return directory_; }
    const StudyInfo& info() const { return info_; }
    Ledger& ledger() { return ledger_; }
    const Ledger& ledger() const { return ledger_; }

    // A patient is a pseudonym in study.db; the name, when there is one, goes to identity.db only.
    // Pseudonyms are random; a given one serves the seeded demo, whose digests must not depend on chance.
    Result<std::string> add_patient(const std::string& name_or_empty);
    Result<std::string> add_patient(const std::string& name_or_empty, const std::string& given_pseudonym);
    Result<std::vector<std::string>> patients() const;    // pseudonyms, in order of entry
    Result<std::string> next_session_id() const;
    Result<std::vector<SessionSummary>> sessions() const;
    const Key& streams_key() const { return streams_; }  // for records/stream.h

private:
    Study(std::string directory, StudyInfo info, Ledger ledger, const Key& identity, const Key& streams)
        : directory_(std::move(directory)), info_(std::move(info)), ledger_(std::move(ledger)), identity_(identity), streams_(streams) {}
    std::string directory_;
    StudyInfo info_;
    Ledger ledger_;
    Key identity_, streams_;
};

// The key of identity.db: a subkey of the study's, so that neither file opens with the other's key.
Key identity_key(const Key& study_key);

}  // namespace accalmie::records
