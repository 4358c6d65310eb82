// SPDX-License-Identifier: Apache-2.0
// The patient's program hangs or dies in mid-session, or the disk is full: somebody is told in time, and nothing acknowledged is lost.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <print>

#include "clinician/records/study.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;
using accalmie::records::Key;
using accalmie::records::Ledger;
using accalmie::records::Row;

namespace {

std::vector<std::string> kinds_of(const flow::StudyFolder& study, const std::string& session) {
    std::vector<std::string> kinds;
    const auto key = Key::read_file(study.key);
    auto ledger = Ledger::open(study.study + "/study.db", *key, true);
    REQUIRE(ledger);
    REQUIRE(ledger->read(session, [&](const Row& row) { kinds.push_back(row.kind); }));
    return kinds;
}

bool contains(const std::vector<std::string>& kinds, const std::string& kind) { return std::ranges::find(kinds, kind) != kinds.end(); }

bool verifies(const flow::StudyFolder& study) {
    const auto report = accalmie::records::verify(study.study, *Key::read_file(study.key));
    return report && report->ok;
}

// A real-time rehearsal that is past its start, with `fault` done to the player; returns how long the message took.
std::chrono::milliseconds time_to_message(int fault, flow::StudyFolder& study, bool and_back) {
    auto arguments = study.rehearse("alcohol-bar", 7);
    arguments.insert(arguments.end(), {"--real-time", "--language", "en", "--player-timeout", "700"});
    flow::Program program("accalmie", arguments);
    REQUIRE(program.wait_for("baseline   waiting-room", 60s));
    const auto player = flow::child_named(program.pid(), "accalmie-player");
    REQUIRE(player);
    const auto begin = std::chrono::steady_clock::now();
    kill(*player, fault);
    REQUIRE(program.wait_for("The patient's view is lost", 10s));
    const auto told = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (and_back) CHECK(program.wait_for("The patient's view is back, in the calm room", 30s));
    program.signal(SIGKILL);
    program.finish(5s);
    if (const auto left = flow::child_named(program.pid(), "accalmie-player")) kill(*left, SIGKILL);
    return told;
}

}  // namespace

TEST_CASE("a player that hangs is reported within a second, the gap is recorded and the view comes back in the calm room") {
    flow::StudyFolder study;
    const auto told = time_to_message(SIGSTOP, study, true);
    std::println("hung player reported after {} ms", told.count());
    CHECK(told <= 1000ms);
    const auto kinds = kinds_of(study, "S0001");
    CHECK(contains(kinds, "event.player_lost"));
    CHECK(contains(kinds, "gap"));
    CHECK(verifies(study));
}

TEST_CASE("a player that is killed is reported within a second") {
    flow::StudyFolder study;
    const auto told = time_to_message(SIGKILL, study, false);
    std::println("killed player reported after {} ms", told.count());
    CHECK(told <= 1000ms);
    CHECK(contains(kinds_of(study, "S0001"), "event.player_lost"));
    CHECK(verifies(study));
}

TEST_CASE("a session whose every rating message is dropped does not end as if nothing had happened") {
    // The planted fault: answers from the headset never arrive. The record has to say that they are missing.
    flow::StudyFolder study;
    auto arguments = study.rehearse("short-check", 7);
    flow::Program program("accalmie", arguments, {"ACCALMIE_PLANT=drop-ratings"});
    const auto finished = program.finish(20s);
    const auto kinds = kinds_of(study, "S0001");
    CHECK_FALSE(contains(kinds, "event.rating"));
    CHECK(finished.exit_code != 0);  // it waits for the hand until it is ended, and never reports a completed session
    CHECK_FALSE(contains(kinds, "session.end"));

    flow::StudyFolder whole;
    CHECK(flow::run("accalmie", whole.rehearse("short-check", 7)).exit_code == 0);
    CHECK(contains(kinds_of(whole, "S0001"), "event.rating"));
    CHECK(contains(kinds_of(whole, "S0001"), "session.end"));
}

TEST_CASE("a full disk ends the session with one clear line, a failure's exit code and nothing acknowledged lost") {
    flow::StudyFolder study;
    auto arguments = study.rehearse("short-check", 7);
    arguments.insert(arguments.end(), {"--acknowledge", "--language", "en"});
    flow::Program program("accalmie", arguments);
    REQUIRE(program.wait_for("ack 12\n", 60s));
    // From here on no file of this process may grow: the kernel's own refusal, as on a full disk. The player is not touched.
    const rlimit none{1024, 1024};
    REQUIRE(prlimit(program.pid(), RLIMIT_FSIZE, &none, nullptr) == 0);
    const auto outcome = program.finish(60s);
    INFO(outcome.errors);
    CHECK(outcome.exit_code != 0);
    CHECK(outcome.errors.contains("accalmie: error:"));
    CHECK(outcome.errors.contains("disk"));
    int acknowledged = 0, on_disk = 0;
    for (std::size_t at = outcome.output.find("ack "); at != std::string::npos; at = outcome.output.find("ack ", at + 1)) ++acknowledged;
    on_disk = static_cast<int>(kinds_of(study, "S0001").size());
    CHECK(on_disk >= acknowledged);
    CHECK(verifies(study));
}

TEST_CASE("a wrong key, a missing protocol and a missing OpenXR runtime are each one clear line and a failure's exit code") {
    flow::StudyFolder study, other;
    auto wrong = study.rehearse("short-check", 1);
    wrong[4] = other.key;
    const auto key = flow::run("accalmie", wrong);
    CHECK(key.exit_code != 0);
    CHECK(key.errors.contains("the key does not open this study"));
    const auto protocol = flow::run("accalmie", study.rehearse("no-such-protocol", 1));
    CHECK(protocol.exit_code != 0);
    CHECK(protocol.errors.contains("no protocol file 'no-such-protocol'"));
    auto stranger = study.rehearse("short-check", 1);
    stranger[8] = "P-NONE";
    const auto unknown = flow::run("accalmie", stranger);
    CHECK(unknown.exit_code != 0);
    CHECK(unknown.errors.contains("there is no patient P-NONE in this study"));
    const auto added = flow::run("accalmie", {"study", "add-patient", "--study", study.study, "--key-file", study.key});
    CHECK(added.exit_code == 0);
    const auto listed = flow::run("accalmie", {"study", "patients", "--study", study.study, "--key-file", study.key});
    CHECK(listed.output.contains(flow::StudyFolder::kPseudonym));
    CHECK(listed.output.contains(added.output));
    auto headset = study.rehearse("short-check", 1);
    headset.insert(headset.end(), {"--xr", "openxr"});
    flow::Program without("accalmie", headset, {"XR_RUNTIME_JSON=/nonexistent/runtime.json"});
    const auto runtime = without.finish(60s);
    CHECK(runtime.exit_code != 0);
    CHECK(runtime.errors.contains("accalmie: error:"));
}
