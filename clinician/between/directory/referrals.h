// SPDX-License-Identifier: Apache-2.0
// Owns: referrals of a pseudonym to a service of the directory, and how far each has come. Rows referral.made (with the letter's hash and
// the directory's version) and referral.sent, .received, .seen, .declined with a day.
// The order: made -> sent -> received -> seen or declined. A service that saw the patient or declined need not have said before that the
// letter came: seen and declined also follow sent. After them nothing follows. A day is not before the day of the step before, nor in the future.
// Never: the clinician's reason or a name (both stand in the letter alone). Errors: what may not follow, and what may. Thread: one owner.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/between/directory/directory.h"

namespace accalmie::between {

enum class ReferralStep : std::uint8_t { made, sent, received, seen, declined };
inline constexpr int kReferralSteps = 5;
std::string_view name_of(ReferralStep step);
bool may_follow(ReferralStep before, ReferralStep next);

struct Referral {
    std::string id;                          // "R0001"
    std::string pseudonym, service;          // the service's id
    int directory = 0;                       // the version it was chosen from
    std::string service_name, service_town;  // as that version has them
    std::string letter_sha, by;
    ReferralStep step = ReferralStep::made;  // how far it has come
    std::array<std::string, kReferralSteps> on;  // the day of each step, YYYY-MM-DD; empty: not come to
    std::optional<int> days_to_first_appointment() const;  // from sent to seen
};

Result<std::vector<Referral>> read_referrals(const records::Study& study);  // oldest first

struct NewReferral {
    std::string pseudonym, service, reason;
    std::string on;                // the day on the letter, YYYY-MM-DD: local, so the caller gives it
    std::string letter_path;       // the PDF to write; an existing file is refused
    std::string language = "fr";
};
// Needs record_clinical. Writes the letter, then the row; when the row cannot be written the letter goes again.
Result<Referral> make_referral(records::Study& study, const records::Account& account, const NewReferral& wanted);
// Needs record_clinical. `today`: the local day, YYYY-MM-DD.
Result<Referral> track_referral(records::Study& study, const records::Account& account, const std::string& id, ReferralStep step, const std::string& on, const std::string& today);

std::string local_day();                         // of the machine's clock
std::optional<int> day_number(std::string_view iso_day);  // days since 1970-01-01; none: not a day of the calendar

}  // namespace accalmie::between
