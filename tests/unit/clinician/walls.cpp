// SPDX-License-Identifier: Apache-2.0
// The walls of the house: clinician -> scenes -> {engine, protocols}, clinician -> device; the leaves include one another never.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"protocols", {"protocols"}},
    {"device", {"device"}},
    {"engine", {"engine"}},
    {"scenes", {"scenes", "engine", "protocols"}},
    {"clinician", {"clinician", "scenes", "engine", "protocols", "device"}},
};

bool is_source(const fs::path& path) {
    static const std::set<std::string> kExtensions = {".h", ".cpp", ".vert", ".frag", ".comp"};
    return kExtensions.contains(path.extension().string());
}

std::vector<std::string> upward_includes(const fs::path& root) {
    static const std::regex include(R"re(^\s*#\s*include\s*[<"](protocols|device|engine|scenes|clinician|tests)/)re");
    std::vector<std::string> found;
    for (const auto& [room, allowed] : kMayInclude) {
        if (!fs::exists(root / room)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
            if (!is_source(entry.path())) continue;
            std::ifstream file(entry.path());
            std::string line;
            for (int number = 1; std::getline(file, line); ++number) {
                std::smatch match;
                if (std::regex_search(line, match, include) && !allowed.contains(match[1])) {
                    found.push_back(entry.path().string() + ":" + std::to_string(number) + ": " + line);
                }
            }
        }
    }
    return found;
}

}  // namespace

TEST_CASE("no room includes a room above it or beside it") {
    const auto found = upward_includes(ACCALMIE_SOURCE_DIR);
    for (const auto& line : found) UNSCOPED_INFO(line);
    CHECK(found.empty());
}

TEST_CASE("the include check finds a planted upward include") {
    const auto root = fs::temp_directory_path() / "accalmie-walls";
    fs::create_directories(root / "protocols");
    std::ofstream(root / "protocols" / "planted.cpp") << "#include \"clinician/records/ledger.h\"\n";
    CHECK(upward_includes(root).size() == 1);
    fs::remove_all(root);
}

TEST_CASE("every source says its licence in its first lines") {
    const fs::path root(ACCALMIE_SOURCE_DIR);
    for (const char* room : {"protocols", "device", "engine", "scenes", "clinician", "tests", "assets/make"}) {
        if (!fs::exists(root / room)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
            const auto extension = entry.path().extension();
            if (!is_source(entry.path()) && extension != ".py" && extension != ".sh" && extension != ".mjs") continue;
            std::ifstream file(entry.path());
            std::string line;
            bool said = false;
            for (int i = 0; i < 3 && std::getline(file, line); ++i) said = said || line.contains("SPDX-License-Identifier: Apache-2.0");
            INFO(entry.path().string());
            CHECK(said);
        }
    }
}
