// SPDX-License-Identifier: Apache-2.0
// Any bytes as a sound: samples within full scale and no more of them than the file has bytes, or an error with the file's name.
#include "engine/content/sound_file.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

using namespace accalmie;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<content::SoundFile> sound = content::decode_sound({data, size}, "fuzz.wav");
    if (!sound) {
        if (sound.error().message.empty() || sound.error().file != "fuzz.wav") std::abort();
        return 0;
    }
    if (sound->channels < 1 || sound->channels > 2 || sound->rate_hz == 0 || sound->samples.empty() || sound->samples.size() > size) std::abort();
    if (sound->samples.size() % sound->channels != 0) std::abort();
    for (const float sample : sound->samples)
        if (!(std::abs(sample) <= 1)) std::abort();
    return 0;
}
