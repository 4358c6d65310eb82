// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/microphone.h"

#include <algorithm>

#include "engine/sound/openal.h"
#include "engine/sound/output.h"

namespace accalmie::sound {
namespace {

class OpenAlMicrophone final : public Microphone {
public:
    explicit OpenAlMicrophone(ALCdevice* device) : device_(device) { alcCaptureStart(device_); }
    ~OpenAlMicrophone() override {
        alcCaptureStop(device_);
        alcCaptureCloseDevice(device_);
    }
    OpenAlMicrophone(const OpenAlMicrophone&) = delete;
    OpenAlMicrophone& operator=(const OpenAlMicrophone&) = delete;
    int rate_hz() const override { return kMixRate_hz; }
    std::size_t take(std::span<float> mono) override {
        ALCint there = 0;
        alcGetIntegerv(device_, ALC_CAPTURE_SAMPLES, 1, &there);
        const ALCsizei count = std::min(there, static_cast<ALCint>(mono.size()));
        if (count <= 0) return 0;
        alcCaptureSamples(device_, mono.data(), count);
        return static_cast<std::size_t>(count);
    }

private:
    ALCdevice* device_;
};

}  // namespace

Result<std::unique_ptr<Microphone>> open_microphone(const std::string& name) {
    ALCdevice* device = alcCaptureOpenDevice(name.empty() ? nullptr : name.c_str(), kMixRate_hz, AL_FORMAT_MONO_FLOAT32, static_cast<ALCsizei>(VoiceRing::kSize));
    if (device == nullptr) return std::unexpected(Error{.message = "this machine has no microphone that can be opened", .hint = "plug one in, or allow this program to use it", .file = {}});
    return std::make_unique<OpenAlMicrophone>(device);
}

void VoiceRing::push(std::span<const float> mono) {
    const std::size_t written = written_.load(std::memory_order_relaxed);
    const std::size_t count = std::min(mono.size(), kSize - (written - read_.load(std::memory_order_acquire)));
    for (std::size_t i = 0; i < count; ++i) samples_[(written + i) % kSize] = mono[i];
    written_.store(written + count, std::memory_order_release);
}

void VoiceRing::pull(std::span<float> mono) {
    std::size_t read = read_.load(std::memory_order_relaxed);
    const std::size_t written = written_.load(std::memory_order_acquire);
    while (written - read > kMost) samples_[read++ % kSize] = 0;
    flowing_ = flowing_ ? written != read : written - read >= kStart;
    const std::size_t count = flowing_ ? std::min(mono.size(), written - read) : 0;
    for (std::size_t i = 0; i < count; ++i) {
        float& sample = samples_[(read + i) % kSize];
        mono[i] = sample;
        sample = 0;
    }
    std::ranges::fill(mono.subspan(count), 0.0f);
    read_.store(read + count, std::memory_order_release);
}

void VoiceRing::wipe() {
    samples_.fill(0);
    written_ = read_ = 0;
    flowing_ = false;
}

bool VoiceRing::holds_nothing() const {
    return std::ranges::all_of(samples_, [](float sample) { return sample == 0; });
}

}  // namespace accalmie::sound
