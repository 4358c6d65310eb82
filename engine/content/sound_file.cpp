// SPDX-License-Identifier: Apache-2.0
#include "engine/content/sound_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <format>
#include <optional>
#include <string_view>

#include "engine/content/limits.h"
#include "engine/content/picture_file.h"

namespace accalmie::content {
namespace {

static_assert(std::endian::native == std::endian::little, "WAV is read in place");

using Bytes = std::span<const std::uint8_t>;
constexpr std::size_t kChunkHead = 8, kRiffHead = 12, kFormatBytes = 16, kExtensibleBytes = 40, kSubformatAt = 24;
constexpr std::uint16_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;

template <class T>
T little(Bytes bytes, std::size_t at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

bool tagged(Bytes bytes, std::size_t at, std::string_view tag) { return bytes.size() - at >= tag.size() && std::memcmp(bytes.data() + at, tag.data(), tag.size()) == 0; }

struct Format {
    std::uint16_t coding = 0, channels = 0, frame_bytes = 0, bits = 0;
    std::uint32_t rate_hz = 0;
};

Format format_of(Bytes chunk) {
    Format format{.coding = little<std::uint16_t>(chunk, 0), .channels = little<std::uint16_t>(chunk, 2), .frame_bytes = little<std::uint16_t>(chunk, 12),
                  .bits = little<std::uint16_t>(chunk, 14), .rate_hz = little<std::uint32_t>(chunk, 4)};
    if (format.coding == kExtensible && chunk.size() >= kExtensibleBytes) format.coding = little<std::uint16_t>(chunk, kSubformatAt);
    return format;
}

// Empty when the format is one that is read.
std::string objection(const Format& format) {
    const bool known = (format.coding == kPcm && (format.bits == 16 || format.bits == 24)) || (format.coding == kFloat && format.bits == 32);
    if (!known) return std::format("has the coding {} with {} bits; PCM of 16 or 24 bits and 32-bit float are read", format.coding, format.bits);
    if (format.channels < 1 || format.channels > 2) return std::format("has {} channels; one or two are read", format.channels);
    if (format.rate_hz < limits::sound_rate_least_hz || format.rate_hz > limits::sound_rate_most_hz)
        return std::format("has {} samples a second; {} to {} are read", format.rate_hz, limits::sound_rate_least_hz, limits::sound_rate_most_hz);
    if (format.frame_bytes != format.channels * format.bits / 8) return "contradicts itself about the size of a sample";
    return {};
}

float sample_at(Bytes data, std::size_t at, const Format& format) {
    if (format.bits == 16) return static_cast<float>(little<std::int16_t>(data, at)) / 32768.0f;
    if (format.bits == 24) {
        const auto raw = static_cast<std::uint32_t>(data[at]) << 8 | static_cast<std::uint32_t>(data[at + 1]) << 16 | static_cast<std::uint32_t>(data[at + 2]) << 24;
        return static_cast<float>(static_cast<std::int32_t>(raw)) / 2147483648.0f;
    }
    return little<float>(data, at);
}

}  // namespace

Result<SoundFile> decode_sound(Bytes bytes, const std::string& name) {
    const auto refuse = [&](std::string why, std::string hint = "save it as WAV, 16 bits, mono") {
        return std::unexpected(Error{.message = "sound " + std::move(why), .hint = std::move(hint), .file = name});
    };
    if (bytes.size() > limits::sound_file_bytes) return refuse("is too large");
    if (tagged(bytes, 0, "OggS")) return refuse("is OGG, which is not read", "turn it into WAV: sox IN.ogg -b 16 OUT.wav");
    if (bytes.size() < kRiffHead || !tagged(bytes, 0, "RIFF") || !tagged(bytes, 8, "WAVE")) return refuse("is no WAV");
    std::optional<Format> format;
    for (std::size_t at = kRiffHead; bytes.size() - at >= kChunkHead;) {
        const std::size_t size = little<std::uint32_t>(bytes, at + 4), left = bytes.size() - at - kChunkHead;
        if (size > left) return refuse("is cut short");
        const Bytes chunk = bytes.subspan(at + kChunkHead, size);
        if (tagged(bytes, at, "fmt ")) {
            if (size < kFormatBytes) return refuse("is damaged: its format is too short");
            format = format_of(chunk);
            if (auto why = objection(*format); !why.empty()) return refuse(std::move(why));
        } else if (tagged(bytes, at, "data")) {
            if (!format) return refuse("is damaged: samples come before their format");
            const std::size_t count = size / format->frame_bytes * format->channels, width = format->bits / 8u;
            if (count == 0) return refuse("is empty");
            if (count / format->channels > limits::sound_seconds * format->rate_hz) return refuse(std::format("is longer than {} s", limits::sound_seconds));
            SoundFile sound{.rate_hz = format->rate_hz, .channels = format->channels, .samples = std::vector<float>(count)};
            for (std::size_t i = 0; i < count; ++i) {
                const float value = sample_at(chunk, i * width, *format);
                if (!std::isfinite(value)) return refuse("holds a sample that is no number");
                sound.samples[i] = std::clamp(value, -1.0f, 1.0f);  // a float beyond full scale would hurt
            }
            return sound;
        }
        at += kChunkHead + size + (size & 1u);  // chunks start at even places
        if (at > bytes.size()) break;
    }
    return refuse("holds no samples");
}

Result<SoundFile> read_sound(const std::string& path) {
    auto bytes = read_file(path, limits::sound_file_bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return decode_sound(*bytes, path);
}

}  // namespace accalmie::content
