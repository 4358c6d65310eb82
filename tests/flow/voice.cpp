// SPDX-License-Identifier: Apache-2.0
// The clinician's voice from the microphone's place to the patient's ear, through both programs, and what is left of it afterwards: nothing.
// The search for samples is shown a player that keeps them.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include "clinician/records/stream.h"
#include "clinician/session/live_session.h"
#include "tests/flow/sample_search.h"
#include "tests/flow/tone_scenes.h"

using namespace flow;
using namespace accalmie;
namespace fs = std::filesystem;
using session::Action;
using session::LiveSession;
using State = session::VoiceView::State;

namespace {

constexpr double kVoice_hz = 600;

link::VoiceBlock block_of(std::uint32_t talk, std::uint32_t sequence) {
    link::VoiceBlock block{.talk = talk, .sequence = sequence, .spoken_ns = std::chrono::steady_clock::now().time_since_epoch().count(), .rehearsal = true};
    const auto tone = sound_test::tone(kVoice_hz, 0.01, 0.25f);
    std::ranges::transform(tone.samples, block.samples.begin(), [](float sample) { return static_cast<std::int16_t>(std::lround(sample * 32767)); });
    return block;
}

// A console process with a tone for a microphone: a study, a session in real time, and the player with its ears written down.
struct Console {
    ToneScenes stage;
    StudyFolder study;
    std::optional<records::Study> records;
    std::unique_ptr<LiveSession> live;
    std::vector<std::string> before = files_of_machine();

    explicit Console(std::vector<std::string> plants = {}) {
        ::setenv("ACCALMIE_ROOT", stage.scenes.root().c_str(), 1);
        auto opened = records::Study::open(study.study, *records::Key::read_file(study.key));
        REQUIRE(opened);
        records.emplace(std::move(*opened));
        session::Setup setup;
        setup.plan = *protocols::load_plan(ACCALMIE_SOURCE_DIR "/protocols/templates/alcohol-bar.toml");
        setup.pseudonym = StudyFolder::kPseudonym;
        setup.eye_width = setup.eye_height = 64;
        setup.voice = *sound::read_voice_choice("tone:600");
        setup.player_arguments = {"--msaa", "1", "--sound-wav", stage.wav()};
        setup.player_arguments.insert(setup.player_arguments.end(), plants.begin(), plants.end());
        auto begun = LiveSession::begin(*records, std::move(setup));
        REQUIRE(begun);
        live = std::move(*begun);
        REQUIRE(until([&] { return live->view().player_up; }, std::chrono::seconds(60)));
        live->act(Action::start);
        run(milliseconds(500));
    }
    ~Console() { ::unsetenv("ACCALMIE_ROOT"); }
    template <class Done>
    bool until(const Done& done, milliseconds limit, bool held = false) {
        for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
            if (held) live->speak(true);
            if (!live->pump(5)) return false;
            if (done()) return true;
        }
        return false;
    }
    void run(milliseconds time, bool held = false) {
        (void)until([] { return false; }, time, held);
    }
    bool press() {
        return until([&] { return live->view().voice.state == State::heard; }, std::chrono::seconds(10), true);
    }
    void let_go() {
        live->speak(false);
        run(milliseconds(400));
    }
    bool in_bar() {
        live->act(Action::next_level);  // out of the baseline
        return until([&] { return live->view().scene == "bar-night"; }, std::chrono::seconds(10));
    }
    std::vector<nlohmann::json> rows(const std::string& kind) const {
        std::vector<nlohmann::json> found;
        const auto read = records->ledger().read("", [&](const records::Row& row) {
            if (row.kind == kind) found.push_back(nlohmann::json::parse(row.payload));
        });
        REQUIRE(read);
        return found;
    }
    // Everything that could have kept a sample: files that are new or changed, and what the sealed files hold when they are opened.
    std::vector<std::string> found_samples() {
        const SampleSearch search(block_of(1, 0).samples);
        std::vector<std::string> found;
        const auto look = [&](const std::string& where, std::string_view bytes) {
            if (const auto how = search.find(bytes)) found.push_back(where + ": " + *how);
        };
        std::vector<std::string> files = files_of_machine();
        std::erase_if(files, [&](const std::string& file) { return std::ranges::binary_search(before, file); });
        for (const auto& entry : fs::recursive_directory_iterator(study.folder.path())) files.push_back(entry.path().string());
        for (const std::string& file : files) {
            if (file == stage.wav() || !fs::is_regular_file(file)) continue;
            std::ifstream in(file, std::ios::binary);
            look(file, std::string(std::istreambuf_iterator<char>(in), {}));
        }
        REQUIRE(records->ledger().read("", [&](const records::Row& row) { look("row " + row.kind, row.payload + row.actor + row.reason); }));
        const auto key = records::Key::read_file(study.key);
        const std::string id = live->view().session_id;
        REQUIRE(records::read_stream(records::stream_path(study.study, id), id, records::stream_key(records::streams_key(*key), id),
                                     [&](std::span<const std::uint8_t> chunk) { look("stream", {reinterpret_cast<const char*>(chunk.data()), chunk.size()}); }));
        if (const auto* rgba = live->mirror().rgba) look("mirror", {reinterpret_cast<const char*>(rgba->data()), rgba->size()});
        for (const auto& banner : live->view().banners) look("banner", banner.text);
        return found;
    }

private:
    // Where a program may write besides the study.
    static std::vector<std::string> files_of_machine() {
        std::vector<std::string> files;
        for (const char* folder : {"/tmp", "/dev/shm", "."}) {
            std::error_code failure;
            for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failure), end; !failure && at != end; at.increment(failure)) {
                if (at.depth() >= 2) at.disable_recursion_pending();
                files.push_back(at->path().string());
            }
        }
        std::ranges::sort(files);
        return files;
    }
};

struct Ears {
    std::vector<float> left, right;
    explicit Ears(const std::string& wav) {
        const auto file = content::read_sound(wav);
        REQUIRE(file);
        for (std::size_t i = 0; i + 1 < file->samples.size(); i += 2) left.push_back(file->samples[i]), right.push_back(file->samples[i + 1]);
    }
    // Tenths of a second with the voice in them: dB of the left and of the right.
    std::vector<std::pair<double, double>> voiced() const {
        std::vector<std::pair<double, double>> found;
        for (std::size_t at = 0; at + 4800 <= left.size(); at += 4800) {
            const double l = sound_test::windowed_tone_db(std::span<const float>(left).subspan(at, 4800), kVoice_hz), r = sound_test::windowed_tone_db(std::span<const float>(right).subspan(at, 4800), kVoice_hz);
            if (std::max(l, r) > -45) found.emplace_back(l, r);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("the voice goes from the console's process to the mouth in the scene, the record says that and no more, and nothing keeps a sample", "[player][sound][voice]") {
    Console console;
    REQUIRE(console.press());  // in the waiting room, from beside the patient
    console.run(milliseconds(700), true);
    CHECK(console.live->view().voice.level_db > -20);
    CHECK_FALSE(console.live->view().voice.person);
    console.let_go();
    CHECK(console.live->view().voice.state == State::silent);
    REQUIRE(console.in_bar());
    REQUIRE(console.press());
    CHECK(console.live->view().voice.person);
    console.run(milliseconds(700), true);
    // The stop lets go, whatever the finger does; the next press speaks into the calm room.
    console.live->act(Action::stop);
    console.run(milliseconds(400), true);
    CHECK(console.live->view().voice.state == State::unheard);
    CHECK(console.live->view().voice.why == "stop");
    console.let_go();
    REQUIRE(console.press());
    CHECK_FALSE(console.live->view().voice.person);
    CHECK(console.live->view().voice.scene == "calm-room");
    console.run(milliseconds(500), true);
    console.let_go();

    const auto rows = console.rows("voice");
    REQUIRE(rows.size() == 3);
    const char* const from[] = {"beside", "person", "beside"};
    const char* const scene[] = {"waiting-room", "bar-night", "calm-room"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(rows[i].dump());
        CHECK(rows[i].at("from") == from[i]);
        CHECK(rows[i].at("scene") == scene[i]);
        CHECK(rows[i].at("source") == "tone");
        CHECK(rows[i].at("why") == (i == 1 ? "stop" : "released"));
        CHECK(rows[i].at("length_ms").get<int>() >= 400);
        CHECK(rows[i].at("length_ms").get<int>() < 5000);
        CHECK(rows[i].size() == 8);
        std::printf("voice %zu: latency %d ms at most, %d blocks lost\n", i, rows[i].at("latency_ms").get<int>(), rows[i].at("lost").get<int>());
    }
    console.live->act(Action::end);
    console.run(milliseconds(200));
    const auto found = console.found_samples();
    INFO((found.empty() ? std::string() : found.front()));
    CHECK(found.empty());
    console.live.reset();

    const Ears ears(console.stage.wav());
    const auto voiced = ears.voiced();
    REQUIRE(voiced.size() > 12);
    CHECK(voiced[4].second > voiced[4].first + 3);                                 // from beside: the right ear
    CHECK(std::ranges::any_of(voiced, [](const auto& tenth) { return tenth.first > tenth.second + 3; }));  // from the mouth at the left
    CHECK(voiced[voiced.size() - 3].second > voiced[voiced.size() - 3].first + 3);
    // A busy machine makes the worst block of a talk late; one talk of the three is near what it takes.
    int best_ms = 10'000;
    for (const auto& row : rows) best_ms = std::min(best_ms, row.at("latency_ms").get<int>());
    CHECK(best_ms >= 32);  // the jitter buffer at least
    CHECK(best_ms < 250);
}

TEST_CASE("a player that keeps the voice is found out", "[player][sound][voice]") {
    Console console({"--plant", "keep-voice"});
    REQUIRE(console.press());
    console.run(milliseconds(200), true);
    console.let_go();
    const auto found = console.found_samples();
    REQUIRE_FALSE(found.empty());
    for (const std::string& where : found) CHECK(where.contains("player.log: 16 bit"));
}

TEST_CASE("a player that dies takes the voice with it, and the new one waits for a new press", "[player][sound][voice]") {
    Console console;
    REQUIRE(console.press());
    console.run(milliseconds(300), true);
    const auto player = child_named(::getpid(), "accalmie-player");
    REQUIRE(player);
    ::kill(*player, SIGKILL);
    REQUIRE(console.until([&] { return !console.live->view().player_up; }, std::chrono::seconds(5), true));
    CHECK(console.live->view().voice.state != State::heard);
    const auto rows = console.rows("voice");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("why") == "player lost");
    CHECK(rows[0].at("length_ms").get<int>() >= 250);
    REQUIRE(console.until([&] { return console.live->view().player_up; }, std::chrono::seconds(60), true));
    console.run(milliseconds(300), true);
    CHECK(console.live->view().voice.state == State::unheard);
    console.let_go();
    CHECK(console.press());
}

TEST_CASE("a flood of voice delays neither stop nor heartbeat", "[player][sound][voice]") {
    const ToneScenes stage;
    DrivenPlayer player({.arguments = {"--sound", "null"}, .root = stage.scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    const auto calm_after = [&] {  // ms from the stop's message to its answer, and frames from what the player was told
        player.say(link::ShowScene{"bar-night", 2, 1});
        REQUIRE(player.wait_for<link::SceneShown>());
        player.pump_for(milliseconds(300));
        const auto began = std::chrono::steady_clock::now();
        player.say(link::ShowCalm{std::string(link::kStopAcknowledged)});
        const auto calm = player.wait_for<link::CalmShown>();
        REQUIRE(calm);
        CHECK(calm->frames_after_input <= 2);
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    };
    std::vector<double> quiet, flooded;
    for (int i = 0; i < 5; ++i) quiet.push_back(calm_after());
    std::atomic<long> sent = 0;
    std::jthread flood([&, port = player.voice_port()](const std::stop_token& stop) mutable {
        for (std::uint32_t sequence = 0; !stop.stop_requested();) {
            auto block = block_of(1, sequence);
            if (port.send(block)) ++sequence, ++sent;
            else std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
    });
    player.pump_for(milliseconds(300));
    const int beats = player.count<link::Heartbeat>();
    for (int i = 0; i < 5; ++i) flooded.push_back(calm_after());
    player.pump_for(milliseconds(2500));
    CHECK(player.count<link::Heartbeat>() - beats >= 8);
    const auto hung = std::ranges::any_of(player.heard(), [](const link::Message& message) {
        const auto* calm = std::get_if<link::CalmShown>(&message);
        return calm && calm->reason == "console hung";
    });
    CHECK_FALSE(hung);
    std::ranges::sort(quiet);
    std::ranges::sort(flooded);
    std::printf("stop to calm: median %.0f ms quiet, %.0f ms in a flood of %ld blocks\n", quiet[2], flooded[2], sent.load());
    CHECK(sent > 1000);
    CHECK(flooded[2] < quiet[2] + 100);
}

TEST_CASE("a console that does nothing but speak counts as hung", "[player][sound][voice]") {
    const ToneScenes stage;
    DrivenPlayer player({.arguments = {"--sound", "null"}, .root = stage.scenes.root(), .size = "64x64"});
    REQUIRE(player.wait_until_ready());
    player.say(link::ShowScene{"bar-night", 2, 1});
    REQUIRE(player.wait_for<link::SceneShown>());
    player.be_silent();
    link::VoicePort port = player.voice_port();
    std::optional<link::CalmShown> calm;
    for (std::uint32_t sequence = 0; sequence < 400 && !calm; ++sequence) {
        auto block = block_of(1, sequence);
        port.send(block);
        calm = player.wait_for<link::CalmShown>(milliseconds(10));
    }
    REQUIRE(calm);
    CHECK(calm->reason == "console hung");
    const auto silent = player.wait_for<link::VoiceHeard>(milliseconds(2000), [](const link::VoiceHeard& heard) { return !heard.heard; });
    REQUIRE(silent);
    CHECK(silent->why == "console");
}
