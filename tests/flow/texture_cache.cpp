// SPDX-License-Identifier: Apache-2.0
// Compressed textures over whole lives of the player: plain at the first start, from the cache at the next; a player that is ended or killed
// while it makes them leaves nothing broken; and a replay draws with the textures that the patient saw, or says that it cannot.
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "engine/content/bc7.h"
#include "engine/content/texture_cache.h"
#include "scenes/scene_file.h"
#include "tests/flow/player_harness.h"

using namespace flow;
using namespace std::chrono_literals;
using namespace accalmie;
namespace fs = std::filesystem;

namespace {

// The cache of a user who is there for the test alone.
struct OwnCache {
    Folder folder;
    std::string before = std::getenv("XDG_CACHE_HOME") != nullptr ? std::getenv("XDG_CACHE_HOME") : "";
    OwnCache() { ::setenv("XDG_CACHE_HOME", folder.path().c_str(), 1); }
    ~OwnCache() {
        if (before.empty()) ::unsetenv("XDG_CACHE_HOME");
        else ::setenv("XDG_CACHE_HOME", before.c_str(), 1);
    }
    std::string textures() const { return folder / "accalmie/textures"; }
    // Every whole file is one; how many there are. Unfinished ones have another ending.
    int whole_files() const {
        int count = 0;
        if (!fs::is_directory(textures())) return 0;
        for (const auto& each : fs::directory_iterator(textures())) {
            if (each.path().extension() != ".bc7") continue;
            std::ifstream file(each.path(), std::ios::binary);
            const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
            const auto read = content::read_texture_file(bytes, each.path().string());
            INFO(each.path());
            REQUIRE(read);
            ++count;
        }
        return count;
    }
};

content::SceneAsset scene_named(const std::string& name) {
    auto file = scenes::find_scene(ACCALMIE_SOURCE_DIR, name);
    REQUIRE(file);
    auto asset = scenes::load_model(*file);
    REQUIRE(asset);
    return std::move(*asset);
}

DrivenPlayer::Setup small() { return {.arguments = {"--quirk", "bc7"}, .root = ACCALMIE_SOURCE_DIR, .size = "32x32"}; }

// Whether the frames that were told of a scene had compressed textures; none told: a failure.
bool told_compressed(const DrivenPlayer& player, const std::string& scene) {
    int frames = 0, compressed = 0;
    for (const auto& message : player.heard())
        if (const auto* told = std::get_if<link::ShownFrames>(&message); told != nullptr && told->scene == scene) {
            ++frames;
            compressed += told->compressed ? 1 : 0;
        }
    REQUIRE(frames > 0);
    CHECK((compressed == 0 || compressed == frames));
    return compressed > 0;
}

}  // namespace

TEST_CASE("a player shows its scenes plain at the first start and with compressed textures at the next", "[player]") {
    const OwnCache cache;
    std::set<content::TextureHash> pictures;
    for (const char* name : {"calm-room", "waiting-room"}) {
        const content::SceneAsset asset = scene_named(name);
        for (const std::size_t i : content::compressible_images(asset)) pictures.insert(content::texture_hash(asset.images[i]));
    }
    const int wanted = static_cast<int>(pictures.size());
    REQUIRE(wanted > 2);
    for (const bool second : {false, true}) {
        CAPTURE(second);
        DrivenPlayer player(small());
        REQUIRE(player.wait_until_ready());
        player.say(link::ShowScene{"waiting-room", 0, 1});
        REQUIRE(player.wait_for<link::SceneShown>(60s));
        for (const auto end = std::chrono::steady_clock::now() + 60s; cache.whole_files() < wanted && std::chrono::steady_clock::now() < end;) player.pump_for(200ms);
        player.pump_for(1s);  // their frames are told
        CHECK(cache.whole_files() == wanted);
        CHECK(told_compressed(player, "calm-room") == second);
        CHECK(told_compressed(player, "waiting-room") == second);
        player.say(link::Quit{});
        CHECK(player.exit_code(milliseconds(20'000)) == 0);
    }
    // Without the quirk a driver that draws on the CPU leaves them alone.
    DrivenPlayer plain({.arguments = {}, .root = ACCALMIE_SOURCE_DIR, .size = "32x32"});
    REQUIRE(plain.wait_until_ready());
    plain.pump_for(1s);
    CHECK_FALSE(told_compressed(plain, "calm-room"));
}

TEST_CASE("a player that is killed while it compresses textures leaves no broken file, and one that is ended ends at once", "[player]") {
    const OwnCache cache;
    for (int trial = 0; trial < 8; ++trial) {
        CAPTURE(trial);
        DrivenPlayer player(small());
        REQUIRE(player.wait_until_ready());
        const int before = cache.whole_files();
        player.say(link::LoadScenes{{"bar-night"}});
        REQUIRE(player.wait_for<link::SceneLoaded>(60s));
        for (const auto end = std::chrono::steady_clock::now() + 20s; cache.whole_files() <= before && std::chrono::steady_clock::now() < end;) player.pump(milliseconds(5));
        player.pump_for(milliseconds(7 * trial));
        if (trial % 2 == 0) {
            ::kill(player.pid(), SIGKILL);
            CHECK(player.exit_code(milliseconds(5'000)));
        } else {
            const auto asked = std::chrono::steady_clock::now();
            player.say(link::Quit{});
            CHECK(player.exit_code(milliseconds(20'000)) == 0);
            CHECK(std::chrono::steady_clock::now() - asked < 3s);
        }
        CHECK(cache.whole_files() >= before);
    }
}

TEST_CASE("a session with compressed textures is drawn again with them, and where they are not there the replay does not judge", "[player]") {
    const OwnCache cache;
    const content::TextureCache users(cache.textures());
    for (const char* name : {"calm-room", "waiting-room", "bar-night"}) {
        const content::SceneAsset asset = scene_named(name);
        for (const std::size_t i : content::compressible_images(asset))
            REQUIRE(users.write(asset.images[i], *content::bc7_levels(asset.images[i].mips, asset.images[i].width, asset.images[i].height)));
    }
    const StudyFolder study;
    auto arguments = study.rehearse("short-check", 7);
    arguments.push_back("--json");
    const auto ran = Program("accalmie", arguments, {"ACCALMIE_QUIRKS=bc7"}).finish(240s);
    INFO(ran.errors);
    REQUIRE(ran.exit_code == 0);
    const auto replay = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"replay", "--study", study.study, "--key-file", study.key, "--session", "S0001", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        return Program("accalmie", words).finish(240s);
    };
    const auto told = nlohmann::json::parse(replay({}).output);
    CHECK(told["textures_bc7"].size() == told["scenes"].size());
    const auto verified = replay({"--verify"});
    INFO(verified.output << verified.errors);
    CHECK(verified.exit_code == 0);

    fs::remove_all(cache.textures());
    const auto elsewhere = replay({"--verify"});
    INFO(elsewhere.output << elsewhere.errors);
    CHECK(elsewhere.exit_code == 3);
    const auto verdict = nlohmann::json::parse(elsewhere.output);
    CHECK(verdict["verdict"] == "not comparable here");
    CHECK(verdict["reason"].get<std::string>().contains("BC7"));
    const auto drawn = nlohmann::json::parse(replay({"--at", "1", "--out", study.folder / "again.png"}).output);
    CHECK(drawn["textures"] == "bc7");
    CHECK(drawn["comparable"] == false);
    CHECK_FALSE(fs::exists(cache.textures()));  // a replay makes none
}
