// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/voice_ring.h"

#include <algorithm>

namespace accalmie::sound {

bool VoiceRing::push(std::span<const float> mono) {
    const std::size_t written = written_.load(std::memory_order_relaxed);
    if (mono.size() > kSize - (written - read_.load(std::memory_order_acquire))) return false;
    for (std::size_t i = 0; i < mono.size(); ++i) samples_[(written + i) % kSize] = mono[i];
    written_.store(written + mono.size(), std::memory_order_release);
    return true;
}

VoiceRing::Pulled VoiceRing::pull(std::span<float> mono) {
    std::size_t read = read_.load(std::memory_order_relaxed);
    // Read before written_: what is to be forgotten is then never more than what is there.
    const std::size_t forgotten = forgotten_.load(std::memory_order_acquire);
    const std::size_t written = written_.load(std::memory_order_acquire);
    Pulled pulled{.heard = 0, .was_heard = flowing_, .jumped = false};
    if (static_cast<std::ptrdiff_t>(forgotten - read) > 0) {
        while (read != forgotten) samples_[read++ % kSize] = 0;
        flowing_ = false;
    }
    if (written - read > kMost) {
        while (written - read > kStart) samples_[read++ % kSize] = 0;
        pulled.jumped = true;
    }
    flowing_ = flowing_ ? written != read : written - read >= kStart;
    pulled.heard = flowing_ ? std::min(mono.size(), written - read) : 0;
    for (std::size_t i = 0; i < pulled.heard; ++i) {
        float& sample = samples_[(read + i) % kSize];
        mono[i] = sample;
        sample = 0;
    }
    if (pulled.heard < mono.size()) flowing_ = false;
    std::ranges::fill(mono.subspan(pulled.heard), 0.0f);
    read_.store(read + pulled.heard, std::memory_order_release);
    return pulled;
}

void VoiceRing::forget() { forgotten_.store(written_.load(std::memory_order_relaxed), std::memory_order_release); }

void VoiceRing::wipe() {
    samples_.fill(0);
    written_ = read_ = forgotten_ = 0;
    flowing_ = false;
}

bool VoiceRing::holds_nothing() const {
    return std::ranges::all_of(samples_, [](float sample) { return sample == 0; });
}

void Declick::run(std::span<float> samples, bool follows) {
    if (samples.empty()) return;
    if (!follows) {
        offset_ = last_ - samples.front();
        left_ = kSlope;
    }
    for (float& sample : samples) {
        if (left_ == 0) break;
        sample += offset_ * static_cast<float>(left_--) / kSlope;
    }
    last_ = samples.back();
}

}  // namespace accalmie::sound
