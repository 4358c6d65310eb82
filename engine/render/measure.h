// SPDX-License-Identifier: Apache-2.0
// Owns: what can be measured of a frame: how much of the view each cue takes after occlusion, how bright the picture is, and the formulas.
// Never: touches the GPU. Units: steradians (_sr), radians, seconds of whatever clock the caller hands in; luminance relative to the
// display's white, 0 to 1. Thread: any. Nothing here allocates.
//
// Solid angle of a pixel of a perspective picture: with x, y the tangents of its place, dx dy its size in tangents, seen from the eye
//     d(omega) = dx dy / (1 + x^2 + y^2)^(3/2)
// (projected area dx dy cos(t) over the squared distance, cos(t) = 1 / sqrt(1 + x^2 + y^2), distance the same root; e.g. M. Pharr,
// W. Jakob, G. Humphreys, Physically Based Rendering, 3rd ed., 5.5.3). Taken at the pixel's middle: at 256 pixels over 84 degrees that is
// within 1e-5 of the integral. A disc of half angle a, or a sphere seen so, has 2 pi (1 - cos a).
//
// Relative luminance: 0.2126 R + 0.7152 G + 0.0722 B of linear sRGB (WCAG 2.2, "relative luminance"; IEC 61966-2-1).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/xr/session.h"

namespace accalmie::render {

inline constexpr VkExtent2D kCueExtent{256, 256};             // of one eye, whatever the picture's size and shape
inline constexpr float kCentralHalfAngle_rad = 0.1745329252f; // 10 degrees about the head's direction, as perimetry's central 10 degrees
inline constexpr float kGazeHalfAngle_rad = 0.0349065850f;    // 2 degrees about where the gaze, else the head, points
inline constexpr std::uint32_t kLuminanceSide = 64;           // luminance is taken at 64 x 64 places of each eye
inline constexpr std::uint32_t kLuminanceCells = 16;          // and told for 16 x 16 areas: 5 degrees wide where the eye sees 84

// One cue in one eye.
struct CueInEye {
    std::uint32_t pixels = 0;    // of kCueExtent
    float solid_angle_sr = 0;
    float central_sr = 0;        // what of it lies in the central cone
    float gaze_sr = 0;           // what of it lies in the cone of the gaze
};

// One cue as both eyes see it. Shares are of the cue's own solid angle, and 0 for a cue that is not seen.
struct CueView {
    std::array<CueInEye, 2> eyes;
    bool visible() const { return eyes[0].pixels + eyes[1].pixels > 0; }
    float solid_angle_sr() const { return (eyes[0].solid_angle_sr + eyes[1].solid_angle_sr) / 2; }
    float central_share() const { return share(&CueInEye::central_sr); }
    float gaze_share() const { return share(&CueInEye::gaze_sr); }

private:
    float share(float CueInEye::*part) const {
        const float whole = eyes[0].solid_angle_sr + eyes[1].solid_angle_sr;
        return whole > 0 ? (eyes[0].*part + eyes[1].*part) / whole : 0;
    }
};

// What is asked of a frame.
struct MeasureRequest {
    bool cues = false;
    bool luminance = false;
    double time_s = 0;                                // comes back with the answer
    xr::Pose world_from_head;
    std::optional<xr::Pose> world_from_gaze;          // none: the head's direction stands for it
};

struct CueViews {
    std::uint32_t scene = 0;     // render::SceneId
    int level = 0;
    double time_s = 0;
    bool by_eyes = false;        // the gaze was the eyes', not the head's
    std::vector<CueView> cues;   // in the order of Renderer::cue_names
};

struct Luminance {
    double time_s = 0;
    std::array<float, 2> mean{};                                                       // left, right
    std::array<float, 2 * kLuminanceCells * kLuminanceCells> cells{};                  // left first, row by row
};

// The directions that shares are taken about, in each eye's own space (unit length).
struct Attention {
    std::array<glm::vec3, 2> head, gaze;
};
Attention attention_of(const MeasureRequest& request, const std::array<xr::View, 2>& views);

// `ids`: both eyes of kCueExtent, left first; 0 is no cue, n the cue n - 1 of `cues`. Numbers beyond are left out.
void measure_cues(std::span<const std::uint16_t> ids, const std::array<xr::Fov, 2>& fovs, const Attention& attention, std::span<CueView> cues);
// The places of luminance that the lenses hide in each eye, row by row: those whose middle lies in a triangle of the mesh.
using HiddenPlaces = std::array<std::bitset<kLuminanceSide * kLuminanceSide>, 2>;
HiddenPlaces hidden_places(const xr::HiddenMesh& mesh, const std::array<xr::Fov, 2>& fovs);
// Means are over what is seen; an area of which nothing is seen is 0. `rgba`: both eyes of kLuminanceSide x kLuminanceSide sRGB pixels, left first. time_s is left alone.
void measure_luminance(std::span<const std::uint8_t> rgba, const HiddenPlaces& hidden, Luminance& luminance);

}  // namespace accalmie::render
