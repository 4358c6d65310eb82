// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/entry.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

namespace accalmie::between {
namespace {

const std::array<Code, 7> kPlaces{{{"home", {"at home", "chez soi"}},
                                   {"friends", {"at friends'", "chez des amis"}},
                                   {"bar", {"bar or café", "bar ou café"}},
                                   {"party", {"party", "fête"}},
                                   {"street", {"street, transport", "rue, transports"}},
                                   {"work", {"work or school", "travail ou école"}},
                                   {"other", {"elsewhere", "ailleurs"}}}};
const std::array<Code, 8> kTriggers{{{"people", {"people", "des gens"}},
                                     {"place", {"the place", "le lieu"}},
                                     {"stress", {"stress", "le stress"}},
                                     {"boredom", {"boredom", "l’ennui"}},
                                     {"celebration", {"something to celebrate", "quelque chose à fêter"}},
                                     {"meal", {"after a meal", "après un repas"}},
                                     {"sleep", {"sleep", "le sommeil"}},
                                     {"other", {"something else", "autre chose"}}}};

// Digits at `from`, exactly `count` of them.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    if (from + count > text.size()) return std::nullopt;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// "Z", "+01:00", "-03:30", in minutes.
std::optional<int> offset_minutes(std::string_view text) {
    if (text == "Z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

std::span<const Code> places() { return kPlaces; }
std::span<const Code> triggers() { return kTriggers; }

const Code* find_code(std::span<const Code> codes, std::string_view code) {
    const auto found = std::ranges::find(codes, code, &Code::code);
    return found == codes.end() ? nullptr : &*found;
}

std::optional<LocalTime> local_time(std::string_view text) {
    if (text.size() < 17 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':') return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2), hour = digits(text, 11, 2), minute = digits(text, 14, 2);
    if (!year || !month || !day || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    std::string_view rest = text.substr(16);
    int second = 0;
    if (rest.starts_with(':')) {
        const auto seconds = digits(rest, 1, 2);
        if (!seconds || *seconds > 59) return std::nullopt;
        second = *seconds;
        rest.remove_prefix(3);
    }
    const auto offset = offset_minutes(rest);
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day))};
    if (!offset || !date.ok()) return std::nullopt;
    const std::chrono::sys_days days(date);
    const int weekday = static_cast<int>(std::chrono::weekday(days).iso_encoding()) - 1;
    const std::int64_t local_s = std::int64_t{days.time_since_epoch().count()} * 86'400 + *hour * 3600 + *minute * 60 + second;
    return LocalTime{weekday, *hour, local_s - std::int64_t{*offset} * 60};
}

std::optional<std::string> uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string lower(text);
    for (std::size_t i = 0; i < lower.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? lower[i] != '-' : !std::isxdigit(static_cast<unsigned char>(lower[i]))) return std::nullopt;
        lower[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[i])));
    }
    return lower;
}

}  // namespace accalmie::between
