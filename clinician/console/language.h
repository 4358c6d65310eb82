// SPDX-License-Identifier: Apache-2.0
// Owns: the console's words in one language, read from assets/languages/CODE.toml and CODE/*.toml (key = text), and how that language writes numbers
// and spaces. Never: joins sentences out of pieces: a sentence is one key with {named} places. Thread: one owner.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"

namespace accalmie::console {

class Language {
public:
    static Result<Language> load(const std::string& directory, const std::string& code);
    static Language from_table(std::string code, std::map<std::string, std::string, std::less<>> table);

    const std::string& code() const { return code_; }
    bool french() const { return code_.starts_with("fr"); }
    const std::map<std::string, std::string, std::less<>>& table() const { return table_; }
    bool has(std::string_view key) const { return table_.contains(key); }

    // A key that is not in the table comes back as «[key]», which a test looks for on every screen.
    std::string tr(std::string_view key) const;
    using Values = std::initializer_list<std::pair<std::string_view, std::string>>;
    std::string format(std::string_view key, Values values) const;

    std::string decimal(double value, int digits) const;  // "4.5", "4,5"
    // Text from elsewhere (a protocol file) with the language's own spaces: in French ’ for ', and a narrow no-break space before : ; ? ! and »
    std::string typography(std::string_view text) const;

private:
    Result<void> read(const std::string& file);
    std::string code_;
    std::map<std::string, std::string, std::less<>> table_;
};

// Keys that one table has and the other lacks: what a half-translated release would show.
std::vector<std::string> missing_keys(const Language& has, const Language& lacks);

std::string clock_text(std::int64_t t_ms);  // "02:05", "1:02:05"

}  // namespace accalmie::console
