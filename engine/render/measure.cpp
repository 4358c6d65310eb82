// SPDX-License-Identifier: Apache-2.0
#include "engine/render/measure.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace accalmie::render {
namespace {

constexpr std::size_t kEyePixels = std::size_t{kCueExtent.width} * kCueExtent.height;

struct Eye {
    float left, up, dx, dy;  // tangents: the picture's corner and a pixel's size
    glm::vec3 head, gaze;
    float central_cos, gaze_cos;
};

Eye eye_of(const xr::Fov& fov, const glm::vec3& head, const glm::vec3& gaze) {
    const float left = std::tan(fov.left), up = std::tan(fov.up);
    return {left, up, (std::tan(fov.right) - left) / static_cast<float>(kCueExtent.width), (up - std::tan(fov.down)) / static_cast<float>(kCueExtent.height),
            head, gaze, std::cos(kCentralHalfAngle_rad), std::cos(kGazeHalfAngle_rad)};
}

void add_pixel(const Eye& eye, std::size_t column, std::size_t row, CueInEye& cue) {
    const float x = eye.left + (static_cast<float>(column) + 0.5f) * eye.dx, y = eye.up - (static_cast<float>(row) + 0.5f) * eye.dy;
    const float over_length = 1 / std::sqrt(1 + x * x + y * y);
    const float omega = eye.dx * eye.dy * over_length * over_length * over_length;
    const glm::vec3 ray = glm::vec3(x, y, -1) * over_length;
    ++cue.pixels;
    cue.solid_angle_sr += omega;
    if (glm::dot(ray, eye.head) >= eye.central_cos) cue.central_sr += omega;
    if (glm::dot(ray, eye.gaze) >= eye.gaze_cos) cue.gaze_sr += omega;
}

// Most of the picture is no cue: four pixels are looked at in one go.
void add_row(const Eye& eye, std::span<const std::uint16_t> ids, std::size_t row, std::size_t which, std::span<CueView> cues) {
    for (std::size_t column = 0; column < ids.size(); column += 4) {
        std::uint64_t four = 0;
        std::memcpy(&four, &ids[column], sizeof four);
        if (four == 0) continue;
        for (std::size_t i = column; i < column + 4; ++i)
            if (ids[i] != 0 && ids[i] <= cues.size()) add_pixel(eye, i, row, cues[ids[i] - 1U].eyes[which]);
    }
}
static_assert(kCueExtent.width % 4 == 0);

const std::array<float, 256>& linear_of_srgb() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> made{};
        for (std::size_t i = 0; i < made.size(); ++i) {
            const double v = static_cast<double>(i) / 255;
            made[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
        }
        return made;
    }();
    return table;
}

bool any_holds(std::span<const glm::vec2> corners, const glm::vec2& point) {
    const auto side_of = [&](const glm::vec2& a, const glm::vec2& b) { return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x); };
    for (std::size_t i = 0; i + 2 < corners.size(); i += 3) {
        const float u = side_of(corners[i], corners[i + 1]), v = side_of(corners[i + 1], corners[i + 2]), w = side_of(corners[i + 2], corners[i]);
        if ((u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)) return true;
    }
    return false;
}

}  // namespace

Attention attention_of(const MeasureRequest& request, const std::array<xr::View, 2>& views) {
    constexpr glm::vec3 ahead(0, 0, -1);
    const glm::quat gaze = request.world_from_gaze ? request.world_from_gaze->orientation : request.world_from_head.orientation;
    Attention attention;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        const glm::quat eye_from_world = glm::conjugate(views[eye].world_from_eye.orientation);
        attention.head[eye] = eye_from_world * (request.world_from_head.orientation * ahead);
        attention.gaze[eye] = eye_from_world * (gaze * ahead);
    }
    return attention;
}

void measure_cues(std::span<const std::uint16_t> ids, const std::array<xr::Fov, 2>& fovs, const Attention& attention, std::span<CueView> cues) {
    std::ranges::fill(cues, CueView{});
    if (ids.size() < 2 * kEyePixels) return;
    for (std::size_t which = 0; which < 2; ++which) {
        const Eye eye = eye_of(fovs[which], attention.head[which], attention.gaze[which]);
        for (std::size_t row = 0; row < kCueExtent.height; ++row)
            add_row(eye, ids.subspan(which * kEyePixels + row * kCueExtent.width, kCueExtent.width), row, which, cues);
    }
}

HiddenPlaces hidden_places(const xr::HiddenMesh& mesh, const std::array<xr::Fov, 2>& fovs) {
    HiddenPlaces hidden;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        if (mesh.triangles[eye].empty()) continue;
        const float left = std::tan(fovs[eye].left), up = std::tan(fovs[eye].up);
        const glm::vec2 step = glm::vec2(std::tan(fovs[eye].right) - left, std::tan(fovs[eye].down) - up) / static_cast<float>(kLuminanceSide);
        for (std::size_t i = 0; i < hidden[eye].size(); ++i) {
            const glm::vec2 middle = glm::vec2(left, up) + step * (glm::vec2(i % kLuminanceSide, i / kLuminanceSide) + 0.5f);
            hidden[eye][i] = any_holds(mesh.triangles[eye], middle);
        }
    }
    return hidden;
}

void measure_luminance(std::span<const std::uint8_t> rgba, const HiddenPlaces& hidden, Luminance& luminance) {
    constexpr std::size_t side = kLuminanceSide, cells = kLuminanceCells, in_cell = side / cells;
    luminance.cells.fill(0);
    luminance.mean.fill(0);
    std::array<float, 2 * cells * cells> seen{};
    if (rgba.size() < 2 * side * side * 4) return;
    const auto& linear = linear_of_srgb();
    for (std::size_t y = 0; y < 2 * side; ++y)  // the right eye's rows follow the left's
        for (std::size_t x = 0; x < side; ++x) {
            if (hidden[y / side][y % side * side + x]) continue;
            const std::uint8_t* pixel = &rgba[(y * side + x) * 4];
            const std::size_t cell = y / in_cell * cells + x / in_cell;
            seen[cell] += 1;
            luminance.cells[cell] += 0.2126f * linear[pixel[0]] + 0.7152f * linear[pixel[1]] + 0.0722f * linear[pixel[2]];
        }
    for (std::size_t eye = 0; eye < 2; ++eye) {
        float all = 0;
        for (std::size_t i = eye * cells * cells; i < (eye + 1) * cells * cells; ++i) {
            luminance.mean[eye] += luminance.cells[i];
            all += seen[i];
            luminance.cells[i] /= std::max(seen[i], 1.0f);
        }
        luminance.mean[eye] /= std::max(all, 1.0f);
    }
}

}  // namespace accalmie::render
