// SPDX-License-Identifier: Apache-2.0
// Owns: the spectrum and the table of spectra that every reader returns and every method takes.
// Never: touches a file. Units: axis in nm where the source has wavelengths or wavenumbers, else as its unit says; absorbance in AU
// unless `quantity` says otherwise. A nanometre axis always ascends. Thread: values, no shared state.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "device/error.h"

namespace accalmie::nir {

using device::Error;
using device::Result;

// One row is one spectrum.
using Spectra = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

enum class AxisUnit : std::uint8_t { nanometre, channel, other };
enum class Quantity : std::uint8_t { absorbance, transmittance, reflectance, other };
std::string_view name_of(AxisUnit unit);
std::string_view name_of(Quantity quantity);

struct Axis {
    std::vector<double> values;       // strictly monotonic
    AxisUnit unit = AxisUnit::nanometre;
    std::string label = "nm";         // the source's own words for `other`
};

struct Spectrum {
    Axis axis;
    Quantity quantity = Quantity::absorbance;
    std::vector<double> values;
    std::vector<std::pair<std::string, std::string>> metadata;  // title, origin, date, ... in UTF-8
};

struct Column {                       // what stands beside the spectra: reference values, sample names, groups
    std::string name;
    std::vector<std::string> cells;   // one a row, as written
    std::vector<int> at_column;       // 1-based text column of each cell
};

struct SpectrumTable {
    std::string file;
    std::string format;               // "CSV, ';' and decimal ','", "JCAMP-DX 5.0"
    Axis axis;
    Quantity quantity = Quantity::absorbance;
    Spectra values;
    std::vector<int> lines;           // 1-based line of the file where each row starts
    std::vector<Column> columns;
    std::vector<std::pair<std::string, std::string>> metadata;
    std::vector<std::string> warnings;

    Eigen::Index rows() const { return values.rows(); }
    Eigen::Index channels() const { return values.cols(); }
    const Column* column(std::string_view name) const;
    std::string row_name(Eigen::Index row) const;  // the id column's cell, else the row number
};

// Rows of a table, 0-based, in the order asked for.
using RowSelection = std::vector<Eigen::Index>;
Result<RowSelection> parse_rows(std::string_view text, Eigen::Index rows);  // "1-50,55"; "" is every row
SpectrumTable select_rows(const SpectrumTable& table, const RowSelection& rows);

struct Range { double low = 0, high = 0; };
Result<Range> parse_range(std::string_view text);                                  // "800:1760"
Result<SpectrumTable> cut_range(const SpectrumTable& table, const Range& range);   // both ends included

// Absorbance from transmittance or reflectance: -log10, percent recognised by values above 2. Refuses other quantities.
Result<SpectrumTable> as_absorbance(SpectrumTable table);

// The numeric cells of a column; a cell that is empty, NA or NaN gives no value, anything else that is not a number is an error.
Result<std::vector<std::optional<double>>> numbers_of(const SpectrumTable& table, std::string_view column);

// Table of one or more spectra with one common axis.
Result<SpectrumTable> table_of(std::string file, std::string format, std::span<const Spectrum> spectra);

}  // namespace accalmie::nir
