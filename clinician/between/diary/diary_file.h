// SPDX-License-Identifier: Apache-2.0
// Owns: reading the file that a patient hands over, in the open form "accalmie-diary" (README.md beside this): JSON Lines as the diary page
// writes them, or a CSV with the same names. Never: trusts a number, a date or a length in it; keeps what it does not know.
// Errors: file:line of the first thing wrong and what to do. Thread: pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/between/diary/entry.h"
#include "engine/error.h"

namespace accalmie::between {

inline constexpr std::size_t kLargestDiary = 8u << 20;   // bytes
inline constexpr std::size_t kMostEntries = 20'000;

struct DiaryFile {
    std::string device;                // UUID of the page that wrote it; "" for a CSV
    struct Line {
        int line = 0;
        DiaryEntry entry;
    };
    std::vector<Line> entries;         // in the file's order, ids once
};

// `now_utc_s`: an entry of more than a day ahead of it is refused, and one before the year 2000.
Result<DiaryFile> parse_diary(std::string_view bytes, const std::string& file, std::int64_t now_utc_s);
Result<DiaryFile> read_diary_file(const std::string& path, std::int64_t now_utc_s);
std::string write_diary(const std::string& device, const std::vector<DiaryEntry>& entries);  // JSON Lines

}  // namespace accalmie::between
