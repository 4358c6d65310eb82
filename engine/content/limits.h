// SPDX-License-Identifier: Apache-2.0
// Owns: how large a scene's files may be. Beyond these a file is refused: the numbers are far above what a shipped scene uses
// and low enough that a hostile file cannot take the machine's memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace accalmie::content::limits {

inline constexpr std::size_t file_bytes = 256ULL << 20;
inline constexpr std::uint32_t picture_side = 8192;
inline constexpr std::size_t pictures_bytes = 768ULL << 20;  // all pictures of a file, decoded
inline constexpr std::size_t vertices = 4'000'000;
inline constexpr std::size_t indices = 16'000'000;
inline constexpr std::size_t nodes = 20'000;
inline constexpr std::size_t meshes = 20'000;
inline constexpr std::size_t materials = 4'096;
inline constexpr std::size_t draws = 20'000;                 // nodes times primitives
inline constexpr int node_depth = 64;
inline constexpr float coordinate_m = 1.0e5f;
inline constexpr std::size_t figures = 256;                  // people, and things that an animation moves
inline constexpr std::size_t figure_vertices = 2'000'000;    // of all figures: each has its own, three times over
inline constexpr std::size_t joints = 256;                   // of a skin
inline constexpr std::size_t bones = 16'384;                 // of all figures
inline constexpr std::size_t morph_targets = 64;             // of a mesh
inline constexpr std::size_t morph_deltas = 8'000'000;       // of a file
inline constexpr std::size_t tracks = 65'536;                // of all figures
inline constexpr std::size_t track_keys = 100'000;
inline constexpr std::size_t key_numbers = 8'000'000;        // of a file
inline constexpr std::size_t sound_file_bytes = 64ULL << 20;
inline constexpr std::size_t sound_seconds = 300;
inline constexpr std::uint32_t sound_rate_least_hz = 8'000, sound_rate_most_hz = 192'000;

}  // namespace accalmie::content::limits
