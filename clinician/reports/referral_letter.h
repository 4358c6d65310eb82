// SPDX-License-Identifier: Apache-2.0
// Owns: the referral letter, one A4 page in French or English: from the site to a service, why in the clinician's own words, the pseudonym,
// and lines where the patient's name and the signature are written by hand. Never: prints a name: the record has none, and the person who
// hands the letter over knows it. Errors: a reason too long for the page (nothing is cut silently), a file that cannot be written.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::reports {

struct ReferralLetter {
    std::string language = "fr";
    std::string site;                        // who writes
    std::vector<std::string> service;        // the address, a line each; the first is the service's name
    std::string telephone;
    std::string referral, pseudonym, account;
    std::string on;                          // YYYY-MM-DD
    std::string reason;
};

Result<void> write_referral_letter(const ReferralLetter& letter, const std::string& path);

}  // namespace accalmie::reports
