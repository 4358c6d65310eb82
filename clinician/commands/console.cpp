// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/account_option.h"
#include "clinician/commands/session_options.h"
#include "clinician/console/app.h"
#include "clinician/session/auto_clinician.h"

namespace accalmie::commands {

namespace {

struct ConsoleOptions {
    SessionOptions session;
    KeyOption key;
    std::string study, account, passphrase_file, show;
    bool rehearse = false, automatic = false, no_window = false, json = false;
    std::string window = "1600x900";
    double scale = 1;
    std::string shot;
    std::optional<double> shot_at_s;
    CLI::Option* protocol_given = nullptr;
    CLI::Option* speed_given = nullptr;
};

void read_window_size(const std::string& text, int& width, int& height) {
    char rest = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2 || width < 640 || height < 360 || width > 8192 || height > 8192)
        fail("--window " + text + " is not WIDTHxHEIGHT between 640x360 and 8192x8192", "for example --window 1600x900");
}

void sign_in(const ConsoleOptions& options, console::AppOptions& app) {
    if (options.account.empty()) return;
    if (options.study.empty()) fail("--account needs the study that it belongs to", "give --study DIR");
    auto study = records::Study::open(app.study_directory, *app.key);
    if (!study) fail(study.error());
    auto who = records::sign_in(*study, options.account, read_passphrase(options.passphrase_file, "Passphrase of " + options.account));
    if (!who) fail(who.error());
    app.account = *who;
    app.setup.account = who->name;
}

console::AppOptions resolve(const ConsoleOptions& options) {
    console::AppOptions app;
    const bool simulated = options.rehearse || options.study.empty();  // without a study nothing can be kept, so nobody real is shown anything
    SessionOptions session = options.session;
    // A person at the console lives in real time; a session that runs by itself need not.
    if (!options.automatic && options.speed_given->count() == 0) session.real_time = true;
    app.setup = session.resolve(simulated);
    app.show = options.show;
    if (options.protocol_given->count() == 0 && !options.automatic && !options.no_window) app.setup.plan = {};  // the start screen asks
    if (app.setup.plan.rehearsal_only && !simulated) fail("this protocol is for trials of the software only", "choose another: accalmie protocol list");
    if (options.no_window && !options.show.empty() && options.shot.empty()) fail("without a window a view can only be saved as a picture", "add --shot FILE");
    if (options.no_window && !options.automatic && options.show.empty()) fail("without a window nobody could start the session or stop it", "add --auto, a rehearsal that runs by itself");
    if (options.automatic && !simulated) fail("--auto is for the simulated patient", "add --rehearse");
    if (!options.study.empty()) {
        auto key = records::Key::read_file(options.key.resolve());
        if (!key) fail(key.error());
        app.study_directory = options.study;
        app.key = *key;
    }
    sign_in(options, app);
    app.language = options.session.language;
    app.window = !options.no_window;
    read_window_size(options.window, app.width, app.height);
    app.scale = static_cast<float>(options.scale);
    app.automatic = options.automatic;
    app.shot_file = options.shot;
    app.shot_at_s = options.shot_at_s;
    return app;
}

void run(const ConsoleOptions& options) {
    console::AppOptions app = resolve(options);
    std::string told;
    if (!options.json)
        app.progress = [&told](const session::LiveSession& live) {
            if (live.view().state.step < 0) return;
            const auto line = session::progress_line(live);
            if (line.size() < 6 || line.substr(6) == told) return;
            told = line.substr(6);
            std::println("{}", line);
            std::fflush(stdout);
        };
    auto result = console::run_app(app);
    if (!result) fail(result.error());
    if (result->session_id.empty()) return;  // the start screen was closed, or only a view was asked for
    if (options.json) {
        std::println("{}", nlohmann::json{{"session", result->session_id}, {"outcome", result->outcome}, {"ratings", result->ratings},
                                          {"rows", result->acknowledged_rows}, {"digest", result->session_digest}, {"shots", result->shots},
                                          {"frames", result->frames}}.dump());
    } else {
        std::println("session {}: {}, {} ratings, {} rows on disk", result->session_id, result->outcome, result->ratings, result->acknowledged_rows);
    }
}

}  // namespace

void add_console(CLI::App& app) {
    auto* command = app.add_subcommand("console", "The clinician's console");
    auto options = std::make_shared<ConsoleOptions>();
    command->add_option("--study", options->study, "The study's folder; without it a rehearsal that is thrown away");
    options->key.add(*command);
    command->add_option("--account", options->account, "Sign in: what the views around the sessions show and record")->type_name("NAME");
    command->add_option("--passphrase-file", options->passphrase_file, "File with the account's passphrase; else ACCALMIE_PASSPHRASE_FILE, else it is asked for")->type_name("FILE");
    command->add_option("--show", options->show, "Open a view around the sessions: diary, directory, corpus or field; with --shot it is saved and left")
        ->check(CLI::IsMember({"diary", "directory", "corpus", "field"}));
    options->session.add(*command);
    options->protocol_given = command->get_option("--protocol");
    command->add_flag("--rehearse", options->rehearse, "The simulated patient instead of a person");
    options->speed_given = command->add_option("--speed", options->session.speed, "Rehearsal: session seconds a second; 0: as fast as pictures come");
    command->add_flag("--real-time", options->session.real_time, "Rehearsal with --auto: let the session take its own time");
    command->add_option("--stop-at-level", options->session.stop_at_level, "Rehearsal: the simulated patient presses stop at this cue level");
    command->add_flag("--auto", options->automatic, "Rehearsal: start, run to the end and leave without anybody at the console");
    command->add_flag("--no-window", options->no_window, "No screen: the same session without a window");
    command->add_option("--window", options->window, "WIDTHxHEIGHT of the console")->capture_default_str();
    command->add_option("--scale", options->scale, "Size of everything on the console")->check(CLI::Range(0.5, 4.0))->capture_default_str();
    command->add_option("--shot", options->shot, "Save a picture of the console to this file");
    command->add_option("--shot-at", options->shot_at_s, "At this second of the session; without it when the third cue level has a rating");
    command->add_flag("--json", options->json, "For machines");
    command->footer("F12 or Esc held: stop. F2: save a picture of the console.\nExample: accalmie console --rehearse");
    command->callback([options] { run(*options); });
}

}  // namespace accalmie::commands
