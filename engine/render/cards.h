// SPDX-License-Identifier: Apache-2.0
// Owns: where a card is and how thick, as a formula of the scene's time alone: smoke that rises, drifts, grows and thins, and glows.
// The turning to the head is the vertex shader's (shaders/cards.glsl), from the eyes of the submission.
// Cards of one column are of nearly one radiance, so their order among themselves cannot be seen: they keep a fixed one, and a column goes
// far to near among the other clear things. A replay, whose list is made with later eyes, then blends in the same order.
// Never: allocates. Units: metres, seconds of the scene, radians. Thread: any.
#pragma once

#include "engine/content/scene_asset.h"
#include "engine/render/pipelines.h"
#include "engine/render/projection.h"
#include "engine/shaders/shared.h"

namespace accalmie::render {

// One card of a column of smoke.
struct Puff {
    content::Smoke smoke;
    int number = 0;               // of its column's cards
    std::uint32_t seed = 0;       // of its column
};
struct PuffState {
    glm::vec3 offset_m{0};        // from the node's place
    float size = 1, alpha = 0;    // of the quad and of its material
    float turn_rad = 0;           // in the card's plane
};
// Alpha is 16 a^2 (1 - a)^2 over the age a, 0 to 1 in a period: 0 with slope 0 at birth and death, so that nothing pops when a card begins
// a new life elsewhere. Its fastest change is 3.08 a period: at 6 s and 72 Hz 0.7 % of its greatest a frame, at the 2 s allowed 2.1 %.
PuffState puff_state(const Puff& puff, double scene_time_s);

// The block of a card that stands still at the node's place, and of a puff at a time.
shader::DrawBlock card_block(shader::DrawBlock block, const glm::mat4& world_from_node);
shader::DrawBlock puff_at(shader::DrawBlock still, const Puff& puff, double scene_time_s);

// All that a card may cover, at any time and turned any way.
Box card_box(const glm::mat4& world_from_node, const content::Primitive& quad, const std::optional<content::Smoke>& smoke);

// The alpha from which a card counts as a cue: the cards that lie over one another there reach `thinnest` together. About a quarter of a
// column's cards do.
float thinnest_card(float thinnest, const Puff& puff);

}  // namespace accalmie::render
