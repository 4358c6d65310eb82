// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace accalmie::bench {
namespace {

constexpr std::size_t kWindow = 11;

std::vector<double> luma_of(const content::PictureFile& picture) {
    std::vector<double> luma(std::size_t{picture.width} * picture.height);
    for (std::size_t i = 0; i < luma.size(); ++i) luma[i] = 0.299 * picture.rgba[i * 4] + 0.587 * picture.rgba[i * 4 + 1] + 0.114 * picture.rgba[i * 4 + 2];
    return luma;
}

std::array<double, kWindow> gaussian() {
    std::array<double, kWindow> weights{};
    for (std::size_t i = 0; i < kWindow; ++i) {
        const double off = static_cast<double>(i) - (kWindow - 1) / 2.0;
        weights[i] = std::exp(-off * off / (2 * 1.5 * 1.5));
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

// The window's mean of f(i) at every place where the whole window lies in the picture: first along rows, then along columns.
template <class F>
std::vector<double> windowed(std::size_t width, std::size_t height, F f) {
    const auto weights = gaussian();
    const std::size_t across = width - kWindow + 1, down = height - kWindow + 1;
    std::vector<double> rows(across * height, 0.0), all(across * down, 0.0);
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < across; ++x)
            for (std::size_t k = 0; k < kWindow; ++k) rows[y * across + x] += weights[k] * f(y * width + x + k);
    for (std::size_t y = 0; y < down; ++y)
        for (std::size_t k = 0; k < kWindow; ++k)
            for (std::size_t x = 0; x < across; ++x) all[y * across + x] += weights[k] * rows[(y + k) * across + x];
    return all;
}

}  // namespace

double structural_similarity(const content::PictureFile& a, const content::PictureFile& b) {
    if (a.width != b.width || a.height != b.height || a.width < kWindow || a.height < kWindow) return -1;
    const auto x = luma_of(a), y = luma_of(b);
    const auto mean_x = windowed(a.width, a.height, [&](std::size_t i) { return x[i]; });
    const auto mean_y = windowed(a.width, a.height, [&](std::size_t i) { return y[i]; });
    const auto xx = windowed(a.width, a.height, [&](std::size_t i) { return x[i] * x[i]; });
    const auto yy = windowed(a.width, a.height, [&](std::size_t i) { return y[i] * y[i]; });
    const auto xy = windowed(a.width, a.height, [&](std::size_t i) { return x[i] * y[i]; });
    constexpr double c1 = (0.01 * 255) * (0.01 * 255), c2 = (0.03 * 255) * (0.03 * 255);
    double sum = 0;
    for (std::size_t i = 0; i < mean_x.size(); ++i) {
        const double mx = mean_x[i], my = mean_y[i];
        const double vx = xx[i] - mx * mx, vy = yy[i] - my * my, covariance = xy[i] - mx * my;
        sum += (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2));
    }
    return sum / static_cast<double>(mean_x.size());
}

content::PictureFile cropped(const content::PictureFile& from, std::uint32_t width, std::uint32_t height) {
    content::PictureFile part{.width = std::min(width, from.width), .height = std::min(height, from.height), .rgba = {}};
    for (std::size_t y = 0; y < part.height; ++y) {
        const auto row = from.rgba.begin() + static_cast<std::ptrdiff_t>(y * from.width * 4);
        part.rgba.insert(part.rgba.end(), row, row + static_cast<std::ptrdiff_t>(part.width) * 4);
    }
    return part;
}

content::PictureFile side_by_side(const std::vector<content::PictureFile>& pictures) {
    content::PictureFile all;
    for (const auto& each : pictures) {
        all.width += each.width;
        all.height = std::max(all.height, each.height);
    }
    all.rgba.assign(std::size_t{all.width} * all.height * 4, 0);
    std::size_t left = 0;
    for (const auto& each : pictures) {
        for (std::size_t y = 0; y < each.height; ++y)
            std::copy_n(each.rgba.begin() + static_cast<std::ptrdiff_t>(y * each.width * 4), std::size_t{each.width} * 4,
                        all.rgba.begin() + static_cast<std::ptrdiff_t>((y * all.width + left) * 4));
        left += each.width;
    }
    return all;
}

double mean_luma(const content::PictureFile& picture) {
    const auto luma = luma_of(picture);
    return luma.empty() ? 0 : std::accumulate(luma.begin(), luma.end(), 0.0) / static_cast<double>(luma.size());
}

}  // namespace accalmie::bench
