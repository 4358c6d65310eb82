// SPDX-License-Identifier: Apache-2.0
// Owns: what one note of a patient's diary holds, and the closed lists of places and triggers. There is no free text: no name can slip in.
// Never: knows whose it is. Units: craving 0 to 10, mood 1 (low) to 5 (good); time is local, with its offset. Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocols/plan.h"

namespace accalmie::between {

inline constexpr int kMostCraving = 10, kLowestMood = 1, kHighestMood = 5;

struct Code {
    std::string_view code;   // "bar": in files, rows and exports
    protocols::Text words;
};
std::span<const Code> places();     // where
std::span<const Code> triggers();   // what set the craving off
const Code* find_code(std::span<const Code> codes, std::string_view code);

struct LocalTime {
    int weekday = 0;                // 0 Monday ... 6 Sunday
    int hour = 0;
    std::int64_t utc_s = 0;         // seconds since 1970 UTC
};
// "2026-11-21T22:15+01:00", seconds allowed, Z for UTC; nothing for anything else.
std::optional<LocalTime> local_time(std::string_view text);

struct DiaryEntry {
    std::string id;                 // UUID, in lower case
    std::string at;                 // as written
    bool used = false;
    int craving = 0, mood = 3;
    std::string place, trigger;     // codes
    bool operator==(const DiaryEntry&) const = default;
};

std::optional<std::string> uuid(std::string_view text);  // 8-4-4-4-12 hexadecimal digits, in lower case

}  // namespace accalmie::between
