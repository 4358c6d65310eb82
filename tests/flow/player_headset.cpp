// SPDX-License-Identifier: Apache-2.0
// The player on the real runtime (Monado), driven as the console drives it, while our API layer takes away tracking, frames, the session
// and the instance. What a patient sees is asked of the mirror's pictures, and frames are counted by the layer, not by the player.
#include <catch2/catch_test_macros.hpp>

#include <format>
#include <map>
#include <random>

#include "clinician/records/frame_record.h"
#include "scenes/player/redraw.h"
#include "tests/flow/player_harness.h"
#include "tests/xr/monado.h"

using namespace flow;
using namespace std::chrono_literals;
using accalmie::xr::LayerFault;
namespace test = accalmie::test;
namespace xr = accalmie::xr;

namespace {

// A seated patient before a cue, in a headset.
struct Worn {
    test::Monado monado;
    SmallScenes scenes;
    DrivenPlayer player;
    bool cue = false;
    explicit Worn(std::vector<std::string> arguments = {}) : player({.arguments = with_validation(std::move(arguments)), .root = scenes.root(), .xr = "openxr"}) {
        hands().set_head(xr::Pose{.position_m = {0, 1.2f, 0}});
        cue = player.wait_until_ready() && show_cue(2);
        hands().poll();
    }
    xr::LayerClient& hands() { return monado.hands(); }
    bool show_cue(int level) {
        player.say(link::ShowScene{"bar-night", level, 1});
        const auto shown = player.wait_for<link::SceneShown>();
        const auto pixels = shown ? player.picture_from(shown->frame) : std::nullopt;
        return pixels && pixels->red() > 0 && pixels->green() == 0;
    }
    // The calm room came for this reason, and from its first frame on no picture has a cue pixel.
    std::string calm_for(std::string_view reason, int pictures = 3) {
        const auto calm = player.wait_for<link::CalmShown>(20s);
        if (!calm) return "no calm room was announced";
        if (calm->reason != reason) return "another reason: " + calm->reason;
        return without_cue(calm->frame, pictures);
    }
    std::string without_cue(std::uint64_t frame, int pictures) {
        for (; pictures > 0; --pictures) {
            const auto pixels = player.picture_from(frame);
            if (!pixels) return "no picture of the calm room";
            if (pixels->red() != 0) return std::format("{} cue pixels in frame {}", pixels->red(), pixels->frame);
            if (pixels->green() == 0) return "the picture is not that of the calm room";
            frame = pixels->frame + 1;
        }
        return "";
    }
    // Validation that spoke makes another exit code than 0.
    std::string end() {
        player.say(link::Quit{});
        const auto code = player.exit_code(20s);
        if (code != 0) return std::format("the player ended with {}", code.value_or(-1));
        return monado.complaints();
    }

private:
    static std::vector<std::string> with_validation(std::vector<std::string> arguments) {
        arguments.emplace_back("--validation");
        return arguments;
    }
};

// One press of stop at a random moment of a random frame. Empty when the guarantee held.
std::string one_stop(Worn& worn, std::mt19937& random) {
    auto& player = worn.player;
    const auto upto = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
    const auto kind = random() % 3;
    if (kind != 0) worn.hands().set_fault(kind == 1 ? LayerFault::late_frames : LayerFault::slow_frames, true, milliseconds(20 + upto(100)), 1 + upto(2));
    player.pump_for(milliseconds(upto(100)));
    worn.hands().set_stop(true);
    const auto calm = player.wait_for<link::CalmShown>(20s);
    if (!calm) return "no calm room was announced";
    const auto counters = worn.hands().query(5s);
    if (!counters) return counters.error().message;
    if (counters->stop_readable_frame == 0) return "the layer saw no stop";
    // The frame in which the press could first be read may be the neutral one already.
    const auto frames = static_cast<std::int64_t>(calm->frame) - counters->stop_readable_frame + 1;
    if (frames < 1 || frames > 2) return std::format("the calm room was frame {} after the input, by the layer's count", frames);
    if (calm->frames_after_input < 1 || calm->frames_after_input > 2) return std::format("{} frames after the input, by the player's count", calm->frames_after_input);
    if (!player.wait_for<link::StopPressed>()) return "the stop was not told";
    if (auto wrong = worn.without_cue(calm->frame, 1); !wrong.empty()) return wrong;
    worn.hands().set_stop(false);
    player.say(link::ShowCalm{std::string(link::kStopAcknowledged)});
    if (!player.wait_for<link::CalmShown>()) return "the acknowledged stop was not shown";
    return "";
}

// The console asks for a cue until the button is up again.
bool back_to_cue(DrivenPlayer& player) {
    for (int attempt = 0; attempt < 40; ++attempt) {
        const auto refused = player.count<link::Fault>();
        player.say(link::ShowScene{"bar-night", 2, 1});
        for (int wait = 0; wait < 200 && player.count<link::Fault>() == refused; ++wait)
            if (player.wait_for<link::SceneShown>(10ms)) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("what the mirror showed of a headset whose lenses hide pixels is drawn again byte for byte from the stream's records, and without the mesh it is not", "[player][xr]") {
    Worn worn;
    REQUIRE(worn.cue);
    std::map<std::uint64_t, Pixels> seen;
    for (std::uint64_t last = 0; seen.size() < 4;) {
        auto pixels = worn.player.picture_from(last + 1);
        REQUIRE(pixels);
        last = pixels->frame;
        seen.emplace(last, std::move(*pixels));
    }
    worn.player.pump_for(1s);  // their frames are told

    // As the console writes them and a replay reads them.
    accalmie::records::FrameRecords records;
    std::vector<std::uint8_t> bytes;
    const auto sink = [&](std::span<const std::uint8_t> record, bool) { bytes.insert(bytes.end(), record.begin(), record.end()); };
    for (const auto& message : worn.player.heard()) {
        if (std::holds_alternative<link::Ready>(message)) records.view(1, sink);
        if (const auto* part = std::get_if<link::HiddenMeshPart>(&message)) records.hidden(*part, sink);
        if (const auto* told = std::get_if<link::ShownFrames>(&message))
            for (const auto& shown : told->frames) records.frame({told->scene, told->compressed}, 0, shown, sink);
    }
    accalmie::records::SessionFrames frames;
    frames.take(bytes);
    REQUIRE(frames.problems.empty());
    REQUIRE(frames.hidden.size() == 2);
    CHECK_FALSE(frames.hidden[1].triangles[0].empty());

    test::ScopedEnvironment environment;
    environment.set("ACCALMIE_ROOT", worn.scenes.root());
    const auto& ready = worn.player.ready();
    auto redraw = accalmie::scenes::Redraw::open({ready.eye_width, ready.eye_height, ready.samples});
    REQUIRE(redraw);
    int compared = 0;
    for (const auto& frame : frames.frames) {
        const auto picture = seen.find(frame.shown.frame);
        if (picture == seen.end()) continue;
        ++compared;
        const auto drawn = [&](std::size_t hidden) { return redraw->picture(frames.scenes.at(frame.scene).name, {.shown = frame.shown, .hidden = frames.hidden.at(hidden)}).value().rgba; };
        CHECK(frame.hidden == 1);
        CHECK(drawn(frame.hidden) == picture->second.rgba);
        CHECK(drawn(0) != picture->second.rgba);
    }
    CHECK(compared == 4);
    CHECK(worn.end() == "");
}

TEST_CASE("on a headset, lost tracking brings the calm room, and the scene comes back with tracking", "[player][xr]") {
    Worn worn;
    REQUIRE(worn.cue);
    worn.hands().set_fault(LayerFault::tracking_lost, true);
    const auto lost = worn.player.wait_for<link::TrackingChanged>();
    REQUIRE(lost);
    CHECK_FALSE(lost->tracked);
    CHECK(worn.calm_for("tracking lost") == "");
    worn.hands().set_fault(LayerFault::tracking_lost, false);
    const auto shown = worn.player.wait_for<link::SceneShown>();
    REQUIRE(shown);
    CHECK(shown->scene == "bar-night");
    const auto back = worn.player.picture_from(shown->frame);
    REQUIRE(back);
    CHECK(back->red() > 0);
    CHECK(worn.end() == "");
}

TEST_CASE("on a headset, a streak of missed frames brings the calm room, and a single late one does not", "[player][xr]") {
    Worn worn({"--missed-frames", "120"});
    REQUIRE(worn.cue);
    worn.hands().set_fault(LayerFault::late_frames, true, 120ms, 1);
    worn.player.pump_for(1500ms);
    CHECK(worn.player.count<link::CalmShown>() == 0);
    worn.hands().set_fault(LayerFault::late_frames, true, 1200ms, 9);
    CHECK(worn.player.wait_for<link::Fault>(20s, [](const auto& fault) { return fault.what.contains("missed"); }));
    CHECK(worn.calm_for("missed frames") == "");
    worn.hands().set_fault(LayerFault::late_frames, false);
    CHECK(worn.show_cue(1));  // the console's word ends it
    CHECK(worn.end() == "");
}

TEST_CASE("a runtime that takes the session or the instance is recovered in the same program, in the calm room, and the scene can be had again", "[player][xr]") {
    Worn worn;
    REQUIRE(worn.cue);
    const pid_t program = worn.player.pid();
    for (const auto fault : {LayerFault::session_lost, LayerFault::loss_pending, LayerFault::instance_lost, LayerFault::instance_loss_pending}) {
        INFO(xr::layer::kFaultNames[static_cast<std::size_t>(fault)]);
        worn.hands().set_fault(fault, true);
        const auto lost = worn.player.wait_for<link::RuntimeChanged>(20s, [](const auto& changed) { return changed.state == "lost"; });
        REQUIRE(lost);
        const auto recovered = worn.player.wait_for<link::RuntimeChanged>(30s, [](const auto& changed) { return changed.state == "recovered"; });
        REQUIRE(recovered);
        CHECK(worn.calm_for("runtime lost") == "");
        CHECK(worn.player.alive());
        REQUIRE(worn.show_cue(3));
    }
    CHECK(worn.player.pid() == program);
    CHECK(worn.end() == "");
}

TEST_CASE("a runtime that is killed and does not come back is said, and the program ends with a code of its own", "[player][xr]") {
    Worn worn;
    REQUIRE(worn.cue);
    worn.monado.service().kill();
    CHECK(worn.player.wait_for<link::RuntimeChanged>(20s, [](const auto& changed) { return changed.state == "lost"; }));
    CHECK(worn.player.wait_for<link::Fault>(60s, [](const auto& fault) { return fault.what.contains("does not come back"); }));
    CHECK(worn.player.exit_code(20s) == 3);
}

TEST_CASE("in 200 stops, with late and slow frames among them, the calm room is there within two submitted frames and no cue pixel after", "[player][xr]") {
    Worn worn;
    REQUIRE(worn.cue);
    std::mt19937 random(20261128);
    for (int stop = 0; stop < 200; ++stop) {
        INFO("stop " << stop);
        if (stop > 0) REQUIRE(back_to_cue(worn.player));
        REQUIRE(one_stop(worn, random) == "");
    }
    CHECK(worn.end() == "");
}

TEST_CASE("a stop that is ignored on a headset is caught by the count of 200", "[player][xr]") {
    Worn worn({"--plant", "ignore-stop"});
    REQUIRE(worn.cue);
    std::mt19937 random(1);
    CHECK(one_stop(worn, random).contains("cue pixels"));
}
