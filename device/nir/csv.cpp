// SPDX-License-Identifier: Apache-2.0
#include "device/nir/read.h"

#include <algorithm>
#include <format>
#include <map>

#include "device/nir/number.h"

namespace accalmie::nir {
namespace {

struct Cell {
    std::string text;
    int line = 1, column = 1;
};
using Record = std::vector<Cell>;

struct Dialect {
    char delimiter = ',';
    std::string words() const {
        return delimiter == '\t' ? "tab separated" : delimiter == ' ' ? "space separated" : std::format("CSV with '{}'", delimiter);
    }
};

// The delimiter that the first line uses outside quotes. ';' and tab win over ',' because then the comma is a decimal sign.
Dialect sniff(std::string_view first_line) {
    std::map<char, int> count;
    bool quoted = false;
    for (const char c : first_line) {
        if (c == '"') quoted = !quoted;
        if (!quoted) ++count[c];
    }
    if (count[';'] > 0) return {';'};
    if (count['\t'] > 0) return {'\t'};
    if (count[','] > 0) return {','};
    return {count[' '] > 0 ? ' ' : ','};
}

// Reads records one after another; quotes as in RFC 4180, also around line ends.
class RecordReader {
public:
    RecordReader(std::string_view bytes, const std::string& name, Dialect dialect) : bytes_(bytes), name_(name), dialect_(dialect) {}

    // False at the end of the file. Blank lines are passed over.
    Result<bool> next(Record& record) {
        record.clear();
        while (at_ < bytes_.size() && (bytes_[at_] == '\n' || bytes_[at_] == '\r')) step();
        if (at_ >= bytes_.size()) return false;
        for (;;) {
            if (dialect_.delimiter == ' ') skip_spaces();
            auto cell = read_cell();
            if (!cell) return std::unexpected(std::move(cell.error()));
            record.push_back(std::move(*cell));
            if (dialect_.delimiter == ' ') skip_spaces();
            if (at_ >= bytes_.size()) return true;
            if (bytes_[at_] == '\n' || bytes_[at_] == '\r') return true;
            if (dialect_.delimiter != ' ') step();
        }
    }

private:
    void step() {
        if (bytes_[at_] == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        }
        ++at_;
    }
    void skip_spaces() {
        while (at_ < bytes_.size() && bytes_[at_] == ' ') step();
    }
    int column() const { return static_cast<int>(at_ - line_start_) + 1; }

    Result<Cell> read_cell() {
        Cell cell{{}, line_, column()};
        if (at_ < bytes_.size() && bytes_[at_] == '"') return read_quoted(std::move(cell));
        const auto start = at_;
        while (at_ < bytes_.size() && bytes_[at_] != dialect_.delimiter && bytes_[at_] != '\n' && bytes_[at_] != '\r') step();
        cell.text = to_utf8(trim(bytes_.substr(start, at_ - start)));
        return cell;
    }

    Result<Cell> read_quoted(Cell cell) {
        step();
        std::string text;
        for (;;) {
            if (at_ >= bytes_.size())
                return std::unexpected(Error{"a quoted cell has no closing quote", "close it with \"", name_, cell.line, cell.column});
            const char c = bytes_[at_];
            step();
            if (c != '"') {
                text += c;
            } else if (at_ < bytes_.size() && bytes_[at_] == '"') {
                text += '"';
                step();
            } else {
                break;
            }
        }
        if (at_ < bytes_.size() && bytes_[at_] != dialect_.delimiter && bytes_[at_] != '\n' && bytes_[at_] != '\r')
            return std::unexpected(Error{"text follows a closing quote", "double a quote that belongs to the text", name_, line_, column()});
        cell.text = to_utf8(text);
        return cell;
    }

    std::string_view bytes_;
    const std::string& name_;
    Dialect dialect_;
    std::size_t at_ = 0, line_start_ = 0;
    int line_ = 1;
};

// A number in the file's dialect: a comma is a decimal sign only where it cannot separate cells.
std::optional<double> number_in(const std::string& text, Dialect dialect) {
    const auto comma = text.find(',');
    if (comma == std::string::npos) return parse_number(text);
    if (dialect.delimiter == ',' || text.find('.') != std::string::npos || text.find(',', comma + 1) != std::string::npos) return std::nullopt;
    std::string point = text;
    point[comma] = '.';
    return parse_number(point);
}

Error at(const Cell& cell, const std::string& name, std::string message, std::string hint) {
    return {std::move(message), std::move(hint), name, cell.line, cell.column};
}

struct Header {
    std::vector<std::size_t> axis_fields, named_fields;
    Axis axis;
};

// Channels without a wavelength: ch1, ch2, ... or V1, V2, ... at the end of the header.
bool channels_by_name(const Record& record, Header& header) {
    const auto split = [](const std::string& text) {
        const auto digits = text.find_last_not_of("0123456789") + 1;
        return std::pair(text.substr(0, digits), parse_integer(std::string_view(text).substr(digits)));
    };
    const auto [prefix, last] = split(record.back().text);
    if (prefix.empty() || !last) return false;
    std::size_t first = record.size() - 1;
    int expected = *last;
    while (first > 0) {
        const auto [before, number] = split(record[first - 1].text);
        if (before != prefix || number != expected - 1) break;
        --first;
        --expected;
    }
    if (record.size() - first < 3) return false;
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (i < first) {
            header.named_fields.push_back(i);
        } else {
            header.axis_fields.push_back(i);
            header.axis.values.push_back(static_cast<double>(expected) + static_cast<double>(i - first));
        }
    }
    header.axis.unit = AxisUnit::channel;
    header.axis.label = "channel";
    return true;
}

Result<Header> read_header(const Record& record, const std::string& name, Dialect dialect) {
    Header header;
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (const auto x = number_in(record[i].text, dialect)) {
            header.axis_fields.push_back(i);
            header.axis.values.push_back(*x);
        } else {
            header.named_fields.push_back(i);
        }
    }
    if (header.axis_fields.size() < 3) {
        Header by_name;
        if (!channels_by_name(record, by_name))
            return std::unexpected(at(record[0], name, "the first row has no axis: fewer than 3 of its cells are wavelengths",
                                      "write the wavelengths in nm over the columns of the spectra, or give two columns, axis and value"));
        return by_name;
    }
    const bool ascending = header.axis.values[1] > header.axis.values[0];
    for (std::size_t i = 1; i < header.axis.values.size(); ++i) {
        const bool good = ascending ? header.axis.values[i] > header.axis.values[i - 1] : header.axis.values[i] < header.axis.values[i - 1];
        if (!good)
            return std::unexpected(at(record[header.axis_fields[i]], name,
                                      std::format("the axis does not go on in one direction: {} after {}", header.axis.values[i], header.axis.values[i - 1]),
                                      "put the channels in order and remove doubled ones"));
    }
    for (std::size_t i = 0; i < header.axis.values.size(); ++i)
        if (header.axis.values[i] <= 0)
            return std::unexpected(at(record[header.axis_fields[i]], name, "a wavelength must be above 0 nm", "correct the header"));
    if (!ascending) {
        std::ranges::reverse(header.axis.values);
        std::ranges::reverse(header.axis_fields);
    }
    return header;
}

Result<void> check_names(const Record& record, const Header& header, const std::string& name) {
    std::map<std::string, int> seen;
    for (const auto i : header.named_fields)
        if (!record[i].text.empty() && ++seen[record[i].text] > 1)
            return std::unexpected(at(record[i], name, std::format("two columns are named '{}'", record[i].text), "give each column a name of its own"));
    return {};
}

Result<double> value_at(const Cell& cell, const std::string& name, Dialect dialect) {
    const auto value = number_in(cell.text, dialect);
    if (!value)
        return std::unexpected(at(cell, name, std::format("'{}' is not a number", cell.text.substr(0, 40)),
                                  "every channel of a spectrum needs a number; a decimal comma needs ';' or a tab between cells"));
    return *value;
}

Result<SpectrumTable> read_wide(RecordReader& reader, const Record& first, const std::string& name, Dialect dialect, const ReadLimits& limits) {
    if (first.size() > limits.channels)
        return std::unexpected(at(first[0], name, std::format("the header has {} cells", first.size()), "a table has at most about a million columns"));
    auto header = read_header(first, name, dialect);
    if (!header) return std::unexpected(std::move(header.error()));
    if (auto unique = check_names(first, *header, name); !unique) return std::unexpected(std::move(unique.error()));

    SpectrumTable table;
    table.file = name;
    table.format = dialect.words();
    table.axis = std::move(header->axis);
    for (const auto i : header->named_fields) table.columns.push_back({first[i].text, {}, {}});
    std::vector<double> values;
    Record record;
    for (;;) {
        auto more = reader.next(record);
        if (!more) return std::unexpected(std::move(more.error()));
        if (!*more) break;
        if (record.size() != first.size())
            return std::unexpected(at(record[0], name, std::format("this row has {} cells, the header has {}", record.size(), first.size()),
                                      "give every row as many cells as the header"));
        if (values.size() + header->axis_fields.size() > limits.cells)
            return std::unexpected(at(record[0], name, "the table is too large", "split it into smaller files"));
        for (const auto i : header->axis_fields) {
            auto value = value_at(record[i], name, dialect);
            if (!value) return std::unexpected(std::move(value.error()));
            values.push_back(*value);
        }
        for (std::size_t c = 0; c < header->named_fields.size(); ++c) {
            const Cell& cell = record[header->named_fields[c]];
            table.columns[c].cells.push_back(cell.text);
            table.columns[c].at_column.push_back(cell.column);
        }
        table.lines.push_back(record[0].line);
    }
    if (table.lines.empty())
        return std::unexpected(at(first[0], name, "there is a header but no spectrum under it", "export at least one spectrum"));
    table.values = Eigen::Map<const Spectra>(values.data(), static_cast<Eigen::Index>(table.lines.size()),
                                             static_cast<Eigen::Index>(header->axis_fields.size()));
    return table;
}

Result<SpectrumTable> read_two_columns(RecordReader& reader, Record record, const std::string& name, Dialect dialect, const ReadLimits& limits) {
    Spectrum spectrum;
    const int first_line = record[0].line;
    for (;;) {
        if (record.size() != 2)
            return std::unexpected(at(record[0], name, std::format("this row has {} cells where the first has 2", record.size()),
                                      "give each row an axis value and a measured value"));
        auto x = value_at(record[0], name, dialect);
        if (!x) return std::unexpected(std::move(x.error()));
        auto y = value_at(record[1], name, dialect);
        if (!y) return std::unexpected(std::move(y.error()));
        auto& axis = spectrum.axis.values;
        const bool turned = axis.size() >= 2 && (axis[1] > axis[0]) != (*x > axis.back());
        if (*x <= 0 || (!axis.empty() && *x == axis.back()) || turned)
            return std::unexpected(at(record[0], name, std::format("the axis does not go on in one direction above 0 at {}", *x),
                                      "put the rows in order of wavelength and remove doubled ones"));
        axis.push_back(*x);
        spectrum.values.push_back(*y);
        if (axis.size() > limits.channels) return std::unexpected(at(record[0], name, "the spectrum has too many channels", "split the file"));
        auto more = reader.next(record);
        if (!more) return std::unexpected(std::move(more.error()));
        if (!*more) break;
    }
    if (spectrum.values.size() < 3)
        return std::unexpected(Error{"a spectrum needs at least 3 channels", "export the whole spectrum", name, first_line, 1});
    if (spectrum.axis.values[1] < spectrum.axis.values[0]) {
        std::ranges::reverse(spectrum.axis.values);
        std::ranges::reverse(spectrum.values);
    }
    auto table = table_of(name, dialect.words() + ", two columns", std::span(&spectrum, 1));
    if (table) table->lines[0] = first_line;
    return table;
}

}  // namespace

Result<SpectrumTable> read_csv(std::string_view bytes, const std::string& name, const ReadLimits& limits) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (bytes.size() > limits.bytes) return std::unexpected(Error{"the file is too large", "split it into smaller files", name, 1, 1});
    const auto start = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    const Dialect dialect = sniff(bytes.substr(start, std::min(bytes.find_first_of("\r\n", start), bytes.size()) - start));
    RecordReader reader(bytes, name, dialect);
    Record first, second;
    auto more = reader.next(first);
    if (more && *more && first.size() == 2) {
        // Two columns: the axis starts in the first row, or under one row of words.
        if (number_in(first[0].text, dialect)) return read_two_columns(reader, std::move(first), name, dialect, limits);
        more = reader.next(second);
        if (more && *more) return read_two_columns(reader, std::move(second), name, dialect, limits);
    }
    if (!more) return std::unexpected(std::move(more.error()));
    if (!*more) return std::unexpected(Error{"there is no spectrum in the file", "export at least one spectrum", name, 1, 1});
    return read_wide(reader, first, name, dialect, limits);
}

std::string write_csv(const SpectrumTable& table) {
    const auto quoted = [](const std::string& text) {
        if (text.find_first_of(",;\"\r\n\t") == std::string::npos) return text;
        std::string out = "\"";
        for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        return out + '"';
    };
    std::string text;
    for (const auto& column : table.columns) text += quoted(column.name) + ',';
    for (std::size_t i = 0; i < table.axis.values.size(); ++i) {
        if (i > 0) text += ',';
        if (table.axis.unit == AxisUnit::channel) text += "ch";
        text += exact(table.axis.values[i]);
    }
    text += '\n';
    for (Eigen::Index row = 0; row < table.rows(); ++row) {
        for (const auto& column : table.columns) text += quoted(column.cells[static_cast<std::size_t>(row)]) + ',';
        for (Eigen::Index channel = 0; channel < table.channels(); ++channel) {
            if (channel > 0) text += ',';
            text += exact(table.values(row, channel));
        }
        text += '\n';
    }
    return text;
}

}  // namespace accalmie::nir
