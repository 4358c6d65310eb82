// SPDX-License-Identifier: Apache-2.0
// Owns: which discussions a question is about: one corpus of the study and the words that a title has to hold. Commands, console and
// exports ask here, so that they count the same. Never: counts two corpora together: files overlap, and a discussion would count twice.
// Errors: no corpus yet, no corpus of that name, words without a letter. Thread: pure.
#pragma once

#include <string>
#include <vector>

#include "clinician/between/corpus/threads.h"

namespace accalmie::between {

struct Chosen {
    std::string corpus;
    std::vector<std::string> words;  // none: every title
    std::size_t of = 0;              // discussions in the corpus
    std::vector<Thread> threads;     // those whose title holds one of the words
};

// `corpus` empty: the one imported last.
Result<Chosen> choose_threads(const std::vector<Corpus>& corpora, const std::string& corpus, std::vector<std::string> words);

// A wish needs a theme that somebody wrote about; the answer spells it as the corpora do.
Result<std::string> known_theme(const std::vector<Corpus>& corpora, const std::string& theme);

}  // namespace accalmie::between
