// SPDX-License-Identifier: Apache-2.0
// Owns: turning a table of services (open CSV in the form of FINESS extracts) into services, and every line that is wrong, with its place.
// Columns: nofinesset, rs, type, codepostal, commune are needed; rslongue, numvoie, typvoie, voie, departement, telephone, latitude,
// longitude, age_min, age_max, products, opening are taken where they are. Another file's names are mapped: {"rs", "nom"} reads ours from
// theirs. Products are separated by | , or ; in their cell. Never: guesses a place or a type, opens the network. Thread: pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "clinician/between/csv_table.h"
#include "clinician/between/directory/service.h"

namespace accalmie::between {

using ColumnNames = std::map<std::string, std::string, std::less<>>;  // ours -> theirs

struct DirectoryFile {
    std::vector<Service> services;   // the right lines, in the file's order
    std::vector<Error> problems;     // the wrong ones, in the file's order, each with file:line and what to do
};

// "rs=nom": an Error says what can be mapped.
Result<ColumnNames> parse_column_names(const std::vector<std::string>& assignments);
// The Error is about the table as a whole: a column that is needed and missing.
Result<DirectoryFile> read_directory_file(const CsvTable& table, const ColumnNames& names = {});

}  // namespace accalmie::between
