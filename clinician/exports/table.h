// SPDX-License-Identifier: Apache-2.0
// Owns: a table that knows its columns, and its two forms: RFC 4180 text and a Frictionless resource. Private to clinician/exports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace accalmie::exports {

struct Field {
    std::string_view name, type, description;   // type as Table Schema names it; the unit is in the description
    bool required = false;
    std::vector<std::string_view> values = {};  // the only ones allowed; empty: any
};

// Text that a person typed: a spreadsheet must not run it, so a leading = + - @ gets an apostrophe before it.
struct FreeText {
    std::string text;
};

class Table {
public:
    Table(std::string_view name, std::string_view title, std::string_view description, std::vector<Field> fields, std::vector<std::string_view> primary_key);

    Table& cell(std::string_view text);
    Table& cell(const FreeText& text);
    Table& cell(std::int64_t value);
    Table& cell(std::optional<std::int64_t> value);
    Table& cell(std::optional<double> value);
    Table& cell(std::optional<bool> value);
    void end_row();  // the row has to have a cell for every field

    std::string_view name() const { return name_; }
    std::string_view description() const { return description_; }
    std::size_t rows() const { return rows_; }
    bool whole() const { return whole_; }
    const std::string& csv() const { return csv_; }
    nlohmann::json resource() const;

private:
    Table& put(std::string_view text);
    std::string_view name_, title_, description_;
    std::vector<Field> fields_;
    std::vector<std::string_view> primary_key_;
    std::string csv_;
    std::size_t cells_ = 0, rows_ = 0;
    bool whole_ = true;
};

}  // namespace accalmie::exports
