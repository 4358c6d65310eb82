// SPDX-License-Identifier: Apache-2.0
// Owns: BC7 blocks (4 x 4 RGBA texels in 16 bytes) of pictures, made once and kept by texture_cache.h.
// Own code, because no library of Debian 13 makes them: libsquish ends at BC3, NVIDIA Texture Tools 2.0.8 at BC5, libastcenc writes ASTC, and
// basis_universal, bc7enc, bimg, KTX-Software, Compressonator and ISPCTextureCompressor are not packaged.
// The format: Khronos Data Format Specification 1.3, chapter "BPTC Compressed Texture Image Formats". Two of its eight modes are written: 6
// (one line through the colours of all four channels, sixteen places on it) and, where alpha varies by itself, 5 (colour and alpha apart,
// four places each). A block of one colour is exact. They are as good as it needs here; the others cost time and code for sharp edges of
// three colours within four texels.
// Never: reads or writes a file, or decodes (tests do). Errors: none; any bytes are texels. The same bytes give the same blocks.
// Units: texels of 8 bits a channel, whatever they stand for. Thread: any.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace accalmie::content {

inline constexpr std::uint32_t kBc7Side = 4;
inline constexpr std::size_t kBc7Bytes = 16;

using Bc7Block = std::array<std::uint8_t, kBc7Bytes>;

// Rows from the top, RGBA.
Bc7Block bc7_block(std::span<const std::uint8_t, 64> texels);

// Of a picture of this size; blocks that go beyond its edge count whole.
std::size_t bc7_bytes(std::uint32_t width, std::uint32_t height);

// One level, its blocks row by row; what lies beyond the edge is the edge again. None: it was stopped (looked at once a row of blocks).
std::optional<std::vector<std::uint8_t>> bc7_level(std::span<const std::uint8_t> rgba, std::uint32_t width, std::uint32_t height, const std::stop_token& stop = {});

// A chain of levels, the first of this size and each next half of it. None: it was stopped.
std::optional<std::vector<std::vector<std::uint8_t>>> bc7_levels(std::span<const std::vector<std::uint8_t>> mips, std::uint32_t width, std::uint32_t height,
                                                                const std::stop_token& stop = {});

}  // namespace accalmie::content
