// SPDX-License-Identifier: Apache-2.0
// The commands of two whole sessions, as text. A change here changes the session digest of every demonstration: mean it.
// ACCALMIE_UPDATE_GOLDEN=1 writes the files anew.
#include "protocols/simulation.h"
#include "tests/unit/protocols/support.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <format>
#include <fstream>
#include <sstream>

using namespace accalmie::protocols;
using accalmie::protocols::testing::shipped;

namespace {

std::string as_text(const SimulatedSession& session) {
    std::string text;
    for (const auto& [t_ms, command] : session.commands) {
        text += std::format("{} {}", t_ms, name_of(command.kind));
        if (!command.scene.empty()) text += std::format(" {} {}", command.scene, command.level);
        if (command.request != 0) text += std::format(" #{}", command.request);
        text += std::format(" step {}: {}\n", command.step, command.reason);
    }
    for (const RatingPoint& point : session.state.ratings) text += std::format("{} rated {} #{}\n", point.t_ms, point.value, point.request);
    return text;
}

std::string read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("the sessions of seeds 7 and 11 are the ones that were kept", "[protocols][golden]") {
    for (const std::uint64_t seed : {7U, 11U}) {
        const std::string path = std::format("{}/tests/unit/protocols/golden/alcohol-bar-seed-{}.txt", ACCALMIE_SOURCE_DIR, seed);
        const std::string now = as_text(simulate_session(shipped("alcohol-bar"), {}, seed));
        if (std::getenv("ACCALMIE_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << now;
        INFO(path);
        CHECK(read(path) == now);
        CHECK(now != as_text(simulate_session(shipped("alcohol-bar"), {}, seed + 1)));
    }
}
