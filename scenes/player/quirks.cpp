// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/quirks.h"

#include <array>
#include <format>
#include <utility>

namespace accalmie::scenes {
namespace {

constexpr std::array<std::pair<const char*, bool Quirks::*>, 11> kKnown{{
    {"no_visibility_mask", &Quirks::no_visibility_mask}, {"no_foveation", &Quirks::no_foveation}, {"no_depth_layer", &Quirks::no_depth_layer}, {"no_overlap", &Quirks::no_overlap},
    {"dynamic_resolution", &Quirks::dynamic_resolution}, {"no_dynamic_resolution", &Quirks::no_dynamic_resolution},
    {"multiview", &Quirks::multiview}, {"no_multiview", &Quirks::no_multiview}, {"two_passes", &Quirks::two_passes},
    {"bc7", &Quirks::bc7}, {"no_bc7", &Quirks::no_bc7}}};

}  // namespace

Result<Quirks> read_quirks(std::span<const std::string> names) {
    Quirks quirks;
    for (const std::string& name : names) {
        bool known = false;
        for (const auto& [text, quirk] : kKnown)
            if (name == text) quirks.*quirk = known = true;
        if (known) continue;
        std::string all;
        for (const auto& [text, quirk] : kKnown) all += (all.empty() ? "" : ", ") + std::string(text);
        return std::unexpected(Error{.message = std::format("no quirk '{}'", name), .hint = all, .file = {}});
    }
    if (quirks.multiview && (quirks.no_multiview || quirks.two_passes))
        return std::unexpected(Error{.message = "the quirk multiview and one that says no to it", .hint = "name one of multiview, no_multiview, two_passes", .file = {}});
    if (quirks.bc7 && quirks.no_bc7) return std::unexpected(Error{.message = "the quirks bc7 and no_bc7", .hint = "name one of them", .file = {}});
    return quirks;
}

bool wants_bc7(const Quirks& quirks, bool device_takes_it, bool software) { return device_takes_it && !quirks.no_bc7 && (quirks.bc7 || !software); }

gpu::StereoWish stereo_wish(const Quirks& quirks) {
    if (quirks.multiview) return gpu::StereoWish::multiview;
    if (quirks.two_passes) return gpu::StereoWish::two_passes;
    return quirks.no_multiview ? gpu::StereoWish::no_multiview : gpu::StereoWish::automatic;
}

}  // namespace accalmie::scenes
