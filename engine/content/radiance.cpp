// SPDX-License-Identifier: Apache-2.0
#include "engine/content/radiance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <glm/gtc/packing.hpp>

#include "engine/shaders/shared.h"

namespace accalmie::content {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr std::uint32_t kBaseSize = 256;
constexpr std::uint32_t kSamples = 32;  // of a lobe; taken from the pyramid at the level that fits, so few are enough

// A chain of box-filtered levels of one square map.
using Pyramid = std::vector<RadianceMap>;

glm::vec3 texel(const RadianceMap& map, std::int64_t x, std::int64_t y) {
    x = std::clamp<std::int64_t>(x, 0, map.width - 1);
    y = std::clamp<std::int64_t>(y, 0, map.height - 1);
    return map.texels[static_cast<std::size_t>(y) * map.width + static_cast<std::size_t>(x)];
}

glm::vec3 bilinear(const RadianceMap& map, glm::vec2 uv, bool wrap_x) {
    const float px = uv.x * static_cast<float>(map.width) - 0.5f, py = uv.y * static_cast<float>(map.height) - 0.5f;
    const float fx = px - std::floor(px), fy = py - std::floor(py);
    const auto x = static_cast<std::int64_t>(std::floor(px)), y = static_cast<std::int64_t>(std::floor(py));
    const auto column = [&](std::int64_t c) { return wrap_x ? (c + map.width) % map.width : c; };
    const glm::vec3 upper = glm::mix(texel(map, column(x), y), texel(map, column(x + 1), y), fx);
    const glm::vec3 lower = glm::mix(texel(map, column(x), y + 1), texel(map, column(x + 1), y + 1), fx);
    return glm::mix(upper, lower, fy);
}

glm::vec2 equirectangular_uv(const glm::vec3& d) {
    return {std::atan2(d.x, -d.z) / (2 * kPi) + 0.5f, std::acos(std::clamp(d.y, -1.0f, 1.0f)) / kPi};
}

// Position in the bordered square, -1..1 in its inner part, to the direction it shows; beyond the edge the sphere goes on.
glm::vec3 direction_of(glm::vec2 p) {
    if (std::abs(p.x) > 1) p = {std::copysign(2 - std::abs(p.x), p.x), -p.y};
    if (std::abs(p.y) > 1) p = {-p.x, std::copysign(2 - std::abs(p.y), p.y)};
    const float y = 1 - std::abs(p.x) - std::abs(p.y);
    glm::vec2 q = p;
    if (y < 0) q = {(1 - std::abs(p.y)) * std::copysign(1.0f, p.x), (1 - std::abs(p.x)) * std::copysign(1.0f, p.y)};
    return glm::normalize(glm::vec3(q.x, y, q.y));
}

glm::vec2 octahedral_uv(const glm::vec3& d) {
    glm::vec2 p = glm::vec2(d.x, d.z) / (std::abs(d.x) + std::abs(d.y) + std::abs(d.z));
    if (d.y < 0) p = {(1 - std::abs(p.y)) * std::copysign(1.0f, p.x), (1 - std::abs(p.x)) * std::copysign(1.0f, p.y)};
    return p * ACCALMIE_OCTAHEDRAL_SCALE + 0.5f;
}

glm::vec2 square_position(std::uint32_t x, std::uint32_t y, std::uint32_t size) {
    const glm::vec2 uv = (glm::vec2(static_cast<float>(x), static_cast<float>(y)) + 0.5f) / static_cast<float>(size);
    return (uv - 0.5f) / ACCALMIE_OCTAHEDRAL_SCALE;
}

template <class Sample>
RadianceMap fill_square(std::uint32_t size, Sample sample) {
    RadianceMap map{.width = size, .height = size};
    map.texels.resize(static_cast<std::size_t>(size) * size);
    for (std::uint32_t y = 0; y < size; ++y)
        for (std::uint32_t x = 0; x < size; ++x) map.texels[static_cast<std::size_t>(y) * size + x] = sample(direction_of(square_position(x, y, size)));
    return map;
}

RadianceMap half_of(const RadianceMap& from) {
    RadianceMap map{.width = std::max(1U, from.width / 2), .height = std::max(1U, from.height / 2)};
    map.texels.resize(static_cast<std::size_t>(map.width) * map.height);
    for (std::uint32_t y = 0; y < map.height; ++y)
        for (std::uint32_t x = 0; x < map.width; ++x)
            map.texels[static_cast<std::size_t>(y) * map.width + x] =
                (texel(from, 2 * x, 2 * y) + texel(from, 2 * x + 1, 2 * y) + texel(from, 2 * x, 2 * y + 1) + texel(from, 2 * x + 1, 2 * y + 1)) * 0.25f;
    return map;
}

glm::vec3 radiance_of(const std::uint8_t* rgbm) {
    const glm::vec3 root = glm::vec3(rgbm[0], rgbm[1], rgbm[2]) * (static_cast<float>(rgbm[3]) / (255.0f * 255.0f));
    return root * root * 64.0f;
}

float radical_inverse(std::uint32_t bits) {
    bits = (bits << 16U) | (bits >> 16U);
    bits = ((bits & 0x55555555U) << 1U) | ((bits & 0xAAAAAAAAU) >> 1U);
    bits = ((bits & 0x33333333U) << 2U) | ((bits & 0xCCCCCCCCU) >> 2U);
    bits = ((bits & 0x0F0F0F0FU) << 4U) | ((bits & 0xF0F0F0F0U) >> 4U);
    bits = ((bits & 0x00FF00FFU) << 8U) | ((bits & 0xFF00FF00U) >> 8U);
    return static_cast<float>(bits) * 2.3283064365386963e-10f;
}

// One GGX lobe seen along its axis (Karis, "Real Shading in Unreal Engine 4", 2013): directions, weights and pyramid levels.
struct LobeSample {
    glm::vec3 light;  // in the frame of the axis
    float weight;
    std::size_t level;
};

std::vector<LobeSample> lobe_of(float roughness, std::size_t levels) {
    std::vector<LobeSample> lobe;
    const float alpha = roughness * roughness, alpha2 = alpha * alpha;
    const float texel_angle = 4 * kPi / (ACCALMIE_OCTAHEDRAL_SCALE * ACCALMIE_OCTAHEDRAL_SCALE * 4 * kBaseSize * kBaseSize);
    for (std::uint32_t i = 0; i < kSamples; ++i) {
        const float u = (static_cast<float>(i) + 0.5f) / kSamples, v = radical_inverse(i);
        const float cos_h = std::sqrt((1 - u) / (1 + (alpha2 - 1) * u)), sin_h = std::sqrt(1 - cos_h * cos_h);
        const glm::vec3 half{sin_h * std::cos(2 * kPi * v), sin_h * std::sin(2 * kPi * v), cos_h};
        const glm::vec3 light = 2 * cos_h * half - glm::vec3(0, 0, 1);
        if (light.z <= 0) continue;
        const float t = cos_h * cos_h * (alpha2 - 1) + 1;
        const float density = alpha2 / (kPi * t * t) / 4;
        const float level = 0.5f * std::log2(1 / (kSamples * density) / texel_angle) + 0.5f;
        lobe.push_back({light, light.z, static_cast<std::size_t>(std::clamp(std::lround(level), 0L, static_cast<long>(levels) - 1))});
    }
    return lobe;
}

RadianceMap blur(const Pyramid& pyramid, std::uint32_t size, float roughness) {
    const std::vector<LobeSample> lobe = lobe_of(roughness, pyramid.size());
    return fill_square(size, [&](const glm::vec3& axis) {
        const glm::vec3 up = std::abs(axis.y) < 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
        const glm::vec3 right = glm::normalize(glm::cross(up, axis)), forward = glm::cross(axis, right);
        glm::vec3 sum{0};
        float weight = 0;
        for (const LobeSample& sample : lobe) {
            const glm::vec3 light = right * sample.light.x + forward * sample.light.y + axis * sample.light.z;
            sum += bilinear(pyramid[sample.level], octahedral_uv(light), false) * sample.weight;
            weight += sample.weight;
        }
        return sum / std::max(weight, 1e-6f);
    });
}

// Ramamoorthi and Hanrahan, "An Efficient Representation for Irradiance Environment Maps" (2001); the constants of basis and cosine
// lobe are folded in, and the second band is damped a little so that one strong lamp leaves no negative light behind.
std::array<glm::vec3, 9> project_irradiance(const RadianceMap& map) {
    std::array<glm::vec3, 9> sum{};
    for (std::uint32_t row = 0; row < map.height; ++row) {
        const float polar = (static_cast<float>(row) + 0.5f) / static_cast<float>(map.height) * kPi;
        const float area = std::sin(polar) * (kPi / static_cast<float>(map.height)) * (2 * kPi / static_cast<float>(map.width));
        for (std::uint32_t column = 0; column < map.width; ++column) {
            const float turn = ((static_cast<float>(column) + 0.5f) / static_cast<float>(map.width) - 0.5f) * 2 * kPi;
            const glm::vec3 d{std::sin(polar) * std::sin(turn), std::cos(polar), -std::sin(polar) * std::cos(turn)};
            const glm::vec3 light = texel(map, column, row) * area;
            const std::array<float, 9> basis{0.282095f, 0.488603f * d.y, 0.488603f * d.z, 0.488603f * d.x, 1.092548f * d.x * d.y,
                                             1.092548f * d.y * d.z, 0.315392f * (3 * d.z * d.z - 1), 1.092548f * d.x * d.z,
                                             0.546274f * (d.x * d.x - d.y * d.y)};
            for (std::size_t i = 0; i < 9; ++i) sum[i] += light * basis[i];
        }
    }
    constexpr float band1 = 2.0f / 3.0f, band2 = 0.25f * 0.75f;
    const std::array<float, 9> fold{0.282095f, 0.488603f * band1, 0.488603f * band1, 0.488603f * band1, 1.092548f * band2,
                                    1.092548f * band2, 0.315392f * band2, 1.092548f * band2, 0.546274f * band2};
    for (std::size_t i = 0; i < 9; ++i) sum[i] *= fold[i];
    return sum;
}

}  // namespace

RadianceMap decode_rgbm(const Image& image) {
    RadianceMap map{.width = image.width, .height = image.height};
    map.texels.resize(static_cast<std::size_t>(image.width) * image.height);
    for (std::size_t i = 0; i < map.texels.size(); ++i) map.texels[i] = radiance_of(image.rgba.data() + i * 4);
    return map;
}

std::vector<std::uint32_t> pack_shared_exponent(const std::vector<glm::vec3>& texels) {
    std::vector<std::uint32_t> packed(texels.size());
    std::ranges::transform(texels, packed.begin(), [](const glm::vec3& radiance) { return glm::packF3x9_E1x5(radiance); });
    return packed;
}

std::vector<std::uint32_t> pack_rgbm(const Image& image) {
    std::vector<std::uint32_t> packed(static_cast<std::size_t>(image.width) * image.height);
    for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = glm::packF3x9_E1x5(radiance_of(image.rgba.data() + i * 4));
    return packed;
}

EnvironmentLight make_environment_light(const RadianceMap& equirectangular) {
    RadianceMap source = equirectangular;
    while (source.width > 4 * kBaseSize) source = half_of(source);

    Pyramid pyramid{fill_square(kBaseSize, [&](const glm::vec3& d) { return bilinear(source, equirectangular_uv(d), true); })};
    while (pyramid.back().width > 4) pyramid.push_back(half_of(pyramid.back()));

    EnvironmentLight light{.size = kBaseSize, .mips = ACCALMIE_ENVIRONMENT_MIPS};
    light.texels = pack_shared_exponent(pyramid.front().texels);
    for (std::uint32_t mip = 1; mip < light.mips; ++mip) {
        const RadianceMap level = blur(pyramid, kBaseSize >> mip, static_cast<float>(mip) / static_cast<float>(light.mips - 1));
        const std::vector<std::uint32_t> packed = pack_shared_exponent(level.texels);
        light.texels.insert(light.texels.end(), packed.begin(), packed.end());
    }
    while (source.width > 128) source = half_of(source);
    light.irradiance = project_irradiance(source);
    return light;
}

EnvironmentLight make_even_light(const glm::vec3& radiance) {
    EnvironmentLight light{.size = 1U << ACCALMIE_ENVIRONMENT_MIPS, .mips = ACCALMIE_ENVIRONMENT_MIPS};
    light.irradiance[0] = radiance;
    for (std::uint32_t mip = 0; mip < light.mips; ++mip)
        light.texels.insert(light.texels.end(), std::size_t{light.size >> mip} * (light.size >> mip), glm::packF3x9_E1x5(radiance));
    return light;
}

glm::vec3 irradiance_of(const EnvironmentLight& light, const glm::vec3& n) {
    const auto& c = light.irradiance;
    return c[0] + c[1] * n.y + c[2] * n.z + c[3] * n.x + c[4] * (n.x * n.y) + c[5] * (n.y * n.z) + c[6] * (3 * n.z * n.z - 1) + c[7] * (n.x * n.z) +
           c[8] * (n.x * n.x - n.y * n.y);
}

}  // namespace accalmie::content
