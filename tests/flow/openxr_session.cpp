// SPDX-License-Identifier: Apache-2.0
// Whole sessions on the real OpenXR runtime (Monado with its simulated headset): every rating and the stop arrive as OpenXR actions
// through our API layer, both validation layers watch, and the runtime is killed in mid-session.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "clinician/records/study.h"
#include "clinician/session/replay.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The core validation layer's lines, its own beginnings and ends left out. It must have been there to say anything.
std::string complaints(const std::string& path) {
    std::istringstream text(text_of(path));
    std::string complaints;
    bool was_there = false;
    for (std::string line; std::getline(text, line);) {
        const bool begins = line.contains("VUID-CoreValidation-Initialize"), ends = line.contains("VUID-CoreValidation-Destroy");
        was_there |= begins;
        if (!begins && !ends && !line.empty()) complaints += line + "\n";
    }
    REQUIRE(was_there);
    return complaints;
}

struct Run {
    nlohmann::json result;
    std::string complaints;  // of the OpenXR core validation
    std::string player_log;
    int frames_after_stop = -1;
};

Run rehearse(const std::string& xr, const std::string& protocol, bool validated) {
    const flow::StudyFolder study;
    auto arguments = study.rehearse(protocol, 7);
    arguments.insert(arguments.end(), {"--json", "--xr", xr, "--stop-at-level", "4"});
    std::vector<std::string> environment;
    const auto report = study.folder / "validation.txt";
    if (validated) {
        arguments.push_back("--validation");
        environment = {"XR_ENABLE_API_LAYERS=XR_APILAYER_LUNARG_core_validation", "XR_CORE_VALIDATION_EXPORT_TYPE=text", "XR_CORE_VALIDATION_FILE_NAME=" + report};
    }
    flow::Program program("accalmie", arguments, environment);
    const auto finished = program.finish(300s);
    INFO(finished.errors);
    REQUIRE(finished.exit_code == 0);
    Run run{nlohmann::json::parse(finished.output), validated ? complaints(report) : std::string(), text_of(study.study + "/player.log"), -1};
    auto ledger = accalmie::records::Ledger::open(study.study + "/study.db", *accalmie::records::Key::read_file(study.key), true);
    REQUIRE(ledger);
    REQUIRE(ledger->read("S0001", [&](const accalmie::records::Row& row) {
        if (row.kind != "calm") return;
        const auto payload = nlohmann::json::parse(row.payload);
        run.frames_after_stop = std::max(run.frames_after_stop, payload["frames_after_input"].get<int>());
    }));
    return run;
}

}  // namespace

TEST_CASE("the whole demonstration protocol on Monado has the off-screen digest, its stop is calm within two frames, and validation is silent") {
    const auto headset = rehearse("openxr", "alcohol-bar", true);
    const auto off_screen = rehearse("offscreen", "alcohol-bar", false);
    CHECK(headset.result["digest"] == off_screen.result["digest"]);
    CHECK(headset.result["outcome"] == "stopped");
    CHECK(headset.frames_after_stop >= 1);
    CHECK(headset.frames_after_stop <= 2);
    CHECK_FALSE(headset.player_log.contains("VUID"));
    CHECK(headset.complaints == "");
}

TEST_CASE("a session on Monado, whose lenses hide pixels, is drawn again byte for byte, and without what they hid it is not") {
    const flow::StudyFolder study;
    auto arguments = study.rehearse("short-check", 7);
    arguments.insert(arguments.end(), {"--json", "--xr", "openxr"});
    const auto rehearsed = flow::run("accalmie", arguments, 300s);
    INFO(rehearsed.errors);
    REQUIRE(rehearsed.exit_code == 0);
    REQUIRE(text_of(study.study + "/player.log").contains("visibility mask on"));
    const std::vector<std::string> replay = {"replay", "--study", study.study, "--key-file", study.key, "--session", "S0001", "--json"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), replay.begin(), replay.end());
        return flow::run("accalmie", more, 240s);
    };
    const auto verified = with({"--verify"});
    INFO(verified.output << verified.errors);
    CHECK(verified.exit_code == 0);
    CHECK(nlohmann::json::parse(verified.output)["verdict"] == "ok");
    CHECK(nlohmann::json::parse(verified.output)["compared"] >= 3);

    const auto key = accalmie::records::Key::read_file(study.key);
    auto opened = accalmie::records::Study::open(study.study, *key, true);
    REQUIRE(opened);
    auto unmasked = accalmie::session::Replay::open(*opened, "S0001");
    REQUIRE(unmasked);
    CHECK(unmasked->frames().hidden.size() == 2);
    unmasked->plant_unmasked();
    const auto verdict = unmasked->verify();
    REQUIRE(verdict);
    CHECK(verdict->likeness == accalmie::session::Likeness::differs);
    CHECK(verdict->equal == 0);
}

TEST_CASE("a runtime that is killed in mid-session ends the session with one clear line and nothing acknowledged lost") {
    const flow::StudyFolder study;
    auto arguments = study.rehearse("alcohol-bar", 7);
    arguments.insert(arguments.end(), {"--xr", "openxr", "--real-time", "--language", "en"});
    flow::Program program("accalmie", arguments);
    REQUIRE(program.wait_for("baseline   waiting-room", 60s));
    const auto service = flow::child_named(program.pid(), "monado-service");
    REQUIRE(service);
    kill(*service, SIGKILL);
    const bool told = program.wait_for("runtime is gone", 20s) || program.wait_for("The patient's view is lost", 20s);
    CHECK(told);
    const auto finished = program.finish(90s);
    INFO(finished.errors);
    CHECK(finished.exit_code != 0);
    CHECK(finished.errors.contains("accalmie: error:"));
    const auto report = accalmie::records::verify(study.study, *accalmie::records::Key::read_file(study.key));
    REQUIRE(report);
    CHECK(report->ok);
}
