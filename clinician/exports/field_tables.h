// SPDX-License-Identifier: Apache-2.0
// Owns: the table of substance checks without a patient. They stand apart from the sessions' tables on purpose: those carry exact times,
// and beside a place an exact time could point at a person. Never: tells a cell that holds fewer than session::kFewestInCell checks.
// Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> field_tables(const records::Study& study);

}  // namespace accalmie::exports
