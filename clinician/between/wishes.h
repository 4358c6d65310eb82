// SPDX-License-Identifier: Apache-2.0
// Owns: the list of scenes that somebody wishes for (rows scene.wish): where the wish comes from, the theme, why. Ids W0001... in order.
// Never: takes a wish of a theme twice from one place (case and accents do not tell themes apart), a wish without a reason, or one from an
// account without the right: "corpus" needs study_corpus, "diary" needs record_clinical. Errors: a line that can be shown. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clinician/records/accounts.h"

namespace accalmie::between {

inline constexpr std::size_t kLongestTheme = 200, kLongestWhy = 1000;  // bytes

struct Wish {
    std::string id;                 // "W0001"
    std::string from, theme, why;   // from: "corpus" or "diary"
    std::string utc, by;            // when the row was written, the account
    std::int64_t sequence = 0;
};

Result<std::vector<Wish>> read_wishes(const records::Study& study);  // in order of entry
Result<Wish> make_wish(records::Study& study, const records::Account& account, const std::string& from, const std::string& theme, const std::string& why);

}  // namespace accalmie::between
