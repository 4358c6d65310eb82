// SPDX-License-Identifier: Apache-2.0
// The session digest depends on the seed and the inputs alone.
#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include "tests/flow/program.h"

using namespace std::chrono_literals;

namespace {

nlohmann::json rehearse(std::uint64_t seed, const std::string& protocol = "short-check", std::vector<std::string> more = {}) {
    const flow::StudyFolder study;
    auto arguments = study.rehearse(protocol, seed);
    arguments.push_back("--json");
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto finished = flow::run("accalmie", arguments, 240s);
    INFO(finished.errors);
    REQUIRE(finished.exit_code == 0);
    const auto verified = flow::run("accalmie", {"study", "verify", "--study", study.study, "--key-file", study.key});
    INFO(verified.output << verified.errors);
    CHECK(verified.exit_code == 0);
    return nlohmann::json::parse(finished.output);
}

}  // namespace

TEST_CASE("two runs with one seed have one session digest, and another seed has another") {
    const auto first = rehearse(7);
    CHECK(rehearse(7)["digest"] == first["digest"]);
    CHECK(rehearse(11)["digest"] != first["digest"]);
}

TEST_CASE("picture size, samples and speed are not part of the session digest") {
    const auto plain = rehearse(7);
    CHECK(rehearse(7, "short-check", {"--speed", "4"})["digest"] == plain["digest"]);
}

TEST_CASE("a whole alcohol session runs to its end and a stop at the highest level ends it as stopped") {
    const auto completed = rehearse(7, "alcohol-bar");
    CHECK(completed["outcome"] == "completed");
    CHECK(completed["ratings"] >= 15);  // 5 in baseline, 2 a level at least, coping, aftercare: none may be missing
    const auto stopped = rehearse(7, "alcohol-bar", {"--stop-at-level", "4"});
    CHECK(stopped["outcome"] == "stopped");
    CHECK(stopped["digest"] != completed["digest"]);
}
