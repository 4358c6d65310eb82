// SPDX-License-Identifier: Apache-2.0
// The clinician's voice: from a person's mouth, over a quieter room, and kept nowhere.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <thread>

#include "tests/unit/engine/sound_stage.h"

using namespace sound_test;

namespace {

constexpr double kVoice_hz = 600, kRoom_hz = 3000;

// Speaks a tone from one moment to another, in real time of the stage.
struct Script {
    const Stage* stage = nullptr;
    double from_s = 0, to_s = 0;
    float amplitude = 0.5f;
};

class SimulatedMicrophone final : public Microphone {
public:
    SimulatedMicrophone(const Script& script) : script_(script), taken_(static_cast<std::size_t>(script.stage->now_s() * kMixRate_hz)) {}
    int rate_hz() const override { return kMixRate_hz; }
    std::size_t take(std::span<float> mono) override {
        const auto there = static_cast<std::size_t>(script_.stage->now_s() * kMixRate_hz);
        const std::size_t count = std::min(mono.size(), there - std::min(there, taken_));
        for (std::size_t i = 0; i < count; ++i, ++taken_) {
            const double at_s = static_cast<double>(taken_) / kMixRate_hz;
            const bool speaks = at_s >= script_.from_s && at_s < script_.to_s;
            mono[i] = speaks ? script_.amplitude * static_cast<float>(std::sin(2 * std::numbers::pi * kVoice_hz * at_s)) : 0.0f;
        }
        return count;
    }

private:
    Script script_;
    std::size_t taken_;
};

}  // namespace

TEST_CASE("the voice comes from the mouth it was given, and moves with it") {
    Stage stage;
    REQUIRE(stage.mixer().open_voice(std::make_unique<SimulatedMicrophone>(Script{&stage, 0, 100}), {1.5f, 0, 0}));
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
    REQUIRE(stage.mixer().open_voice(std::make_unique<SimulatedMicrophone>(Script{&stage, 0, 100}), {0, 0, -0.5f}));
    stage.listen(0.5);
    Heard heard;
    for (int frame = 0; frame < 200; ++frame) {
        stage.mixer().update(stage.listener, stage.now_s());
        stage.render(heard, frame % 7 == 0 ? 900 : 400);  // 8 and 19 ms
    }
    const double usual_db = tone_db(heard.left, kVoice_hz);
    for (std::size_t at = 0; at + 240 <= heard.left.size(); at += 240) CHECK(tone_db(std::span<const float>(heard.left).subspan(at, 240), kVoice_hz) > usual_db - 1);
}

TEST_CASE("rooms are 9 dB lower while the voice is heard, and come back") {
    Stage stage(false);
    stage.mixer().play({.clip = stage.clip(tone(kRoom_hz)), .bus = Bus::ambience});
    REQUIRE(stage.mixer().open_voice(std::make_unique<SimulatedMicrophone>(Script{&stage, 1, 2}), {0, 0, -1}));
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
    REQUIRE(stage.mixer().open_voice(std::make_unique<SimulatedMicrophone>(Script{&stage, 0, 100, 0.003f}), {0, 0, -1}));
    stage.listen(0.5);
    CHECK_FALSE(stage.mixer().voice_heard());
}

TEST_CASE("nothing of the voice is left when it is closed, and what was heard is gone at once") {
    Stage stage(false);
    REQUIRE(stage.mixer().open_voice(std::make_unique<SimulatedMicrophone>(Script{&stage, 0, 100}), {0, 0, -1}));
    stage.listen(0.5);
    CHECK_FALSE(stage.mixer().voice_ring().holds_nothing());  // the check can see a voice
    stage.mixer().close_voice();
    CHECK(stage.mixer().voice_ring().holds_nothing());
    CHECK_FALSE(stage.mixer().voice_heard());
    stage.listen(0.05);
    CHECK(level_db(stage.listen(0.2).left) < -90);
}

TEST_CASE("a sample that was pulled is no longer in the ring, and a ring that is not pulled holds no more than its size") {
    VoiceRing ring;
    const std::vector<float> block(500, 0.5f);
    std::vector<float> pulled(500);
    for (int i = 0; i < 3; ++i) ring.push(block);
    for (int i = 0; i < 3; ++i) {
        ring.pull(pulled);
        CHECK(pulled == block);
    }
    CHECK(ring.holds_nothing());
    ring.pull(pulled);
    CHECK(pulled == std::vector<float>(500, 0.0f));
    for (int i = 0; i < 100; ++i) ring.push(block);
    ring.pull(pulled);
    CHECK(pulled == block);
}

TEST_CASE("one thread speaks into the ring while another listens, and no sample is torn or turned round") {
    VoiceRing ring;
    constexpr int kLast = 200'000;
    std::jthread speaker([&] {
        for (int next = 1; next <= kLast;) {
            std::array<float, 64> block;
            for (float& sample : block) sample = static_cast<float>(next++);
            ring.push(block);
            if (next % 1024 < 64) std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    float before = 0;
    std::array<float, 100> heard;
    int sounded = 0;
    for (int i = 0; i < 60'000 && before < kLast - 5'000; ++i) {
        ring.pull(heard);
        for (const float sample : heard) {
            if (sample == 0) continue;
            if (sample <= before) FAIL("sample " << sample << " after " << before);
            before = sample;
            ++sounded;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
    CHECK(sounded > 10'000);
}

TEST_CASE("the machine's own microphone is tried only when there is one") {
    auto microphone = open_microphone();
    if (!microphone) {
        CHECK_FALSE(microphone.error().hint.empty());
        return;
    }
    std::array<float, 256> block;
    CHECK((*microphone)->take(block) <= block.size());
}
