// SPDX-License-Identifier: Apache-2.0
// Owns: where mixed sound goes: a device of this machine, memory (loopback, for tests and scripts), or nowhere. One small interface, so
// that the mixer does not know which one it plays on. OpenAL Soft 1.24 mixes on a thread of its own; in loopback it mixes in render().
// HRTF is on wherever two channels come out (headphones, a headset, stereo).
// Never: plays or holds a sound (mixer.h). Units: seconds (_s), samples a second (_hz). Thread: the one that makes it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "engine/error.h"

struct ALCcontext;

namespace accalmie::sound {

inline constexpr int kMixRate_hz = 48'000;
// How often a device is asked to mix: a command is in the mix after at most this, plus what the device holds ahead (latency_s()).
inline constexpr int kMixesASecond = 200;

class Output {
public:
    virtual ~Output() = default;
    virtual ALCcontext* context() const = 0;  // nullptr: nothing is played here
    virtual std::string name() const = 0;
    virtual bool hrtf() const { return false; }
    virtual bool connected() const { return true; }      // false: the device was unplugged
    virtual double latency_s() const { return 0; }       // from a mix to the ear, as the device says
    virtual double mix_period_s() const { return 0; }    // 0 in loopback: the next sample that is rendered
    // Loopback alone: the next samples, left and right interleaved. Others leave the memory as it is.
    virtual void render(std::span<float> stereo) { (void)stereo; }
};

// An Error when the machine has no device that could be heard; `name` picks one, empty the default. OpenAL's stand-in without a
// listener ("No Output") counts as none.
Result<std::unique_ptr<Output>> open_device(const std::string& name = {});
Result<std::unique_ptr<Output>> open_loopback(bool hrtf = true);
// Plays nothing, costs nothing and never fails. `why` is what name() says.
std::unique_ptr<Output> make_silence(std::string why);

}  // namespace accalmie::sound
