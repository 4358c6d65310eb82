// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/voice_in.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "scenes/link/voice_port.h"

namespace accalmie::scenes {
namespace {

constexpr std::uint32_t kMostFilled = 3;  // blocks; after a longer hole the ring is empty and begins again
constexpr std::int32_t kBlock_ms = 1000 * static_cast<int>(link::kVoiceBlock) / link::kVoiceRate_hz;
constexpr std::int32_t kMostLost = 1'000'000;

std::int64_t monotonic_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

void VoiceIn::take(link::VoiceBlock& block, double now_s) {
    if (plant_keep_) std::fwrite(block.samples.data(), 1, sizeof block.samples, stderr);
    if (block.talk > ended_) {
        if (block.talk != talk_) begin(block);
        if (block.talk == talk_ && speak(block)) heard_s_ = now_s;
    }
    link::wipe(block);
}

void VoiceIn::begin(const link::VoiceBlock& block) {
    if (block.talk < talk_) return;  // of a talk before this one
    end("released", false);
    link::leave_no_crash_dump();
    talk_ = block.talk;
    next_ = block.sequence;
    blocks_ = lost_ = 0;
    worst_ms_ = -1;
    mouth_ = sound_.mouth();
    if (!sound_.wanted()) return end("no sound", false);
    if (sound_.kept() && !block.rehearsal) return end("kept", false);
    if (!sound_.mixer().begin_voice(mouth_.at_m)) return end("no sound", false);
    to_tell_.push_back(state(true));
}

bool VoiceIn::speak(const link::VoiceBlock& block) {
    if (block.sequence < next_) return false;
    const std::uint32_t missing = block.sequence - next_;
    next_ = block.sequence + 1;
    std::array<float, link::kVoiceBlock> mono{};
    if (missing > 0) {
        lost_ = static_cast<std::int32_t>(std::min<std::int64_t>(std::int64_t{lost_} + missing, kMostLost));
        if (missing <= kMostFilled)
            for (std::uint32_t i = 0; i < missing; ++i) sound_.mixer().speak(mono, i > 0);
    }
    worst_ms_ = std::max(worst_ms_, latency_ms(block));
    std::ranges::transform(block.samples, mono.begin(), [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0f; });
    if (sound_.mixer().speak(mono, missing == 0 && blocks_ > 0)) ++blocks_;
    else lost_ = std::min(lost_ + 1, kMostLost);
    return true;
}

// Of the block's last sample: what it took to come here, what is still before it, and what the device holds.
double VoiceIn::latency_ms(const link::VoiceBlock& block) const {
    const sound::Output& output = sound_.mixer().output();
    const auto waiting = static_cast<double>(std::max(sound_.mixer().voice_ring().waiting() + link::kVoiceBlock, sound::VoiceRing::kStart));
    return static_cast<double>(monotonic_ns() - block.spoken_ns) * 1e-6 + 1000 * (waiting / link::kVoiceRate_hz + output.mix_period_s() + output.latency_s());
}

void VoiceIn::take(const link::VoiceEnd& ending) {
    if (ending.talk == talk_) end("released", false);
    ended_ = std::max(ended_, ending.talk);
}

void VoiceIn::end(std::string_view why, bool cut) {
    if (talk_ == 0) return;
    if (cut) sound_.mixer().cut_voice();
    else sound_.mixer().end_voice();
    link::VoiceHeard over = state(false);
    over.why = why;
    to_tell_.push_back(std::move(over));
    ended_ = std::max(ended_, talk_);
    talk_ = 0;
}

link::VoiceHeard VoiceIn::state(bool heard) const {
    return {.talk = talk_, .heard = heard, .scene = mouth_.scene, .person = mouth_.person, .length_ms = blocks_ * kBlock_ms,
            .latency_ms = worst_ms_ < 0 ? -1 : static_cast<std::int32_t>(std::ceil(std::min(worst_ms_, 1e6))), .lost = lost_, .why = {}};
}

void VoiceIn::frame(double now_s) {
    if (talk_ == 0) return;
    if (now_s - heard_s_ > kTalkSilence_s) return end("silence", false);
    const SceneSound::Mouth mouth = sound_.mouth();
    // Beside the patient is where the head was when the talk began: who turns towards the voice has it in front.
    if (mouth.person == mouth_.person && mouth.scene == mouth_.scene) return;
    mouth_ = mouth;
    sound_.mixer().move_voice(mouth_.at_m);
}

std::vector<link::VoiceHeard> VoiceIn::tell() {
    for (link::VoiceHeard& one : to_tell_) {
        if (one.talk != talk_) continue;
        one.scene = mouth_.scene;  // a talk may begin in the middle of the change to another scene
        one.person = mouth_.person;
    }
    return std::exchange(to_tell_, {});
}

}  // namespace accalmie::scenes
