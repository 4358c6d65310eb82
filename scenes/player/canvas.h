// SPDX-License-Identifier: Apache-2.0
// Owns: a few shapes with soft edges on an RGBA8 picture. Never: keeps the pixels. Units: pixels, y down.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include <glm/glm.hpp>

namespace accalmie::scenes {

struct Ink {
    std::uint8_t r = 0, g = 0, b = 0;
};

class Canvas {
public:
    Canvas(std::span<std::uint8_t> rgba, int width, int height) : rgba_(rgba), width_(width), height_(height) {}

    void blend(int x, int y, Ink ink, float cover) {
        if (x < 0 || y < 0 || x >= width_ || y >= height_ || !(cover > 0)) return;
        std::uint8_t* pixel = rgba_.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 4;
        const float share = std::min(cover, 1.0f);
        const auto mix = [share](std::uint8_t under, std::uint8_t over) { return static_cast<std::uint8_t>(std::lround(under + (over - under) * share)); };
        pixel[0] = mix(pixel[0], ink.r);
        pixel[1] = mix(pixel[1], ink.g);
        pixel[2] = mix(pixel[2], ink.b);
    }
    void rounded_box(glm::vec2 low, glm::vec2 high, float radius, Ink ink) {
        const glm::vec2 centre = (low + high) * 0.5f, half = (high - low) * 0.5f - radius;
        each(low - 1.0f, high + 1.0f, [&](glm::vec2 at) {
            const glm::vec2 over = glm::max(glm::abs(at - centre) - half, glm::vec2(0));
            return radius - glm::length(over) + 0.5f;
        }, ink);
    }
    void disc(glm::vec2 centre, float radius, Ink ink) {
        each(centre - radius - 1.0f, centre + radius + 1.0f, [&](glm::vec2 at) { return radius - glm::length(at - centre) + 0.5f; }, ink);
    }
    // A ring from the top clockwise, `share` of the whole round.
    void arc(glm::vec2 centre, float radius, float thickness, float share, Ink ink) {
        each(centre - radius - thickness, centre + radius + thickness, [&](glm::vec2 at) {
            const glm::vec2 off = at - centre;
            const float angle = std::atan2(off.x, -off.y);
            if ((angle < 0 ? angle + 6.2831853f : angle) > share * 6.2831853f) return 0.0f;
            return thickness / 2 - std::abs(glm::length(off) - radius) + 0.5f;
        }, ink);
    }

private:
    template <class Cover>
    void each(glm::vec2 low, glm::vec2 high, Cover cover, Ink ink) {
        const int left = std::max(0, static_cast<int>(low.x)), right = std::min(width_ - 1, static_cast<int>(high.x) + 1);
        const int top = std::max(0, static_cast<int>(low.y)), bottom = std::min(height_ - 1, static_cast<int>(high.y) + 1);
        for (int y = top; y <= bottom; ++y)
            for (int x = left; x <= right; ++x) blend(x, y, ink, cover(glm::vec2(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f)));
    }

    std::span<std::uint8_t> rgba_;
    int width_, height_;
};

}  // namespace accalmie::scenes
