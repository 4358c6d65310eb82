// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/wav_file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>

namespace accalmie::sound {
namespace {

constexpr std::uint32_t kHead = 44, kSampleBytes = 2;

template <class T>
void append(std::vector<std::uint8_t>& bytes, T value) {
    const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), raw, raw + sizeof value);
}

void append_text(std::vector<std::uint8_t>& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

}  // namespace

std::vector<std::uint8_t> encode_wav(std::span<const float> interleaved, std::uint32_t channels, std::uint32_t rate_hz) {
    const auto data_bytes = static_cast<std::uint32_t>(interleaved.size() * kSampleBytes);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(kHead + data_bytes);
    append_text(bytes, "RIFF"), append(bytes, kHead - 8 + data_bytes), append_text(bytes, "WAVEfmt ");
    append(bytes, std::uint32_t{16}), append(bytes, std::uint16_t{1}), append(bytes, static_cast<std::uint16_t>(channels)), append(bytes, rate_hz);
    append(bytes, rate_hz * channels * kSampleBytes), append(bytes, static_cast<std::uint16_t>(channels * kSampleBytes)), append(bytes, std::uint16_t{16});
    append_text(bytes, "data"), append(bytes, data_bytes);
    for (const float sample : interleaved) append(bytes, static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767.0f)));
    return bytes;
}

Result<void> write_wav(const std::string& path, std::span<const float> interleaved, std::uint32_t channels, std::uint32_t rate_hz) {
    const auto bytes = encode_wav(interleaved, channels, rate_hz);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) return std::unexpected(Error{.message = std::string("the sound cannot be written: ") + std::strerror(errno), .hint = "check the folder and the room on the disk", .file = path});
    return {};
}

}  // namespace accalmie::sound
