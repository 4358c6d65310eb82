// SPDX-License-Identifier: Apache-2.0
// Owns: the way from a parsed glTF file to a SceneAsset. Every index, offset and number of the file is checked before it is used.
// Never: reads another file than the one given. Errors name the node, mesh or material at fault. Thread: any.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "engine/content/scene_asset.h"

namespace tinygltf {
class Model;
class Node;
struct Primitive;
class Value;
}  // namespace tinygltf

namespace accalmie::content {

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
    // `components` floats an element; integers that the file calls normalised are made fractions.
    Result<std::vector<float>> read_floats(int accessor, int components, const std::string& name) const;
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
};

}  // namespace accalmie::content
