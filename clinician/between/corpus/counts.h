// SPDX-License-Identifier: Apache-2.0
// Owns: counting discussions: how many there are of each theme (product, status, forum, week) against how often they were read, and how
// many a newcomer opened. What is most talked about need not be what is most read, so both ranks stand beside one another.
// Never: keeps anything, weighs or tests anything. Units: shares from 0 to 1. Thread: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/between/corpus/threads.h"
#include "clinician/between/corpus/title_words.h"

namespace accalmie::between {

enum class CountBy : std::uint8_t { theme, product, status, forum, week };
std::optional<CountBy> count_by(std::string_view name);  // "theme", "product", "status", "forum", "week"

struct Count {
    std::string key;              // "" for discussions whose title names no product
    std::size_t threads = 0, by_new = 0;
    std::int64_t views = 0;
    double share = 0;             // of all discussions that were counted
    double views_per_thread = 0;
    double share_by_new = 0;      // of this row's discussions
    int rank_threads = 0, rank_views = 0;  // 1 is most; equals share a rank
};

struct CountTable {
    std::vector<Count> rows;      // most discussions first, then most views; weeks in time, those without a discussion too
    std::size_t threads = 0, by_new = 0;
    std::int64_t views = 0;
    std::string counted_first, counted_last;  // when the views were read; empty without a discussion
};

std::vector<Thread> filter_titles(std::span<const Thread> threads, const TitleWords& words);
CountTable count_threads(std::span<const Thread> threads, CountBy by);

}  // namespace accalmie::between
