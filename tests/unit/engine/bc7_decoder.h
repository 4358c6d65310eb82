// SPDX-License-Identifier: Apache-2.0
// What BC7 blocks of modes 5 and 6 hold, read as the Khronos Data Format Specification 1.3 has it ("BPTC Compressed Texture Image Formats"),
// apart from the encoder under test. The other modes are none of ours: they give magenta. The driver's own decoder is tried in tests/gpu.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace accalmie::testing {

class Bc7Decoder {
public:
    using Texels = std::array<std::array<int, 4>, 16>;
    static Texels block(std::span<const std::uint8_t, 16> bytes) {
        Bc7Decoder bits(bytes);
        int mode = 0;
        while (mode < 8 && bits.take(1) == 0) ++mode;
        return mode == 6 ? bits.mode_six() : mode == 5 ? bits.mode_five() : none();
    }
    // A level of a picture of this size, RGBA row by row.
    static std::vector<std::uint8_t> level(std::span<const std::uint8_t> blocks, std::uint32_t width, std::uint32_t height) {
        std::vector<std::uint8_t> rgba(std::size_t{4} * width * height);
        const std::uint32_t across = (width + 3) / 4;
        for (std::uint32_t y = 0; y < height; ++y)
            for (std::uint32_t x = 0; x < width; ++x) {
                const std::size_t at = (std::size_t{y / 4} * across + x / 4) * 16;
                if (x % 4 != 0) continue;
                const Texels texels = block(std::span<const std::uint8_t, 16>(blocks.data() + at, 16));
                for (std::uint32_t i = 0; i < 4 && x + i < width; ++i)
                    for (std::size_t c = 0; c < 4; ++c) rgba[4 * (std::size_t{y} * width + x + i) + c] = static_cast<std::uint8_t>(texels[y % 4 * 4 + i][c]);
            }
        return rgba;
    }

private:
    explicit Bc7Decoder(std::span<const std::uint8_t, 16> bytes) : bytes_(bytes) {}
    int take(int count) {
        int value = 0;
        for (int i = 0; i < count; ++i, ++at_) value |= (bytes_[static_cast<std::size_t>(at_ / 8)] >> (at_ % 8) & 1) << i;
        return value;
    }
    static int mix(int a, int b, int weight) { return ((64 - weight) * a + weight * b + 32) >> 6; }
    static Texels none() {
        Texels texels;
        texels.fill({255, 0, 255, 255});
        return texels;
    }
    Texels mode_six() {
        static constexpr std::array<int, 16> weights{0, 4, 9, 13, 17, 21, 26, 30, 34, 38, 43, 47, 51, 55, 60, 64};
        std::array<std::array<int, 2>, 4> ends;
        for (auto& channel : ends)
            for (int& end : channel) end = take(7) << 1;
        for (std::size_t e = 0; e < 2; ++e) {
            const int shared = take(1);
            for (auto& channel : ends) channel[e] |= shared;
        }
        Texels texels;
        for (std::size_t i = 0; i < 16; ++i) {
            const int weight = weights[static_cast<std::size_t>(take(i == 0 ? 3 : 4))];
            for (std::size_t c = 0; c < 4; ++c) texels[i][c] = mix(ends[c][0], ends[c][1], weight);
        }
        return texels;
    }
    Texels mode_five() {
        static constexpr std::array<int, 4> weights{0, 21, 43, 64};
        const int rotation = take(2);
        std::array<std::array<int, 2>, 4> ends;
        for (std::size_t c = 0; c < 3; ++c)
            for (int& end : ends[c]) {
                const int seven = take(7);
                end = seven << 1 | seven >> 6;
            }
        for (int& end : ends[3]) end = take(8);
        Texels texels;
        for (std::size_t i = 0; i < 16; ++i) {
            const int weight = weights[static_cast<std::size_t>(take(i == 0 ? 1 : 2))];
            for (std::size_t c = 0; c < 3; ++c) texels[i][c] = mix(ends[c][0], ends[c][1], weight);
        }
        for (std::size_t i = 0; i < 16; ++i) {
            texels[i][3] = mix(ends[3][0], ends[3][1], weights[static_cast<std::size_t>(take(i == 0 ? 1 : 2))]);
            if (rotation > 0) std::swap(texels[i][3], texels[i][static_cast<std::size_t>(rotation - 1)]);
        }
        return texels;
    }

    std::span<const std::uint8_t, 16> bytes_;
    int at_ = 0;
};

// Over all bytes of two pictures, decibels; infinite when they are the same.
inline double psnr_db(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double off = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += off * off;
    }
    return sum == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.size()) / sum);
}

}  // namespace accalmie::testing
