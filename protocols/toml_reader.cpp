// SPDX-License-Identifier: Apache-2.0
#include "protocols/toml_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <numeric>

namespace accalmie::protocols {
namespace {

constexpr std::int64_t kLongestDuration_ms = 4LL * 3600 * 1000;

std::string_view kind_in_words(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "an array";
        case toml::node_type::string: return "a text";
        case toml::node_type::integer: return "a whole number";
        case toml::node_type::floating_point: return "a number with a point";
        case toml::node_type::boolean: return "true or false";
        default: return "a date or a time";
    }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string_view skip_spaces(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

std::string in_quotes(std::string_view text) { return std::format("'{}{}'", one_line(text.substr(0, 40)), text.size() > 40 ? "..." : ""); }

}  // namespace

Place place_of(const toml::node& node) {
    return {static_cast<int>(node.source().begin.line), static_cast<int>(node.source().begin.column)};
}

void Findings::error(Place place, std::string message, std::string hint) {
    errors.push_back({std::move(message), std::move(hint), file, place.line, place.column});
}

void Findings::warning(Place place, std::string message, std::string hint) {
    warnings.push_back({std::move(message), std::move(hint), file, place.line, place.column});
}

std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return line;
}

std::string suggestion(std::string_view written, const std::vector<std::string>& candidates) {
    const std::string* nearest = nullptr;
    std::size_t least = 0;
    for (const std::string& candidate : candidates) {
        if (written.size() > 2 * candidate.size() + 8) continue;  // nothing like it, and the distance would be slow to find
        const std::size_t distance = edit_distance(written, candidate);
        if (distance > std::max<std::size_t>(1, candidate.size() / 3)) continue;
        if (nearest == nullptr || distance < least) {
            nearest = &candidate;
            least = distance;
        }
    }
    if (nearest != nullptr) return std::format("did you mean '{}'?", *nearest);
    if (candidates.empty()) return {};
    std::string list = "known: ";
    for (const std::string& candidate : candidates) list += (&candidate == &candidates.front() ? "" : ", ") + candidate;
    return list;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
    std::int64_t total = 0;
    text = skip_spaces(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (failed != std::errc{} || count < 0 || count > kLongestDuration_ms) return std::nullopt;
        text = skip_spaces(text.substr(static_cast<std::size_t>(end - text.data())));
        const std::size_t length = std::min(text.find_first_of(" 0123456789"), text.size());
        const std::string_view unit = text.substr(0, length);
        std::int64_t unit_ms = 0;
        if (unit == "ms") unit_ms = 1;
        else if (unit == "s") unit_ms = 1000;
        else if (unit == "min") unit_ms = 60'000;
        else if (unit == "h") unit_ms = 3'600'000;
        else return std::nullopt;
        total += count * unit_ms;
        if (total > kLongestDuration_ms) return std::nullopt;
        text = skip_spaces(text.substr(length));
    }
    return total;
}

bool is_identifier(std::string_view text) {
    if (text.empty() || text.size() > 64 || text.front() < 'a' || text.front() > 'z' || text.back() == '-') return false;
    return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Place TableReader::place_of_key(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node != nullptr ? place_of(*node) : place();
}

void TableReader::wrong_kind(const toml::node& node, std::string_view key, std::string_view wanted, std::string_view example) {
    findings_.error(place_of(node), std::format("'{}' in {} is {}, not {}", key, name_, kind_in_words(node), wanted), std::format("write {}", example));
}

const toml::node* TableReader::take(std::string_view key, std::string_view example, bool required) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr && required) findings_.error(place(), std::format("{} has no '{}'", name_, key), std::format("add {}", example));
    return node;
}

std::optional<std::string> TableReader::string(std::string_view key, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_string();
    if (value == nullptr) {
        wrong_kind(*node, key, "a text", example);
        return std::nullopt;
    }
    if (is_blank(value->get())) {
        findings_.error(place_of(*node), std::format("'{}' in {} is empty", key, name_), std::format("write {}", example));
        return std::nullopt;
    }
    return value->get();
}

std::optional<std::string> TableReader::identifier(std::string_view key, std::string_view example) {
    const std::optional<std::string> value = string(key, example);
    if (value && !is_identifier(*value)) {
        findings_.error(place_of_key(key), std::format("'{}' in {} is {}, which is not a name", key, name_, in_quotes(*value)),
                        std::format("lower-case letters, digits and dashes, a letter first: {}", example));
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t low, std::int64_t high, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_integer();
    if (value == nullptr) {
        wrong_kind(*node, key, "a whole number", example);
        return std::nullopt;
    }
    if (value->get() < low || value->get() > high) {
        findings_.error(place_of(*node), std::format("'{}' in {} is {}", key, name_, value->get()), std::format("from {} to {}", low, high));
        return std::nullopt;
    }
    return value->get();
}

std::optional<bool> TableReader::boolean(std::string_view key) {
    const toml::node* node = take(key, {}, false);
    if (node == nullptr) return std::nullopt;
    if (const auto* value = node->as_boolean()) return value->get();
    wrong_kind(*node, key, "true or false", std::format("{} = true", key));
    return std::nullopt;
}

std::optional<std::int64_t> TableReader::duration(std::string_view key, std::string_view example, bool required, std::int64_t least_ms) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_string();
    if (value == nullptr) {
        wrong_kind(*node, key, "a duration with its unit", example);
        return std::nullopt;
    }
    const std::optional<std::int64_t> parsed = parse_duration(value->get());
    if (!parsed) {
        findings_.error(place_of(*node), std::format("'{}' in {} is {}, which is not a duration of at most 4 h", key, name_, in_quotes(value->get())),
                        std::format("a number and ms, s, min or h: {}", example));
    } else if (*parsed < least_ms) {
        findings_.error(place_of(*node), std::format("'{}' in {} is no time at all", key, name_), std::format("write {}", example));
        return std::nullopt;
    }
    return parsed;
}

std::optional<double> TableReader::percent(std::string_view key, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_string();
    if (value == nullptr) {
        wrong_kind(*node, key, "a percentage", example);
        return std::nullopt;
    }
    std::string_view text = skip_spaces(value->get());
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view rest = failed == std::errc{} ? skip_spaces(text.substr(static_cast<std::size_t>(end - text.data()))) : std::string_view{};
    if (rest != "%" || number < 1 || number > 100) {
        findings_.error(place_of(*node), std::format("'{}' in {} is {}, which is not a whole percentage from 1 to 100", key, name_, in_quotes(value->get())),
                        std::format("write {}", example));
        return std::nullopt;
    }
    return number / 100.0;
}

std::optional<Text> TableReader::text(std::string_view key, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return std::nullopt;
    const toml::table* pair = node->as_table();
    if (pair == nullptr) {
        wrong_kind(*node, key, "a text in both languages", example);
        return std::nullopt;
    }
    TableReader reader(*pair, std::format("'{}' in {}", key, name_), findings_);
    const std::optional<std::string> en = reader.string("en", "en = \"...\"");
    const std::optional<std::string> fr = reader.string("fr", "fr = \"...\"");
    reader.refuse_unknown_keys();
    if (!en || !fr) return std::nullopt;
    return Text{*en, *fr};
}

const toml::table* TableReader::table(std::string_view key, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return nullptr;
    if (const toml::table* value = node->as_table()) return value;
    wrong_kind(*node, key, "a table", example);
    return nullptr;
}

const toml::array* TableReader::array(std::string_view key, std::string_view example, bool required) {
    const toml::node* node = take(key, example, required);
    if (node == nullptr) return nullptr;
    if (const toml::array* value = node->as_array()) return value;
    wrong_kind(*node, key, "an array", example);
    return nullptr;
}

void TableReader::refuse_unknown_keys() {
    for (const auto& [key, node] : table_) {
        if (std::ranges::find(known_, key.str()) != known_.end()) continue;
        const Place place{static_cast<int>(key.source().begin.line), static_cast<int>(key.source().begin.column)};
        findings_.error(place, std::format("{} has an unknown key {}", name_, in_quotes(key.str())), suggestion(key.str(), known_));
    }
}

}  // namespace accalmie::protocols
