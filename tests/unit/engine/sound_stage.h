// SPDX-License-Identifier: Apache-2.0
// A mixer that plays into memory, and the ears of the tests: levels in dB, one tone out of many.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <functional>
#include <memory>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "engine/sound/mixer.h"
#include "engine/sound/wav_file.h"

namespace sound_test {

using namespace accalmie;
using namespace accalmie::sound;

inline content::SoundFile tone(double hz, double seconds = 1, float amplitude = 0.5f, std::uint32_t rate_hz = kMixRate_hz) {
    content::SoundFile file{.rate_hz = rate_hz, .channels = 1, .samples = std::vector<float>(static_cast<std::size_t>(seconds * rate_hz))};
    for (std::size_t i = 0; i < file.samples.size(); ++i)
        file.samples[i] = amplitude * static_cast<float>(std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
    return file;
}

// Left and right apart.
struct Heard {
    std::vector<float> left, right;
    std::span<const float> ear(int which) const { return which == 0 ? left : right; }
};

inline double level_db(std::span<const float> samples) {
    double power = 0;
    for (const float sample : samples) power += static_cast<double>(sample) * sample;
    return 10 * std::log10(power / static_cast<double>(std::max<std::size_t>(samples.size(), 1)) + 1e-20);
}

inline double peak_db(std::span<const float> samples) {
    float peak = 0;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return 20 * std::log10(static_cast<double>(peak) + 1e-10);
}

// The level of one tone among others (Goertzel), over whole periods for a clean answer.
inline double tone_db(std::span<const float> samples, double hz, double rate_hz = kMixRate_hz) {
    double re = 0, im = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
        re += static_cast<double>(samples[i]) * std::cos(angle);
        im += static_cast<double>(samples[i]) * std::sin(angle);
    }
    const double amplitude = 2 * std::hypot(re, im) / static_cast<double>(samples.size());
    return 20 * std::log10(amplitude / std::numbers::sqrt2 + 1e-10);
}

// The same in a Hann window: a louder tone that swells beside it does not leak in.
inline double windowed_tone_db(std::span<const float> samples, double hz) {
    std::vector<float> windowed(samples.begin(), samples.end());
    for (std::size_t i = 0; i < windowed.size(); ++i)
        windowed[i] *= static_cast<float>(1 - std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(windowed.size())));
    return tone_db(windowed, hz);
}

class Stage {
public:
    explicit Stage(bool hrtf = true) {
        auto output = open_loopback(hrtf);
        REQUIRE(output);
        mixer_ = std::make_unique<Mixer>(std::move(*output));
    }
    Mixer& mixer() { return *mixer_; }
    ClipId clip(const content::SoundFile& file) {
        const auto added = mixer_->add(file);
        REQUIRE(added);
        return *added;
    }
    // Frames of 1/90 s, as a headset's: update, then what the device would mix until the next.
    Heard listen(double seconds) {
        Heard heard;
        const double end_s = now_s_ + seconds;
        while (now_s_ < end_s - 0.5 / kMixRate_hz) {
            if (before_frame) before_frame();
            mixer_->update(listener, now_s_);
            render(heard, static_cast<std::size_t>(std::lround(std::min(1.0 / 90, end_s - now_s_) * kMixRate_hz)));
        }
        return heard;
    }
    // Without a frame: time goes on and nobody calls update.
    void render(Heard& heard, std::size_t frames) {
        block_.resize(frames * 2);
        mixer_->output().render(block_);
        for (std::size_t i = 0; i < frames; ++i) heard.left.push_back(block_[2 * i]), heard.right.push_back(block_[2 * i + 1]);
        now_s_ += static_cast<double>(frames) / kMixRate_hz;
    }
    // What is heard in the next seconds, as a WAV for a person's ears.
    Result<void> render_wav(double seconds, const std::string& path) {
        const Heard heard = listen(seconds);
        std::vector<float> interleaved;
        for (std::size_t i = 0; i < heard.left.size(); ++i) interleaved.push_back(heard.left[i]), interleaved.push_back(heard.right[i]);
        return write_wav(path, interleaved, 2, kMixRate_hz);
    }
    double now_s() const { return now_s_; }
    Listener listener;
    std::function<void()> before_frame;  // somebody may speak

private:
    std::unique_ptr<Mixer> mixer_;
    std::vector<float> block_;
    double now_s_ = 0;
};

}  // namespace sound_test
