// SPDX-License-Identifier: Apache-2.0
// Owns: where the clinician's voice comes from: a microphone of this machine, or for rehearsals and tests a tone or a WAV file that takes
// its place, paced by the machine's clock. Blocks of samples are handed over once and forgotten.
// Never: keeps, writes or sends a sample. Units: samples of 48 kHz, -1 to 1. Thread: the one that opens it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::sound {

class Microphone {
public:
    virtual ~Microphone() = default;
    // Up to mono.size() of the samples that have arrived, oldest first; never waits. What was handed over is forgotten.
    virtual std::size_t take(std::span<float> mono) = 0;
    virtual bool connected() const { return true; }  // false: it was unplugged, or the file is over
};

// What stands for the microphone: "microphone" (the machine's default), "microphone:NAME", "tone" or "tone:HZ", or the path of a WAV file
// (48 kHz, one channel), which is played once.
struct VoiceChoice {
    enum class Kind : unsigned char { microphone, tone, file } kind = Kind::microphone;
    std::string name;      // of the device, or the file's path
    double tone_hz = 440;
    // Nobody's voice: the only kind that a test may write down.
    bool rehearsal() const { return kind != Kind::microphone; }
};
Result<VoiceChoice> read_voice_choice(const std::string& text);

// An Error, with what to do, when there is none: nothing that keeps a session from going on.
Result<std::unique_ptr<Microphone>> open_voice_source(const VoiceChoice& choice);
Result<std::unique_ptr<Microphone>> open_microphone(const std::string& name = {});
std::vector<std::string> microphone_names();  // the default first

}  // namespace accalmie::sound
