// SPDX-License-Identifier: Apache-2.0
// Owns: the directory's tables: the services of the current version, and the referrals with the day of each step.
// Private to clinician/exports.
#pragma once

#include <vector>

#include "clinician/exports/table.h"
#include "clinician/records/study.h"

namespace accalmie::exports {

Result<std::vector<Table>> directory_tables(const records::Study& study);

}  // namespace accalmie::exports
