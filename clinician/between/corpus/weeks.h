// SPDX-License-Identifier: Apache-2.0
// Owns: days and weeks of the calendar as texts: days YYYY-MM-DD (1980 to 2200), weeks as ISO 8601 counts them. Never: knows a clock or a
// time zone. Errors: none, what is no day has no week. Thread: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace accalmie::between {

std::optional<std::string> iso_week(std::string_view date);    // "2020-03-16" -> "2020-W12"
std::optional<std::string> week_after(std::string_view week);  // "2020-W53" -> "2021-W01"

}  // namespace accalmie::between
