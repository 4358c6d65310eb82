// SPDX-License-Identifier: Apache-2.0
// Owns: what of a scene is drawn this frame and in which order: the level's nodes, those that either eye may see, opaque ones from near
// to far (hidden pixels are then rarely shaded), cut-outs, then clear ones from far to near.
// Never: allocates once reserve() was called for the scene. Thread: the frame thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/render/gpu_scene.h"

namespace accalmie::render {

class DrawList {
public:
    void reserve(std::size_t items);
    void build(std::span<const DrawItem> items, int level, const std::array<Frustum, 2>& frusta, const glm::vec3& head_m);
    std::span<const std::uint32_t> order() const { return order_; }  // indices into `items`

private:
    struct Entry {
        std::uint64_t key;
        std::uint32_t item;
    };
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> order_;
};

// Where a thing that moves idly is at a scene time: breathing swells it by a little, swaying leans it about its pivot. Slow (four and
// seven seconds), small, and a function of the time alone, so that a replay draws the same.
glm::mat4 idle_motion(Idle idle, const glm::vec3& pivot_m, double scene_time_s);
// The block of a thing that is moved once more, in the world.
shader::DrawBlock moved(const shader::DrawBlock& block, const glm::mat4& motion);
// The item's block with its idle motion in it, or a puff of smoke as it is then.
shader::DrawBlock block_at(const DrawItem& item, double scene_time_s);

}  // namespace accalmie::render
