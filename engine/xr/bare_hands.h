// SPDX-License-Identifier: Apache-2.0
// Owns: what bare hands mean, from their joints: where they point, and that a pinch (thumb tip to index tip) chooses. Pure.
// Never: asks the runtime, or stops a session: a hand that rests, holds a cup or leaves the view makes fists and spread fingers of every
// kind, and a stop by mistake costs the patient the exposure, so with joints alone stop is the controller's button or the clinician's.
// Units: metres. Thread: any, one owner.
#pragma once

#include <array>
#include <optional>

#include "engine/xr/session.h"

namespace accalmie::xr {

// The runtime's joints are middles, about 8 mm under the skin of a finger's tip: tips that touch are 10 to 16 mm apart.
inline constexpr float kPinchBegins_m = 0.015f;
// Trackers guess the place of a tip to within several millimetres and worse while a finger covers the other. 20 mm more than the
// beginning is beyond that, and still less than the gap of a relaxed hand (40 mm and more).
inline constexpr float kPinchEnds_m = 0.035f;

// Of a seated patient a hand in the lap lies some 65 degrees under where the head looks, one that points at something 30 to 50: only a
// hand in this cone counts, so that one that rests leaves the aim to the head (gaze dwell).
inline constexpr float kRaised_rad = 0.96f;  // 55 degrees

// One hand, seen now (a place that a runtime only infers is not seen).
struct HandPoints {
    Pose world_from_palm;  // -z along the fingers, y out of the back of the hand
    glm::vec3 index_knuckle_m{0}, index_tip_m{0}, thumb_tip_m{0};
};
using SeenHands = std::array<std::optional<HandPoints>, 2>;  // left, right

// A pinch begins only in a hand that was seen open: one that comes into view closed, or comes back, chooses nothing.
class Pinch {
public:
    // How far the tips are apart; none: the hand is not seen, which lets go at once. True while it holds.
    bool next(std::optional<float> apart_m);
    bool held() const { return held_; }

private:
    bool held_ = false, was_open_ = false;
};

class BareHands {
public:
    // Puts what the hands do into the input, unless a controller aims: then hands choose nothing, and not with a pinch begun meanwhile.
    // Without a head nobody knows which hand is raised, and none counts.
    void take(SeenHands hands, const Pose* world_from_head, Input& input);

private:
    std::array<Pinch, 2> pinches_;
    std::size_t aiming_ = 1;  // the hand that pinched last
};

}  // namespace accalmie::xr
