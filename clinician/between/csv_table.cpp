// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/csv_table.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <set>

#include <csv.h>

namespace accalmie::between {
namespace {

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return std::string(text);
}

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

// The separator that the header has most of, outside quotes.
char separator_of(std::string_view bytes) {
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (const char c : bytes) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n') break;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    return semicolons > commas && semicolons >= tabs ? ';' : tabs > commas ? '\t' : ',';
}

// What libcsv tells while it reads. Its callbacks are C: nothing may be thrown through them.
struct Reader {
    std::vector<CsvRow> rows;
    std::vector<std::string> cells;
    const CsvLimits* limits = nullptr;
    int line = 1, row_line = 0;
    bool too_wide = false, too_long = false;

    static void cell(void* bytes, std::size_t length, void* self) {
        auto& reader = *static_cast<Reader*>(self);
        if (reader.cells.size() >= reader.limits->columns) {
            reader.too_wide = true;
            return;
        }
        reader.cells.push_back(trimmed({static_cast<const char*>(bytes), length}));
    }
    static void row(int, void* self) {
        auto& reader = *static_cast<Reader*>(self);
        if (reader.rows.size() > reader.limits->rows) reader.too_long = true;
        else if (std::ranges::any_of(reader.cells, [](const std::string& each) { return !each.empty(); })) reader.rows.push_back({reader.row_line ? reader.row_line : reader.line, std::move(reader.cells)});  // a lone carriage return ends a row too
        reader.cells.clear();
        reader.row_line = 0;
    }
};

struct Parser {
    csv_parser state{};
    bool ready = csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) == 0;
    ~Parser() {
        if (ready) csv_free(&state);
    }
};

std::unexpected<Error> wrong(const std::string& file, int line, std::string message, std::string hint) {
    return std::unexpected(Error{std::move(message), std::move(hint), file, line});
}

// One line at a time, so that a row knows where it starts.
Result<std::vector<CsvRow>> rows_of(std::string_view bytes, const std::string& file, const CsvLimits& limits) {
    Parser parser;
    if (!parser.ready) return wrong(file, 0, "the CSV reader does not start", "");
    csv_set_delim(&parser.state, static_cast<unsigned char>(separator_of(bytes)));
    Reader reader;
    reader.limits = &limits;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
        if (reader.row_line == 0 && piece.find_first_not_of("\r\n") != std::string_view::npos) reader.row_line = reader.line;
        if (csv_parse(&parser.state, piece.data(), piece.size(), &Reader::cell, &Reader::row, &reader) != piece.size())
            return wrong(file, reader.line, "a quotation mark stands where none may: " + std::string(csv_strerror(csv_error(&parser.state))),
                         "put the whole cell in \"...\" and write a mark inside it twice");
        if (reader.too_wide) return wrong(file, reader.line, std::format("more than {} columns", limits.columns), "is this the table that you meant?");
        if (reader.too_long) return wrong(file, reader.line, std::format("more than {} rows", limits.rows), "split the table");
        bytes.remove_prefix(piece.size());
        ++reader.line;
    }
    const int opened = reader.row_line ? reader.row_line : reader.line;
    if (csv_fini(&parser.state, &Reader::cell, &Reader::row, &reader) != 0)
        return wrong(file, opened, "a quoted cell that starts here never ends", "close it with a quotation mark");
    return std::move(reader.rows);
}

}  // namespace

int CsvTable::column(std::string_view name) const {
    const auto found = std::ranges::find_if(header, [&](const std::string& each) { return same_word(each, name); });
    return found == header.end() ? -1 : static_cast<int>(found - header.begin());
}

Error CsvTable::error_at(const CsvRow& row, std::string message, std::string hint) const { return {std::move(message), std::move(hint), file, row.line}; }

bool is_utf8(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 9;
        if (more == 9 || i + more >= bytes.size()) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(bytes[i + k]);
            if ((next & 0xC0) != 0x80) return false;
            // neither overlong forms nor surrogates nor code points beyond the last
            if (k == 1 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) || (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F))) return false;
        }
        i += more + 1;
    }
    return true;
}

Result<std::string> read_text_file(const std::string& path, std::size_t limit) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) return wrong(path, 0, "there is no such file", "check the path");
    if (const auto size = std::filesystem::file_size(path, failure); failure || size > limit)
        return wrong(path, 0, std::format("the file is larger than {} MiB", limit >> 20), "is this the file that you meant?");
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) return wrong(path, 0, "the file cannot be read", "check its rights");
    int line = 1;
    for (std::string_view rest = bytes; !rest.empty(); ++line) {
        const std::string_view piece = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
        if (!is_utf8(piece) || piece.contains('\0')) return wrong(path, line, "this line is not UTF-8 text", "save the file as UTF-8");
        rest.remove_prefix(piece.size());
    }
    return bytes;
}

Result<CsvTable> parse_csv_table(std::string_view bytes, const std::string& file, const CsvLimits& limits) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    auto rows = rows_of(bytes, file, limits);
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (rows->empty()) return wrong(file, 1, "the table is empty", "its first line has to name the columns");
    CsvTable table{file, std::move(rows->front().cells), {}};
    const int header_line = rows->front().line;
    std::set<std::string> names;
    for (const std::string& name : table.header) {
        std::string lower = name;
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (!name.empty() && !names.insert(lower).second) return wrong(file, header_line, "two columns are called '" + name + "'", "give each column its own name");
    }
    rows->erase(rows->begin());
    for (CsvRow& row : *rows) {
        // Spreadsheets leave empty cells away at the end of a line, or write too many separators.
        while (row.cells.size() > table.header.size() && row.cells.back().empty()) row.cells.pop_back();
        if (row.cells.size() > table.header.size())
            return wrong(file, row.line, std::format("{} cells, but the header names {} columns", row.cells.size(), table.header.size()),
                         "put a cell that holds the separator in \"...\"");
        row.cells.resize(table.header.size());
    }
    table.rows = std::move(*rows);
    return table;
}

Result<CsvTable> read_csv_table(const std::string& path, const CsvLimits& limits) {
    auto bytes = read_text_file(path, limits.bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return parse_csv_table(*bytes, path, limits);
}

}  // namespace accalmie::between
