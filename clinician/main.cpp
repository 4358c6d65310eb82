// SPDX-License-Identifier: Apache-2.0
// `accalmie`: the clinician's console and, with a subcommand, the same work without a screen.
#include <csignal>
#include <cstdio>
#include <exception>
#include <print>

#include <sodium.h>

#include "clinician/commands/commands.h"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a lost peer is an error value, not a death
    std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
    if (sodium_init() < 0) {
        std::println(stderr, "accalmie: error: the cryptographic library does not start");
        return 1;
    }
    CLI::App app{"Accalmie: supervised cue exposure for addiction care. Research software, not a certified medical device."};
    app.name("accalmie");
    app.footer("Example: accalmie demo --seed 7 --out /tmp/accalmie-demo\nEach subcommand has --help with an example of its own.");
    app.set_version_flag("--version", ACCALMIE_VERSION);
    app.require_subcommand(1);
    accalmie::commands::add_console(app);
    accalmie::commands::add_demo(app);
    accalmie::commands::add_rehearse(app);
    accalmie::commands::add_protocol(app);
    accalmie::commands::add_scene(app);
    accalmie::commands::add_study(app);
    accalmie::commands::add_export(app);
    accalmie::commands::add_report(app);
    accalmie::commands::add_replay(app);
    accalmie::commands::add_nir(app);
    accalmie::commands::add_diary(app);
    accalmie::commands::add_directory(app);
    accalmie::commands::add_corpus(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        return app.exit(end);
    } catch (const std::exception& error) {
        std::println(stderr, "accalmie: error: {}", error.what());
        return 1;
    }
    return 0;
}
