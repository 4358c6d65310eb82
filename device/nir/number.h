// SPDX-License-Identifier: Apache-2.0
// Owns: numbers as text, the same on every machine whatever its locale. Never: throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace accalmie::nir {

std::string_view trim(std::string_view text);
// The whole of `text` as one finite number ("1.5", "-2e3", "+4"); nothing for anything else, also for nan and inf.
std::optional<double> parse_number(std::string_view text);
std::optional<int> parse_integer(std::string_view text);
// The shortest text that reads back to the same double.
std::string exact(double value);
// Bytes that are not valid UTF-8 are taken for Latin-1.
std::string to_utf8(std::string_view bytes);

}  // namespace accalmie::nir
