// SPDX-License-Identifier: Apache-2.0
// Owns: the bytes of a stream file that its writer and its reader have to agree on. Private to clinician/records; see stream.h.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sodium.h>

#include "clinician/records/ledger.h"

namespace accalmie::records::stream_layout {

inline constexpr std::string_view kMagic = "accalmie stream 1\n";
inline constexpr std::size_t kSessionBytes = 32;
inline constexpr std::size_t kSealHeadBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
inline constexpr std::size_t kFileHeadBytes = kMagic.size() + kSessionBytes + kSealHeadBytes;
inline constexpr std::size_t kLengthBytes = 4, kCheckBytes = 8, kChunkHeadBytes = kLengthBytes + kCheckBytes;

inline Hash next_link(const Hash& before, std::span<const std::uint8_t> bytes) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof(Hash));
    crypto_generichash_update(&state, before.data(), before.size());
    crypto_generichash_update(&state, bytes.data(), bytes.size());
    Hash link{};
    crypto_generichash_final(&state, link.data(), link.size());
    return link;
}

inline std::array<std::uint8_t, kFileHeadBytes> file_head(std::string_view session, std::span<const std::uint8_t, kSealHeadBytes> seal_head) {
    std::array<std::uint8_t, kFileHeadBytes> head{};
    auto at = std::ranges::copy(kMagic, head.begin()).out;
    std::ranges::copy(session, at);
    std::ranges::copy(seal_head, at + kSessionBytes);
    return head;
}

inline std::array<std::uint8_t, kChunkHeadBytes> chunk_head(const Hash& before, std::uint32_t length) {
    std::array<std::uint8_t, kChunkHeadBytes> head{};
    for (std::size_t i = 0; i < kLengthBytes; ++i) head[i] = static_cast<std::uint8_t>(length >> (8 * i));
    const Hash check = next_link(before, std::span(head).first(kLengthBytes));
    std::copy_n(check.begin(), kCheckBytes, head.begin() + kLengthBytes);
    return head;
}

}  // namespace accalmie::records::stream_layout
