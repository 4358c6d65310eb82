// SPDX-License-Identifier: Apache-2.0
// Owns: a sound as float samples: WAV (PCM of 16 and 24 bits, 32-bit float) in, one or two channels.
// OGG Vorbis is refused with a word on what to do: the decoder that Debian 13 has for us (stb_vorbis 1.22 of libstb 0.0~git20241109) still
// holds the memory faults that were reported in October 2023, and a hostile file must never bring the player down. Read in its
// /usr/include/stb/stb_vorbis.h on 2026-11-28: 15 places for up to 16 submaps (CVE-2023-45678, nothings/stb#1556), a length of -1 that writes
// before the vendor's text (CVE-2023-45675 and 45677, #1552, #1555), sizes that overflow an int (CVE-2023-45676 and 45681, #1554, #1559), a
// list of comments that is freed before it is filled (CVE-2023-45679 and 45680, #1557, #1558). CVE-2023-45682 (#1560) was not looked at.
// Never: resamples, plays, or hands on a sample outside -1 to 1. Thread: any. Errors: file and reason; limits are in limits.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::content {

struct SoundFile {
    std::uint32_t rate_hz = 0;
    std::uint32_t channels = 1;       // 1 or 2, interleaved
    std::vector<float> samples;       // -1 to 1
    std::size_t frames() const { return samples.size() / channels; }
    double seconds() const { return static_cast<double>(frames()) / rate_hz; }
};

Result<SoundFile> decode_sound(std::span<const std::uint8_t> bytes, const std::string& name);
Result<SoundFile> read_sound(const std::string& path);

}  // namespace accalmie::content
