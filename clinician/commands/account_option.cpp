// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/account_option.h"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <print>

namespace accalmie::commands {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// The terminal shows nothing of what is typed, and is put back whatever happens.
std::string ask(const std::string& question) {
    std::print(stderr, "{}: ", question);
    termios before{};
    const bool quiet = tcgetattr(STDIN_FILENO, &before) == 0;
    if (quiet) {
        termios hidden = before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    std::string line;
    std::getline(std::cin, line);
    if (quiet) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::println(stderr, "");
    return line;
}

}  // namespace

std::string read_passphrase(const std::string& file_or_empty, const std::string& question) {
    const std::string path = file_or_empty.empty() ? variable("ACCALMIE_PASSPHRASE_FILE") : file_or_empty;
    if (path.empty()) {
        if (!isatty(STDIN_FILENO)) fail("no passphrase", "give --passphrase-file FILE or set ACCALMIE_PASSPHRASE_FILE");
        return ask(question);
    }
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line)) fail("the passphrase file " + path + " cannot be read or is empty", "its first line has to be the passphrase");
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

void AccountOption::add(CLI::App& command) {
    command.add_option("--study", directory, "The study's folder")->required()->type_name("DIR");
    key.add(command);
    command.add_option("--account", account, "Who does this; else the variable ACCALMIE_ACCOUNT (accalmie study users)")->type_name("NAME");
    command.add_option("--passphrase-file", passphrase_file, "File with the account's passphrase; else ACCALMIE_PASSPHRASE_FILE, else it is asked for")->type_name("FILE");
}

records::Study AccountOption::open(bool read_only) const {
    auto read = records::Key::read_file(key.resolve());
    if (!read) fail(read.error());
    auto study = records::Study::open(directory, *read, read_only);
    if (!study) fail(study.error());
    return std::move(*study);
}

SignedIn AccountOption::sign_in(records::Right right) const {
    const std::string name = account.empty() ? variable("ACCALMIE_ACCOUNT") : account;
    if (name.empty()) fail("no account: every deed in a study is somebody's", "give --account NAME or set ACCALMIE_ACCOUNT; accalmie study users adds accounts");
    records::Study study = open(false);
    auto who = records::sign_in(study, name, read_passphrase(passphrase_file, "Passphrase of " + name));
    if (!who) fail(who.error());
    if (auto allowed = records::require(*who, right); !allowed) fail(allowed.error());
    return {std::move(study), std::move(*who)};
}

}  // namespace accalmie::commands
