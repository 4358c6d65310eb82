// SPDX-License-Identifier: Apache-2.0
// Owns: when a patient's week is hard: the diary's entries by weekday and block of three hours, and the blocks that the rule calls hard.
// The rule is the house's own and no evidence stands behind its numbers: over the week or over week-ends (Friday from kWeekendHour until
// Sunday kWeekendHour: the evenings without work the next day), a block is hard with at least kFewestEntries entries and a mean craving of
// kHardCraving or more, or use in at least half of them.
// Never: predicts; says anything of a block with fewer entries. Units: craving 0 to 10. Thread: pure.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "clinician/between/diary/diary.h"

namespace accalmie::between {

inline constexpr int kBlockHours = 3, kBlocks = 24 / kBlockHours;
inline constexpr int kWeekendHour = 18;  // a block never lies on both sides of it
inline constexpr int kFewestEntries = 3;
inline constexpr double kHardCraving = 6.0;

struct Block {
    int entries = 0, used = 0, craving_sum = 0;
    double mean_craving() const { return entries > 0 ? static_cast<double>(craving_sum) / entries : 0; }
};
using Week = std::array<std::array<Block, kBlocks>, 7>;  // [weekday, 0 Monday][block]
Week week_of(std::span<const KeptEntry> entries);

struct HardBlock {
    bool weekend = false;              // else the week
    int first_hour = 0;                // of kBlockHours
    Block block;
    std::string place, trigger;        // the most frequent codes; the earlier in the list when even
};
bool is_weekend(const LocalTime& time);
std::vector<HardBlock> hard_blocks(std::span<const KeptEntry> entries);  // hardest first

std::string hours_words(const HardBlock& hard, const std::string& language);  // "week-end, de 21 h à 24 h", "week-ends, 21:00 to 24:00"

}  // namespace accalmie::between
