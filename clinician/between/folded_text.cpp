// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/folded_text.h"

#include <array>
#include <cstdint>
#include <cstddef>

namespace accalmie::between {
namespace {

// What stands for U+00C0 to U+017F; an empty entry: the letter stays as it is.
constexpr std::array<std::string_view, 192> kLatin{
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
    "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", "d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",
    "g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i", "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l",
    "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o", "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s",
    "s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s"};

struct Letter {
    char32_t code = 0;
    std::size_t bytes = 1;  // code 0: these bytes are not a letter
};

Letter next_letter(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (bytes == 0 || lead > 0xF4 || text.size() < bytes) return {};
    char32_t code = lead & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto more = static_cast<unsigned char>(text[i]);
        if ((more & 0xC0) != 0x80) return {};
        code = code << 6 | (more & 0x3Fu);
    }
    return {code, bytes};
}

bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000; }
bool is_hyphen(char32_t c) { return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63 || c == 0xFF0D; }
bool is_unseen(char32_t c) { return (c >= 0x300 && c <= 0x36F) || c == 0xAD || (c >= 0x200C && c <= 0x200D) || c == 0xFEFF; }

}  // namespace

std::string folded(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto [code, bytes] = next_letter(utf8);
        const std::string_view same = utf8.substr(0, bytes);
        utf8.remove_prefix(bytes);
        if (code == 0 || is_unseen(code)) continue;
        if (is_space(code)) {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else if (is_hyphen(code)) {
            out += '-';
        } else if (code == 0x2018 || code == 0x2019 || code == 0x2BC) {
            out += '\'';
        } else if (code >= 'A' && code <= 'Z') {
            out += static_cast<char>(code + 32);
        } else if (code >= 0xC0 && code <= 0x17F && !kLatin[code - 0xC0].empty()) {
            out += kLatin[code - 0xC0];
        } else {
            out += same;
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace accalmie::between
