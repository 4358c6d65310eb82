// SPDX-License-Identifier: Apache-2.0
// The player under the thread sanitiser, driven by programs that are not: every thread of it at work (frames, reading of scenes, their
// preparation for the GPU, waiting for the headset, OpenAL's mixing), and no report. First the sanitiser has to see races that are there.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "clinician/session/auto_clinician.h"
#include "clinician/session/live_session.h"
#include "clinician/session/monado.h"
#include "tests/flow/tone_scenes.h"
#include "tests/threads/watched.h"

using namespace std::chrono_literals;
using namespace accalmie;
using flow::DrivenPlayer;
using threads::Watched;
using threads::watched_program;
using session::Action;
using session::LiveSession;

namespace {

constexpr auto kLong = 60s;  // a frame takes ten times as long here, on a machine that may be busy

// A study and a session whose patient's program is the watched one.
struct Session {
    flow::StudyFolder study;
    std::optional<records::Study> records;
    std::unique_ptr<LiveSession> live;

    explicit Session(session::Setup setup, const std::string& protocol) {
        auto opened = records::Study::open(study.study, *records::Key::read_file(study.key));
        REQUIRE(opened);
        records.emplace(std::move(*opened));
        setup.plan = *protocols::load_plan(std::string(ACCALMIE_SOURCE_DIR "/protocols/templates/") + protocol + ".toml");
        setup.pseudonym = flow::StudyFolder::kPseudonym;
        setup.eye_width = setup.eye_height = 64;
        setup.player_program = watched_program("accalmie-player");
        setup.player_timeout_ms = 20'000;
        setup.patient.latency_mean_ms = 20;
        setup.player_arguments = {"--msaa", "1", "--sound", "on"};
        auto begun = LiveSession::begin(*records, std::move(setup));
        REQUIRE(begun);
        live = std::move(*begun);
    }
    // By the simulated clinician, to its end.
    std::string rehearsed() {
        for (const auto end = std::chrono::steady_clock::now() + 2 * kLong; !live->view().finished && std::chrono::steady_clock::now() < end;) {
            const auto pumped = live->pump(5);
            if (!pumped) return pumped.error().message;
            session::play_clinician(*live);
        }
        return live->view().outcome;
    }
    template <class Done>
    bool until(const Done& done, std::chrono::milliseconds limit, bool held = false) {
        for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
            if (held) live->speak(true);
            if (!live->pump(5)) return false;
            if (done()) return true;
        }
        return false;
    }
    bool shows(const std::string& scene) {
        return until([&] { return live->view().scene == scene; }, kLong);
    }
    bool speaks_for(std::chrono::milliseconds time) {
        const bool heard = until([&] { return live->view().voice.state == session::VoiceView::State::heard; }, kLong, true);
        (void)until([] { return false; }, time, true);
        live->speak(false);
        (void)until([] { return false; }, 200ms);
        return heard;
    }
};

session::Setup rehearsal(session::XrKind xr) {
    session::Setup setup;
    setup.xr = xr;
    setup.simulated_patient = setup.virtual_time = true;
    setup.seed = 7;
    return setup;
}

link::VoiceBlock block_of(std::uint32_t talk, std::uint32_t sequence) {
    link::VoiceBlock block{.talk = talk, .sequence = sequence, .spoken_ns = std::chrono::steady_clock::now().time_since_epoch().count(), .rehearsal = true};
    for (std::size_t i = 0; i < block.samples.size(); ++i) block.samples[i] = static_cast<std::int16_t>(8000 * std::sin(0.08 * static_cast<double>(i)));
    return block;
}

}  // namespace

TEST_CASE("a planted race is seen, where a library that is not watched is at work as well", "[threads]") {
    struct Plant { const char* word; const char* where; };
    for (const auto& [word, where] : {Plant{"plain", "plain()"}, Plant{"loader", "SceneLoader::request"}, Plant{"voice", "VoiceRing::pull"}, Plant{"graphics", "graphics()"}}) {
        const Watched watched;
        const auto finished = flow::Program(watched_program("threads-planted"), {word}).finish(kLong);
        const std::string reports = watched.reports();
        INFO(word << ": exit code " << finished.exit_code << "\n" << finished.output << finished.errors << reports);
        CHECK(finished.exit_code == 66);  // the sanitiser's own
        CHECK(reports.contains("WARNING: ThreadSanitizer: data race"));
        CHECK(reports.contains(where));
    }
    CHECK(test::read_text(watched_program("accalmie-player")).contains("__tsan_func_entry"));
}

TEST_CASE("a whole session in virtual time has no data race in the player", "[threads]") {
    const flow::ToneScenes stage;
    const Watched watched;
    test::ScopedEnvironment environment;
    environment.set("ACCALMIE_ROOT", stage.scenes.root());
    {
        Session session(rehearsal(session::XrKind::off_screen), "short-check");
        CHECK(session.rehearsed() == "completed");
    }
    CHECK(watched.reports() == "");
}

TEST_CASE("a session in real time with sound, the clinician's voice and a stop has no data race in the player", "[threads]") {
    const flow::ToneScenes stage;
    const Watched watched;
    test::ScopedEnvironment environment;
    environment.set("ACCALMIE_ROOT", stage.scenes.root());
    {
        session::Setup setup;
        setup.voice = *sound::read_voice_choice("tone:600");
        Session session(std::move(setup), "alcohol-bar");
        LiveSession& live = *session.live;
        REQUIRE(session.until([&] { return live.view().player_up; }, kLong));
        live.act(Action::start);
        REQUIRE(session.shows("waiting-room"));
        CHECK(session.speaks_for(500ms));
        live.act(Action::next_level);
        REQUIRE(session.shows("bar-night"));
        CHECK(session.speaks_for(500ms));
        live.act(Action::stop);
        REQUIRE(session.shows("calm-room"));
        CHECK(session.speaks_for(300ms));
        live.act(Action::end);
        (void)session.until([&] { return live.view().finished; }, 2s);
    }
    CHECK(watched.reports() == "");
}

TEST_CASE("a scene with people and textures that comes in while frames are drawn has no data race", "[threads]") {
    const Watched watched;
    DrivenPlayer player({.arguments = {"--sound", "on"}, .size = "64x64", .program = watched_program("accalmie-player")});
    REQUIRE(player.wait_until_ready());
    player.say(link::LoadScenes{{"bar-night"}});
    auto voice = player.voice_port();
    for (std::uint32_t sequence = 0; sequence < 100; ++sequence) {
        auto block = block_of(1, sequence);
        voice.send(block);
        player.pump(10ms);
    }
    player.say(link::ShowScene{"bar-night", 4, 1});
    REQUIRE(player.wait_for<link::SceneShown>(kLong));
    player.pump_for(1s);
    player.say(link::ShowCalm{std::string(link::kStopAcknowledged)});
    CHECK(player.wait_for<link::CalmShown>(kLong));
    player.say(link::Quit{});
    CHECK(player.exit_code(kLong) == 0);
    CHECK(watched.reports() == "");
}

TEST_CASE("a console that falls silent and then is gone leaves the player without a data race", "[threads]") {
    const flow::ToneScenes stage;
    const Watched watched;
    DrivenPlayer player({.arguments = {"--sound", "on", "--linger", "1"}, .root = stage.scenes.root(), .size = "64x64", .program = watched_program("accalmie-player")});
    REQUIRE(player.wait_until_ready());
    player.say(link::ShowScene{"bar-night", 2, 1});
    REQUIRE(player.wait_for<link::SceneShown>(kLong));
    player.be_silent();
    const auto calm = player.wait_for<link::CalmShown>(kLong);
    REQUIRE(calm);
    CHECK(calm->reason == "console hung");
    player.close_link();
    CHECK(player.exit_code(kLong) == 4);
    CHECK(watched.reports() == "");
}

TEST_CASE("a session on Monado that the patient stops has no data race in the player", "[threads]") {
    const flow::ToneScenes stage;
    test::Monado monado({.validation = false, .hands = false});  // before the sanitiser's environment: the service is not ours
    const Watched watched;
    test::ScopedEnvironment environment;
    environment.set("ACCALMIE_ROOT", stage.scenes.root());
    monado.expect_complaints();  // there is no validation to be silent
    {
        auto setup = rehearsal(session::XrKind::openxr);
        setup.stop_at_level = 2;
        Session session(std::move(setup), "short-check");
        CHECK(session.rehearsed() == "stopped");
    }
    CHECK(watched.reports() == "");
}

TEST_CASE("a headset's runtime that is gone while a scene comes in leaves no data race in the player", "[threads]") {
    test::Monado monado({.validation = false, .hands = false});
    monado.expect_complaints();
    const Watched watched;
    DrivenPlayer player({.arguments = {"--sound", "on"}, .size = "64x64", .xr = "openxr", .program = watched_program("accalmie-player")});
    REQUIRE(player.wait_until_ready());
    player.say(link::LoadScenes{{"waiting-room"}});
    player.pump_for(500ms);
    monado.service().kill();
    CHECK(player.wait_for<link::RuntimeChanged>(kLong, [](const link::RuntimeChanged& changed) { return changed.state == "lost"; }));
    player.say(link::Quit{});
    CHECK(player.exit_code(kLong));
    CHECK(watched.reports() == "");
}
