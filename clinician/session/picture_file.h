// SPDX-License-Identifier: Apache-2.0
// Owns: writing a picture of the patient's view, whole or not at all, and its fingerprint.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/error.h"

namespace accalmie::session {

// PNG from RGBA8, width x height. Returns the file's BLAKE2b-256 in hex.
Result<std::string> write_picture(const std::string& path, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba);

}  // namespace accalmie::session
