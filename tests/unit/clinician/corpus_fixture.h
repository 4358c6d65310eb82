// SPDX-License-Identifier: Apache-2.0
// Owns: the shipped collection of invented discussions, its handles, and a study to take it into.
#pragma once

#include <set>

#include "clinician/between/corpus/import.h"
#include "clinician/between/csv_table.h"
#include "records_fixture.h"

namespace accalmie::test {

inline const std::string kDiscussions = std::string(ACCALMIE_SOURCE_DIR) + "/assets/samples/discussions.csv";

inline std::set<std::string> handles_of_sample() {
    const auto table = records::test::must(between::read_csv_table(kDiscussions));
    std::set<std::string> handles;
    for (const auto& row : table.rows) handles.insert(row.cells[static_cast<std::size_t>(table.column("author"))]);
    return handles;
}

struct CorpusStudy {
    records::test::Folder folder;
    records::Study study = records::test::new_study(folder / "study", records::test::key_of(7));
    records::Account researcher{"data", records::AccountRole::data_manager}, clinician{"a.martin", records::AccountRole::clinician},
        nurse{"nurse", records::AccountRole::operator_}, assessor{"assessor", records::AccountRole::assessor};

    // Every payload of the study, one a line.
    std::string payloads() const {
        std::string all;
        records::test::must(study.ledger().read("", [&](const records::Row& row) { all += row.kind + " " + row.payload + "\n"; }));
        return all;
    }
    std::size_t rows() const {
        std::size_t count = 0;
        records::test::must(study.ledger().read("", [&](const records::Row&) { ++count; }));
        return count;
    }
};

}  // namespace accalmie::test
