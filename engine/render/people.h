// SPDX-License-Identifier: Apache-2.0
// Owns: the pass that bends people: once a frame, before all other passes, each figure's vertices go from the mesh at rest to a place of
// their own behind the scene's vertices. The shadow, the picture and the cues then draw plain vertices and know nothing of bones.
// One place is enough for all frames in flight: the queue runs in order, and this pass waits until the frame before has read its vertices.
// Poses are found by the CPU from the scene's time (content::pose_at) and written to one buffer with a part for each frame in flight. Whoever
// is to move a face from outside (a mouth that speaks) adds to the weights between pose_at and write(): bounds and buffer have room.
// Never: allocates in record(); runs for a scene without figures. Units: metres, seconds. Thread: the frame thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/content/scene_asset.h"
#include "engine/gpu/resources.h"
#include "engine/render/packed_vertex.h"
#include "engine/shaders/people.h"

namespace accalmie::render {

struct DrawItem;
struct GpuScene;
class Upload;

// The figures of one scene on the GPU.
struct ScenePeople {
    static constexpr std::size_t kSlots = 3;  // two frames in flight, and one that is waited for

    struct Figure {
        content::Figure content;
        shader::FigureBlock block{};
        std::uint32_t mesh_first = 0;         // vertex of the scene's at which its mesh begins
        int level_min = 0, level_max = 0;
        bool mirrored = false;                // its bones turn triangles inside out
    };
    std::vector<Figure> figures;
    std::vector<float> keys;
    std::uint32_t first_vertex = 0;           // of the bent ones, in the scene's buffer
    gpu::Buffer influences, deltas, poses;
    VkDeviceSize pose_stride = 0;
    VkDescriptorPool pool = VK_NULL_HANDLE;
    std::array<VkDescriptorSet, kSlots> sets{};

    // Until they are copied.
    std::vector<std::array<std::uint16_t, 8>> packed_influences;
    std::vector<content::MorphDelta> packed_deltas;
};

// What a scene's upload does for its people, in this order: puts the bent vertices behind those at rest (their texture coordinates stay as
// they are then), fills the buffers, and draws a node's items from there.
void lay_out(const content::SceneAsset& asset, std::vector<PackedVertex>& vertices, ScenePeople& people);
Result<void> fill_buffers(gpu::Device& device, Upload& upload, ScenePeople& people);
void draw_bent(const ScenePeople& people, const content::Node& node, DrawItem& item);

class People {
public:
    static Result<People> create(gpu::Device& device);
    People() = default;
    ~People();
    People(People&& other) noexcept { swap(other); }
    People& operator=(People&& other) noexcept { swap(other); return *this; }

    // Once the scene's buffers are made: they are bound. Thread: any.
    Result<void> bind(GpuScene& scene) const;
    // Room for record() to work in.
    void reserve(const GpuScene& scene);
    // `order`: what is in view; a scene with a shadow bends all of the level's figures, since a shadow comes from behind too.
    void record(VkCommandBuffer commands, const GpuScene& scene, std::span<const std::uint32_t> order, int level, double scene_time_s, std::size_t slot);

private:
    void swap(People& other) noexcept;
    Result<void> make_pipeline();
    void choose(const GpuScene& scene, std::span<const std::uint32_t> order, int level);
    shader::FigureBlock write(const ScenePeople& people, const ScenePeople::Figure& figure, double scene_time_s, std::size_t slot);
    VkDevice device_ = VK_NULL_HANDLE;
    VkDescriptorSetLayout set_layout_ = VK_NULL_HANDLE;
    VkPipelineLayout layout_ = VK_NULL_HANDLE;
    VkPipeline pipeline_ = VK_NULL_HANDLE;
    std::vector<glm::mat4> bones_, joints_;   // room to work in
    std::vector<float> weights_;
    std::vector<std::uint8_t> chosen_;
};

}  // namespace accalmie::render
