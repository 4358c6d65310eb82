// SPDX-License-Identifier: Apache-2.0
// Owns: the diary's tables: entries, proposed steps with what was decided, wishes for scenes wherever they come from.
// Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> diary_tables(const records::Study& study);

}  // namespace accalmie::exports
