// SPDX-License-Identifier: Apache-2.0
#include "engine/content/bc7.h"

#include <algorithm>
#include <cmath>

namespace accalmie::content {
namespace {

constexpr std::size_t kTexels = 16;
constexpr std::array<int, 16> kSixteenths{0, 4, 9, 13, 17, 21, 26, 30, 34, 38, 43, 47, 51, 55, 60, 64};
constexpr std::array<int, 4> kQuarters{0, 21, 43, 64};
constexpr int kRefinements = 2;

constexpr int between(int from, int to, int weight) { return ((64 - weight) * from + weight * to + 32) >> 6; }
constexpr int of_seven_bits(int value) { return value << 1 | value >> 6; }

// Channel by channel, so that the compiler takes several texels at a time.
struct Texels {
    std::array<std::array<float, kTexels>, 4> channel;
};

using Color = std::array<float, 4>;
struct Line {
    Color from{}, to{};
};
using Places = std::array<std::uint8_t, kTexels>;

class Bits {
public:
    void put(std::uint64_t value, int count) {
        if (at_ < 64) words_[0] |= value << at_;
        if (at_ >= 64) words_[1] |= value << (at_ - 64);
        else if (at_ + count > 64) words_[1] |= value >> (64 - at_);
        at_ += count;
    }
    // The first texel's highest bit is not stored: it is nought.
    void put_places(const Places& places, int bits) {
        put(places[0], bits - 1);
        for (std::size_t i = 1; i < kTexels; ++i) put(places[i], bits);
    }
    Bc7Block block() const {
        Bc7Block bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(words_[i / 8] >> (8 * (i % 8)));
        return bytes;
    }

private:
    std::array<std::uint64_t, 2> words_{};
    int at_ = 0;
};

// Along the greatest spread of the colours, from the first of them to the last.
template <std::size_t Channels>
Line longest_line(const Texels& texels) {
    Color mean{};
    std::array<Color, 4> spread{};
    for (std::size_t c = 0; c < Channels; ++c) {
        for (const float value : texels.channel[c]) mean[c] += value;
        mean[c] /= kTexels;
    }
    for (std::size_t a = 0; a < Channels; ++a)
        for (std::size_t b = a; b < Channels; ++b) {
            float sum = 0;
            for (std::size_t i = 0; i < kTexels; ++i) sum += (texels.channel[a][i] - mean[a]) * (texels.channel[b][i] - mean[b]);
            spread[a][b] = spread[b][a] = sum;
        }
    std::size_t widest = 0;
    for (std::size_t c = 1; c < Channels; ++c)
        if (spread[c][c] > spread[widest][widest]) widest = c;
    Color axis = spread[widest];
    for (int turn = 0; turn < 4; ++turn) {
        Color next{};
        float most = 0;
        for (std::size_t a = 0; a < Channels; ++a) {
            for (std::size_t b = 0; b < Channels; ++b) next[a] += spread[a][b] * axis[b];
            most = std::max(most, std::abs(next[a]));
        }
        if (most == 0) break;
        for (std::size_t c = 0; c < Channels; ++c) axis[c] = next[c] / most;
    }
    float length = 0, low = 0, high = 0;
    for (std::size_t c = 0; c < Channels; ++c) length += axis[c] * axis[c];
    if (length == 0) return {mean, mean};
    for (std::size_t i = 0; i < kTexels; ++i) {
        float along = 0;
        for (std::size_t c = 0; c < Channels; ++c) along += (texels.channel[c][i] - mean[c]) * axis[c];
        low = std::min(low, along);
        high = std::max(high, along);
    }
    Line line;
    for (std::size_t c = 0; c < Channels; ++c) {
        line.from[c] = std::clamp(mean[c] + axis[c] * low / length, 0.0f, 255.0f);
        line.to[c] = std::clamp(mean[c] + axis[c] * high / length, 0.0f, 255.0f);
    }
    return line;
}

struct Found {
    Places places{};
    float error = 0;  // sum of squares
};

// Each texel's place on the line between two stored ends, and how far off they are.
template <std::size_t Channels, std::size_t Count>
Found find_places(const Texels& texels, const std::array<std::array<int, 4>, 2>& ends, const std::array<int, Count>& weights) {
    std::array<std::array<float, Count>, Channels> palette;
    Color step{};
    float length = 0;
    for (std::size_t c = 0; c < Channels; ++c) {
        for (std::size_t i = 0; i < Count; ++i) palette[c][i] = static_cast<float>(between(ends[0][c], ends[1][c], weights[i]));
        step[c] = static_cast<float>(ends[1][c] - ends[0][c]);
        length += step[c] * step[c];
    }
    constexpr float last = Count - 1;
    const float scale = length > 0 ? last / length : 0;
    std::array<float, kTexels> along{};
    for (std::size_t c = 0; c < Channels; ++c) {
        const float from = palette[c][0], part = step[c] * scale;
        for (std::size_t i = 0; i < kTexels; ++i) along[i] += (texels.channel[c][i] - from) * part;
    }
    Found found;
    for (std::size_t i = 0; i < kTexels; ++i) found.places[i] = static_cast<std::uint8_t>(std::clamp(along[i], 0.0f, last) + 0.5f);
    for (std::size_t c = 0; c < Channels; ++c)
        for (std::size_t i = 0; i < kTexels; ++i) {
            const float off = palette[c][found.places[i]] - texels.channel[c][i];
            found.error += off * off;
        }
    return found;
}

// The ends that suit these places best (least squares); the line as it was where all are at one place.
template <std::size_t Channels, std::size_t Count>
Line refined(const Texels& texels, const Places& places, const std::array<int, Count>& weights, const Line& before) {
    std::array<float, kTexels> to{};
    float aa = 0, ab = 0, bb = 0;
    for (std::size_t i = 0; i < kTexels; ++i) {
        to[i] = static_cast<float>(weights[places[i]]) / 64;
        aa += (1 - to[i]) * (1 - to[i]);
        ab += (1 - to[i]) * to[i];
        bb += to[i] * to[i];
    }
    const float determinant = aa * bb - ab * ab;
    if (determinant < 1e-4f) return before;
    Line line;
    for (std::size_t c = 0; c < Channels; ++c) {
        float a = 0, b = 0;
        for (std::size_t i = 0; i < kTexels; ++i) {
            a += (1 - to[i]) * texels.channel[c][i];
            b += to[i] * texels.channel[c][i];
        }
        line.from[c] = std::clamp((a * bb - b * ab) / determinant, 0.0f, 255.0f);
        line.to[c] = std::clamp((b * aa - a * ab) / determinant, 0.0f, 255.0f);
    }
    return line;
}

// The highest bit of the first texel's place has to be nought: else the line is turned round.
template <class Ends>
void turn_for_first(Places& places, Ends& ends, std::uint8_t last) {
    if (places[0] <= last / 2) return;
    std::swap(ends[0], ends[1]);
    for (std::uint8_t& place : places) place = static_cast<std::uint8_t>(last - place);
}

// ---- mode 6: ends of seven bits a channel and one more that all channels share ----

struct SixEnd {
    std::array<int, 4> stored{};  // of seven bits
    int shared = 0;
};

SixEnd six_end(const Color& color, int shared, float& error) {
    SixEnd end{.shared = shared};
    error = 0;
    for (std::size_t c = 0; c < 4; ++c) {
        end.stored[c] = std::clamp(static_cast<int>((color[c] - static_cast<float>(shared)) * 0.5f + 0.5f), 0, 127);
        const float off = static_cast<float>(2 * end.stored[c] + shared) - color[c];
        error += off * off;
    }
    return end;
}

SixEnd nearest_six_end(const Color& color, bool opaque) {
    float odd_error = 0, even_error = 0;
    const SixEnd odd = six_end(color, 1, odd_error);
    if (opaque) return odd;  // 255 stays 255
    const SixEnd even = six_end(color, 0, even_error);
    return even_error < odd_error ? even : odd;
}

struct Six {
    std::array<SixEnd, 2> ends;
    Found found;
};

Six fit_six(const Texels& texels, bool opaque) {
    Line line = longest_line<4>(texels);
    Six best;
    for (int round = 0; round <= kRefinements; ++round) {
        Six six{.ends = {nearest_six_end(line.from, opaque), nearest_six_end(line.to, opaque)}, .found = {}};
        std::array<std::array<int, 4>, 2> ends;
        for (std::size_t e = 0; e < 2; ++e)
            for (std::size_t c = 0; c < 4; ++c) ends[e][c] = 2 * six.ends[e].stored[c] + six.ends[e].shared;
        six.found = find_places<4>(texels, ends, kSixteenths);
        if (round > 0 && six.found.error >= best.found.error) break;
        best = six;
        if (best.found.error == 0) break;
        line = refined<4>(texels, best.found.places, kSixteenths, line);
    }
    return best;
}

Bc7Block write_six(Six six) {
    turn_for_first(six.found.places, six.ends, 15);
    Bits bits;
    bits.put(1U << 6, 7);
    for (std::size_t c = 0; c < 4; ++c)
        for (const SixEnd& end : six.ends) bits.put(static_cast<std::uint64_t>(end.stored[c]), 7);
    for (const SixEnd& end : six.ends) bits.put(static_cast<std::uint64_t>(end.shared), 1);
    bits.put_places(six.found.places, 4);
    return bits.block();
}

// ---- mode 5: colour by ends of seven bits, alpha by its own of eight ----

struct Five {
    std::array<std::array<int, 3>, 2> colors{};  // of seven bits
    std::array<int, 2> alphas{};
    Found color, alpha;
    float error() const { return color.error + alpha.error; }
};

Five fit_five(const Texels& texels, float low_alpha, float high_alpha) {
    Five best;
    Line line = longest_line<3>(texels);
    for (int round = 0; round <= kRefinements; ++round) {
        Five five;
        std::array<std::array<int, 4>, 2> ends{};
        for (std::size_t c = 0; c < 3; ++c) {
            five.colors[0][c] = static_cast<int>(line.from[c] * (127.0f / 255.0f) + 0.5f);
            five.colors[1][c] = static_cast<int>(line.to[c] * (127.0f / 255.0f) + 0.5f);
            for (std::size_t e = 0; e < 2; ++e) ends[e][c] = of_seven_bits(five.colors[e][c]);
        }
        five.color = find_places<3>(texels, ends, kQuarters);
        if (round > 0 && five.color.error >= best.color.error) break;
        best = five;
        if (best.color.error == 0) break;
        line = refined<3>(texels, best.color.places, kQuarters, line);
    }
    const Texels alpha{{texels.channel[3]}};
    best.alphas = {static_cast<int>(low_alpha), static_cast<int>(high_alpha)};
    best.alpha = find_places<1>(alpha, {{{best.alphas[0]}, {best.alphas[1]}}}, kQuarters);
    return best;
}

Bc7Block write_five(Five five) {
    turn_for_first(five.color.places, five.colors, 3);
    turn_for_first(five.alpha.places, five.alphas, 3);
    Bits bits;
    bits.put(1U << 5, 6);
    bits.put(0, 2);  // no channel changes places with alpha
    for (std::size_t c = 0; c < 3; ++c)
        for (const auto& color : five.colors) bits.put(static_cast<std::uint64_t>(color[c]), 7);
    for (const int alpha : five.alphas) bits.put(static_cast<std::uint64_t>(alpha), 8);
    bits.put_places(five.color.places, 2);
    bits.put_places(five.alpha.places, 2);
    return bits.block();
}

// For every value two ends of seven bits between which it lies a third of the way, exactly.
struct Pair {
    std::uint8_t from = 0, to = 0;
};
constexpr std::array<Pair, 256> pairs_of_values() {
    std::array<Pair, 256> pairs{};
    std::array<bool, 256> found{};
    for (int apart = 0; apart < 128; ++apart)
        for (int from = 0; from + apart < 128; ++from) {
            const auto value = static_cast<std::size_t>(between(of_seven_bits(from), of_seven_bits(from + apart), kQuarters[1]));
            if (found[value]) continue;
            found[value] = true;
            pairs[value] = {static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(from + apart)};
        }
    return pairs;
}
constexpr std::array<Pair, 256> kPairs = pairs_of_values();
static_assert([] {
    for (int value = 0; value < 256; ++value)
        if (between(of_seven_bits(kPairs[static_cast<std::size_t>(value)].from), of_seven_bits(kPairs[static_cast<std::size_t>(value)].to), kQuarters[1]) != value) return false;
    return true;
}());

Bc7Block one_color(const std::uint8_t* texel) {
    Five five;
    for (std::size_t c = 0; c < 3; ++c) {
        five.colors[0][c] = kPairs[texel[c]].from;
        five.colors[1][c] = kPairs[texel[c]].to;
    }
    five.alphas = {texel[3], texel[3]};
    five.color.places.fill(1);
    return write_five(five);
}

}  // namespace

Bc7Block bc7_block(std::span<const std::uint8_t, 64> texels) {
    bool even = true;
    for (std::size_t i = 4; i < texels.size(); ++i) even = even && texels[i] == texels[i % 4];
    if (even) return one_color(texels.data());
    Texels by_channel;
    for (std::size_t i = 0; i < kTexels; ++i)
        for (std::size_t c = 0; c < 4; ++c) by_channel.channel[c][i] = static_cast<float>(texels[4 * i + c]);
    const auto [low, high] = std::ranges::minmax(by_channel.channel[3]);
    const Six six = fit_six(by_channel, low == 255);
    if (low == high || six.found.error == 0) return write_six(six);
    const Five five = fit_five(by_channel, low, high);
    return five.error() < six.found.error ? write_five(five) : write_six(six);
}

std::size_t bc7_bytes(std::uint32_t width, std::uint32_t height) {
    return std::size_t{(width + kBc7Side - 1) / kBc7Side} * ((height + kBc7Side - 1) / kBc7Side) * kBc7Bytes;
}

std::optional<std::vector<std::uint8_t>> bc7_level(std::span<const std::uint8_t> rgba, std::uint32_t width, std::uint32_t height, const std::stop_token& stop) {
    std::vector<std::uint8_t> blocks;
    blocks.reserve(bc7_bytes(width, height));
    std::array<std::uint8_t, 64> texels;
    for (std::uint32_t top = 0; top < height; top += kBc7Side) {
        if (stop.stop_requested()) return std::nullopt;
        for (std::uint32_t left = 0; left < width; left += kBc7Side) {
            for (std::uint32_t y = 0; y < kBc7Side; ++y)
                for (std::uint32_t x = 0; x < kBc7Side; ++x) {
                    const std::size_t from = std::size_t{std::min(top + y, height - 1)} * width + std::min(left + x, width - 1);
                    std::copy_n(rgba.data() + 4 * from, 4, texels.data() + 4 * (kBc7Side * y + x));
                }
            const Bc7Block block = bc7_block(texels);
            blocks.insert(blocks.end(), block.begin(), block.end());
        }
    }
    return blocks;
}

std::optional<std::vector<std::vector<std::uint8_t>>> bc7_levels(std::span<const std::vector<std::uint8_t>> mips, std::uint32_t width, std::uint32_t height, const std::stop_token& stop) {
    std::vector<std::vector<std::uint8_t>> levels;
    for (const auto& mip : mips) {
        auto level = bc7_level(mip, width, height, stop);
        if (!level) return std::nullopt;
        levels.push_back(std::move(*level));
        width = std::max(width / 2, 1U);
        height = std::max(height / 2, 1U);
    }
    return levels;
}

}  // namespace accalmie::content
