// SPDX-License-Identifier: Apache-2.0
// Owns: the tables and triggers of study.db and the way from one version to the next. Migrations only go forward, each in a transaction
// of its own. Private to clinician/records.
#pragma once

#include "clinician/records/connection.h"

namespace accalmie::records::db {

inline constexpr std::int64_t schema_version = 1;

// Brings the file to schema_version; an Error when it is newer than this program.
Result<void> migrate(const Connection& connection);
// For a connection that may not write: the version has to fit already.
Result<void> require_version(const Connection& connection);
// What of the schema differs from what migrate() makes ("trigger ledger_no_delete is missing"); empty when all is there.
Result<std::vector<std::string>> schema_differences(const Connection& connection);

}  // namespace accalmie::records::db
