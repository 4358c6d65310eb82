// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/bare_hands.h"

#include <cmath>

namespace accalmie::xr {
namespace {

bool is_raised(const HandPoints& hand, const Pose& world_from_head) {
    const glm::vec3 to_hand = hand.index_knuckle_m - world_from_head.position_m;
    const float distance_m = glm::length(to_hand);
    return distance_m > 0 && glm::dot(to_hand, world_from_head.orientation * glm::vec3(0, 0, -1)) >= std::cos(kRaised_rad) * distance_m;
}

}  // namespace

bool Pinch::next(std::optional<float> apart_m) {
    if (!apart_m || !std::isfinite(*apart_m)) {
        held_ = was_open_ = false;
        return false;
    }
    if (*apart_m >= kPinchEnds_m) {
        held_ = false;
        was_open_ = true;
    } else if (*apart_m <= kPinchBegins_m && was_open_) {
        held_ = true;
    }
    return held_;
}

void BareHands::take(SeenHands hands, const Pose* world_from_head, Input& input) {
    const bool controller = input.aim_valid && !input.aim_is_head;
    for (auto& hand : hands)
        if (hand && (controller || world_from_head == nullptr || !is_raised(*hand, *world_from_head))) hand.reset();
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const bool before = pinches_[hand].held();
        std::optional<float> apart_m;
        if (hands[hand]) apart_m = glm::distance(hands[hand]->index_tip_m, hands[hand]->thumb_tip_m);
        if (pinches_[hand].next(apart_m) && !before) aiming_ = hand;
    }
    const auto& pointing = hands[aiming_] ? hands[aiming_] : hands[1 - aiming_];
    if (!pointing) return;
    input.aim_valid = input.aim_is_bare_hand = true;
    input.aim_is_head = input.aim_is_eyes = false;
    // The palm's direction from the knuckle: the tips move when they pinch, and the ray with them would.
    input.world_from_aim = {pointing->world_from_palm.orientation, pointing->index_knuckle_m};
    input.select |= pinches_[0].held() || pinches_[1].held();
}

}  // namespace accalmie::xr
