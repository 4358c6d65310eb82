// SPDX-License-Identifier: Apache-2.0
// Who may act in a study.
#include <chrono>

#include "clinician/records/accounts.h"
#include "tests/unit/clinician/records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

constexpr const char* kWords = "cheval pile agrafe correct";

struct WithAccounts {
    Folder folder;
    Study study = new_study(folder / "study", key_of(4));
    Account chief = must(add_account(study, "chief", AccountRole::administrator, kWords, nullptr));
};

std::string whole_record(const Study& study) {
    std::string text;
    must(study.ledger().read("", [&](const Row& row) { text += row.kind + " " + row.actor + " " + row.payload + "\n"; }));
    return text;
}

}  // namespace

TEST_CASE("an account signs in with its passphrase and with nothing else") {
    WithAccounts fixture;
    must(add_account(fixture.study, "a.martin", AccountRole::clinician, "bleu lune tiroir savon", &fixture.chief));
    const Account account = must(sign_in(fixture.study, "a.martin", "bleu lune tiroir savon"));
    CHECK(account.name == "a.martin");
    CHECK(account.role == AccountRole::clinician);
    for (const auto& [name, words] : {std::pair{"a.martin", kWords}, std::pair{"a.martin", ""}, std::pair{"nobody", kWords}}) {
        INFO(name);
        const auto began = std::chrono::steady_clock::now();
        const auto refused = sign_in(fixture.study, name, words);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message == "the account or its passphrase is wrong");  // one answer, so that names cannot be tried out
        CHECK(std::chrono::steady_clock::now() - began >= std::chrono::seconds(1));
    }
    const std::string record = whole_record(fixture.study);
    CHECK(record.contains(R"(account.refused accalmie {"account":"a.martin"})"));
    CHECK(record.contains(R"(account.refused accalmie {"account":"unknown"})"));
    CHECK_FALSE(record.contains("nobody"));
    CHECK_FALSE(record.contains("savon"));
    CHECK_FALSE(record.contains(kWords));
}

TEST_CASE("a study's first account is an administrator, and only administrators add more") {
    Folder folder;
    Study study = new_study(folder / "study", key_of(4));
    CHECK_FALSE(add_account(study, "a.martin", AccountRole::clinician, kWords, nullptr));
    const Account chief = must(add_account(study, "chief", AccountRole::administrator, kWords, nullptr));
    CHECK_FALSE(add_account(study, "second", AccountRole::administrator, kWords, nullptr));
    const Account nurse = must(add_account(study, "nurse", AccountRole::operator_, kWords, &chief));
    const auto refused = add_account(study, "third", AccountRole::operator_, kWords, &nurse);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "nurse is an operator and may not keep accounts");
    CHECK(must(accounts(study)).size() == 2);
}

TEST_CASE("a short passphrase, a wrong name and a taken name are refused") {
    WithAccounts fixture;
    CHECK_FALSE(add_account(fixture.study, "nurse", AccountRole::operator_, "short", &fixture.chief));
    for (const char* name : {"", "x", "A.Martin", "a martin", "a\"b", "marie-é", "abcdefghijklmnopqrstuvwxyz0123456"})
        CHECK_FALSE(add_account(fixture.study, name, AccountRole::operator_, kWords, &fixture.chief));
    CHECK_FALSE(add_account(fixture.study, "chief", AccountRole::operator_, kWords, &fixture.chief));
    CHECK(must(accounts(fixture.study)).size() == 1);
}

TEST_CASE("a closed account signs in no more, its name is never given again, and nobody closes their own") {
    WithAccounts fixture;
    must(add_account(fixture.study, "nurse", AccountRole::operator_, kWords, &fixture.chief));
    CHECK_FALSE(close_account(fixture.study, "chief", fixture.chief));
    CHECK_FALSE(close_account(fixture.study, "absent", fixture.chief));
    must(close_account(fixture.study, "nurse", fixture.chief));
    CHECK_FALSE(sign_in(fixture.study, "nurse", kWords));
    CHECK_FALSE(add_account(fixture.study, "nurse", AccountRole::clinician, kWords, &fixture.chief));
    CHECK(must(accounts(fixture.study)).size() == 1);
}

TEST_CASE("what each role may do is what the table says") {
    using enum Right;
    const auto rights = [](AccountRole role) {
        std::string may_do;
        for (const Right right : {read_clinical, record_clinical, check_substances, keep_directory, study_corpus, keep_accounts}) may_do += may(role, right) ? '1' : '0';
        return may_do;
    };
    CHECK(rights(AccountRole::operator_) == "111000");
    CHECK(rights(AccountRole::clinician) == "111110");
    CHECK(rights(AccountRole::assessor) == "000000");
    CHECK(rights(AccountRole::data_manager) == "000110");
    CHECK(rights(AccountRole::administrator) == "000001");
    for (const char* name : {"operator", "clinician", "assessor", "data-manager", "administrator"}) CHECK(name_of(*account_role(name)) == name);
    CHECK_FALSE(account_role("owner"));
}

TEST_CASE("a record with accounts still verifies") {
    WithAccounts fixture;
    must(add_account(fixture.study, "nurse", AccountRole::operator_, kWords, &fixture.chief));
    const auto report = must(verify(fixture.folder / "study", key_of(4)));
    CHECK(report.problems == std::vector<std::string>{});
    CHECK(report.ok);
}
