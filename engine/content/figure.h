// SPDX-License-Identifier: Apache-2.0
// Owns: what moves in a scene by itself, a person mostly: which vertices hang on which joints, how faces change (morph targets), the bones
// and what moves them; and where all of that is at a scene time. A pose is a function of the scene's time alone, so a replay draws the same.
// Never: touches the GPU; allocates in pose_at. Units: metres, seconds. Thread: any.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

namespace accalmie::content {

// The joints that hold a vertex, the strongest first; weights are not negative and add up to 1.
struct Influence {
    std::array<std::uint16_t, 4> joints{};
    std::array<float, 4> weights{1, 0, 0, 0};
};

struct MorphDelta {
    glm::vec3 position{0}, normal{0};
};
struct MorphTarget {
    std::string name;                 // of the mesh's extras targetNames; may be empty
    std::vector<MorphDelta> deltas;   // one a vertex
};

// What of a mesh can be deformed: all its primitives' vertices, which follow one another.
struct Deform {
    std::uint32_t first_vertex = 0, vertex_count = 0;
    std::vector<Influence> influences;  // one a vertex; none: the mesh hangs on no skin
    std::uint32_t joints = 0;           // 1 + the highest joint that is named
    std::vector<MorphTarget> targets;
    std::vector<float> weights;         // of the targets, where a figure says nothing else
};

// One property that an animation moves, over and over. Numbers are in SceneAsset::keys: `keys` times from first_time, and from first_value
// the values, `width` numbers each (a spline's key has three of them: in-tangent, value, out-tangent).
struct Track {
    enum class Moves : std::uint8_t { translation, rotation, scale, weights } moves = Moves::translation;
    enum class Between : std::uint8_t { linear, step, spline } between = Between::linear;
    std::uint32_t first_time = 0, keys = 0, first_value = 0, width = 3;
    float begin_s = 0, length_s = 0;    // of the whole animation: what is repeated
};

struct Bone {
    int parent = -1;                    // an earlier bone; -1: the figure's own space
    glm::vec3 translation{0}, scale{1};
    glm::quat rotation{1, 0, 0, 0};
    glm::mat4 parent_from_bone{1};      // used while no track moves it
    std::uint32_t first_track = 0, tracks = 0;  // of Figure::tracks
};

// A node whose mesh is deformed or moved. Its bones hang in its own space, the node's world_from_node leads out of it.
struct Figure {
    std::string name;
    int deform = 0;                     // of SceneAsset::deforms
    bool skinned = false;               // else the whole mesh hangs on joint 0
    std::vector<Bone> bones;            // parents first
    std::vector<Track> tracks;          // those of a bone follow one another
    std::vector<int> joints;            // bones; -1: the figure's own space
    std::vector<glm::mat4> bone_from_mesh;  // of each joint: the inverse bind matrix
    std::vector<float> weights;         // of the morph targets, where no track moves them
    int weights_track = -1;
    float phase_s = 0;                  // so that people of one kind do not move in step
    glm::vec3 bounds_min{0}, bounds_max{0};  // of all that it ever does; filled by prepare()
};

// `bones` is room to work in, one a bone. `joints` gets the figure's own space from the mesh, one a joint; `weights` one a morph target.
void pose_at(const Figure& figure, std::span<const float> keys, double scene_time_s, std::span<glm::mat4> bones, std::span<glm::mat4> joints, std::span<float> weights);

// What a track says at a scene time: `width` numbers.
void sample(const Track& track, std::span<const float> keys, double time_s, std::span<float> out);

struct SceneAsset;
struct Node;

// Fills bounds_min and bounds_max of every figure.
void find_bounds(SceneAsset& asset);

// Another person of the same kind: a copy of `node` (which shows a figure) with a pose of its own. Returns its node; before prepare() or after.
Node& add_copy(SceneAsset& asset, std::size_t node, const glm::mat4& world_from_node, float phase_s);

}  // namespace accalmie::content
