// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/title_words.h"

#include <algorithm>
#include <array>

#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

constexpr std::array<std::string_view, 12> kFrench{"confiné*", "déconfiné*", "reconfiné*", "covid", "covid-19", "coronavirus", "corona", "quarantaine",
                                                   "épidémi*", "pandémi*", "sars-cov-2", "crise sanitaire"};
constexpr std::array<std::string_view, 11> kEnglish{"lockdown", "confinement", "covid", "covid-19", "coronavirus", "corona", "quarantin*", "epidemic",
                                                    "pandemic", "sars-cov-2", "self-isolat*"};

// A folded title without its signs, and where its words begin and end in what is left.
struct Letters {
    std::string text;
    std::vector<std::size_t> starts, ends;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

Letters letters_of(std::string_view text) {
    Letters letters;
    bool inside = false;
    for (const char c : folded(text)) {
        if (is_letter(c)) {
            if (!inside) letters.starts.push_back(letters.text.size());
            letters.text += c;
        } else if (inside) {
            letters.ends.push_back(letters.text.size());
        }
        inside = is_letter(c);
    }
    if (inside) letters.ends.push_back(letters.text.size());
    return letters;
}

}  // namespace

std::span<const std::string_view> epidemic_words(std::string_view language) {
    if (language == "fr") return kFrench;
    if (language == "en") return kEnglish;
    return {};
}

std::vector<std::string> epidemic_words() {
    std::vector<std::string> words(kFrench.begin(), kFrench.end());
    for (const std::string_view word : kEnglish)
        if (!std::ranges::contains(words, word)) words.emplace_back(word);
    return words;
}

std::vector<std::string> split_words(std::string_view list) {
    std::vector<std::string> words;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        std::string_view word = list.substr(0, end);
        while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
        while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
        if (!word.empty()) words.emplace_back(word);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

TitleWords::TitleWords(std::span<const std::string> words) {
    for (const std::string& word : words)
        if (Letters letters = letters_of(word); !letters.text.empty()) patterns_.push_back({std::move(letters.text), word.ends_with('*')});
}

bool TitleWords::in(std::string_view title) const {
    if (patterns_.empty()) return true;
    const Letters letters = letters_of(title);
    const auto ends_word = [&](std::size_t at) { return std::ranges::binary_search(letters.ends, at); };
    for (const std::size_t start : letters.starts) {
        const std::string_view rest = std::string_view(letters.text).substr(start);
        for (const Pattern& pattern : patterns_) {
            if (!rest.starts_with(pattern.letters)) continue;
            const std::size_t end = start + pattern.letters.size();
            if (pattern.begins || ends_word(end) || (end < letters.text.size() && letters.text[end] == 's' && ends_word(end + 1))) return true;
        }
    }
    return false;
}

}  // namespace accalmie::between
