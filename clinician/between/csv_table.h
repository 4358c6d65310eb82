// SPDX-License-Identifier: Apache-2.0
// Owns: reading the tables that people bring (diaries, directories, collected discussions): UTF-8 CSV with a header, separated by comma,
// semicolon or tab, as a list of rows that know their line. The CSV grammar itself is libcsv's.
// Never: guesses a missing column, changes a cell beyond trimming the spaces around it. Errors: file:line, what to do. Thread: pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace accalmie::between {

struct CsvLimits {               // a table beyond them is refused before it is kept in memory
    std::size_t bytes = 64u << 20;
    std::size_t rows = 1'000'000;
    std::size_t columns = 200;
};

struct CsvRow {
    int line = 0;                       // where the row starts, from 1
    std::vector<std::string> cells;     // as many as the header has
};

struct CsvTable {
    std::string file;
    std::vector<std::string> header;    // trimmed; a byte order mark is dropped
    std::vector<CsvRow> rows;

    // The column of this name (case does not matter), or -1.
    int column(std::string_view name) const;
    Error error_at(const CsvRow& row, std::string message, std::string hint) const;
};

Result<CsvTable> read_csv_table(const std::string& path, const CsvLimits& limits = {});
Result<CsvTable> parse_csv_table(std::string_view bytes, const std::string& file, const CsvLimits& limits = {});

// A whole text file; refuses folders, unreadable files, files over the limit and bytes that are not UTF-8 (with the line).
Result<std::string> read_text_file(const std::string& path, std::size_t limit);
bool is_utf8(std::string_view bytes);

}  // namespace accalmie::between
