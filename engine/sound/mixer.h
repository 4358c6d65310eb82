// SPDX-License-Identifier: Apache-2.0
// Owns: what is heard: clips, what plays and where, the buses, ducking, the clinician's voice, and the cut of a stop.
// The mixing is OpenAL Soft's, on its own thread; calls here hand it values and wait at most for a mix that is under way.
//   * cut(bus): every sound of the bus has gain 0 at the first sample of the next mix and OpenAL's own ramp of 64 samples (1.3 ms) from
//     there, then HRTF's tail of 64: all is over in 2.7 ms, without a click (measured by tests/unit/engine/sound_stop_test.cpp). In loopback that is the next sample rendered. On a device it is the next mix, at most
//     Output::mix_period_s() later (asked for: 5 ms), plus what the device already holds (Output::latency_s()). No ramp of ours runs in
//     the frame loop, so a frame that hangs cannot hold a stop back.
//   * distance: inverse, clamped: gain = r / (r + max(d, r) - r) = r / max(d, r), d at most farthest_m (OpenAL 1.1, section 3.4.2).
//   * ducking: while the voice is heard, calm, ambience and cue are kDuck_db lower.
//   * calm, ambience and cue follow the picture's brightness; voice and panel do not.
// Never: reads a file or a clock; records the voice. Nothing allocates in update(), cut(), stop(), move(); OpenAL does in play().
// Units: metres in the world of xr/session.h (_m), decibels of amplitude (_db), seconds (_s). Thread: the one that makes it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

#include "engine/content/sound_file.h"
#include "engine/sound/output.h"
#include "engine/sound/voice_ring.h"

namespace accalmie::sound {

enum class Bus : std::uint8_t {
    calm,      // the room that a stop leads to
    ambience,  // places without cues
    cue,       // everything of a cue scene, its room as well
    voice,     // the clinician, from the mouth of a person
    panel,     // questions and their buttons
};
inline constexpr std::size_t kBuses = 5;

inline constexpr float kDuck_db = -9;
inline constexpr float kDuckDown_s = 0.12f, kDuckUp_s = 0.6f;  // for the whole of it
inline constexpr float kSpeechFloor_db = -45;                  // a louder block of the voice is speech
inline constexpr float kSpeechHold_s = 0.5f;                   // between words
inline constexpr std::size_t kMostSounds = 32;                 // at once

float gain_of_db(float db);

struct Listener {
    glm::vec3 position_m{0};
    glm::quat orientation{1, 0, 0, 0};  // looks along -z
};

struct ClipId {
    std::uint32_t index = 0;
};

struct Playing {
    ClipId clip;
    Bus bus = Bus::ambience;
    float gain_db = 0;                     // at most 0
    bool loop = true;
    std::optional<glm::vec3> position_m;   // in the world; none: stays with the head
    bool distance_law = true;              // false: as loud from everywhere
    float reference_m = 1, farthest_m = 20;
    float fade_in_s = 0;
    float start_share = 0;                 // of the clip, where it begins
};

// A room around the patient out of one mono loop: four far places, each a quarter of the loop later, together as loud as one at gain_db.
std::array<Playing, 4> room_around(ClipId clip, Bus bus, float gain_db, float fade_in_s);

struct PlayId {
    std::uint32_t slot = 0, generation = 0;  // generation 0: nothing
    explicit operator bool() const { return generation != 0; }
};

class Mixer {
public:
    explicit Mixer(std::unique_ptr<Output> output);
    ~Mixer();
    Mixer(const Mixer&) = delete;
    Mixer& operator=(const Mixer&) = delete;

    Output& output() { return *output_; }
    const Output& output() const { return *output_; }

    // A copy for OpenAL; not in the frame loop.
    Result<ClipId> add(const content::SoundFile& sound);
    // What plays it is cut.
    void remove(ClipId clip);

    // Nothing when all places are taken or the output is silence.
    PlayId play(const Playing& playing);
    void stop(PlayId id, float fade_out_s);
    void move(PlayId id, const glm::vec3& position_m);
    bool is_playing(PlayId id) const;
    void cut(Bus bus);

    void set_bus_gain_db(Bus bus, float gain_db);
    void set_brightness(float share) { brightness_ = share; }  // 0 to 1 of what the buses of the picture give

    // The voice: 48 kHz, one channel, from a mouth. begin_voice() the first time makes its source, which then plays silence until the
    // mixer ends: later beginnings allocate nothing.
    Result<void> begin_voice(const glm::vec3& mouth_m);
    void move_voice(const glm::vec3& mouth_m);
    // What has arrived, at any time between frames; false: there was no room, and all of it was dropped. `follows` false: something
    // before it was lost. The samples are zeroed.
    bool speak(std::span<float> mono, bool follows);
    // After the last word: what was pushed is still heard.
    void end_voice() { voice_on_ = false; }
    // At once, with OpenAL's ramp as in cut(): what was not heard yet is not heard any more.
    void cut_voice();
    bool voice_heard() const { return now_s_ < speech_until_s_; }
    const VoiceRing& voice_ring() const { return voice_->ring; }

    // Once a frame.
    void update(const Listener& listener, double now_s);

private:
    struct Clip {
        std::uint32_t buffer = 0;  // 0: free
        std::uint32_t channels = 1;
        std::size_t frames = 0;
    };
    enum class State : std::uint8_t { free, playing, dying };
    struct Slot {
        std::uint32_t source = 0;
        std::uint32_t generation = 0;
        std::uint32_t clip = 0;
        State state = State::free;
        Bus bus = Bus::ambience;
        bool loop = false, leaving = false;
        float gain = 1;                     // of the sound itself
        float envelope = 1, rate_per_s = 0; // towards 1, or 0 when leaving
        float set_gain = -1;                // what OpenAL was told
        double ends_s = 0;                  // dying: then its source is free
    };
    const Slot* find(PlayId id) const;
    float bus_gain(Bus bus) const;
    void tell_gain(Slot& slot, float gain);
    void release(Slot& slot);
    void close_voice();
    void tell_voice_gain(float gain);
    void duck(float elapsed_s);

    std::unique_ptr<Output> output_;
    std::vector<Clip> clips_;
    std::array<Slot, kMostSounds> slots_{};
    std::array<float, kBuses> bus_gains_{};
    std::uint32_t generations_ = 0;
    float brightness_ = 1;
    float duck_db_ = 0;
    double now_s_ = 0;
    // At one place, for OpenAL's thread.
    struct Voice {
        VoiceRing ring;
        Declick heard;                      // the reader's own
        // Goes to OpenAL's thread before the source plays, and comes back at the end of every pull: who has it sees what the other did.
        std::atomic<bool> lent{false};
    };
    std::unique_ptr<Voice> voice_ = std::make_unique<Voice>();
    Declick spoken_;
    bool spoken_follows_ = false;           // nothing was dropped since the block before
    bool voice_on_ = false;
    std::uint32_t voice_source_ = 0, voice_buffer_ = 0;
    float voice_set_gain_ = -1;
    double speech_until_s_ = -1;
};

}  // namespace accalmie::sound
