// SPDX-License-Identifier: Apache-2.0
// Owns: pictures of scenes as BC7 blocks, kept in files that can be lost at any time: FOLDER/HASH.bc7, HASH of the texels that they were made
// of. A file that is torn, changed, of another version or of other texels is refused, and the next one written takes its place.
// Never: makes blocks (bc7.h), writes a file in place, or leaves more than its bound on the disk: the files longest unused go.
// Errors: no folder, a full disk, a file that is not what its name says. Thread: any; several programs may use one folder.
//
// A file, little endian: "ACCABC7\n", version (4), width (4), height (4), levels (4), HASH (32), BLAKE2b-256 of all other bytes (32), then the
// blocks level by level.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/content/scene_asset.h"

namespace accalmie::content {

using TextureHash = std::array<std::uint8_t, 32>;
using TextureLevels = std::vector<std::vector<std::uint8_t>>;

struct TextureFile {
    std::uint32_t width = 0, height = 0;
    TextureHash hash{};
    TextureLevels levels;  // blocks
};

// Of all levels of a prepared picture and of the version of files and encoder.
TextureHash texture_hash(const Image& image);
std::vector<std::uint8_t> texture_file_bytes(const TextureFile& file);
Result<TextureFile> read_texture_file(std::span<const std::uint8_t> bytes, const std::string& name);

// The pictures of a prepared scene that may be compressed: colour that is shown (base colour, emission). Never what holds numbers (normals,
// roughness, light maps), and never colour whose alpha cuts a surface's shape out: a block's error there is an edge that moves.
std::vector<std::size_t> compressible_images(const SceneAsset& asset);

class TextureCache {
public:
    static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
    // ${XDG_CACHE_HOME:-~/.cache}/accalmie/textures; empty where neither is known: then nothing is kept.
    static std::string users_folder();
    explicit TextureCache(std::string folder, std::uint64_t most_bytes = kMostBytes) : folder_(std::move(folder)), most_bytes_(most_bytes) {}

    std::string path_of(const TextureHash& hash) const;
    Result<TextureLevels> read(const Image& image) const;
    Result<void> write(const Image& image, TextureLevels levels) const;
    // All compressible pictures of the scene become blocks, or none does and those that are not in the cache go to `lacking` (null: nowhere).
    // True: they are blocks.
    bool compress(SceneAsset& asset, std::vector<Image>* lacking) const;

private:
    void make_room(std::uint64_t bytes) const;
    std::string folder_;
    std::uint64_t most_bytes_;
};

}  // namespace accalmie::content
