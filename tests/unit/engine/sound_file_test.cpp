// SPDX-License-Identifier: Apache-2.0
#include "engine/content/sound_file.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstring>
#include <limits>
#include <random>

#include "engine/sound/wav_file.h"

using namespace accalmie;

namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
void append(Bytes& bytes, T value) {
    const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), raw, raw + sizeof value);
}
void text(Bytes& bytes, std::string_view what) { bytes.insert(bytes.end(), what.begin(), what.end()); }

struct Head {
    std::uint16_t coding = 1, channels = 1, bits = 16;
    std::uint32_t rate_hz = 24'000;
    int frame_bytes = -1;
    bool extensible = false;
};

Bytes wav(const Head& head, const Bytes& data, std::string_view before_data = {}) {
    Bytes bytes;
    text(bytes, "RIFF"), append(bytes, 0u), text(bytes, "WAVE"), text(bytes, before_data), text(bytes, "fmt ");
    append(bytes, std::uint32_t{head.extensible ? 40u : 16u});
    append(bytes, head.extensible ? std::uint16_t{0xFFFE} : head.coding), append(bytes, head.channels), append(bytes, head.rate_hz);
    const auto frame = static_cast<std::uint16_t>(head.frame_bytes >= 0 ? head.frame_bytes : head.channels * head.bits / 8);
    append(bytes, head.rate_hz * frame), append(bytes, frame), append(bytes, head.bits);
    if (head.extensible) append(bytes, std::uint16_t{22}), append(bytes, head.bits), append(bytes, 3u), append(bytes, head.coding), bytes.resize(bytes.size() + 14);
    text(bytes, "data"), append(bytes, static_cast<std::uint32_t>(data.size()));
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

std::string refusal(const Bytes& bytes) {
    const auto sound = content::decode_sound(bytes, "x.wav");
    REQUIRE_FALSE(sound);
    CHECK(sound.error().file == "x.wav");
    CHECK_FALSE(sound.error().hint.empty());
    return sound.error().message;
}

}  // namespace

TEST_CASE("every coding that is read gives the samples that were written") {
    Bytes pcm16, pcm24, floats;
    for (const float value : {0.0f, 0.5f, -0.5f, -1.0f}) {
        append(pcm16, static_cast<std::int16_t>(value * 32768));
        const auto wide = static_cast<std::int32_t>(static_cast<double>(value) * 8388608);
        for (int shift = 0; shift < 24; shift += 8) pcm24.push_back(static_cast<std::uint8_t>(wide >> shift));
        append(floats, value);
    }
    for (const bool extensible : {false, true}) {
        for (const auto& [head, data] : {std::pair(Head{.extensible = extensible}, pcm16), {Head{.bits = 24, .extensible = extensible}, pcm24}, {Head{.coding = 3, .bits = 32, .extensible = extensible}, floats}}) {
            INFO(head.bits << " bits");
            const auto sound = content::decode_sound(wav(head, data), "x.wav");
            REQUIRE(sound);
            CHECK(sound->rate_hz == 24'000);
            CHECK(sound->samples == std::vector<float>{0, 0.5f, -0.5f, -1});
        }
    }
    const auto stereo = content::decode_sound(wav({.channels = 2}, pcm16), "x.wav");
    REQUIRE(stereo);
    CHECK(stereo->frames() == 2);
}

TEST_CASE("chunks that are not sound are passed over, odd ones too") {
    CHECK(content::decode_sound(wav({}, Bytes(8), std::string_view("LIST\x03\0\0\0abc\0", 12)), "x.wav"));
}

TEST_CASE("what cannot be played is refused with the reason") {
    CHECK(refusal({}).contains("no WAV"));
    CHECK(refusal(Bytes(100, 7)).contains("no WAV"));
    Bytes ogg;
    text(ogg, "OggS"), ogg.resize(200);
    CHECK(refusal(ogg).contains("OGG"));
    CHECK(refusal(wav({}, {})).contains("empty"));
    CHECK(refusal(wav({.bits = 8}, Bytes(8))).contains("8 bits"));
    CHECK(refusal(wav({.coding = 2}, Bytes(8))).contains("coding 2"));
    CHECK(refusal(wav({.channels = 0}, Bytes(8))).contains("0 channels"));
    CHECK(refusal(wav({.channels = 6}, Bytes(24))).contains("6 channels"));
    CHECK(refusal(wav({.rate_hz = 0}, Bytes(8))).contains("samples a second"));
    CHECK(refusal(wav({.rate_hz = 4'000'000'000u}, Bytes(8))).contains("samples a second"));
    CHECK(refusal(wav({.frame_bytes = 0}, Bytes(8))).contains("contradicts"));
    CHECK(refusal(wav({.rate_hz = 8'000}, Bytes(2 * 8'000 * 301))).contains("longer"));
    Bytes wrong;
    append(wrong, std::numeric_limits<float>::quiet_NaN());
    CHECK(refusal(wav({.coding = 3, .bits = 32}, wrong)).contains("no number"));
    const auto missing = content::read_sound("/nonexistent.wav");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().file == "/nonexistent.wav");
}

TEST_CASE("no sample beyond full scale comes out of a file") {
    Bytes loud;
    append(loud, 1e30f), append(loud, -1000.0f);
    const auto sound = content::decode_sound(wav({.coding = 3, .bits = 32}, loud), "x.wav");
    REQUIRE(sound);
    CHECK(sound->samples == std::vector<float>{1, -1});
}

TEST_CASE("cut and changed files are an error or a sound within its bounds, never a crash") {
    const Bytes whole = wav({.channels = 2}, Bytes(64, 9), std::string_view("LIST\x03\0\0\0abc\0", 12));
    for (std::size_t length = 0; length < whole.size(); ++length) CHECK_FALSE(content::decode_sound(std::span(whole).first(length), "x.wav"));
    std::mt19937 random(3);
    for (int trial = 0; trial < 20'000; ++trial) {
        Bytes changed = whole;
        for (int edit = 0; edit < 3; ++edit) changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
        if (const auto sound = content::decode_sound(changed, "x.wav")) {
            if (sound->samples.size() > whole.size() || sound->channels < 1 || sound->channels > 2) FAIL("a sound that is larger than its file");
        }
    }
}
