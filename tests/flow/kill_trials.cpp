// SPDX-License-Identifier: Apache-2.0
// Property: after kill -9 of the console's process or the player at any moment, no row that was acknowledged is missing, the chain
// verifies and the study reopens. Shown first to a planted fault: a process that acknowledges rows before they are on disk.
// ACCALMIE_KILL_TRIALS sets the count (300 without it), ACCALMIE_KILL_SEED the seed.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <format>
#include <optional>
#include <print>
#include <random>
#include <thread>

#include "clinician/records/study.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;
using accalmie::records::Key;
using accalmie::records::Ledger;
using accalmie::records::Row;

namespace {

int number_from(const char* variable, int otherwise) {
    const char* text = std::getenv(variable);
    return text && *text ? std::atoi(text) : otherwise;
}

int last_acknowledged(const std::string& output) {
    const auto at = output.rfind("ack ");
    // A line that was cut by the kill was not acknowledged.
    if (at == std::string::npos) return 0;
    const auto end = output.find('\n', at);
    if (end == std::string::npos) return last_acknowledged(output.substr(0, at));
    return std::atoi(output.c_str() + at + 4);
}

struct Outcome {
    int acknowledged = 0;
    int on_disk = 0;
    bool verifies = false;
    std::string problem;
};

// One trial in `study`: its new session is killed after `delay`; victim: the console's process or the player.
Outcome trial(const flow::StudyFolder& study, const std::string& session, std::chrono::milliseconds delay, bool kill_player, int seed,
              const std::vector<std::string>& environment) {
    auto arguments = study.rehearse("short-check", static_cast<std::uint64_t>(seed));
    arguments.push_back("--acknowledge");
    Outcome outcome;
    {
        flow::Program program("accalmie", arguments, environment);
        program.wait_for("ack 1\n", 20s);  // the moments before the first row are the study's own tests
        program.wait_for("\f", delay);     // reads for the time of the delay
        const auto player = flow::child_named(program.pid(), "accalmie-player");
        if (kill_player && player) {
            kill(*player, SIGKILL);
            outcome.acknowledged = last_acknowledged(program.finish(60s).output);
        } else {
            program.signal(SIGKILL);
            outcome.acknowledged = last_acknowledged(program.finish(5s).output);
            if (player) {  // it would sit in the calm room for a minute; it is ours to reap now
                kill(*player, SIGKILL);
                waitpid(*player, nullptr, 0);
            }
        }
    }
    const auto key = Key::read_file(study.key);
    auto ledger = Ledger::open(study.study + "/study.db", *key);
    if (!ledger) {
        outcome.problem = ledger.error().message;
        return outcome;
    }
    (void)ledger->read(session, [&](const Row&) { ++outcome.on_disk; });
    const auto report = accalmie::records::verify(study.study, *key);
    outcome.verifies = report && report->ok;
    if (!outcome.verifies) outcome.problem = !report ? report.error().message : report->problems.empty() ? "not ok" : report->problems.front();
    return outcome;
}

struct Tally {
    int trials = 0, lost = 0, unverified = 0, player_kills = 0;
    std::vector<std::string> problems;
};

Tally run_trials(int count, int first_seed, const std::vector<std::string>& environment) {
    Tally tally;
    std::mt19937 random(static_cast<unsigned>(first_seed));
    constexpr int kTrialsPerStudy = 40;  // verification reads the whole study each time
    std::optional<flow::StudyFolder> study;
    for (int i = 0; i < count; ++i) {
        if (i % kTrialsPerStudy == 0) study.emplace();
        const bool kill_player = i % 3 == 2;
        const auto delay = std::chrono::milliseconds(std::uniform_int_distribution<int>(1, 1400)(random));
        const auto session = std::format("S{:04}", i % kTrialsPerStudy + 1);
        const auto outcome = trial(*study, session, delay, kill_player, first_seed + i, environment);
        ++tally.trials;
        tally.player_kills += kill_player;
        if (outcome.on_disk < outcome.acknowledged) ++tally.lost;
        if (!outcome.verifies) {
            ++tally.unverified;
            tally.problems.push_back(std::format("trial {}: {}", i, outcome.problem));
        }
    }
    return tally;
}

}  // namespace

TEST_CASE("the kill harness finds a process that acknowledges before the row is on disk") {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const auto tally = run_trials(6, 500, {"ACCALMIE_PLANT=early-acknowledge"});
    CHECK(tally.lost > 0);
}

TEST_CASE("kill -9 at random moments loses no acknowledged row and leaves a ledger that verifies") {
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // players that outlive a killed console come to us to be reaped
    const int trials = number_from("ACCALMIE_KILL_TRIALS", 300);
    const int seed = number_from("ACCALMIE_KILL_SEED", 20'261);
    const int workers = 2;
    std::vector<Tally> tallies(workers);
    {
        std::vector<std::jthread> threads;
        for (int w = 0; w < workers; ++w) {
            threads.emplace_back([&, w] { tallies[static_cast<std::size_t>(w)] = run_trials(trials / workers, seed + w * 100'000, {}); });
        }
    }
    Tally all;
    for (const auto& tally : tallies) {
        all.trials += tally.trials;
        all.lost += tally.lost;
        all.unverified += tally.unverified;
        all.player_kills += tally.player_kills;
        for (const auto& problem : tally.problems) UNSCOPED_INFO(problem);
    }
    std::println("kill trials: {} ({} of the player), {} with lost rows, {} that do not verify", all.trials, all.player_kills, all.lost, all.unverified);
    CHECK(all.trials == trials / workers * workers);
    CHECK(all.lost == 0);
    CHECK(all.unverified == 0);
}
