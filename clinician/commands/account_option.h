// SPDX-License-Identifier: Apache-2.0
// Owns: the options of every command that works in a study under an account: --study, --key-file, --account, --passphrase-file, and
// turning them into an open study and somebody who may do the deed. Ends the command (commands::fail) on what the user has to mend.
#pragma once

#include <string>

#include "clinician/commands/commands.h"
#include "clinician/records/accounts.h"

namespace accalmie::commands {

// A passphrase: from a file's first line, else from the variable ACCALMIE_PASSPHRASE_FILE names, else asked for on the terminal.
std::string read_passphrase(const std::string& file_or_empty, const std::string& question);

struct SignedIn {
    records::Study study;
    records::Account account;
};

struct AccountOption {
    std::string directory, account, passphrase_file;
    KeyOption key;

    void add(CLI::App& command);
    records::Study open(bool read_only) const;       // without an account: for what needs none
    SignedIn sign_in(records::Right right) const;    // opens for writing: a refusal is recorded too
};

}  // namespace accalmie::commands
