// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/voice_sender.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace accalmie::session {

namespace {

constexpr auto kLook = std::chrono::milliseconds(5);

std::int64_t monotonic_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

float level_of(std::span<const float> mono) {
    float power = 0;
    for (const float sample : mono) power += sample * sample;
    return std::max(10 * std::log10(power / static_cast<float>(mono.size()) + 1e-12f), VoiceSender::kQuiet_db);
}

}  // namespace

VoiceSender::~VoiceSender() { release(); }

void VoiceSender::connect(link::VoicePort port) {
    const std::lock_guard lock(mutex_);
    port_ = std::move(port);
}

void VoiceSender::disconnect() {
    release();
    const std::lock_guard lock(mutex_);
    port_ = {};
}

std::uint32_t VoiceSender::hold() {
    const std::lock_guard lock(mutex_);
    if (!port_.valid()) return 0;
    renewed_ = Clock::now();
    if (held_ != 0) return given_up_ ? 0 : held_;
    link::leave_no_crash_dump();
    held_ = ++talks_;
    given_up_ = false;
    problem_.reset();
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    changed_.notify_one();
    return held_;
}

void VoiceSender::release() {
    const std::lock_guard lock(mutex_);
    held_ = 0;
}

std::uint32_t VoiceSender::talk() const {
    const std::lock_guard lock(mutex_);
    return given_up_ ? 0 : held_;
}

std::optional<Error> VoiceSender::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

bool VoiceSender::is_held(std::uint32_t talk) const {
    const std::lock_guard lock(mutex_);
    return held_ == talk && Clock::now() - renewed_ < std::chrono::milliseconds(kUnheld_ms);
}

void VoiceSender::send(link::VoiceBlock& block) {
    const std::lock_guard lock(mutex_);
    (void)port_.send(block);  // what finds no room is dropped
}

void VoiceSender::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::uint32_t talk = 0;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [&] { return held_ != 0 && !given_up_; });
            talk = held_;
        }
        if (talk == 0) continue;
        auto microphone = sound::open_voice_source(choice_);
        if (microphone) speak(talk, **microphone, stop);
        const std::lock_guard lock(mutex_);
        level_db_ = kQuiet_db;
        if (held_ != talk) continue;
        given_up_ = true;
        if (!microphone) problem_ = std::move(microphone.error());
        else if (!(*microphone)->connected() && !choice_.rehearsal()) problem_ = Error{.message = "the microphone is gone", .hint = "plug it in again", .file = {}};
    }
}

void VoiceSender::speak(std::uint32_t talk, sound::Microphone& microphone, const std::stop_token& stop) {
    std::array<float, link::kVoiceBlock> mono{};
    std::size_t filled = 0;
    link::VoiceBlock block{.talk = talk, .sequence = 0, .spoken_ns = 0, .rehearsal = choice_.rehearsal()};
    while (!stop.stop_requested() && is_held(talk) && microphone.connected()) {
        for (;;) {
            filled += microphone.take(std::span(mono).subspan(filled));
            if (filled < mono.size()) break;
            filled = 0;
            level_db_ = level_of(mono);
            std::ranges::transform(mono, block.samples.begin(), [](float sample) { return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767.0f)); });
            mono.fill(0);
            block.spoken_ns = monotonic_ns();
            send(block);
            ++block.sequence;
        }
        std::this_thread::sleep_for(kLook);
    }
    mono.fill(0);
    const std::lock_guard lock(mutex_);
    (void)port_.send(link::VoiceEnd{talk});
}

}  // namespace accalmie::session
