// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/chosen.h"

#include <algorithm>
#include <format>
#include <set>

#include "clinician/between/corpus/counts.h"
#include "clinician/between/folded_text.h"

namespace accalmie::between {

Result<Chosen> choose_threads(const std::vector<Corpus>& corpora, const std::string& corpus, std::vector<std::string> words) {
    if (corpora.empty()) return std::unexpected(Error{"no discussions were imported into this study", "accalmie corpus import FILE"});
    const auto found = corpus.empty() ? std::prev(corpora.end()) : std::ranges::find(corpora, corpus, &Corpus::id);
    if (found == corpora.end()) return std::unexpected(Error{std::format("there is no corpus '{}' in this study", corpus), std::format("the last one is {}", corpora.back().id)});
    const TitleWords filter(words);
    if (filter.empty() && !words.empty()) return std::unexpected(Error{"these words hold no letter", "give words such as confiné*,covid"});
    return Chosen{found->id, std::move(words), found->threads.size(), filter_titles(found->threads, filter)};
}

Result<std::string> known_theme(const std::vector<Corpus>& corpora, const std::string& theme) {
    std::set<std::string> themes;
    for (const Corpus& corpus : corpora)
        for (const Thread& thread : corpus.threads) {
            if (folded(thread.theme) == folded(theme)) return thread.theme;
            if (themes.size() < 12) themes.insert(thread.theme);
        }
    std::string list;
    for (const std::string& each : themes) list += (list.empty() ? "" : ", ") + each;
    return std::unexpected(Error{std::format("no discussion of this study has the theme '{}'", theme), list.empty() ? "accalmie corpus import FILE" : "themes: " + list});
}

}  // namespace accalmie::between
