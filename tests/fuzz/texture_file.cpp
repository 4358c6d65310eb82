// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of the cache of compressed textures: blocks of the size that it says, written again to the same bytes, or an error with
// the file's name. Since few bytes have the right sum, each is tried with its sum put right too.
#include "engine/content/texture_cache.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <sodium.h>

#include "engine/content/bc7.h"

using namespace accalmie;

namespace {

void look(std::span<const std::uint8_t> bytes) {
    const Result<content::TextureFile> file = content::read_texture_file(bytes, "fuzz.bc7");
    if (!file) {
        if (file.error().message.empty() || file.error().file != "fuzz.bc7") std::abort();
        return;
    }
    std::uint32_t width = file->width, height = file->height;
    for (const auto& level : file->levels) {
        if (level.size() != content::bc7_bytes(width, height)) std::abort();
        width = std::max(width / 2, 1U);
        height = std::max(height / 2, 1U);
    }
    if (!std::ranges::equal(content::texture_file_bytes(*file), bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    look({data, size});
    constexpr std::size_t kSumAt = 56, kSumBytes = 32;
    if (size < kSumAt + kSumBytes) return 0;
    std::vector<std::uint8_t> right(data, data + size);
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, kSumBytes);
    crypto_generichash_update(&state, right.data(), kSumAt);
    crypto_generichash_update(&state, right.data() + kSumAt + kSumBytes, size - kSumAt - kSumBytes);
    crypto_generichash_final(&state, right.data() + kSumAt, kSumBytes);
    look(right);
    return 0;
}
