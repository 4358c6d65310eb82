// SPDX-License-Identifier: Apache-2.0
// Owns: which tables a study becomes, and their columns. Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> tables_of(const records::Study& study);

}  // namespace accalmie::exports
