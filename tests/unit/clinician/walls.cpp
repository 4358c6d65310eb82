// SPDX-License-Identifier: Apache-2.0
// The walls of the house: clinician -> scenes -> {engine, protocols}, clinician -> device; the leaves include one another never.
#include <catch2/catch_test_macros.hpp>

#include <sodium.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <toml++/toml.hpp>

#include "clinician/records/ledger.h"

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

TEST_CASE("every shipped asset is in the manifest with its size and its hash") {
    const fs::path root(ACCALMIE_SOURCE_DIR);
    const auto manifest = toml::parse_file((root / "assets/manifest.toml").string());
    REQUIRE(manifest["asset"].is_array());
    std::set<std::string> listed;
    for (const auto& entry : *manifest["asset"].as_array()) {
        const auto& asset = *entry.as_table();
        const std::string file = asset["file"].value_or("");
        INFO(file);
        listed.insert(file);
        CHECK_FALSE(std::string(asset["licence"].value_or("")).empty());
        CHECK(fs::exists(root / asset["script"].value_or("")));
        std::ifstream stream(root / file, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(stream), {});
        CHECK(bytes.size() == asset["size"].value_or(std::size_t{0}));
        std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
        crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        CHECK(accalmie::records::to_hex(hash) == asset["sha256"].value_or(""));
    }
    for (const auto& entry : fs::directory_iterator(root / "assets/scenes")) {
        INFO(entry.path().string());
        CHECK(listed.contains("assets/scenes/" + entry.path().filename().string()));
    }
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
