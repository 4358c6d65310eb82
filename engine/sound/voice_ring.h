// SPDX-License-Identifier: Apache-2.0
// Owns: what lies between a piece of the clinician's voice that has arrived and OpenAL's next mix, and the smoothing of its edges.
// Never: keeps, writes or sends a sample. Nothing here can write to a file, and the ring is overwritten with zeros as it is read.
// Units: samples of 48 kHz, -1 to 1. Threads: push() and forget() on the frame thread, pull() on OpenAL's.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <span>

namespace accalmie::sound {

// One writer, one reader, no lock, no more than 85 ms.
class VoiceRing {
public:
    static constexpr std::size_t kSize = 4096;     // a power of two
    // The jitter buffer: so much is waited for before anything is heard, so that a late frame or message leaves no hole. 32 ms is a
    // frame of 72 Hz, a message of 10 ms and the console's look at the microphone every 5 ms.
    static constexpr std::size_t kStart = 1536;
    static constexpr std::size_t kMost = 3072;     // beyond 64 ms the oldest is dropped, down to kStart: the two clocks differ

    // All of it or nothing: false when there is no room.
    bool push(std::span<const float> mono);
    struct Pulled {
        std::size_t heard = 0;    // samples from the start that are voice; the rest is silence
        bool was_heard = false;   // the pull before ended with voice
        bool jumped = false;      // the first does not follow what was pulled last
    };
    Pulled pull(std::span<float> mono);
    void forget();              // what was pushed so far is zeroed at the next pull, unheard
    void wipe();                // while nobody else calls
    bool holds_nothing() const; // every sample is zero; while nobody else calls
    std::size_t waiting() const { return written_.load(std::memory_order_relaxed) - read_.load(std::memory_order_acquire); }

private:
    std::array<float, kSize> samples_{};
    std::atomic<std::size_t> written_{0}, read_{0}, forgotten_{0};
    bool flowing_ = false;      // the reader's own
};

// Where a voice begins, ends, or goes on after something was lost, the step is spread over kSlope samples (2.7 ms): what is left of it
// from one sample to the next is at most 2 / kSlope = 0.016, beyond the voice's own movement.
class Declick {
public:
    static constexpr int kSlope = 128;
    // `follows` false: the first sample is not the successor of the last one before.
    void run(std::span<float> samples, bool follows);
    void reset() { *this = {}; }

private:
    float last_ = 0, offset_ = 0;
    int left_ = 0;
};

}  // namespace accalmie::sound
