// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/language.h"

#include <algorithm>
#include <filesystem>
#include <format>

#include <toml++/toml.hpp>

namespace accalmie::console {
namespace {

constexpr std::string_view kNarrowNoBreakSpace = "\u202f";

void flatten(const toml::table& table, const std::string& prefix, std::map<std::string, std::string, std::less<>>& out,
             std::string& wrong) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const auto* inner = node.as_table()) flatten(*inner, name, out, wrong);
        else if (const auto* text = node.as_string()) out[name] = text->get();
        else if (wrong.empty()) wrong = name;
    }
}

bool before_takes_space(std::string_view text) {
    return !text.empty() && (text[0] == ':' || text[0] == ';' || text[0] == '?' || text[0] == '!' || text[0] == '%' ||
                             text.starts_with("»"));
}

}  // namespace

Result<void> Language::read(const std::string& file) {
    toml::table parsed;
    try {
        parsed = toml::parse_file(file);
    } catch (const toml::parse_error& error) {
        return std::unexpected(Error{"the console's texts cannot be read: " + std::string(error.description()),
                                     "reinstall assets/languages, or choose --language en or fr", file,
                                     static_cast<int>(error.source().begin.line), static_cast<int>(error.source().begin.column)});
    }
    std::string wrong;
    flatten(parsed, {}, table_, wrong);
    if (!wrong.empty()) return std::unexpected(Error{"'" + wrong + "' is not a text", "write it as key = \"text\"", file});
    return {};
}

Result<Language> Language::load(const std::string& directory, const std::string& code) {
    Language language;
    language.code_ = code;
    std::vector<std::string> files;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(directory + "/" + code, none))
        if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
    std::ranges::sort(files);
    files.insert(files.begin(), directory + "/" + code + ".toml");
    for (const std::string& file : files)
        if (auto read = language.read(file); !read) return std::unexpected(std::move(read.error()));
    for (auto& [key, text] : language.table_) text = language.typography(text);
    return language;
}

Language Language::from_table(std::string code, std::map<std::string, std::string, std::less<>> table) {
    Language language;
    language.code_ = std::move(code);
    language.table_ = std::move(table);
    return language;
}

std::string Language::tr(std::string_view key) const {
    const auto found = table_.find(key);
    return found == table_.end() ? "[" + std::string(key) + "]" : found->second;
}

std::string Language::format(std::string_view key, Values values) const {
    std::string text = tr(key);
    for (const auto& [name, value] : values) {
        const std::string place = "{" + std::string(name) + "}";
        for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
            text.replace(at, place.size(), value);
    }
    return text;
}

std::string Language::decimal(double value, int digits) const {
    std::string text = std::format("{:.{}f}", value, digits);
    if (french()) std::ranges::replace(text, '.', ',');
    return text;
}

std::string Language::typography(std::string_view text) const {
    if (!french()) return std::string(text);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool opens = out.ends_with("«");
        if (text[i] == '\'') out += "’";
        else if (text[i] == ' ' && (opens || before_takes_space(text.substr(i + 1)))) out += kNarrowNoBreakSpace;
        else out += text[i];
    }
    return out;
}

std::vector<std::string> missing_keys(const Language& has, const Language& lacks) {
    std::vector<std::string> missing;
    for (const auto& [key, text] : has.table())
        if (!lacks.has(key)) missing.push_back(key);
    return missing;
}

std::string clock_text(std::int64_t t_ms) {
    const std::int64_t s = std::max<std::int64_t>(t_ms, 0) / 1000;
    if (s >= 3600) return std::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return std::format("{:02}:{:02}", s / 60, s % 60);
}

}  // namespace accalmie::console
