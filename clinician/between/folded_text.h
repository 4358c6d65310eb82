// SPDX-License-Identifier: Apache-2.0
// Owns: text as a search compares it: without case and without the accents of the languages that are written in Latin letters (U+00C0 to
// U+017F and combining marks), ligatures spelled out, every kind of hyphen, apostrophe and space made the plain one, runs of spaces made one.
// Never: changes what is kept or shown; letters of other scripts stay as they are. Errors: none, bytes that are not UTF-8 are left out. Thread: pure.
#pragma once

#include <string>
#include <string_view>

namespace accalmie::between {

std::string folded(std::string_view utf8);  // "Dé-confinement : l’Épidémie" -> "de-confinement : l'epidemie"

}  // namespace accalmie::between
