// SPDX-License-Identifier: Apache-2.0
// Owns: a scene on the GPU: its buffers, textures and descriptor sets, and the list of what can be drawn of it.
// Never: changes after its upload (arrival.h is the way there), but for the vertices of people; what moves is computed by each frame from the
// scene's time. Thread: the frame thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/content/scene_asset.h"
#include "engine/gpu/resources.h"
#include "engine/render/cards.h"
#include "engine/render/people.h"
#include "engine/render/pipelines.h"
#include "engine/render/probes.h"
#include "engine/render/projection.h"
#include "engine/shaders/shared.h"

namespace accalmie::render {

enum class Idle : std::uint8_t { none, breathe, sway };

// One primitive of one node.
struct DrawItem {
    shader::DrawBlock block;
    Box box;
    VkPipeline pipeline = VK_NULL_HANDLE;
    std::uint32_t first_index = 0, index_count = 0;
    std::int32_t vertex_offset = 0;
    std::uint32_t material = 0;
    int level_min = 0, level_max = 0;
    Pass pass = Pass::opaque;
    Idle idle = Idle::none;
    bool mirrored = false;       // its transform turns triangles inside out
    bool double_sided = false;
    Card card = Card::none;
    Puff puff;                   // of smoke
    std::uint8_t probe = 0;      // 1 + its place in GpuScene::probes; 0: the scene's own surroundings
    std::uint16_t cue = 0;       // 1 + its place in GpuScene::cues; 0: no cue
    glm::vec3 idle_pivot{0};
    int figure = -1;             // of ScenePeople::figures: its vertices are bent in every frame
};

// A probe of the scene: its set is the scene's with another environment picture.
struct GpuProbe {
    gpu::Image environment;
    VkDescriptorSet set = VK_NULL_HANDLE;
    Surroundings surroundings;
};

struct GpuScene {
    gpu::Buffer vertices, indices;
    std::vector<gpu::Image> textures;
    gpu::Image light_map, environment, white;
    VkDevice device = VK_NULL_HANDLE;
    VkDescriptorPool pool = VK_NULL_HANDLE;
    VkDescriptorSet scene_set = VK_NULL_HANDLE;
    std::vector<VkDescriptorSet> material_sets;
    std::vector<GpuProbe> probes;
    std::vector<DrawItem> items;
    std::vector<std::string> cues;  // ids, each once
    shader::FrameBlock frame{};   // what does not change from frame to frame
    glm::vec3 background{0};
    float exposure = 1;
    std::uint32_t lost_levels = 0; // the largest of its textures, left out because memory ended
    bool shadowed = false;        // the first of its lights casts a shadow
    ScenePeople people;

    GpuScene() = default;
    ~GpuScene();
    GpuScene(const GpuScene&) = delete;
    GpuScene& operator=(const GpuScene&) = delete;
};

}  // namespace accalmie::render
