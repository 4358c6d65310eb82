// SPDX-License-Identifier: Apache-2.0
// Owns: the clinician's side of push-to-talk: the microphone, open only while the button is held, and the thread that reads it and puts
// 10 ms blocks onto the link. So a console that draws slowly does not make the voice late, and one that hangs does not leave a microphone
// open: a hold that is not renewed for kUnheld_ms ends.
// Never: keeps or writes a sample; what was sent is zeroed. Once somebody has spoken this process leaves no crash dump.
// Units: decibels of full scale (_db). Threads: the owner's, and one of its own that starts with the first hold.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/sound/microphone.h"
#include "scenes/link/voice_port.h"

namespace accalmie::session {

class VoiceSender {
public:
    static constexpr int kUnheld_ms = 500;
    static constexpr float kQuiet_db = -100;

    explicit VoiceSender(sound::VoiceChoice choice) : choice_(std::move(choice)) {}
    ~VoiceSender();
    VoiceSender(const VoiceSender&) = delete;
    VoiceSender& operator=(const VoiceSender&) = delete;

    void connect(link::VoicePort port);
    void disconnect();  // and releases
    // Again and again while the button is held; the first begins a talk and gives its number. Nothing without a port.
    std::uint32_t hold();
    void release();
    // Of the talk that is held: 0 when none is, or when it ended by itself.
    std::uint32_t talk() const;
    float level_db() const { return level_db_.load(std::memory_order_relaxed); }
    // Why the talk ended by itself: no microphone, or it is gone. Until the next hold.
    std::optional<Error> problem() const;
    const sound::VoiceChoice& choice() const { return choice_; }

private:
    using Clock = std::chrono::steady_clock;
    void work(const std::stop_token& stop);
    void speak(std::uint32_t talk, sound::Microphone& microphone, const std::stop_token& stop);
    bool is_held(std::uint32_t talk) const;
    void send(link::VoiceBlock& block);

    sound::VoiceChoice choice_;
    mutable std::mutex mutex_;              // of everything down to problem_
    std::condition_variable_any changed_;
    link::VoicePort port_;
    std::uint32_t held_ = 0, talks_ = 0;
    Clock::time_point renewed_;
    bool given_up_ = false;                 // the hold goes on, the talk does not
    std::optional<Error> problem_;
    std::atomic<float> level_db_{kQuiet_db};
    std::jthread thread_;                   // last: it ends before what it uses
};

}  // namespace accalmie::session
