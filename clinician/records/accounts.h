// SPDX-License-Identifier: Apache-2.0
// Owns: who may do what in a study: accounts with a role and a passphrase, kept as rows of the ledger (account.added, account.closed,
// account.refused). The newest row of a name counts. Every deed is written under the account that did it.
// Never: keeps a passphrase (only its Argon2id verifier), has a default one, exports a verifier.
// Limit, stated: the study's key opens the record whoever holds it; an account says who acts and what the programs let them do.
// Errors: wrong name or passphrase (one answer for both, after a delay, recorded), a role without the right. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/records/study.h"

namespace accalmie::records {

enum class AccountRole : std::uint8_t { operator_, clinician, assessor, data_manager, administrator };
std::string_view name_of(AccountRole role);  // "operator", "clinician", "assessor", "data-manager", "administrator"
std::optional<AccountRole> account_role(std::string_view name);

enum class Right : std::uint8_t {
    read_clinical,     // diaries, referrals, sessions of a pseudonym
    record_clinical,   // import a diary, decide on a ladder step, write a referral
    check_substances,  // measure a sample and record the result
    keep_directory,    // import services
    study_corpus,      // import discussions, make wishes of themes
    keep_accounts,
};
std::string_view name_of(Right right);  // "read what patients recorded", as errors print it
// operator: read_clinical, record_clinical, check_substances. clinician: the same and keep_directory, study_corpus. assessor: none of
// these (blind). data-manager: keep_directory, study_corpus. administrator: keep_accounts alone.
bool may(AccountRole role, Right right);

struct Account {
    std::string name;                             // "a.martin"
    AccountRole role = AccountRole::operator_;
};

inline constexpr std::size_t kShortestPassphrase = 12;

// `by`: who adds it, needs keep_accounts; the first account of a study is an administrator and adds itself (by == nullptr).
Result<Account> add_account(Study& study, const std::string& name, AccountRole role, const std::string& passphrase, const Account* by);
Result<void> close_account(Study& study, const std::string& name, const Account& by);
Result<std::vector<Account>> accounts(const Study& study);     // open ones, in order of entry

// Checks the passphrase. A refusal is a row (when the study can be written) and takes at least a second.
Result<Account> sign_in(Study& study, const std::string& name, const std::string& passphrase);
Result<void> require(const Account& account, Right right);

// A study row written by an account; `payload` is canonical JSON.
NewRow row_by(const Account& account, std::string kind, std::string payload);

}  // namespace accalmie::records
