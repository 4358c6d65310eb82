// SPDX-License-Identifier: Apache-2.0
#include "device/nir/spectrum.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <format>

#include "device/nir/number.h"

namespace accalmie::nir {

std::string_view name_of(AxisUnit unit) {
    switch (unit) {
        case AxisUnit::nanometre: return "nm";
        case AxisUnit::channel: return "channel";
        case AxisUnit::other: break;
    }
    return "other";
}

std::string_view name_of(Quantity quantity) {
    switch (quantity) {
        case Quantity::absorbance: return "absorbance";
        case Quantity::transmittance: return "transmittance";
        case Quantity::reflectance: return "reflectance";
        case Quantity::other: break;
    }
    return "other";
}

const Column* SpectrumTable::column(std::string_view name) const {
    const auto found = std::ranges::find(columns, name, &Column::name);
    return found == columns.end() ? nullptr : &*found;
}

std::string SpectrumTable::row_name(Eigen::Index row) const {
    for (const char* name : {"id", "ID", "Id", "sample", "title"})
        if (const auto* c = column(name); c != nullptr) return c->cells[static_cast<std::size_t>(row)];
    return std::format("{}", row + 1);
}

Result<RowSelection> parse_rows(std::string_view text, Eigen::Index rows) {
    RowSelection selection;
    if (trim(text).empty()) {
        for (Eigen::Index i = 0; i < rows; ++i) selection.push_back(i);
        return selection;
    }
    const auto refuse = [&](std::string message) {
        return std::unexpected(Error{std::move(message), std::format("write ranges of rows such as 1-50,55; the file has rows 1-{}", rows)});
    };
    std::vector<bool> taken(static_cast<std::size_t>(rows), false);
    for (std::size_t at = 0; at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto part = trim(text.substr(at, comma - at));
        at = comma + 1;
        const auto dash = part.find('-');
        const auto first = parse_integer(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : parse_integer(part.substr(dash + 1));
        if (!first || !last || *first < 1 || *last < *first) return refuse(std::format("rows '{}' is not a range of rows", part));
        if (*last > rows) return refuse(std::format("row {} is asked for", *last));
        for (Eigen::Index row = *first - 1; row < *last; ++row) {
            if (taken[static_cast<std::size_t>(row)]) return refuse(std::format("row {} is asked for twice", row + 1));
            taken[static_cast<std::size_t>(row)] = true;
            selection.push_back(row);
        }
    }
    return selection;
}

SpectrumTable select_rows(const SpectrumTable& table, const RowSelection& rows) {
    SpectrumTable out;
    out.file = table.file;
    out.format = table.format;
    out.axis = table.axis;
    out.quantity = table.quantity;
    out.metadata = table.metadata;
    out.warnings = table.warnings;
    out.values.resize(static_cast<Eigen::Index>(rows.size()), table.channels());
    for (const auto& column : table.columns) out.columns.push_back({column.name, {}, {}});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto from = static_cast<std::size_t>(rows[i]);
        out.values.row(static_cast<Eigen::Index>(i)) = table.values.row(rows[i]);
        out.lines.push_back(table.lines[from]);
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            out.columns[c].cells.push_back(table.columns[c].cells[from]);
            out.columns[c].at_column.push_back(table.columns[c].at_column[from]);
        }
    }
    return out;
}

Result<Range> parse_range(std::string_view text) {
    const auto colon = text.find(':');
    const auto low = colon == std::string_view::npos ? std::nullopt : parse_number(text.substr(0, colon));
    const auto high = colon == std::string_view::npos ? std::nullopt : parse_number(text.substr(colon + 1));
    if (!low || !high || *low >= *high)
        return std::unexpected(Error{std::format("'{}' is not a range of the axis", text), "write LOW:HIGH, for example 800:1760"});
    return Range{*low, *high};
}

Result<SpectrumTable> cut_range(const SpectrumTable& table, const Range& range) {
    std::vector<Eigen::Index> keep;
    SpectrumTable out = select_rows(table, {});
    out.axis.values.clear();
    for (std::size_t i = 0; i < table.axis.values.size(); ++i) {
        const double x = table.axis.values[i];
        if (x < range.low || x > range.high) continue;
        keep.push_back(static_cast<Eigen::Index>(i));
        out.axis.values.push_back(x);
    }
    if (keep.empty()) {
        const auto [low, high] = std::ranges::minmax(table.axis.values);
        return std::unexpected(Error{std::format("no channel lies between {} and {}", range.low, range.high),
                                     std::format("the axis of the file runs from {} to {} {}", low, high, table.axis.label), table.file});
    }
    out.lines = table.lines;
    out.columns = table.columns;
    out.values = table.values(Eigen::indexing::all, keep);
    return out;
}

Result<SpectrumTable> as_absorbance(SpectrumTable table) {
    if (table.quantity == Quantity::absorbance) return table;
    if (table.quantity == Quantity::other)
        return std::unexpected(Error{"the values are neither absorbance, transmittance nor reflectance",
                                     "export the spectrum as absorbance from the instrument's program", table.file});
    const double full = table.values.maxCoeff() > 2.0 ? 100.0 : 1.0;
    for (Eigen::Index row = 0; row < table.rows(); ++row) {
        for (Eigen::Index channel = 0; channel < table.channels(); ++channel) {
            double& value = table.values(row, channel);
            if (value <= 0)
                return std::unexpected(Error{std::format("{} {} at channel {} has no absorbance", name_of(table.quantity), value, channel + 1),
                                             "cut the range to channels with light", table.file, table.lines[static_cast<std::size_t>(row)]});
            value = -std::log10(value / full);
        }
    }
    table.quantity = Quantity::absorbance;
    return table;
}

Result<std::vector<std::optional<double>>> numbers_of(const SpectrumTable& table, std::string_view name) {
    const auto* column = table.column(name);
    if (column == nullptr) {
        std::string known;
        for (const auto& c : table.columns) known += (known.empty() ? "" : ", ") + c.name;
        return std::unexpected(Error{std::format("there is no column '{}'", name),
                                     known.empty() ? "the file has only spectra" : "the columns are: " + known, table.file, 1});
    }
    std::vector<std::optional<double>> numbers;
    for (std::size_t i = 0; i < column->cells.size(); ++i) {
        std::string cell(trim(column->cells[i]));
        if (cell.empty() || cell == "NA" || cell == "NaN" || cell == "nan") {
            numbers.push_back(std::nullopt);
            continue;
        }
        if (cell.find('.') == std::string::npos) std::ranges::replace(cell, ',', '.');
        const auto value = parse_number(cell);
        if (!value)
            return std::unexpected(Error{std::format("'{}' in column '{}' is not a number", column->cells[i], name),
                                         "correct the cell, or leave it empty when the value is not known", table.file, table.lines[i],
                                         column->at_column[i]});
        numbers.push_back(value);
    }
    return numbers;
}

Result<SpectrumTable> table_of(std::string file, std::string format, std::span<const Spectrum> spectra) {
    SpectrumTable table;
    table.file = std::move(file);
    table.format = std::move(format);
    if (spectra.empty()) return std::unexpected(Error{"there is no spectrum in it", "export at least one spectrum", table.file});
    table.axis = spectra[0].axis;
    table.quantity = spectra[0].quantity;
    table.metadata = spectra[0].metadata;
    table.values.resize(static_cast<Eigen::Index>(spectra.size()), static_cast<Eigen::Index>(spectra[0].values.size()));
    for (std::size_t i = 0; i < spectra.size(); ++i) {
        if (spectra[i].axis.values != table.axis.values || spectra[i].axis.unit != table.axis.unit || spectra[i].quantity != table.quantity)
            return std::unexpected(Error{std::format("spectrum {} has another axis or unit than the first", i + 1),
                                         "put spectra of different kinds into files of their own", table.file});
        table.values.row(static_cast<Eigen::Index>(i)) =
            Eigen::Map<const Eigen::RowVectorXd>(spectra[i].values.data(), static_cast<Eigen::Index>(spectra[i].values.size()));
        table.lines.push_back(1);
    }
    return table;
}

}  // namespace accalmie::nir
