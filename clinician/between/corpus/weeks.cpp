// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/weeks.h"

#include <charconv>
#include <chrono>
#include <format>

namespace accalmie::between {
namespace {

using std::chrono::sys_days;

std::optional<int> number(std::string_view digits) {
    int value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return problem == std::errc() && end == digits.data() + digits.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<sys_days> day_of(std::string_view date) {
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
    const auto year = number(date.substr(0, 4)), month = number(date.substr(5, 2)), day = number(date.substr(8, 2));
    if (!year || !month || !day || *year < 1980 || *year > 2200) return std::nullopt;
    const std::chrono::year_month_day whole{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day))};
    return whole.ok() ? std::optional(sys_days(whole)) : std::nullopt;
}

// The week belongs to the year that its Thursday is in.
std::string week_of(sys_days day) {
    const sys_days thursday = day + std::chrono::days(4 - static_cast<int>(std::chrono::weekday(day).iso_encoding()));
    const std::chrono::year year = std::chrono::year_month_day(thursday).year();
    return std::format("{:04}-W{:02}", static_cast<int>(year), (thursday - sys_days(year / 1 / 1)).count() / 7 + 1);
}

}  // namespace

std::optional<std::string> iso_week(std::string_view date) {
    const auto day = day_of(date);
    return day ? std::optional(week_of(*day)) : std::nullopt;
}

std::optional<std::string> week_after(std::string_view week) {
    if (week.size() != 8 || week.substr(4, 2) != "-W") return std::nullopt;
    const auto year = number(week.substr(0, 4)), count = number(week.substr(6));
    if (!year || !count || *count < 1 || *count > 53) return std::nullopt;
    const sys_days fourth = sys_days(std::chrono::year(*year) / 1 / 4);  // always in the first week
    return week_of(fourth + std::chrono::days(7 * *count));
}

}  // namespace accalmie::between
