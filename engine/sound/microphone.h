// SPDX-License-Identifier: Apache-2.0
// Owns: where the clinician's voice comes from: a microphone as blocks of samples that are handed over once and forgotten.
// Never: keeps, writes or sends a sample. Nothing here can write to a file, and the ring is overwritten with zeros as it is read.
// Units: samples a second (_hz), -1 to 1. Threads: take() and push() on the frame thread, pull() on OpenAL's.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "engine/error.h"

namespace accalmie::sound {

class Microphone {
public:
    virtual ~Microphone() = default;
    virtual int rate_hz() const = 0;
    // Up to mono.size() of the samples that have arrived, oldest first; never waits. What was handed over is forgotten.
    virtual std::size_t take(std::span<float> mono) = 0;
};

// The machine's; an Error when it has none. `name` picks one, empty the default.
Result<std::unique_ptr<Microphone>> open_microphone(const std::string& name = {});

// What lies between a captured block and OpenAL's next mix: one writer, one reader, no lock, no more than 85 ms at 48 kHz.
class VoiceRing {
public:
    static constexpr std::size_t kSize = 4096;     // a power of two
    static constexpr std::size_t kStart = 1024;    // so much is waited for, so that a late frame leaves no hole: 21 ms at 48 kHz
    static constexpr std::size_t kMost = 3072;     // beyond it the oldest is dropped: the two clocks differ

    void push(std::span<const float> mono);        // what finds no room is dropped
    void pull(std::span<float> mono);              // silence where nothing has arrived
    void wipe();                                   // while nobody else calls
    bool holds_nothing() const;                    // every sample is zero; while nobody else calls

private:
    std::array<float, kSize> samples_{};
    std::atomic<std::size_t> written_{0}, read_{0};
    bool flowing_ = false;                         // the reader's own
};

}  // namespace accalmie::sound
