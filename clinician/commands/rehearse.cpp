// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "clinician/commands/session_options.h"
#include "clinician/session/auto_clinician.h"
#include "clinician/session/monado.h"

namespace accalmie::commands {

namespace {

struct RehearseOptions {
    SessionOptions session;
    KeyOption key;
    std::string study;
    bool json = false;
    bool acknowledge = false;
};

// Faults that the harnesses have to find are planted by name.
bool planted(std::string_view fault) {
    const char* named = std::getenv("ACCALMIE_PLANT");
    return named && fault == named;
}

// One line for every row on disk, for a harness that kills this process and asks afterwards whether anything acknowledged is missing.
// ACCALMIE_PLANT=early-acknowledge is the fault that the harness has to find: rows are acknowledged before they are written.
void print_acknowledged(std::int64_t& told, std::int64_t rows) {
    if (planted("early-acknowledge")) rows += 4;
    for (; told < rows; ++told) {
        const auto line = std::format("ack {}\n", told + 1);
        if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
    }
}

void run(const RehearseOptions& options) {
    auto key = records::Key::read_file(options.key.resolve());
    if (!key) fail(key.error());
    auto study = records::Study::open(options.study, *key);
    if (!study) fail(study.error());
    auto setup = options.session.resolve(true);
    setup.drop_ratings = planted("drop-ratings");
    if (setup.pseudonym.empty()) fail("no pseudonym", "give --pseudonym, as accalmie study lists them");
    std::optional<session::SimulatedHeadset> headset;
    if (setup.xr == session::XrKind::openxr) {
        auto started = session::SimulatedHeadset::start_unless_chosen();
        if (!started) fail(started.error());
        headset = std::move(*started);
    }
    auto live = session::LiveSession::begin(*study, std::move(setup));
    if (!live) fail(live.error());

    std::string told;
    std::size_t banners = 0;
    std::int64_t acknowledged = 0;
    while (!(*live)->view().finished) {
        auto pumped = (*live)->pump(5);
        if (options.acknowledge) print_acknowledged(acknowledged, (*live)->view().acknowledged_rows);
        for (const auto& all = (*live)->view().banners; banners < all.size(); ++banners) std::println(stderr, "{}", all[banners].text);
        if (!pumped) fail(pumped.error());
        session::play_clinician(**live);
        if (options.json || options.acknowledge) continue;
        if (const auto line = session::progress_line(**live); line.substr(6) != told) {
            told = line.substr(6);
            std::println("{}", line);
            std::fflush(stdout);
        }
    }
    const auto session_id = (*live)->view().session_id;
    const auto outcome = (*live)->view().outcome;
    const auto ratings = (*live)->view().ratings.size();
    live->reset();
    auto digest = records::session_digest(study->ledger(), session_id);
    if (!digest) fail(digest.error());
    if (options.json) {
        std::println("{}", nlohmann::json{{"session", session_id}, {"outcome", outcome}, {"ratings", ratings}, {"digest", records::to_hex(*digest)}}.dump());
    } else if (!options.acknowledge) {
        std::println("session {}: {}, {} ratings\nsession digest {}", session_id, outcome, ratings, records::to_hex(*digest));
    }
}

}  // namespace

void add_rehearse(CLI::App& app) {
    auto* command = app.add_subcommand("rehearse", "Run a session against the simulated patient, without a console");
    auto options = std::make_shared<RehearseOptions>();
    command->add_option("--study", options->study, "The study's folder (a rehearsal study)")->required();
    options->key.add(*command);
    options->session.add(*command);
    command->add_option("--speed", options->session.speed, "Session seconds a second; 0: as fast as pictures come")->capture_default_str();
    command->add_flag("--real-time", options->session.real_time, "Let the session take its own time");
    command->add_option("--stop-at-level", options->session.stop_at_level, "The simulated patient answers the second question at this cue level with the stop button");
    command->add_flag("--acknowledge", options->acknowledge, "Print 'ack N' for every row once it is on disk (for fault tests)");
    command->add_flag("--json", options->json, "For machines");
    command->footer("Example: accalmie rehearse --study out/study --key-file out/demo.key --protocol short-check --pseudonym P-7Q4K");
    command->callback([options] { run(*options); });
}

}  // namespace accalmie::commands
