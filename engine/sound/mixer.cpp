// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/mixer.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "engine/sound/openal.h"

namespace accalmie::sound {
namespace {

constexpr float kSmallestChange = 1e-5f;
constexpr double kAfterCut_s = 0.05;     // OpenAL's ramp and HRTF's tail are long over
constexpr float kMouth_m = 0.5f;         // the voice is as spoken at this distance
constexpr float kRoomRadius_m = 10;

bool follows_picture(Bus bus) { return bus == Bus::calm || bus == Bus::ambience || bus == Bus::cue; }

ALenum format_of(std::uint32_t channels) { return channels == 2 ? AL_FORMAT_STEREO_FLOAT32 : AL_FORMAT_MONO_FLOAT32; }

void place(std::uint32_t source, const glm::vec3& at_m) { alSource3f(source, AL_POSITION, at_m.x, at_m.y, at_m.z); }

}  // namespace

float gain_of_db(float db) { return std::pow(10.0f, db / 20.0f); }

std::array<Playing, 4> room_around(ClipId clip, Bus bus, float gain_db, float fade_in_s) {
    constexpr float kQuarterOfPower_db = -6.0206f;  // the four do not sound in step, so their powers add
    std::array<Playing, 4> room;
    for (std::size_t i = 0; i < room.size(); ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(room.size());
        const float angle = (share + 0.125f) * 2 * 3.14159265f;  // none straight ahead
        room[i] = {.clip = clip, .bus = bus, .gain_db = gain_db + kQuarterOfPower_db, .loop = true,
                   .position_m = glm::vec3(std::sin(angle), 0.12f, -std::cos(angle)) * kRoomRadius_m, .distance_law = false, .fade_in_s = fade_in_s, .start_share = share};
    }
    return room;
}

Mixer::Mixer(std::unique_ptr<Output> output) : output_(std::move(output)) {
    bus_gains_.fill(1);
    if (output_->context() == nullptr) return;
    const ContextScope scope(output_->context());
    alDistanceModel(AL_INVERSE_DISTANCE_CLAMPED);
    alDopplerFactor(0);
    for (Slot& slot : slots_) alGenSources(1, &slot.source);
    alGetError();
}

Mixer::~Mixer() {
    close_voice();
    if (output_->context() == nullptr) return;
    const ContextScope scope(output_->context());
    for (Slot& slot : slots_) alDeleteSources(1, &slot.source);
    for (const Clip& clip : clips_)
        if (clip.buffer != 0) alDeleteBuffers(1, &clip.buffer);
}

Result<ClipId> Mixer::add(const content::SoundFile& sound) {
    Clip clip{.channels = sound.channels, .frames = sound.frames()};
    if (output_->context() != nullptr) {
        const ContextScope scope(output_->context());
        alGetError();
        alGenBuffers(1, &clip.buffer);
        alBufferData(clip.buffer, format_of(sound.channels), sound.samples.data(), static_cast<ALsizei>(sound.samples.size() * sizeof(float)), static_cast<ALsizei>(sound.rate_hz));
        if (const ALenum failed = alGetError(); failed != AL_NO_ERROR) {
            if (clip.buffer != 0) alDeleteBuffers(1, &clip.buffer);
            return std::unexpected(Error{.message = std::format("the sound device does not take a sound of {:.1f} s: {}", sound.seconds(), alGetString(failed)), .hint = {}, .file = {}});
        }
    }
    clips_.push_back(clip);
    return ClipId{static_cast<std::uint32_t>(clips_.size() - 1)};
}

void Mixer::remove(ClipId clip) {
    if (clip.index >= clips_.size() || output_->context() == nullptr) return;
    const ContextScope scope(output_->context());
    for (Slot& slot : slots_) {
        if (slot.generation == 0 || slot.clip != clip.index) continue;
        release(slot);
        alSourcei(slot.source, AL_BUFFER, 0);
    }
    Clip& gone = clips_[clip.index];
    if (gone.buffer != 0) alDeleteBuffers(1, &gone.buffer);
    gone = {};
}

PlayId Mixer::play(const Playing& playing) {
    if (output_->context() == nullptr || playing.clip.index >= clips_.size()) return {};
    const Clip& clip = clips_[playing.clip.index];
    const auto slot = std::ranges::find(slots_, State::free, &Slot::state);
    if (slot == slots_.end() || clip.buffer == 0) return {};
    const ContextScope scope(output_->context());
    const std::uint32_t source = slot->source;
    alSourcei(source, AL_BUFFER, static_cast<ALint>(clip.buffer));
    alSourcei(source, AL_LOOPING, playing.loop ? AL_TRUE : AL_FALSE);
    alSourcei(source, AL_SOURCE_RELATIVE, playing.position_m ? AL_FALSE : AL_TRUE);
    // Two channels without a place go straight to the two ears.
    alSourcei(source, AL_SOURCE_SPATIALIZE_SOFT, playing.position_m ? AL_TRUE : AL_AUTO_SOFT);
    alSourcei(source, AL_DIRECT_CHANNELS_SOFT, playing.position_m || clip.channels != 2 ? AL_FALSE : AL_TRUE);
    alSourcef(source, AL_REFERENCE_DISTANCE, playing.reference_m);
    alSourcef(source, AL_MAX_DISTANCE, std::max(playing.farthest_m, playing.reference_m));
    alSourcef(source, AL_ROLLOFF_FACTOR, playing.position_m && playing.distance_law ? 1.0f : 0.0f);
    place(source, playing.position_m.value_or(glm::vec3(0)));
    alSourcei(source, AL_SAMPLE_OFFSET, static_cast<ALint>(std::clamp(playing.start_share, 0.0f, 0.999f) * static_cast<float>(clip.frames)));
    const bool fades = playing.fade_in_s > 0;
    *slot = {.source = source, .generation = ++generations_, .clip = playing.clip.index, .state = State::playing, .bus = playing.bus, .loop = playing.loop,
             .gain = gain_of_db(std::min(playing.gain_db, 0.0f)), .envelope = fades ? 0.0f : 1.0f, .rate_per_s = fades ? 1 / playing.fade_in_s : 0};
    tell_gain(*slot, slot->gain * slot->envelope * bus_gain(slot->bus));
    alSourcePlay(source);
    return {static_cast<std::uint32_t>(slot - slots_.begin()), slot->generation};
}

const Mixer::Slot* Mixer::find(PlayId id) const {
    if (!id || id.slot >= slots_.size()) return nullptr;
    const Slot& slot = slots_[id.slot];
    return slot.generation == id.generation && slot.state == State::playing ? &slot : nullptr;
}

bool Mixer::is_playing(PlayId id) const { return find(id) != nullptr; }

void Mixer::stop(PlayId id, float fade_out_s) {
    if (find(id) == nullptr) return;
    Slot& slot = slots_[id.slot];
    slot.leaving = true;
    slot.rate_per_s = 1 / std::max(fade_out_s, 0.001f);
}

void Mixer::move(PlayId id, const glm::vec3& position_m) {
    if (find(id) == nullptr) return;
    const ContextScope scope(output_->context());
    place(slots_[id.slot].source, position_m);
}

void Mixer::cut(Bus bus) {
    if (output_->context() == nullptr) return;
    const ContextScope scope(output_->context());
    alDeferUpdatesSOFT();  // all in one mix
    for (Slot& slot : slots_) {
        if (slot.state == State::free || slot.bus != bus) continue;
        tell_gain(slot, 0);
        if (slot.state == State::playing) slot.ends_s = now_s_ + kAfterCut_s;
        slot.state = State::dying;
    }
    alProcessUpdatesSOFT();
}

void Mixer::set_bus_gain_db(Bus bus, float gain_db) { bus_gains_[static_cast<std::size_t>(bus)] = gain_of_db(std::min(gain_db, 0.0f)); }

float Mixer::bus_gain(Bus bus) const {
    const float gain = bus_gains_[static_cast<std::size_t>(bus)];
    return follows_picture(bus) ? gain * brightness_ * gain_of_db(duck_db_) : gain;
}

void Mixer::tell_gain(Slot& slot, float gain) {
    if (std::abs(gain - slot.set_gain) < kSmallestChange && (gain != 0 || slot.set_gain == 0)) return;
    slot.set_gain = gain;
    alSourcef(slot.source, AL_GAIN, gain);
}

void Mixer::release(Slot& slot) {
    alSourceStop(slot.source);  // it keeps its buffer until it plays another: OpenAL allocates where one is taken away
    slot.state = State::free;
}

void Mixer::duck(float elapsed_s) {
    const float change_db = -kDuck_db * elapsed_s / (voice_heard() ? kDuckDown_s : kDuckUp_s);
    duck_db_ = voice_heard() ? std::max(duck_db_ - change_db, kDuck_db) : std::min(duck_db_ + change_db, 0.0f);
}

void Mixer::update(const Listener& listener, double now_s) {
    const auto elapsed_s = static_cast<float>(std::clamp(now_s - now_s_, 0.0, 0.25));
    now_s_ = now_s;
    if (output_->context() == nullptr) return;
    const ContextScope scope(output_->context());
    duck(elapsed_s);
    const glm::vec3 ahead = listener.orientation * glm::vec3(0, 0, -1), up = listener.orientation * glm::vec3(0, 1, 0);
    const std::array<float, 6> facing{ahead.x, ahead.y, ahead.z, up.x, up.y, up.z};
    alDeferUpdatesSOFT();
    alListener3f(AL_POSITION, listener.position_m.x, listener.position_m.y, listener.position_m.z);
    alListenerfv(AL_ORIENTATION, facing.data());
    for (Slot& slot : slots_) {
        if (slot.state == State::free) continue;
        if (slot.state == State::dying) {
            if (now_s >= slot.ends_s) release(slot);
            continue;
        }
        const float step = slot.rate_per_s * elapsed_s;
        slot.envelope = slot.leaving ? std::max(slot.envelope - step, 0.0f) : std::min(slot.envelope + step, 1.0f);
        tell_gain(slot, slot.gain * slot.envelope * bus_gain(slot.bus));
        ALint state = AL_PLAYING;
        if (!slot.loop) alGetSourcei(slot.source, AL_SOURCE_STATE, &state);
        if (state == AL_STOPPED) release(slot);
        else if (slot.leaving && slot.envelope == 0) {
            slot.state = State::dying;
            slot.ends_s = now_s + kAfterCut_s;
        }
    }
    if (voice_on_) tell_voice_gain(bus_gain(Bus::voice));
    alProcessUpdatesSOFT();
}

// The voice.

Result<void> Mixer::begin_voice(const glm::vec3& mouth_m) {
    if (output_->context() == nullptr) return std::unexpected(Error{.message = "the voice would not be heard: " + output_->name(), .hint = "plug in the headset or headphones", .file = {}});
    const ContextScope scope(output_->context());
    if (voice_source_ == 0) {
        const auto pull = [](ALvoid* of, ALvoid* data, ALsizei bytes) noexcept -> ALsizei {
            Voice& voice = *static_cast<Voice*>(of);
            (void)voice.lent.load(std::memory_order_acquire);
            const std::span<float> mono(static_cast<float*>(data), static_cast<std::size_t>(bytes) / sizeof(float));
            const auto [heard, was_heard, jumped] = voice.ring.pull(mono);
            voice.heard.run(mono.first(heard), was_heard && !jumped);
            voice.heard.run(mono.subspan(heard), heard == 0 && !was_heard);  // silence goes on, or begins here
            voice.lent.store(false, std::memory_order_release);
            return bytes;
        };
        alGetError();
        alGenBuffers(1, &voice_buffer_);
        alBufferCallbackSOFT(voice_buffer_, AL_FORMAT_MONO_FLOAT32, kMixRate_hz, pull, voice_.get());
        alGenSources(1, &voice_source_);
        alSourcei(voice_source_, AL_BUFFER, static_cast<ALint>(voice_buffer_));
        alSourcef(voice_source_, AL_REFERENCE_DISTANCE, kMouth_m);
        place(voice_source_, mouth_m);
        voice_->lent.store(true, std::memory_order_release);
        alSourcePlay(voice_source_);
        if (const ALenum failed = alGetError(); failed != AL_NO_ERROR) {
            close_voice();
            return std::unexpected(Error{.message = std::format("the voice cannot be played: {}", alGetString(failed)), .hint = {}, .file = {}});
        }
    }
    place(voice_source_, mouth_m);
    tell_voice_gain(bus_gain(Bus::voice));
    spoken_.reset();
    spoken_follows_ = false;
    voice_on_ = true;
    return {};
}

void Mixer::tell_voice_gain(float gain) {
    if (std::abs(gain - voice_set_gain_) < kSmallestChange && (gain != 0 || voice_set_gain_ == 0)) return;
    alSourcef(voice_source_, AL_GAIN, voice_set_gain_ = gain);
}

void Mixer::move_voice(const glm::vec3& mouth_m) {
    if (voice_source_ == 0) return;
    const ContextScope scope(output_->context());
    place(voice_source_, mouth_m);
}

bool Mixer::speak(std::span<float> mono, bool follows) {
    if (!voice_on_ || mono.empty()) {
        std::ranges::fill(mono, 0.0f);
        return false;
    }
    float power = 0;
    for (const float sample : mono) power += sample * sample;
    if (10 * std::log10(power / static_cast<float>(mono.size()) + 1e-12f) > kSpeechFloor_db) speech_until_s_ = now_s_ + static_cast<double>(kSpeechHold_s);
    Declick smoothed = spoken_;
    smoothed.run(mono, follows && spoken_follows_);
    spoken_follows_ = voice_->ring.push(mono);
    if (spoken_follows_) spoken_ = smoothed;
    std::ranges::fill(mono, 0.0f);
    return spoken_follows_;
}

void Mixer::cut_voice() {
    voice_on_ = false;
    speech_until_s_ = -1;
    voice_->ring.forget();
    spoken_.reset();
    spoken_follows_ = false;
    if (voice_source_ == 0) return;
    const ContextScope scope(output_->context());
    tell_voice_gain(0);
}

void Mixer::close_voice() {
    voice_on_ = false;
    speech_until_s_ = -1;
    if (output_->context() != nullptr) {
        const ContextScope scope(output_->context());
        // The source goes first: OpenAL waits for the mix that may still read the ring.
        if (voice_source_ != 0) alDeleteSources(1, &voice_source_);
        if (voice_buffer_ != 0) alDeleteBuffers(1, &voice_buffer_);
    }
    voice_source_ = voice_buffer_ = 0;
    // No pull comes any more. That what the last one wrote is seen here, zeros in the ring above all, is not left to OpenAL's inside.
    (void)voice_->lent.load(std::memory_order_acquire);
    voice_->ring.wipe();
    spoken_.reset();
}

}  // namespace accalmie::sound
