// SPDX-License-Identifier: Apache-2.0
// Owns: the words that choose discussions by their titles. Case, accents, hyphens and spaces inside do not tell words apart: "covid-19"
// finds COVID19 and "Covid 19"; "déconfiné" finds "Dé-confiné". A word stands for itself and its plural in s; one that ends in * for every
// word that begins so: "confiné*" finds confinement, confinés and confinée, but neither "confins" nor "déconfinement".
// The lists that a study starts with are of the epidemic of 2020, one a language; the filter takes both, since titles mix them.
// Never: changes a title. Errors: none. Thread: pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace accalmie::between {

std::span<const std::string_view> epidemic_words(std::string_view language);  // "fr", "en"; any other: none
std::vector<std::string> epidemic_words();                                    // of every language, each once

// "a, b" -> {"a", "b"}; empty ones are left out.
std::vector<std::string> split_words(std::string_view list);

class TitleWords {
public:
    explicit TitleWords(std::span<const std::string> words);
    bool empty() const { return patterns_.empty(); }
    bool in(std::string_view title) const;  // no words: every title

private:
    struct Pattern {
        std::string letters;   // folded, nothing but letters and digits
        bool begins = false;
    };
    std::vector<Pattern> patterns_;
};

}  // namespace accalmie::between
