// SPDX-License-Identifier: Apache-2.0
// Owns: PNG and JPEG in, 8 bits RGBA (png_file.h is the way out). Never: interprets colour. Thread: any.
// Errors: unreadable, not a picture, or larger than limits.h allows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::content {

struct PictureFile {
    std::uint32_t width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
};

// Its size alone, without its pixels.
Result<PictureFile> look_at_picture(std::span<const std::uint8_t> bytes, const std::string& name);
Result<PictureFile> decode_picture(std::span<const std::uint8_t> bytes, const std::string& name);
Result<PictureFile> read_picture(const std::string& path);

// A whole file, at most `limit` bytes.
Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::size_t limit);

}  // namespace accalmie::content
