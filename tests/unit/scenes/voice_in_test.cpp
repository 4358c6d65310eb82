// SPDX-License-Identifier: Apache-2.0
// The clinician's voice as the patient hears it: from whose mouth, what becomes of blocks that are lost, late, doubled or turned round, and
// what a stop does to it. Measured on the rendered samples.
#include "scenes/player/voice_in.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <format>
#include <functional>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenes/link/voice_port.h"
#include "tests/unit/engine/sound_stage.h"

using namespace accalmie;
using sound_test::Heard;
using sound_test::peak_db;
using sound_test::tone_db;

namespace {

constexpr double kVoice_hz = 600, kFrame_s = 1.0 / 90;

std::int64_t monotonic_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

link::VoiceBlock block_of(std::uint32_t talk, std::uint32_t sequence) {
    link::VoiceBlock block{.talk = talk, .sequence = sequence, .spoken_ns = monotonic_ns(), .rehearsal = true};
    for (std::size_t i = 0; i < block.samples.size(); ++i) {
        const double at_s = (static_cast<double>(sequence) * static_cast<double>(link::kVoiceBlock) + static_cast<double>(i)) / link::kVoiceRate_hz;
        block.samples[i] = static_cast<std::int16_t>(8192 * std::sin(2 * std::numbers::pi * kVoice_hz * at_s));
    }
    return block;
}

scenes::SceneFile scene_with_mouth() {
    scenes::SceneFile bar;
    bar.name = "bar-night";
    bar.kind = scenes::SceneKind::cue;
    bar.voice = scenes::SceneVoice{.at_m = {-1.5f, 1.2f, 0}, .level_first = 3, .level_last = 4};
    return bar;
}

struct Patient {
    scenes::SceneSound sound;
    scenes::VoiceIn voice{sound, false};
    scenes::Showing::Drawn drawn{.scene = "bar-night", .level = 3, .brightness = 1};
    double now_s = 5;
    std::uint32_t talk = 1, sequence = 0;
    double spoken_until_s = 5;
    std::vector<link::VoiceHeard> told;
    // Which blocks arrive, by their sequence: how often.
    std::function<int(std::uint32_t)> arrives = [](std::uint32_t) { return 1; };

    Patient() : sound([] {
        auto output = sound::open_loopback();
        REQUIRE(output);
        return std::move(*output);
    }()) {
        REQUIRE(sound.add(scene_with_mouth(), {}));
        scenes::SceneFile calm;
        calm.name = scenes::kCalmRoom;
        calm.kind = scenes::SceneKind::calm;
        REQUIRE(sound.add(calm, {}));
    }
    void arrive(std::uint32_t of_talk, std::uint32_t number) {
        auto block = block_of(of_talk, number);
        voice.take(block, now_s);
        CHECK(std::ranges::all_of(block.samples, [](std::int16_t sample) { return sample == 0; }));
    }
    Heard listen(double seconds, bool speaks) {
        Heard heard;
        std::vector<float> mixed(2 * static_cast<std::size_t>(kFrame_s * sound::kMixRate_hz));
        for (const double end_s = now_s + seconds; now_s < end_s; now_s += kFrame_s) {
            for (; spoken_until_s + 0.01 <= now_s; spoken_until_s += 0.01) {
                if (!speaks) continue;
                for (int i = arrives(sequence); i > 0; --i) arrive(talk, sequence);
                ++sequence;
            }
            sound.frame(drawn, {.position_m = {0, 1.2f, 0}}, now_s);
            voice.frame(now_s);
            for (auto& one : voice.tell()) told.push_back(one);
            sound.mixer().output().render(mixed);
            for (std::size_t i = 0; i < mixed.size(); i += 2) heard.left.push_back(mixed[i]), heard.right.push_back(mixed[i + 1]);
        }
        return heard;
    }
    void press() { ++talk, sequence = 0; }
};

float greatest_step(std::span<const float> samples) {
    float greatest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) greatest = std::max(greatest, std::abs(samples[i] - samples[i - 1]));
    return greatest;
}

}  // namespace

TEST_CASE("the voice comes out of the person's mouth at that person's levels, and from beside the patient at others") {
    Patient patient;
    patient.listen(0.2, true);
    const Heard person = patient.listen(0.3, true);
    CHECK(tone_db(person.left, kVoice_hz) > tone_db(person.right, kVoice_hz) + 3);
    REQUIRE(patient.told.size() == 1);
    CHECK(patient.told[0].heard);
    CHECK(patient.told[0].person);
    CHECK(patient.told[0].scene == "bar-night");
    patient.drawn.level = 1;
    patient.listen(0.2, true);
    const Heard beside = patient.listen(0.3, true);
    CHECK(tone_db(beside.right, kVoice_hz) > tone_db(beside.left, kVoice_hz) + 3);
    patient.voice.take(link::VoiceEnd{patient.talk});
    patient.listen(0.1, false);
    REQUIRE(patient.told.size() == 2);
    CHECK_FALSE(patient.told[1].heard);
    CHECK_FALSE(patient.told[1].person);
    CHECK(patient.told[1].why == "released");
    CHECK(std::abs(patient.told[1].length_ms - 1000) <= 30);
    CHECK(patient.told[1].lost == 0);
    CHECK(patient.told[1].latency_ms >= 32);  // the jitter buffer at least
    CHECK(patient.told[1].latency_ms < 100);
}

TEST_CASE("blocks that are lost are silence in their place, without a step beyond the voice's own and one part in 64") {
    Patient whole, holed;
    whole.listen(0.2, true);
    const float usual = greatest_step(whole.listen(1, true).left);
    holed.arrives = [](std::uint32_t number) { return number % 10 == 4 || number % 25 == 24 || (number > 60 && number < 70) ? 0 : 1; };
    holed.listen(0.2, true);
    const Heard heard = holed.listen(1.2, true);
    CHECK(greatest_step(heard.left) < usual + 2.0f / sound::Declick::kSlope);
    CHECK(sound_test::level_db(heard.left) > sound_test::level_db(whole.listen(1, true).left) - 3);
    // A lost block of the middle is a hole of its own length: 10 ms from full to full, less the two slopes.
    std::size_t quiet = 0, longest = 0;
    for (const float sample : std::span<const float>(heard.left).first(sound::kMixRate_hz / 3)) {
        quiet = std::abs(sample) < 1e-3f ? quiet + 1 : 0;
        longest = std::max(longest, quiet);
    }
    CHECK(longest > 200);
    CHECK(longest < 520);
    holed.voice.take(link::VoiceEnd{holed.talk});
    holed.listen(0.1, false);
    CHECK(holed.told.back().lost >= 20);
}

TEST_CASE("blocks that are late, doubled or turned round are dropped, and nothing waits for them") {
    Patient patient;
    patient.listen(0.3, true);
    const std::uint32_t next = patient.sequence;
    patient.arrive(patient.talk, next + 1);  // its forerunner is not there
    patient.arrive(patient.talk, next);      // too late
    patient.arrive(patient.talk, next + 1);  // doubled
    patient.arrive(patient.talk, 0);
    patient.arrive(0, 5);                    // no talk has this number
    patient.voice.take(link::VoiceEnd{patient.talk});
    patient.listen(0.1, false);
    CHECK(patient.told.back().length_ms == static_cast<int>(next + 1) * 10);
    CHECK(patient.told.back().lost == 1);
    // Of a talk that is over nothing is heard.
    patient.listen(0.5, false);
    patient.arrive(patient.talk, next + 2);
    CHECK(peak_db(patient.listen(0.2, false).left) < -80);
}

TEST_CASE("a stop cuts what is said, the rest of it is not heard, and the next press is heard in the calm room at once") {
    Patient patient;
    patient.listen(0.5, true);
    patient.sound.calm();
    patient.voice.stop();
    patient.drawn = {};
    const Heard after = patient.listen(0.5, true);  // the clinician's finger is slower than the stop
    CHECK(peak_db(std::span<const float>(after.left).subspan(sound::kMixRate_hz / 50)) < -80);
    CHECK(peak_db(std::span<const float>(after.right).subspan(sound::kMixRate_hz / 50)) < -80);
    CHECK(patient.told.back().why == "stop");
    patient.press();
    const Heard pressed = patient.listen(0.2, true);
    CHECK(tone_db(std::span<const float>(pressed.right).last(4800), kVoice_hz) > -40);
    CHECK(patient.told.back().heard);
    CHECK_FALSE(patient.told.back().person);
    CHECK(patient.told.back().scene == "calm-room");
    // From the press to the first sound: what is spoken takes 10 ms to be a block, then the jitter buffer.
    const auto first = std::ranges::find_if(pressed.right, [](float sample) { return std::abs(sample) > 1e-3f; }) - pressed.right.begin();
    CHECK(first < sound::kMixRate_hz / 10);
}

TEST_CASE("a stop that the voice does not hear of is heard") {
    Patient patient;
    patient.listen(0.5, true);
    patient.sound.calm();
    patient.drawn = {};
    patient.listen(0.2, true);
    CHECK(tone_db(patient.listen(0.2, true).right, kVoice_hz) > -40);
}

TEST_CASE("a voice of which nothing comes any more is over, and a new one begins from nothing") {
    Patient patient;
    patient.listen(0.5, true);
    patient.listen(0.5, false);
    CHECK(patient.told.back().why == "silence");
    CHECK(patient.sound.mixer().voice_ring().holds_nothing());
    patient.press();
    patient.listen(0.2, true);
    CHECK(patient.told.back().heard);
}

TEST_CASE("a flood of voice stays within the ring, and an honest block after it is heard") {
    Patient patient;
    patient.listen(0.1, true);
    for (std::uint32_t i = 0; i < 5000; ++i) patient.arrive(patient.talk, patient.sequence++);
    CHECK(patient.sound.mixer().voice_ring().waiting() <= sound::VoiceRing::kSize);
    patient.listen(0.2, true);
    CHECK(tone_db(patient.listen(0.2, true).left, kVoice_hz) > -40);
    CHECK(patient.sound.mixer().voice_ring().waiting() <= sound::VoiceRing::kMost);
}

TEST_CASE("a person's voice is not heard while what is heard is written down, and a tone is") {
    const auto path = (std::filesystem::temp_directory_path() / "accalmie-voice-in-test.wav").string();
    scenes::SceneSound kept(scenes::SoundChoice::null, path);
    scenes::VoiceIn voice(kept, false);
    auto person = block_of(1, 0);
    person.rehearsal = false;
    voice.take(person, 1);
    auto told = voice.tell();
    REQUIRE(told.size() == 1);
    CHECK_FALSE(told[0].heard);
    CHECK(told[0].why == "kept");
    auto tone = block_of(2, 0);
    voice.take(tone, 1);
    told = voice.tell();
    REQUIRE(told.size() == 1);
    CHECK(told[0].heard);
}

TEST_CASE("without sound the clinician is told so") {
    scenes::SceneSound off(scenes::SoundChoice::off, {});
    scenes::VoiceIn voice(off, false);
    auto block = block_of(1, 0);
    voice.take(block, 1);
    const auto told = voice.tell();
    REQUIRE(told.size() == 1);
    CHECK_FALSE(told[0].heard);
    CHECK(told[0].why == "no sound");
}

TEST_CASE("the voice's way onto the link drops what finds no room, and leaves room for everybody else") {
    auto pair = link::Channel::make_pair();
    REQUIRE(pair);
    auto& [ours, theirs] = *pair;
    link::VoicePort port(ours);
    REQUIRE(port.valid());
    int sent = 0;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        auto block = block_of(1, i);
        sent += port.send(block) ? 1 : 0;
        CHECK(std::ranges::all_of(block.samples, [](std::int16_t sample) { return sample == 0; }));
    }
    CHECK(sent > 4);
    CHECK(sent < 100);
    for (int i = 0; i < 50; ++i) REQUIRE(ours.send(link::ShowCalm{"stop"}));
    CHECK_FALSE(ours.closed());
    link::Channel other(std::move(theirs));
    int before_stop = 0;
    for (;; ++before_stop) {
        const auto received = other.receive();
        REQUIRE(received);
        REQUIRE(*received);
        if (std::holds_alternative<link::ShowCalm>((*received)->message)) break;
        CHECK(std::get<link::VoiceBlock>((*received)->message).sequence == static_cast<std::uint32_t>(before_stop));
    }
    CHECK(before_stop == sent);
}

TEST_CASE("a port of a link that is gone says so and does nothing") {
    link::VoicePort none;
    auto block = block_of(1, 0);
    CHECK_FALSE(none.send(block));
    auto pair = link::Channel::make_pair();
    REQUIRE(pair);
    link::VoicePort port(pair->first);
    pair->second = {};
    CHECK_FALSE(port.send(block));
    CHECK_FALSE(port.send(link::VoiceEnd{1}));
}

namespace {

// How a process that aborts ends: true when the machine kept a dump of it.
bool dumps_when_it_crashes(bool spoke) {
    const auto folder = std::filesystem::temp_directory_path() / std::format("accalmie-dump-test-{}", ::getpid());
    std::filesystem::create_directories(folder);
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &all);
        ::signal(SIGABRT, SIG_DFL);
        if (::chdir(folder.c_str()) != 0) ::_exit(2);
        ::prctl(PR_SET_DUMPABLE, 1);  // this process may have carried voice already
        if (spoke) link::leave_no_crash_dump();
        ::abort();
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::filesystem::remove_all(folder);
    REQUIRE(WIFSIGNALED(status));
    return WCOREDUMP(status);
}

}  // namespace

TEST_CASE("a process that carried voice leaves no crash dump") {
    CHECK_FALSE(dumps_when_it_crashes(true));
    if (!dumps_when_it_crashes(false)) WARN("this machine keeps no crash dumps at all: only the kernel's word is proven here");
    const auto dumpable = [](bool spoke) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_DUMPABLE, 1);
            if (spoke) link::leave_no_crash_dump();
            ::_exit(::prctl(PR_GET_DUMPABLE));
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    };
    CHECK(dumpable(false) == 1);
    CHECK(dumpable(true) == 0);
}
