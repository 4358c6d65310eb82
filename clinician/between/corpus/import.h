// SPDX-License-Identifier: Apache-2.0
// Owns: taking a file of collected discussions into a study: all of it or nothing (rows corpus.imported and corpus.thread, one transaction).
// Handles end here. Each becomes "A" and 12 hexadecimal digits of a BLAKE2b over forum and handle under a random key that is wiped when the
// import ends: the code tells that two discussions have one author, and nobody, we included, gets from it to the handle or recognises it in
// another import. (A001, A002 by first appearance would give the handles back to whoever has the file's order.) The same handle on two forums
// counts as two authors. A one-word handle of the file that stands in a title is replaced there too.
// Never: writes a handle, an address or a text of a discussion; takes the same file twice; goes to the network.
// Errors: file:line of the first thing wrong; needs study_corpus. Thread: one owner.
#pragma once

#include <cstddef>
#include <string>

#include "clinician/between/corpus/thread_file.h"
#include "clinician/records/accounts.h"

namespace accalmie::between {

struct ImportedCorpus {
    std::string id, sha;
    std::size_t threads = 0, authors = 0;
    std::size_t titles_changed = 0;  // titles that named an author
};

// `id`: 1 to 32 of A-Z, a-z, 0-9, - and _; empty: C001, C002, ...
Result<ImportedCorpus> import_corpus(records::Study& study, const records::Account& account, const std::string& path, const std::string& id = {});

}  // namespace accalmie::between
