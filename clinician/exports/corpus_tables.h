// SPDX-License-Identifier: Apache-2.0
// Owns: the discussions' tables: each one's index fields, and the count of discussions against views by theme.
// Never: exports a handle (the record has none) or a title (a title can be searched, and then names its author).
// Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> corpus_tables(const records::Study& study);  // "discussions", "themes"

}  // namespace accalmie::exports
