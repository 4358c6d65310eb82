// SPDX-License-Identifier: Apache-2.0
// Owns: taking typed values out of a TOML table with the place of every mistake. For parsers of this room and of scene files.
// Never: throws; a wrong value becomes a finding and the caller goes on with a default, so that one run names every mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.hpp>

#include "protocols/plan.h"

namespace accalmie::protocols {

struct Place {
    int line = 0;
    int column = 0;
};
Place place_of(const toml::node& node);

struct Findings {
    std::string file;
    std::vector<Error> errors;
    std::vector<Error> warnings;

    void error(Place place, std::string message, std::string hint = {});
    void warning(Place place, std::string message, std::string hint = {});
};

// An error is one line: control characters that came from the file become question marks.
std::string one_line(std::string_view text);

// "did you mean 'x'?" when one of the candidates is near, else "known: a, b, c".
std::string suggestion(std::string_view written, const std::vector<std::string>& candidates);

// "5 min", "90 s", "250 ms", "1 h", and sums of these such as "1 min 30 s".
std::optional<std::int64_t> parse_duration(std::string_view text);

// Lower-case letters, digits and dashes, a letter first: identifiers of protocols, steps, instruments, and scene folders.
bool is_identifier(std::string_view text);

class TableReader {
public:
    TableReader(const toml::table& table, std::string name, Findings& findings) : table_(table), name_(std::move(name)), findings_(findings) {}

    Place place() const { return place_of(table_); }
    Place place_of_key(std::string_view key) const;  // of its value; the table's when it is missing
    const std::string& name() const { return name_; }
    bool has(std::string_view key) const { return table_.contains(key); }

    // Each marks the key as known. A missing required key is a finding whose hint is `example`.
    const toml::node* take(std::string_view key, std::string_view example, bool required);
    std::optional<std::string> string(std::string_view key, std::string_view example, bool required = true);
    std::optional<std::string> identifier(std::string_view key, std::string_view example);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high, std::string_view example, bool required = true);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> duration(std::string_view key, std::string_view example, bool required = true, std::int64_t least_ms = 1);
    std::optional<double> percent(std::string_view key, std::string_view example, bool required = true);
    std::optional<Text> text(std::string_view key, std::string_view example, bool required = true);
    const toml::table* table(std::string_view key, std::string_view example, bool required = true);
    const toml::array* array(std::string_view key, std::string_view example, bool required = true);

    // Every key that was not taken is a finding.
    void refuse_unknown_keys();

private:
    void wrong_kind(const toml::node& node, std::string_view key, std::string_view wanted, std::string_view example);

    const toml::table& table_;
    std::string name_;  // as the file writes it: "[safety]", "step 'bar'"
    Findings& findings_;
    std::vector<std::string> known_;
};

}  // namespace accalmie::protocols
