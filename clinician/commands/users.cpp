// SPDX-License-Identifier: Apache-2.0
// `accalmie study users`: who may act in a study.
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/account_option.h"

namespace accalmie::commands {
namespace {

struct Options {
    AccountOption account;
    std::string name, role, new_passphrase_file;
    bool as_json = false;
};

void list(const Options& options) {
    const records::Study study = options.account.open(true);
    auto open = records::accounts(study);
    if (!open) fail(open.error());
    if (options.as_json) {
        nlohmann::json answer = nlohmann::json::array();
        for (const auto& each : *open) answer.push_back({{"account", each.name}, {"role", records::name_of(each.role)}});
        std::println("{}", answer.dump(2));
    } else if (open->empty()) {
        std::println("no accounts yet: accalmie study users add NAME --role administrator makes the first");
    } else {
        for (const auto& each : *open) std::println("{:<32} {}", each.name, records::name_of(each.role));
    }
    finish(0);
}

void add(const Options& options) {
    const auto role = records::account_role(options.role);
    if (!role) fail("no role '" + options.role + "'", "operator, clinician, assessor, data-manager or administrator");
    const auto passphrase = [&] { return read_passphrase(options.new_passphrase_file, "New passphrase for " + options.name); };
    auto known = records::accounts(options.account.open(true));
    if (!known) fail(known.error());
    // One writer at a time: whoever signs in brings the open study along.
    std::optional<SignedIn> signed_in;
    if (!known->empty()) signed_in.emplace(options.account.sign_in(records::Right::keep_accounts));
    records::Study study = signed_in ? std::move(signed_in->study) : options.account.open(false);
    auto added = records::add_account(study, options.name, *role, passphrase(), signed_in ? &signed_in->account : nullptr);
    if (!added) fail(added.error());
    if (options.as_json)
        std::println("{}", nlohmann::json({{"account", added->name}, {"role", records::name_of(added->role)}}).dump());
    else
        std::println("account {} ({}) added", added->name, records::name_of(added->role));
    finish(0);
}

void close(const Options& options) {
    SignedIn signed_in = options.account.sign_in(records::Right::keep_accounts);
    if (auto closed = records::close_account(signed_in.study, options.name, signed_in.account); !closed) fail(closed.error());
    std::println("account {} closed; what it did stays under its name", options.name);
    finish(0);
}

}  // namespace

void add_users(CLI::App& study) {
    CLI::App& users = *study.add_subcommand("users", "Who may act in a study: list, add, close");
    users.require_subcommand(1);
    users.footer("Example: accalmie study users list --study ./crave --key-file site.key");
    const auto options = std::make_shared<Options>();

    CLI::App& all = *users.add_subcommand("list", "List the accounts and their roles");
    all.add_option("--study", options->account.directory, "The study's folder")->required()->type_name("DIR");
    options->account.key.add(all);
    all.add_flag("--json", options->as_json, "Answer in JSON");
    all.footer("Example: accalmie study users list --study ./crave --key-file site.key");
    all.callback([options] { list(*options); });

    CLI::App& fresh = *users.add_subcommand("add", "Add an account; the first one is an administrator");
    options->account.add(fresh);
    fresh.add_option("name", options->name, "The new account, such as a.martin")->required()->type_name("NAME");
    fresh.add_option("--role", options->role, "operator, clinician, assessor, data-manager or administrator")->required()->type_name("ROLE");
    fresh.add_option("--new-passphrase-file", options->new_passphrase_file, "File with the new account's passphrase; asked for without it")->type_name("FILE");
    fresh.add_flag("--json", options->as_json, "Answer in JSON");
    fresh.footer("Example: accalmie study users add a.martin --role clinician --account chief --study ./crave --key-file site.key");
    fresh.callback([options] { add(*options); });

    CLI::App& gone = *users.add_subcommand("close", "Close an account; its rows stay");
    options->account.add(gone);
    gone.add_option("name", options->name, "The account")->required()->type_name("NAME");
    gone.footer("Example: accalmie study users close a.martin --account chief --study ./crave --key-file site.key");
    gone.callback([options] { close(*options); });
}

}  // namespace accalmie::commands
