// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/accounts.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <map>
#include <optional>
#include <thread>

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace accalmie::records {
namespace {

using nlohmann::json;

constexpr std::array kRoles{std::pair{AccountRole::operator_, std::string_view("operator")}, std::pair{AccountRole::clinician, std::string_view("clinician")},
                            std::pair{AccountRole::assessor, std::string_view("assessor")}, std::pair{AccountRole::data_manager, std::string_view("data-manager")},
                            std::pair{AccountRole::administrator, std::string_view("administrator")}};
constexpr auto kRefusalTakes = std::chrono::seconds(1);

struct Kept {
    Account account;
    std::string verifier;
    bool open = false;
    std::size_t order = 0;
};

bool well_formed(std::string_view name) {
    return name.size() >= 2 && name.size() <= 32 && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::map<std::string, Kept>> read_accounts(const Study& study) {
    std::map<std::string, Kept> kept;
    auto read = study.ledger().read("", [&](const Row& row) {
        if (row.kind != "account.added" && row.kind != "account.closed") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        const std::string name = text_of(payload, "account");
        if (row.kind == "account.closed") {
            if (auto found = kept.find(name); found != kept.end()) found->second.open = false;
            return;
        }
        const auto role = account_role(text_of(payload, "role"));
        if (!role) return;  // a role of a later version: nobody may act under it here
        kept[name] = {{name, *role}, text_of(payload, "verifier"), true, kept.size()};
    });
    if (!read) return std::unexpected(read.error());
    return kept;
}

Result<std::string> verifier_of(const std::string& passphrase) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str(text.data(), passphrase.data(), passphrase.size(), crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE) != 0)
        return std::unexpected(Error{"there is not enough memory to check a passphrase", "256 MiB have to be free"});
    return std::string(text.data());
}

}  // namespace

std::string_view name_of(AccountRole role) {
    return std::ranges::find(kRoles, role, &std::pair<AccountRole, std::string_view>::first)->second;
}

std::optional<AccountRole> account_role(std::string_view name) {
    const auto found = std::ranges::find(kRoles, name, &std::pair<AccountRole, std::string_view>::second);
    return found == kRoles.end() ? std::nullopt : std::optional(found->first);
}

std::string_view name_of(Right right) {
    switch (right) {
        case Right::read_clinical: return "read what patients recorded";
        case Right::record_clinical: return "record for a patient";
        case Right::check_substances: return "check substances";
        case Right::keep_directory: return "keep the directory";
        case Right::study_corpus: return "study discussions";
        case Right::keep_accounts: return "keep accounts";
    }
    return "";
}

bool may(AccountRole role, Right right) {
    switch (role) {
        case AccountRole::operator_: return right == Right::read_clinical || right == Right::record_clinical || right == Right::check_substances;
        case AccountRole::clinician: return right != Right::keep_accounts;
        case AccountRole::assessor: return false;
        case AccountRole::data_manager: return right == Right::keep_directory || right == Right::study_corpus;
        case AccountRole::administrator: return right == Right::keep_accounts;
    }
    return false;
}

Result<void> require(const Account& account, Right right) {
    if (may(account.role, right)) return {};
    return std::unexpected(Error{std::format("{} is {} {} and may not {}", account.name, name_of(account.role)[0] == 'a' || name_of(account.role)[0] == 'o' ? "an" : "a",
                                             name_of(account.role), name_of(right)),
                                 "sign in with an account that may (accalmie study users lists them)"});
}

NewRow row_by(const Account& account, std::string kind, std::string payload) {
    return {.session = "", .t_ms = 0, .row_class = RowClass::decision, .kind = std::move(kind), .payload = std::move(payload), .actor = account.name,
            .role = std::string(name_of(account.role))};
}

Result<Account> add_account(Study& study, const std::string& name, AccountRole role, const std::string& passphrase, const Account* by) {
    if (!well_formed(name)) return std::unexpected(Error{"an account's name is 2 to 32 of a-z, 0-9, . and -", "for example a.martin"});
    if (passphrase.size() < kShortestPassphrase)
        return std::unexpected(Error{std::format("a passphrase has at least {} characters", kShortestPassphrase), "four words that belong together only for you do well"});
    auto kept = read_accounts(study);
    if (!kept) return std::unexpected(kept.error());
    if (by) {
        if (auto allowed = require(*by, Right::keep_accounts); !allowed) return std::unexpected(allowed.error());
    } else if (std::ranges::any_of(*kept, [](const auto& each) { return each.second.open; })) {
        return std::unexpected(Error{"this study has accounts already", "an administrator adds more: --account NAME"});
    } else if (role != AccountRole::administrator) {
        return std::unexpected(Error{"the first account of a study has to be an administrator", "add one with --role administrator, then the others with it"});
    }
    if (const auto found = kept->find(name); found != kept->end())
        return std::unexpected(Error{"the account " + name + (found->second.open ? " exists already" : " was closed; its name stays with what it did"), "choose another name"});
    auto verifier = verifier_of(passphrase);
    if (!verifier) return std::unexpected(verifier.error());
    Account account{name, role};
    const json payload{{"account", name}, {"role", name_of(role)}, {"verifier", *verifier}};
    if (auto row = study.ledger().append(row_by(by ? *by : account, "account.added", payload.dump())); !row) return std::unexpected(row.error());
    return account;
}

Result<void> close_account(Study& study, const std::string& name, const Account& by) {
    if (auto allowed = require(by, Right::keep_accounts); !allowed) return allowed;
    auto open = accounts(study);
    if (!open) return std::unexpected(open.error());
    if (std::ranges::find(*open, name, &Account::name) == open->end())
        return std::unexpected(Error{"there is no open account " + name, "accalmie study users lists them"});
    if (name == by.name) return std::unexpected(Error{"nobody closes the account that they are signed in with", "let another administrator do it"});
    if (auto row = study.ledger().append(row_by(by, "account.closed", json{{"account", name}}.dump())); !row) return std::unexpected(row.error());
    return {};
}

Result<std::vector<Account>> accounts(const Study& study) {
    auto kept = read_accounts(study);
    if (!kept) return std::unexpected(kept.error());
    std::vector<Kept> open;
    for (const auto& [name, each] : *kept)
        if (each.open) open.push_back(each);
    std::ranges::sort(open, {}, &Kept::order);
    std::vector<Account> list;
    for (Kept& each : open) list.push_back(std::move(each.account));
    return list;
}

Result<Account> sign_in(Study& study, const std::string& name, const std::string& passphrase) {
    const auto began = std::chrono::steady_clock::now();
    auto kept = read_accounts(study);
    if (!kept) return std::unexpected(kept.error());
    const auto found = kept->find(name);
    if (found != kept->end() && found->second.open &&
        crypto_pwhash_str_verify(found->second.verifier.c_str(), passphrase.data(), passphrase.size()) == 0)
        return found->second.account;
    // A name that does not exist is not told apart from a wrong passphrase, by words or by time; only a name of ours goes into the record.
    if (study.ledger().usable())
        (void)study.ledger().append({.session = "", .t_ms = 0, .row_class = RowClass::decision, .kind = "account.refused",
                                     .payload = json{{"account", found != kept->end() ? name : std::string("unknown")}}.dump(), .actor = "accalmie", .role = "system"});
    std::this_thread::sleep_until(began + kRefusalTakes);
    return std::unexpected(Error{"the account or its passphrase is wrong", "accalmie study users lists the accounts; an administrator can add another"});
}

}  // namespace accalmie::records
