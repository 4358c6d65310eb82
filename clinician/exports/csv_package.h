// SPDX-License-Identifier: Apache-2.0
// Owns: the CSV export, a Frictionless data package: sessions, ratings, events, commands, frame times and NIR results of one study, with
// datapackage.json and README.txt. Pseudonyms only. Never: overwrites a folder that holds something, leaves half an export under its
// final name, or exports without a row in the ledger that says so. Errors: the folder, the disk, the ledger.
#pragma once

#include <string>
#include <vector>

#include "clinician/records/study.h"

namespace accalmie::exports {

struct ExportSummary {
    std::string directory;
    std::vector<std::string> files;  // names in it
    records::Hash sha{};             // BLAKE2b-256 of datapackage.json, which holds the hash of every table; also in the ledger
};

Result<ExportSummary> export_csv(records::Study& study, const std::string& out_directory, const std::string& actor = "accalmie");

}  // namespace accalmie::exports
