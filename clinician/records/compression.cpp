// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/compression.h"

#include <zlib.h>

namespace accalmie::records {
namespace {

constexpr std::uint8_t kZlib = 1;
constexpr std::size_t kLengthBytes = 4;  // of the expanded bytes, little endian, after the method

std::unexpected<Error> damaged() { return std::unexpected(Error{.message = "the packed bytes cannot be expanded"}); }

}  // namespace

std::vector<std::uint8_t> compress(std::span<const std::uint8_t> bytes) {
    uLongf length = compressBound(bytes.size());
    std::vector<std::uint8_t> packed(1 + kLengthBytes + length);
    packed[0] = kZlib;
    for (std::size_t i = 0; i < kLengthBytes; ++i) packed[1 + i] = static_cast<std::uint8_t>(bytes.size() >> (8 * i));
    ::compress2(packed.data() + 1 + kLengthBytes, &length, bytes.data(), bytes.size(), Z_BEST_SPEED);  // cannot fail: the bound was kept
    packed.resize(1 + kLengthBytes + length);
    return packed;
}

Result<std::vector<std::uint8_t>> expand(std::span<const std::uint8_t> packed, std::size_t most_bytes) {
    if (packed.size() < 1 + kLengthBytes || packed[0] != kZlib) return damaged();
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) wanted |= std::size_t{packed[1 + i]} << (8 * i);
    if (wanted > most_bytes) return damaged();
    std::vector<std::uint8_t> bytes(wanted);
    uLongf length = wanted;
    std::uint8_t none = 0;
    const auto body = packed.subspan(1 + kLengthBytes);
    if (::uncompress(bytes.empty() ? &none : bytes.data(), &length, body.data(), body.size()) != Z_OK || length != wanted) return damaged();
    return bytes;
}

}  // namespace accalmie::records
