// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/hard_hours.h"

#include <algorithm>
#include <format>
#include <map>

namespace accalmie::between {
namespace {

void count(Block& block, const DiaryEntry& entry) {
    ++block.entries;
    block.used += entry.used;
    block.craving_sum += entry.craving;
}

bool is_hard(const Block& block) {
    return block.entries >= kFewestEntries && (block.mean_craving() >= kHardCraving || 2 * block.used >= block.entries);
}

std::string most_frequent(std::span<const Code> codes, const std::map<std::string, int>& counts) {
    std::string most;
    int best = 0;
    for (const Code& code : codes)
        if (const auto found = counts.find(std::string(code.code)); found != counts.end() && found->second > best) {
            best = found->second;
            most = code.code;
        }
    return most;
}

}  // namespace

Week week_of(std::span<const KeptEntry> entries) {
    Week week{};
    for (const KeptEntry& each : entries)
        if (const auto time = local_time(each.entry.at)) count(week[static_cast<std::size_t>(time->weekday)][static_cast<std::size_t>(time->hour / kBlockHours)], each.entry);
    return week;
}

bool is_weekend(const LocalTime& time) {
    constexpr int friday = 4, saturday = 5, sunday = 6;
    return time.weekday == saturday || (time.weekday == friday && time.hour >= kWeekendHour) || (time.weekday == sunday && time.hour < kWeekendHour);
}

std::vector<HardBlock> hard_blocks(std::span<const KeptEntry> entries) {
    struct Gathered {
        Block block;
        std::map<std::string, int> places, triggers;
    };
    std::map<std::pair<bool, int>, Gathered> all;
    for (const KeptEntry& each : entries) {
        const auto time = local_time(each.entry.at);
        if (!time) continue;
        Gathered& gathered = all[{is_weekend(*time), time->hour / kBlockHours}];
        count(gathered.block, each.entry);
        ++gathered.places[each.entry.place];
        ++gathered.triggers[each.entry.trigger];
    }
    std::vector<HardBlock> hard;
    for (const auto& [key, gathered] : all)
        if (is_hard(gathered.block))
            hard.push_back({key.first, key.second * kBlockHours, gathered.block, most_frequent(places(), gathered.places), most_frequent(triggers(), gathered.triggers)});
    std::ranges::stable_sort(hard, std::greater{}, [](const HardBlock& each) { return each.block.mean_craving(); });
    return hard;
}

std::string hours_words(const HardBlock& hard, const std::string& language) {
    const int last = hard.first_hour + kBlockHours;
    if (language.starts_with("fr")) return std::format("{}, de {}\u00A0h à {}\u00A0h", hard.weekend ? "week-end" : "en semaine", hard.first_hour, last);
    return std::format("{}, {:02}:00 to {:02}:00", hard.weekend ? "week-ends" : "weekdays", hard.first_hour, last);
}

}  // namespace accalmie::between
