// SPDX-License-Identifier: Apache-2.0
// Owns: the tables of what the player measured: dose (one row a cue and report) and comfort (one row a report).
// Never: adds up or fills in: a missing number is an empty cell. Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> dose_tables(const records::Study& study);

}  // namespace accalmie::exports
