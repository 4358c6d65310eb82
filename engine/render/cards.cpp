// SPDX-License-Identifier: Apache-2.0
#include "engine/render/cards.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace accalmie::render {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

// PCG output permutation (O'Neill, 2014): each life of each card its own numbers.
std::uint32_t mixed(std::uint32_t value) {
    const std::uint32_t state = value * 747796405U + 2891336453U;
    const std::uint32_t word = ((state >> ((state >> 28U) + 4U)) ^ state) * 277803737U;
    return (word >> 22U) ^ word;
}
float fraction(std::uint32_t& state) {
    state = mixed(state);
    return static_cast<float>(state >> 8U) / static_cast<float>(1U << 24U);
}

glm::vec2 scale_of(const glm::mat4& world_from_node) { return {glm::length(glm::vec3(world_from_node[0])), glm::length(glm::vec3(world_from_node[1]))}; }

}  // namespace

PuffState puff_state(const Puff& puff, double scene_time_s) {
    const content::Smoke& smoke = puff.smoke;
    const double lives = scene_time_s / static_cast<double>(smoke.period_s) + static_cast<double>(puff.number) / smoke.cards;
    const double life = std::floor(lives);
    const auto age = static_cast<float>(lives - life);
    std::uint32_t random = mixed(puff.seed + mixed(static_cast<std::uint32_t>(puff.number) + mixed(static_cast<std::uint32_t>(static_cast<std::int64_t>(life)))));
    const float side = fraction(random) * kTurn, wave = fraction(random), turn = fraction(random) * kTurn, roll = fraction(random) - 0.5f;
    const float bend = side + 0.8f * age, sweep = std::sin(kTurn * (1.5f * age + wave));
    const glm::vec2 away{std::cos(bend), std::sin(bend)}, across{-away.y, away.x};
    const glm::vec2 aside = (0.9f * away + 0.4f * sweep * across) * (smoke.spread_m * age);  // never longer than spread_m: 0.9^2 + 0.4^2 < 1
    const float window = age * (1 - age);
    return {.offset_m = {aside.x, smoke.rise_m * age * (1.25f - 0.25f * age), aside.y}, .size = 1 + (smoke.grow - 1) * age, .alpha = 16 * window * window,
            .turn_rad = turn + 1.2f * roll * age};
}

shader::DrawBlock card_block(shader::DrawBlock block, const glm::mat4& world_from_node) {
    const glm::vec2 scale = scale_of(world_from_node);
    block.world_from_node[0] = {scale.x, 0, 0, world_from_node[3].x};
    block.world_from_node[1] = {0, scale.y, 0, world_from_node[3].y};
    block.world_from_node[2] = {0, 0, 0, world_from_node[3].z};
    return block;
}

shader::DrawBlock puff_at(shader::DrawBlock still, const Puff& puff, double scene_time_s) {
    const PuffState state = puff_state(puff, scene_time_s);
    const float cosine = std::cos(state.turn_rad) * state.size, sine = std::sin(state.turn_rad) * state.size;
    const float x = still.world_from_node[0].x, y = still.world_from_node[1].y;
    still.world_from_node[0] = {cosine * x, -sine * y, 0, still.world_from_node[0].w + state.offset_m.x};
    still.world_from_node[1] = {sine * x, cosine * y, 0, still.world_from_node[1].w + state.offset_m.y};
    still.world_from_node[2].w += state.offset_m.z;
    still.base_color.a *= state.alpha;
    return still;
}

Box card_box(const glm::mat4& world_from_node, const content::Primitive& quad, const std::optional<content::Smoke>& smoke) {
    const glm::vec2 far = glm::max(glm::abs(glm::vec2(quad.bounds_min)), glm::abs(glm::vec2(quad.bounds_max))) * scale_of(world_from_node);
    const float reach_m = glm::length(far);
    Box box{.center = glm::vec3(world_from_node[3]), .half = glm::vec3(reach_m)};
    if (!smoke) return box;
    box.center.y += smoke->rise_m / 2;
    box.half = glm::vec3(smoke->spread_m, smoke->rise_m / 2, smoke->spread_m) + reach_m * smoke->grow;
    return box;
}

float thinnest_card(float thinnest, const Puff& puff) { return 1 - std::pow(1 - thinnest, 1 / std::max(1.0f, static_cast<float>(puff.smoke.cards) / 4)); }

}  // namespace accalmie::render
