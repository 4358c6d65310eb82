// SPDX-License-Identifier: Apache-2.0
// Owns: WAV out, 16 bits a sample, for rendered sound (tests and scripts). Never: given a person's voice (scenes/player/voice_in.h).
// Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::sound {

std::vector<std::uint8_t> encode_wav(std::span<const float> interleaved, std::uint32_t channels, std::uint32_t rate_hz);
Result<void> write_wav(const std::string& path, std::span<const float> interleaved, std::uint32_t channels, std::uint32_t rate_hz);

}  // namespace accalmie::sound
