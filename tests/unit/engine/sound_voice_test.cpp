// SPDX-License-Identifier: Apache-2.0
// The clinician's voice: from a person's mouth, over a quieter room, and kept nowhere.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/sound/microphone.h"
#include "tests/unit/engine/sound_stage.h"

using namespace sound_test;

namespace {

constexpr double kVoice_hz = 600, kRoom_hz = 3000;

// Speaks a tone from one moment to another, in real time of the stage, as it would arrive before each frame.
class Speaker {
public:
    Speaker(Stage& stage, double from_s, double to_s, float amplitude = 0.5f) : stage_(stage), from_s_(from_s), to_s_(to_s), amplitude_(amplitude), spoken_(samples_by(stage.now_s())) {
        stage.before_frame = [this] { speak(); };
    }
    ~Speaker() { stage_.before_frame = {}; }
    Speaker(const Speaker&) = delete;
    Speaker& operator=(const Speaker&) = delete;
    void speak() {
        std::array<float, 480> block;
        for (; spoken_ + block.size() <= samples_by(stage_.now_s()); spoken_ += block.size()) {
            for (std::size_t i = 0; i < block.size(); ++i) {
                const double at_s = static_cast<double>(spoken_ + i) / kMixRate_hz;
                const bool speaks = at_s >= from_s_ && at_s < to_s_;
                block[i] = speaks ? amplitude_ * static_cast<float>(std::sin(2 * std::numbers::pi * kVoice_hz * at_s)) : 0.0f;
            }
            stage_.mixer().speak(block, true);
            CHECK(std::ranges::all_of(block, [](float sample) { return sample == 0; }));
        }
    }

private:
    static std::size_t samples_by(double s) { return static_cast<std::size_t>(s * kMixRate_hz); }
    Stage& stage_;
    double from_s_, to_s_;
    float amplitude_;
    std::size_t spoken_;
};

float greatest_step(std::span<const float> samples) {
    float greatest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) greatest = std::max(greatest, std::abs(samples[i] - samples[i - 1]));
    return greatest;
}

}  // namespace

TEST_CASE("the voice comes from the mouth it was given, and moves with it") {
    Stage stage;
    REQUIRE(stage.mixer().begin_voice({1.5f, 0, 0}));
    const Speaker speaker(stage, 0, 100);
    stage.listen(0.3);
    const Heard right = stage.listen(0.5);
    CHECK(tone_db(right.right, kVoice_hz) > tone_db(right.left, kVoice_hz) + 3);
    stage.mixer().move_voice({-1.5f, 0, 0});
    stage.listen(0.1);
    const Heard left = stage.listen(0.5);
    CHECK(tone_db(left.left, kVoice_hz) > tone_db(left.right, kVoice_hz) + 3);
}

TEST_CASE("a voice that flows has no holes, however unevenly the frames come") {
    Stage stage(false);
    REQUIRE(stage.mixer().begin_voice({0, 0, -0.5f}));
    Speaker speaker(stage, 0, 100);
    stage.listen(0.5);
    Heard heard;
    for (int frame = 0; frame < 200; ++frame) {
        speaker.speak();
        stage.mixer().update(stage.listener, stage.now_s());
        stage.render(heard, frame % 7 == 0 ? 900 : 400);  // 8 and 19 ms
    }
    const double usual_db = tone_db(heard.left, kVoice_hz);
    for (std::size_t at = 0; at + 240 <= heard.left.size(); at += 240) CHECK(tone_db(std::span<const float>(heard.left).subspan(at, 240), kVoice_hz) > usual_db - 1);
}

TEST_CASE("rooms are 9 dB lower while the voice is heard, and come back") {
    Stage stage(false);
    stage.mixer().play({.clip = stage.clip(tone(kRoom_hz)), .bus = Bus::ambience});
    REQUIRE(stage.mixer().begin_voice({0, 0, -1}));
    const Speaker speaker(stage, 1, 2);
    stage.listen(0.5);
    const double before_db = tone_db(stage.listen(0.4).left, kRoom_hz);
    stage.listen(0.5);
    CHECK(stage.mixer().voice_heard());
    const double during_db = tone_db(stage.listen(0.4).left, kRoom_hz);
    stage.listen(2);
    CHECK_FALSE(stage.mixer().voice_heard());
    const double after_db = tone_db(stage.listen(0.4).left, kRoom_hz);
    CHECK(during_db - before_db == Catch::Approx(kDuck_db).margin(0.3));
    CHECK(after_db == Catch::Approx(before_db).margin(0.1));
}

TEST_CASE("a quiet microphone ducks nothing") {
    Stage stage(false);
    REQUIRE(stage.mixer().begin_voice({0, 0, -1}));
    const Speaker speaker(stage, 0, 100, 0.003f);
    stage.listen(0.5);
    CHECK_FALSE(stage.mixer().voice_heard());
}

TEST_CASE("a voice that is cut is silent within 20 ms, nothing of it is left, and the next one is heard") {
    for (const bool hrtf : {false, true}) {
        Stage stage(hrtf);
        REQUIRE(stage.mixer().begin_voice({0, 0, -1}));
        const Speaker speaker(stage, 0, 100);
        stage.listen(0.5);
        CHECK_FALSE(stage.mixer().voice_ring().holds_nothing());  // the check can see a voice
        CHECK(stage.mixer().voice_heard());
        stage.mixer().cut_voice();
        const Heard after = stage.listen(0.3);
        CHECK(peak_db(std::span<const float>(after.left).subspan(kMixRate_hz / 50)) < -90);
        CHECK(stage.mixer().voice_ring().holds_nothing());
        CHECK_FALSE(stage.mixer().voice_heard());
        REQUIRE(stage.mixer().begin_voice({0, 0, -1}));
        stage.listen(0.2);
        CHECK(tone_db(stage.listen(0.2).left, kVoice_hz) > -30);
    }
}

TEST_CASE("what was said before the button was let go is heard to its end, and then nothing is left") {
    Stage stage(false);
    REQUIRE(stage.mixer().begin_voice({0, 0, -1}));
    const Speaker speaker(stage, 0, 100);
    stage.listen(0.5);
    const std::size_t waiting = stage.mixer().voice_ring().waiting();
    stage.mixer().end_voice();
    const Heard rest = stage.listen(0.3);
    CHECK(tone_db(std::span<const float>(rest.left).first(waiting / 80 * 80), kVoice_hz) > -30);
    CHECK(peak_db(std::span<const float>(rest.left).last(4800)) < -90);
    CHECK(stage.mixer().voice_ring().holds_nothing());
}

TEST_CASE("beginnings, endings, holes and cuts of a voice make no step beyond its own and one part in 64") {
    Stage stage(false);
    REQUIRE(stage.mixer().begin_voice({0, 0, -0.5f}));
    const Heard whole = [&] {
        const Speaker speaker(stage, 0, 100);
        stage.listen(0.2);
        return stage.listen(0.5);
    }();
    const float usual = greatest_step(whole.left);
    Heard heard;
    const auto listen = [&](double seconds) {
        const Heard some = stage.listen(seconds);
        heard.left.insert(heard.left.end(), some.left.begin(), some.left.end());
    };
    for (int round = 0; round < 40; ++round) {
        Speaker speaker(stage, 0, 100);
        listen(0.1 + 0.0037 * round);
        if (round % 3 == 0) stage.mixer().cut_voice();
        if (round % 3 == 1) stage.mixer().end_voice();
        stage.before_frame = {};
        listen(0.15);
        REQUIRE(stage.mixer().begin_voice({0, 0, -0.5f}));
    }
    // 0.5 of amplitude at the mouth's own distance: a hard edge would be up to 0.5.
    CHECK(greatest_step(heard.left) < usual + 2.0f / Declick::kSlope);
    CHECK(peak_db(heard.left) > -12);
}

TEST_CASE("a step that is not smoothed is seen") {
    std::vector<float> samples(300, 0.5f);
    std::ranges::fill(std::span(samples).subspan(100, 100), 0.0f);
    CHECK(greatest_step(samples) == Catch::Approx(0.5f));
    Declick declick;
    const std::span<float> all(samples);
    declick.run(all.first(100), false);
    declick.run(all.subspan(100, 100), false);
    declick.run(all.subspan(200), false);
    CHECK(greatest_step(samples) < 0.5f / Declick::kSlope * 2 + 1e-6f);
}

TEST_CASE("a sample that was pulled is no longer in the ring, and a ring that is not pulled holds no more than its size") {
    VoiceRing ring;
    const std::vector<float> block(512, 0.5f);
    std::vector<float> pulled(512);
    for (int i = 0; i < 3; ++i) CHECK(ring.push(block));
    for (int i = 0; i < 3; ++i) {
        CHECK(ring.pull(pulled).heard == 512);
        CHECK(pulled == block);
    }
    CHECK(ring.holds_nothing());
    CHECK(ring.pull(pulled).heard == 0);
    CHECK(pulled == std::vector<float>(512, 0.0f));
    for (int i = 0; i < 100; ++i) CHECK(ring.push(block) == (i < 8));
    const auto late = ring.pull(pulled);
    CHECK(pulled == block);
    CHECK(late.jumped);
    CHECK(ring.waiting() == VoiceRing::kStart - 512);
    ring.forget();
    CHECK(ring.pull(pulled).heard == 0);
    CHECK(ring.holds_nothing());
}

TEST_CASE("one thread speaks into the ring while another listens, and no sample is torn or turned round") {
    VoiceRing ring;
    constexpr int kLast = 200'000;
    std::atomic<bool> over = false;
    std::jthread speaker([&] {
        for (int next = 1; next <= kLast;) {
            std::array<float, 64> block;
            for (float& sample : block) sample = static_cast<float>(next++);
            ring.push(block);
            if (next % 1024 < 64) std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
        over = true;
    });
    float before = 0;
    std::array<float, 100> heard;
    int sounded = 0;
    for (;;) {
        const bool last = over;
        const std::size_t count = ring.pull(heard).heard;
        if (last && count == 0) break;
        for (const float sample : heard) {
            if (sample == 0) continue;
            if (sample <= before) FAIL("sample " << sample << " after " << before);
            before = sample;
            ++sounded;
        }
        if (count == 0) std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
    CHECK(sounded > 10'000);
}

TEST_CASE("the machine's own microphone is tried only when there is one") {
    CHECK_FALSE(open_microphone("a microphone that nobody has"));
    auto microphone = open_microphone();
    if (!microphone) {
        CHECK_FALSE(microphone.error().hint.empty());
        return;
    }
    std::array<float, 256> block;
    CHECK((*microphone)->take(block) <= block.size());
}

TEST_CASE("a tone and a file take a microphone's place, as fast as time goes") {
    const auto path = (std::filesystem::temp_directory_path() / "accalmie-voice-test.wav").string();
    REQUIRE(write_wav(path, tone(500, 0.05, 0.25f).samples, 1, kMixRate_hz));
    for (const std::string& choice : {std::string("tone:500"), path}) {
        const auto read = read_voice_choice(choice);
        REQUIRE(read);
        CHECK(read->rehearsal());
        const auto began = std::chrono::steady_clock::now();
        auto source = open_voice_source(*read);
        REQUIRE(source);
        std::vector<float> heard(2400), block(480);
        std::size_t got = 0;
        while (got < heard.size()) got += (*source)->take(std::span(heard).subspan(got, std::min<std::size_t>(480, heard.size() - got)));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        CHECK(took.count() >= 0.049);
        CHECK(tone_db(heard, 500) == Catch::Approx(20 * std::log10(0.25 / std::numbers::sqrt2)).margin(0.2));
        CHECK((*source)->connected() == choice.starts_with("tone"));
    }
    std::filesystem::remove(path);
}

TEST_CASE("what cannot speak is refused, with what could") {
    for (const char* choice : {"", "tone:0", "tone:abc", "tone:1e9", "voice.ogg", "micro"}) {
        INFO(choice);
        const auto read = read_voice_choice(choice);
        REQUIRE_FALSE(read);
        CHECK(read.error().hint.contains("tone:HZ"));
    }
    CHECK(read_voice_choice("microphone:USB: left")->name == "USB: left");
    CHECK_FALSE(read_voice_choice("microphone")->rehearsal());
    CHECK_FALSE(open_voice_source(*read_voice_choice("nowhere.wav")));
}
