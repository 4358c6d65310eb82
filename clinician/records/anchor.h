// SPDX-License-Identifier: Apache-2.0
// Owns: study.db.head, the last closed head of the ledger, sealed with a key derived from the study's. A chain alone does not show that
// its tail was cut; the anchor does, back to the last session end. Private to clinician/records.
#pragma once

#include "clinician/records/ledger.h"

namespace accalmie::records {

struct Anchor {
    std::int64_t sequence = 0;
    Hash head{};
};

Key anchor_key(const Key& study_key);
Result<void> write_anchor(const std::string& database_path, const Anchor& anchor, const Key& anchor_key);
// An Error when it is missing or was altered.
Result<Anchor> read_anchor(const std::string& database_path, const Key& anchor_key);

}  // namespace accalmie::records
