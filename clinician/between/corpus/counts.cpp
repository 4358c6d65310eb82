// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/counts.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

namespace accalmie::between {
namespace {

constexpr std::size_t kMostWeeks = 520;  // ten years: beyond them empty weeks are left out

std::string key_of(const Thread& thread, CountBy by) {
    switch (by) {
        case CountBy::theme: return thread.theme;
        case CountBy::product: return thread.product;
        case CountBy::status: return std::string(name_of(thread.status));
        case CountBy::forum: return thread.forum;
        case CountBy::week: break;
    }
    return iso_week(thread.date).value_or("");
}

void fill_weeks(std::map<std::string, Count>& rows) {
    if (rows.empty()) return;
    const std::string last = rows.rbegin()->first;
    std::vector<std::string> between;
    for (auto week = week_after(rows.begin()->first); week && *week < last; week = week_after(*week)) {
        between.push_back(*week);
        if (between.size() > kMostWeeks) return;
    }
    for (const std::string& week : between) rows[week].key = week;
}

// One more than how many rows have more of it.
template <class Value>
void rank(std::vector<Count>& rows, Value Count::*value, int Count::*place) {
    std::vector<Value> all;
    for (const Count& each : rows) all.push_back(each.*value);
    std::ranges::sort(all, std::ranges::greater());
    for (Count& each : rows) each.*place = 1 + static_cast<int>(std::ranges::lower_bound(all, each.*value, std::ranges::greater()) - all.begin());
}

}  // namespace

std::optional<CountBy> count_by(std::string_view name) {
    if (name == "theme") return CountBy::theme;
    if (name == "product") return CountBy::product;
    if (name == "status") return CountBy::status;
    if (name == "forum") return CountBy::forum;
    if (name == "week") return CountBy::week;
    return std::nullopt;
}

std::vector<Thread> filter_titles(std::span<const Thread> threads, const TitleWords& words) {
    std::vector<Thread> kept;
    std::ranges::copy_if(threads, std::back_inserter(kept), [&](const Thread& each) { return words.in(each.title); });
    return kept;
}

CountTable count_threads(std::span<const Thread> threads, CountBy by) {
    CountTable table{.threads = threads.size()};
    std::map<std::string, Count> rows;
    for (const Thread& thread : threads) {
        Count& row = rows[key_of(thread, by)];
        const bool fresh = thread.status == AuthorStatus::new_;
        ++row.threads;
        row.by_new += fresh;
        row.views += thread.views;
        table.by_new += fresh;
        table.views += thread.views;
        if (table.counted_first.empty() || thread.counted < table.counted_first) table.counted_first = thread.counted;
        table.counted_last = std::max(table.counted_last, thread.counted);
    }
    if (by == CountBy::week) fill_weeks(rows);
    for (auto& [key, row] : rows) {
        row.key = key;
        row.share = static_cast<double>(row.threads) / static_cast<double>(threads.size());
        if (row.threads > 0) {
            row.views_per_thread = static_cast<double>(row.views) / static_cast<double>(row.threads);
            row.share_by_new = static_cast<double>(row.by_new) / static_cast<double>(row.threads);
        }
        table.rows.push_back(std::move(row));
    }
    rank(table.rows, &Count::threads, &Count::rank_threads);
    rank(table.rows, &Count::views, &Count::rank_views);
    if (by != CountBy::week)
        std::ranges::stable_sort(table.rows, [](const Count& a, const Count& b) { return a.threads != b.threads ? a.threads > b.threads : a.views > b.views; });
    return table;
}

}  // namespace accalmie::between
