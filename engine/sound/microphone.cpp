// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/microphone.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <format>
#include <numbers>
#include <utility>

#include "engine/content/sound_file.h"
#include "engine/sound/openal.h"
#include "engine/sound/output.h"

namespace accalmie::sound {
namespace {

constexpr ALCsizei kHeldByDevice = 4096;  // samples: 85 ms that a reader may be late
constexpr float kToneAmplitude = 0.25f;   // a voice that speaks up
constexpr double kLowest_hz = 20, kHighest_hz = 20'000;

class OpenAlMicrophone final : public Microphone {
public:
    explicit OpenAlMicrophone(ALCdevice* device) : device_(device) { alcCaptureStart(device_); }
    ~OpenAlMicrophone() override {
        alcCaptureStop(device_);
        alcCaptureCloseDevice(device_);
    }
    OpenAlMicrophone(const OpenAlMicrophone&) = delete;
    OpenAlMicrophone& operator=(const OpenAlMicrophone&) = delete;
    std::size_t take(std::span<float> mono) override {
        ALCint there = 0;
        alcGetIntegerv(device_, ALC_CAPTURE_SAMPLES, 1, &there);
        const ALCsizei count = std::min(there, static_cast<ALCint>(mono.size()));
        if (count <= 0) return 0;
        alcCaptureSamples(device_, mono.data(), count);
        return static_cast<std::size_t>(count);
    }
    bool connected() const override {
        ALCint connected = ALC_TRUE;
        alcGetIntegerv(device_, ALC_CONNECTED, 1, &connected);
        return connected == ALC_TRUE;
    }

private:
    ALCdevice* device_;
};

// What has arrived by now when a source gives 48 000 samples a second since it was opened.
class Paced : public Microphone {
public:
    std::size_t take(std::span<float> mono) override {
        const std::chrono::duration<double> since = std::chrono::steady_clock::now() - opened_;
        const auto there = static_cast<std::size_t>(since.count() * kMixRate_hz);
        const std::size_t count = std::min(mono.size(), there - std::min(there, taken_));
        fill(mono.first(count), taken_);
        taken_ += count;
        return count;
    }

protected:
    virtual void fill(std::span<float> mono, std::size_t from) = 0;
    std::size_t taken() const { return taken_; }

private:
    std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
    std::size_t taken_ = 0;
};

class Tone final : public Paced {
public:
    explicit Tone(double hz) : hz_(hz) {}

private:
    void fill(std::span<float> mono, std::size_t from) override {
        for (std::size_t i = 0; i < mono.size(); ++i)
            mono[i] = kToneAmplitude * static_cast<float>(std::sin(2 * std::numbers::pi * hz_ * static_cast<double>(from + i) / kMixRate_hz));
    }
    double hz_;
};

class FileVoice final : public Paced {
public:
    explicit FileVoice(std::vector<float> samples) : samples_(std::move(samples)) {}
    bool connected() const override { return taken() < samples_.size(); }

private:
    void fill(std::span<float> mono, std::size_t from) override {
        for (std::size_t i = 0; i < mono.size(); ++i) mono[i] = from + i < samples_.size() ? samples_[from + i] : 0;
    }
    std::vector<float> samples_;
};

}  // namespace

Result<VoiceChoice> read_voice_choice(const std::string& text) {
    const auto wrong = [&](std::string message) { return std::unexpected(Error{.message = std::move(message), .hint = "microphone, microphone:NAME, tone:HZ, or a .wav file", .file = {}}); };
    const std::string_view whole(text), kind = whole.substr(0, whole.find(':'));
    const std::string_view rest = kind.size() < whole.size() ? whole.substr(kind.size() + 1) : std::string_view();
    if (kind == "microphone") return VoiceChoice{.kind = VoiceChoice::Kind::microphone, .name = std::string(rest)};
    if (kind == "tone") {
        VoiceChoice tone{.kind = VoiceChoice::Kind::tone, .name = {}};
        const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), tone.tone_hz);
        const bool good = failure == std::errc() && end == rest.data() + rest.size() && tone.tone_hz >= kLowest_hz && tone.tone_hz <= kHighest_hz;
        if (!rest.empty() && !good) return wrong(std::format("'{}' is no tone from {} to {} Hz", text, kLowest_hz, kHighest_hz));
        return tone;
    }
    if (text.ends_with(".wav")) return VoiceChoice{.kind = VoiceChoice::Kind::file, .name = text};
    return wrong(std::format("'{}' is nothing that can speak", text));
}

Result<std::unique_ptr<Microphone>> open_voice_source(const VoiceChoice& choice) {
    switch (choice.kind) {
        case VoiceChoice::Kind::microphone: return open_microphone(choice.name);
        case VoiceChoice::Kind::tone: return std::make_unique<Tone>(choice.tone_hz);
        case VoiceChoice::Kind::file: break;
    }
    auto file = content::read_sound(choice.name);
    if (!file) return std::unexpected(std::move(file.error()));
    if (file->channels != 1 || file->rate_hz != static_cast<std::uint32_t>(kMixRate_hz))
        return std::unexpected(Error{.message = "a file that speaks has to have one channel of 48 000 samples a second", .hint = "sox IN.wav -c 1 -r 48000 OUT.wav", .file = choice.name});
    return std::make_unique<FileVoice>(std::move(file->samples));
}

Result<std::unique_ptr<Microphone>> open_microphone(const std::string& name) {
    ALCdevice* device = alcCaptureOpenDevice(name.empty() ? nullptr : name.c_str(), kMixRate_hz, AL_FORMAT_MONO_FLOAT32, kHeldByDevice);
    if (device != nullptr) return std::make_unique<OpenAlMicrophone>(device);
    if (name.empty()) return std::unexpected(Error{.message = "this machine has no microphone that can be opened", .hint = "plug one in, or allow this program to use it", .file = {}});
    std::string known;
    for (const std::string& one : microphone_names()) known += (known.empty() ? "" : ", ") + one;
    return std::unexpected(Error{.message = std::format("the microphone '{}' cannot be opened", name), .hint = known.empty() ? "this machine has none" : "there are: " + known, .file = {}});
}

std::vector<std::string> microphone_names() {
    std::vector<std::string> names;
    const ALCchar* at = alcGetString(nullptr, ALC_CAPTURE_DEVICE_SPECIFIER);  // each ends with a zero, and the list with another
    for (; at != nullptr && *at != 0; at += std::strlen(at) + 1) names.emplace_back(at);
    const ALCchar* first = alcGetString(nullptr, ALC_CAPTURE_DEFAULT_DEVICE_SPECIFIER);
    if (first != nullptr) std::ranges::stable_partition(names, [&](const std::string& name) { return name == first; });
    return names;
}

}  // namespace accalmie::sound
