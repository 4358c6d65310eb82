// SPDX-License-Identifier: Apache-2.0
// Owns: what the ledger knows of collected discussions: the index fields of each (rows corpus.imported and corpus.thread), read back.
// Never: knows a handle, a text of a discussion or its address; writes. Units: dates YYYY-MM-DD.
// Errors: the ledger's. Thread: values, nothing is shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/between/corpus/weeks.h"
#include "clinician/records/study.h"

namespace accalmie::between {

enum class AuthorStatus : std::uint8_t { new_, regular, confirmed };
std::string_view name_of(AuthorStatus status);  // "new", "regular", "confirmed"
std::optional<AuthorStatus> author_status(std::string_view name);

struct Thread {
    std::string id;              // "T0001", in the file's order
    std::string forum, title, date, counted, theme, product;  // counted: the day on which the views were read
    std::int64_t views = 0;
    AuthorStatus status = AuthorStatus::regular;
    std::string author;          // the import's code for the opening author
};

struct Corpus {
    std::string id, sha, utc, by;
    std::vector<Thread> threads;
};

Result<std::vector<Corpus>> read_corpora(const records::Study& study);  // in order of import

}  // namespace accalmie::between
