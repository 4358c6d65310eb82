// SPDX-License-Identifier: Apache-2.0
// Owns: PNG encoding of finished pictures. Never: colour management; RGBA8 goes in as it is shown.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::content {

// RGBA8, width x height, as an opaque RGB PNG. Empty when the sizes do not fit.
std::vector<std::uint8_t> encode_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba);
Result<void> write_png(const std::string& path, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba);

}  // namespace accalmie::content
