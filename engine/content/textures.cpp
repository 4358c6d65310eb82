// SPDX-License-Identifier: Apache-2.0
#include "engine/content/textures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace accalmie::content {
namespace {

float linear_of_srgb(float value) { return value <= 0.04045f ? value / 12.92f : std::pow((value + 0.055f) / 1.055f, 2.4f); }

std::uint8_t to_byte(float value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255.0f + 0.5f); }

std::array<std::uint8_t, 256> srgb_to_root() {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = to_byte(std::sqrt(linear_of_srgb(static_cast<float>(i) / 255.0f)));
    return table;
}

struct Level {
    std::uint32_t width, height;
    const std::vector<std::uint8_t>* texels;
};

// The mean of a block of four texels; colour is averaged as light (squares), data as it is.
std::vector<std::uint8_t> half_of(const Level& from, std::uint32_t width, std::uint32_t height, bool color) {
    std::vector<std::uint8_t> out(static_cast<std::size_t>(width) * height * 4);
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const std::uint32_t x0 = std::min(2 * x, from.width - 1), x1 = std::min(2 * x + 1, from.width - 1);
            const std::uint32_t y0 = std::min(2 * y, from.height - 1), y1 = std::min(2 * y + 1, from.height - 1);
            for (std::uint32_t channel = 0; channel < 4; ++channel) {
                const auto texel = [&](std::uint32_t column, std::uint32_t row) {
                    return static_cast<float>((*from.texels)[(static_cast<std::size_t>(row) * from.width + column) * 4 + channel]);
                };
                const float a = texel(x0, y0), b = texel(x1, y0), c = texel(x0, y1), d = texel(x1, y1);
                const float mean = color && channel < 3 ? std::sqrt((a * a + b * b + c * c + d * d) * 0.25f) : (a + b + c + d) * 0.25f;
                out[(static_cast<std::size_t>(y) * width + x) * 4 + channel] = static_cast<std::uint8_t>(mean + 0.5f);
            }
        }
    return out;
}

}  // namespace

void make_mips(Image& image) {
    if (!image.mips.empty() || image.rgba.empty()) return;
    if (image.srgb) {
        static const std::array<std::uint8_t, 256> table = srgb_to_root();
        for (std::size_t i = 0; i < image.rgba.size(); ++i)
            if (i % 4 != 3) image.rgba[i] = table[image.rgba[i]];
    }
    image.mips.push_back(std::move(image.rgba));
    image.rgba.clear();
    std::uint32_t width = image.width, height = image.height;
    while (width > 1 || height > 1) {
        const Level from{width, height, &image.mips.back()};
        width = std::max(1U, width / 2);
        height = std::max(1U, height / 2);
        image.mips.push_back(half_of(from, width, height, image.srgb));
    }
}

}  // namespace accalmie::content
