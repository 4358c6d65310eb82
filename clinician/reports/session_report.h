// SPDX-License-Identifier: Apache-2.0
// Owns: the one-page PDF of one session, for the clinician's file: what was done, how craving went, by which rules, and the hashes that
// tie the page to the ledger. Pseudonym only. Never: interprets, or leaves half a file under its final name. Errors: the session, the
// font, the disk.
#pragma once

#include <string>

#include "clinician/records/study.h"

namespace accalmie::reports {

// language: "fr" or "en". NIR results of the same pseudonym, from sessions of their own, are on the page too (the newest two).
Result<void> write_session_report(const records::Study& study, const std::string& session, const std::string& language, const std::string& path);

}  // namespace accalmie::reports
