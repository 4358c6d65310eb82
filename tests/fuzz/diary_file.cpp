// SPDX-License-Identifier: Apache-2.0
// Any bytes as a diary that somebody hands over: entries whose values are all in range, or an error that says where and can be shown.
#include "clinician/between/diary/diary_file.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "clinician/between/csv_table.h"

using namespace accalmie::between;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (!is_utf8(bytes)) return 0;  // read_text_file has refused it
    constexpr std::int64_t now_s = 1'795'478'400;
    const auto diary = parse_diary(bytes, "fuzz.jsonl", now_s);
    if (!diary) {
        const std::string& message = diary.error().message;
        if (message.empty() || diary.error().hint.empty()) std::abort();
        if (message.starts_with("two columns are called")) return 0;  // the table reader's own words hold the name whole
        const bool steers = std::ranges::any_of(message, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
        if (steers || message.size() > 400 || !is_utf8(message)) std::abort();
        return 0;
    }
    std::vector<DiaryEntry> entries;
    for (const auto& [line, entry] : diary->entries) {
        const bool good = line > 0 && uuid(entry.id) == entry.id && entry.craving >= 0 && entry.craving <= kMostCraving && entry.mood >= kLowestMood && entry.mood <= kHighestMood &&
                          find_code(places(), entry.place) && find_code(triggers(), entry.trigger) && local_time(entry.at) && local_time(entry.at)->utc_s <= now_s + 86'400;
        if (!good) std::abort();
        entries.push_back(entry);
    }
    // What was read reads back the same.
    const std::string device = diary->device.empty() ? "0f0e0d0c-0b0a-4908-8706-050403020100" : diary->device;
    const auto again = parse_diary(write_diary(device, entries), "again.jsonl", now_s);
    if (!again || again->entries.size() != entries.size()) std::abort();
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (!(again->entries[i].entry == entries[i])) std::abort();
    return 0;
}
