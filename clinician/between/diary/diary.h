// SPDX-License-Identifier: Apache-2.0
// Owns: the diary as the study keeps it: taking a file into it (rows diary.imported and diary.entry, one transaction) and reading one
// patient's entries back. Never: doubles an entry that is there already, keeps half a file, guesses whose diary it is.
// Errors: an unknown pseudonym, an account without the right, the ledger's. Thread: one owner.
#pragma once

#include <string>
#include <vector>

#include "clinician/between/diary/diary_file.h"
#include "clinician/records/accounts.h"

namespace accalmie::between {

struct ImportedDiary {
    std::size_t entries = 0, new_entries = 0;
};
// Needs record_clinical. `sha`: BLAKE2b-256 of the file, in hex. A file without a new entry writes nothing.
Result<ImportedDiary> import_diary(records::Study& study, const records::Account& account, const std::string& pseudonym, const DiaryFile& file, const std::string& sha);

struct KeptEntry {
    std::int64_t sequence = 0;
    std::string pseudonym;
    DiaryEntry entry;
};
Result<std::vector<KeptEntry>> read_diary(const records::Study& study, const std::string& pseudonym = {});  // by time; "": everybody's
Result<void> know_patient(const records::Study& study, const std::string& pseudonym);                        // an Error says who there is

}  // namespace accalmie::between
