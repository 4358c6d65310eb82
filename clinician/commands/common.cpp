// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <print>

#include "clinician/commands/commands.h"

namespace accalmie::commands {

void finish(int exit_code) { throw CLI::RuntimeError(exit_code); }

void fail(const std::string& message, const std::string& hint) {
    std::println(stderr, "accalmie: error: {}{}", message, hint.empty() ? "" : " (" + hint + ")");
    finish(1);
}

void fail(const Error& error) { fail(describe(error)); }
void fail(const protocols::Error& error) { fail(protocols::describe(error)); }
void fail(const device::Error& error) { fail(device::describe(error)); }

void KeyOption::add(CLI::App& command) {
    command.add_option("--key-file", path, "File with the study's key (64 hex digits); else the variable ACCALMIE_KEY_FILE")->type_name("FILE");
}

std::string KeyOption::resolve() const {
    if (!path.empty()) return path;
    if (const char* named = std::getenv("ACCALMIE_KEY_FILE"); named && *named) return named;
    fail("no key for the study", "give --key-file FILE or set ACCALMIE_KEY_FILE");
}

}  // namespace accalmie::commands
