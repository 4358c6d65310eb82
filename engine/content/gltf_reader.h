// SPDX-License-Identifier: Apache-2.0
// Owns: the way from a parsed glTF file to a SceneAsset. Every index, offset and number of the file is checked before it is used.
// Never: reads another file than the one given. Errors name the node, mesh or material at fault. Thread: any.
#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/content/scene_asset.h"

namespace tinygltf {
class Model;
class Node;
struct Mesh;
struct Primitive;
class Value;
}  // namespace tinygltf

namespace accalmie::content {

glm::mat4 local_transform(const tinygltf::Node& node);
bool sane(const glm::mat4& matrix);  // numbers, and within limits.h

class GltfReader {
public:
    GltfReader(const tinygltf::Model& model, std::string file) : model_(model), file_(std::move(file)) {}
    Result<SceneAsset> read();

private:
    struct Inherited;  // what a node hands down to its children

    Result<void> read_materials();
    Result<void> read_meshes();
    Result<void> read_nodes();
    Result<void> read_node(int index, const Inherited& above, int depth);
    Result<void> read_primitive(const tinygltf::Primitive& from, Mesh& mesh, const std::string& name);
    Result<void> read_vertices(const tinygltf::Primitive& from, std::size_t first, const std::string& name);
    Result<void> read_indices(int accessor, std::size_t vertex_count, std::size_t first, const std::string& name);
    Result<void> read_light(int light, bool dynamic, bool shadow, const glm::mat4& world_from_node);
    Result<void> read_card(const tinygltf::Node& from, Node& node);
    Result<void> read_probe(const tinygltf::Node& from, const glm::vec3& center_m);
    // What deforms a mesh: gathered from its primitives, then closed.
    Result<void> read_deform(const tinygltf::Primitive& from, std::size_t vertex_count, const std::string& name);
    Result<void> read_influences(const tinygltf::Primitive& from, std::size_t vertex_count, const std::string& name);
    Result<void> close_deform(const tinygltf::Mesh& from, std::size_t first_vertex, Mesh& mesh);

    // What moves: `node` is the one just made of the file's node `index`.
    Result<void> read_family();
    Result<void> read_times(int animation);
    Result<void> read_figure(int index, Node& node);
    Result<int> deform_of(Mesh& mesh, std::size_t place, const std::string& name);
    Result<std::vector<int>> read_skin(int skin, Figure& figure, const std::string& name);
    Result<void> hang_bones(Figure& figure, const std::vector<int>& joint_nodes, Node& node);
    Result<void> read_weights(int index, const Node& node, Figure& figure);
    Result<std::vector<int>> path_to(int node, const std::string& name) const;  // from its root to itself
    bool moved(int node, const std::string& animation) const;                   // by more than its morph weights
    bool chosen(int animation, const std::string& wanted) const;
    Result<Track> read_track(int animation, int channel, Track::Moves moves, std::size_t width);

    // `components` floats an element; integers that the file calls normalised are made fractions. `count`: of elements, any where it is 0.
    Result<std::vector<float>> read_floats(int accessor, int components, const std::string& name, std::size_t count = 0) const;
    Result<int> image_of_texture(int texture, bool srgb, const std::string& name);
    std::unexpected<Error> refuse(std::string message, std::string hint = "export it again from its script in assets/make") const;

    const tinygltf::Model& model_;
    std::string file_;
    SceneAsset asset_;
    struct UvTransform {
        glm::vec2 offset{0}, scale{1};
        float rotation = 0;
        int set = 0;
    };
    std::vector<UvTransform> uv_transforms_;                 // of each material, from its base colour
    std::map<std::pair<int, bool>, int> images_;             // picture of the file and its use, to ours
    std::vector<bool> mesh_has_light_map_uv_;
    std::size_t decoded_bytes_ = 0, draws_ = 0;

    Deform deform_;                                          // of the mesh that is being read
    std::vector<int> parents_;                               // of the file's nodes; -1: none, -2: more than one
    struct Moved { int animation, channel; Track::Moves moves; };
    std::vector<std::vector<Moved>> moved_;                  // of each of the file's nodes, in the file's order
    struct Keys { std::uint32_t first = 0, count = 0; };
    std::map<int, Keys> times_;                              // of each accessor that is a time
    std::vector<std::pair<float, float>> spans_s_;           // of each animation: its first and its last key
    std::map<std::array<int, 3>, Track> tracks_;             // animation, sampler, what it moves
    std::vector<Keys> mesh_vertices_;                        // where each mesh's are
    std::size_t deltas_ = 0, bones_ = 0, track_count_ = 0, figure_vertices_ = 0;
};

}  // namespace accalmie::content
