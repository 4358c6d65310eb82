// SPDX-License-Identifier: Apache-2.0
// Owns: running one of our browser scripts on Chromium and taking its line of JSON. A missing browser is a failure, never a skip.
// Thread: one owner; waits for the script.
#pragma once

#include <cstdio>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace accalmie::testing {

// `script` lies in tests/interop; `arguments` go to the shell as they are.
inline nlohmann::json browse(const std::string& script, const std::string& arguments) {
    const std::string command = "node '" ACCALMIE_SOURCE_DIR "/tests/interop/" + script + "' " + arguments + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe);
    std::string said;
    char buffer[4096];
    while (const std::size_t length = std::fread(buffer, 1, sizeof buffer, pipe)) said.append(buffer, length);
    const int status = ::pclose(pipe);
    INFO(said);
    REQUIRE(status == 0);
    const auto result = nlohmann::json::parse(said.substr(said.find('{')), nullptr, false);
    REQUIRE(result.is_object());
    return result;
}

}  // namespace accalmie::testing
