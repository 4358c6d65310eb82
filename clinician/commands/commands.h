// SPDX-License-Identifier: Apache-2.0
// Owns: the list of subcommands of `accalmie`. Each lives in a file of its own, adds its options, an example in its footer, --json where
// a machine may read the answer, and a callback that ends with finish(exit code).
#pragma once

#include <CLI/CLI.hpp>

#include "device/error.h"
#include "engine/error.h"
#include "protocols/error.h"

namespace accalmie::commands {

void add_console(CLI::App& app);
void add_demo(CLI::App& app);
void add_rehearse(CLI::App& app);
void add_protocol(CLI::App& app);
void add_scene(CLI::App& app);
void add_scene_measure(CLI::App& scene);  // below scene
void add_scene_hear(CLI::App& scene);     // below scene
void add_study(CLI::App& app);
void add_users(CLI::App& study);  // below study
void add_export(CLI::App& app);
void add_report(CLI::App& app);
void add_replay(CLI::App& app);
void add_nir(CLI::App& app);
void add_nir_field(CLI::App& nir);  // below nir
void add_diary(CLI::App& app);
void add_directory(CLI::App& app);
void add_corpus(CLI::App& app);

// Ends a subcommand's callback: main returns this code.
[[noreturn]] void finish(int exit_code);
// Prints "accalmie: error: ..." to stderr with the place and what to do, and finishes with code 1.
[[noreturn]] void fail(const std::string& message, const std::string& hint = {});
[[noreturn]] void fail(const Error& error);
[[noreturn]] void fail(const protocols::Error& error);
[[noreturn]] void fail(const device::Error& error);

// The study's key: --key-file, else ACCALMIE_KEY_FILE, else a clear failure.
struct KeyOption {
    std::string path;
    void add(CLI::App& command);
    std::string resolve() const;
};

}  // namespace accalmie::commands
