// SPDX-License-Identifier: Apache-2.0
// What the patient saw can be drawn again, byte for byte, from the record alone; and whoever changes the record or a scene is found.
#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "clinician/records/stream.h"
#include "clinician/records/study.h"
#include "engine/content/picture_file.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;
using namespace accalmie;
using nlohmann::json;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// One rehearsed session with its pictures.
struct Rehearsed {
    flow::StudyFolder study;
    std::string pictures = study.folder / "pictures";
    Rehearsed() {
        auto arguments = study.rehearse("short-check", 7);
        arguments.insert(arguments.end(), {"--json", "--pictures", pictures});
        const auto finished = flow::run("accalmie", arguments, 240s);
        INFO(finished.errors);
        REQUIRE(finished.exit_code == 0);
    }
    flow::Finished replay(std::vector<std::string> more, std::vector<std::string> environment = {}) const {
        std::vector<std::string> arguments = {"replay", "--study", study.study, "--key-file", study.key, "--session", "S0001", "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return flow::Program("accalmie", arguments, std::move(environment)).finish(240s);
    }
    std::vector<records::Row> rows(const std::string& kind) const {
        std::vector<records::Row> found;
        const auto key = records::Key::read_file(study.key);
        const auto ledger = records::Ledger::open(study.study + "/study.db", *key, true);
        REQUIRE(ledger);
        (void)ledger->read("S0001", [&](const records::Row& row) {
            if (row.kind == kind) found.push_back(row);
        });
        return found;
    }
};

}  // namespace

TEST_CASE("a session's pictures are drawn again byte for byte, and time or frame finds them") {
    const Rehearsed session;
    const auto verified = session.replay({"--verify"});
    INFO(verified.output << verified.errors);
    REQUIRE(verified.exit_code == 0);
    const auto verdict = json::parse(verified.output);
    CHECK(verdict["verdict"] == "ok");
    CHECK(verdict["unknown"] == 0);

    const auto pictures = session.rows("picture");
    REQUIRE(pictures.size() >= 2);
    CHECK(verdict["compared"] >= pictures.size());
    for (const records::Row& row : pictures) {
        const auto payload = json::parse(row.payload);
        const std::string saved = session.study.study + "/" + payload["file"].get<std::string>(), again = session.study.folder / "again.png";
        const auto by_number = session.replay({"--frame", payload["frame"].dump(), "--out", again});
        INFO(payload << by_number.output << by_number.errors);
        REQUIRE(by_number.exit_code == 0);
        CHECK(bytes_of(again) == bytes_of(saved));
        const auto by_time = session.replay({"--at", std::to_string(static_cast<double>(row.t_ms) / 1000), "--out", again});
        INFO(by_time.output << by_time.errors);
        REQUIRE(by_time.exit_code == 0);
        CHECK(bytes_of(again) == bytes_of(saved));
        CHECK(json::parse(by_time.output)["panel"] == true);
        CHECK(json::parse(by_time.output)["as_recorded"] == true);
    }

    // The other eye: of the same size, another picture, and both stand side by side.
    const std::string at = std::to_string(static_cast<double>(pictures[0].t_ms) / 1000), file = session.study.folder / "eye.png";
    std::map<std::string, content::PictureFile> eyes;
    for (const char* eye : {"left", "right", "both"}) {
        const auto drawn = session.replay({"--at", at, "--eye", eye, "--out", file});
        INFO(drawn.output << drawn.errors);
        REQUIRE(drawn.exit_code == 0);
        CHECK(json::parse(drawn.output)["as_recorded"] == (std::string_view(eye) == "right" ? json() : json(true)));
        auto read = content::read_picture(file);
        REQUIRE(read);
        eyes[eye] = std::move(*read);
    }
    const auto &left = eyes["left"], &right = eyes["right"], &both = eyes["both"];
    CHECK((right.width == left.width && right.height == left.height && right.rgba != left.rgba));
    REQUIRE((both.width == 2 * left.width && both.height == left.height));
    const auto row = static_cast<std::ptrdiff_t>(left.width) * 4;
    CHECK(std::equal(left.rgba.begin(), left.rgba.begin() + row, both.rgba.begin()));
    CHECK(std::equal(right.rgba.begin(), right.rgba.begin() + row, both.rgba.begin() + row));
}

TEST_CASE("the stream is in the record: closed by a row, checked by the verifier") {
    const Rehearsed session;
    const auto closed = session.rows("stream");
    REQUIRE(closed.size() == 1);
    const auto payload = json::parse(closed[0].payload);
    CHECK(payload["frames"] > 20);
    CHECK(payload["sha"] == records::to_hex(*records::file_hash(records::stream_path(session.study.study, "S0001"))));
    CHECK(closed[0].sequence + 1 == session.rows("session.end").at(0).sequence);
    const auto device = json::parse(session.rows("session.device").at(0).payload);
    for (const char* name : {"driver", "processor", "renderer"}) CHECK_FALSE(device[name].get<std::string>().empty());
}

TEST_CASE("another scene than the patient's makes the replay differ") {
    const Rehearsed session;
    const flow::Folder root;
    const std::filesystem::path source = ACCALMIE_SOURCE_DIR;
    std::filesystem::create_directories(root / "scenes");
    for (const char* scene : {"calm-room", "waiting-room", "bar-night"}) std::filesystem::copy(source / "scenes" / scene, root / ("scenes/" + std::string(scene)), std::filesystem::copy_options::recursive);
    std::filesystem::create_directory_symlink(source / "assets", root / "assets");
    const std::vector<std::string> elsewhere = {"ACCALMIE_ROOT=" + root.path()};
    const auto same = session.replay({"--verify"}, elsewhere);
    INFO(same.output << same.errors);
    REQUIRE(same.exit_code == 0);
    const std::string file = root / "scenes/waiting-room/scene.toml";
    std::string text = bytes_of(file);
    text.replace(text.find("exposure = 1.0"), 14, "exposure = 0.9");
    std::ofstream(file) << text;
    const auto other = session.replay({"--verify"}, elsewhere);
    CHECK(other.exit_code == 1);
    const auto verdict = json::parse(other.output);
    CHECK(verdict["verdict"] == "differs");
    CHECK(verdict["differences"].dump().contains("waiting-room"));
    std::filesystem::remove_all(root / "scenes/bar-night");
    const auto gone = session.replay({"--verify"}, elsewhere);
    CHECK(gone.exit_code == 1);
    CHECK(gone.errors.contains("bar-night"));
}

TEST_CASE("a changed byte of the stream is refused by the replay and found by the verifier") {
    const Rehearsed session;
    const std::string path = records::stream_path(session.study.study, "S0001");
    std::string bytes = bytes_of(path);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    std::ofstream(path, std::ios::binary) << bytes;
    const auto refused = session.replay({"--verify"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.contains("was changed"));
    const auto verified = flow::run("accalmie", {"study", "verify", "--study", session.study.study, "--key-file", session.study.key});
    CHECK(verified.exit_code == 1);
    CHECK(verified.output.contains("stream S0001: chunk"));
    std::filesystem::remove(path);
    const auto missing = flow::run("accalmie", {"study", "verify", "--study", session.study.study, "--key-file", session.study.key});
    CHECK(missing.exit_code == 1);
    CHECK(missing.output.contains("stream S0001"));
}

TEST_CASE("on another device the replay says that nothing can be compared") {
    const Rehearsed session;
    // lavapipe names its vector width, as another processor would have it.
    const auto elsewhere = session.replay({"--verify"}, {"LP_NATIVE_VECTOR_WIDTH=128"});
    INFO(elsewhere.output << elsewhere.errors);
    CHECK(elsewhere.exit_code == 3);
    const auto verdict = json::parse(elsewhere.output);
    CHECK(verdict["verdict"] == "not comparable here");
    CHECK(verdict["reason"].get<std::string>().contains("128 bits"));
}

TEST_CASE("what cannot be replayed is refused with what to do") {
    const Rehearsed session;
    const auto said = [&](const std::vector<std::string>& more) {
        const auto finished = session.replay(more);
        CHECK(finished.exit_code != 0);
        return finished.errors;
    };
    CHECK(said({"--at", "5"}).contains("--out"));
    CHECK(said({"--at", "-5", "--out", session.study.folder / "x.png"}).contains("the first is of"));
    CHECK(said({"--frame", "99999999", "--out", session.study.folder / "x.png"}).contains("is not in the stream"));
    const auto unknown = flow::run("accalmie", {"replay", "--study", session.study.study, "--key-file", session.study.key, "--session", "S0099"});
    CHECK(unknown.exit_code == 1);
    CHECK(unknown.errors.contains("study sessions lists them"));
}
