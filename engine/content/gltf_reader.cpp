// SPDX-License-Identifier: Apache-2.0
#include "engine/content/gltf_reader.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "engine/content/geometry.h"
#include "engine/content/gltf_library.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

int attribute(const tinygltf::Primitive& primitive, const char* name) {
    const auto found = primitive.attributes.find(name);
    return found == primitive.attributes.end() ? -1 : found->second;
}

}  // namespace

std::unexpected<Error> GltfReader::refuse(std::string message, std::string hint) const {
    return std::unexpected(Error{.message = std::move(message), .hint = std::move(hint), .file = file_});
}

Result<SceneAsset> GltfReader::read() {
    static constexpr std::string_view understood[] = {
        "KHR_materials_emissive_strength", "KHR_materials_transmission", "KHR_texture_transform", "KHR_lights_punctual",
        "KHR_materials_ior", "KHR_materials_volume", "KHR_materials_specular", "KHR_materials_clearcoat", "KHR_mesh_quantization"};
    for (const std::string& name : model_.extensionsRequired)
        if (std::ranges::find(understood, name) == std::end(understood)) return refuse(std::format("needs the glTF extension {}, which is not read", name));

    for (const auto step : {&GltfReader::read_materials, &GltfReader::read_meshes, &GltfReader::read_family, &GltfReader::read_nodes})
        if (auto done = (this->*step)(); !done) return std::unexpected(std::move(done.error()));
    return std::move(asset_);
}

Result<void> GltfReader::read_meshes() {
    if (model_.meshes.size() > limits::meshes) return refuse("the file has more meshes than are taken");
    for (const tinygltf::Mesh& from : model_.meshes) {
        Mesh mesh;
        bool light_map_uv = true;
        const std::size_t first_vertex = asset_.vertices.size();
        for (const tinygltf::Primitive& primitive : from.primitives) {
            if (auto done = read_primitive(primitive, mesh, std::format("mesh {}", from.name)); !done) return done;
            light_map_uv = light_map_uv && attribute(primitive, "TEXCOORD_1") >= 0;
        }
        if (auto done = close_deform(from, first_vertex, mesh); !done) return done;
        asset_.meshes.push_back(std::move(mesh));
        mesh_has_light_map_uv_.push_back(light_map_uv);
    }
    return {};
}

Result<void> GltfReader::read_primitive(const tinygltf::Primitive& from, Mesh& mesh, const std::string& name) {
    if (from.mode != TINYGLTF_MODE_TRIANGLES && from.mode != -1) return refuse(std::format("{} is not made of triangles", name));
    if (from.extensions.contains("KHR_draco_mesh_compression")) return refuse(std::format("{} is compressed with Draco, which is not read", name));
    const std::size_t first_vertex = asset_.vertices.size(), first_index = asset_.indices.size();
    if (auto done = read_vertices(from, first_vertex, name); !done) return done;
    const std::size_t vertex_count = asset_.vertices.size() - first_vertex;

    if (from.indices >= 0) {
        if (auto done = read_indices(from.indices, vertex_count, first_index, name); !done) return done;
    } else {
        if (first_index + vertex_count > limits::indices) return refuse(std::format("{} has more triangles than are taken", name));
        for (std::uint32_t i = 0; i < vertex_count; ++i) asset_.indices.push_back(i);
    }
    if ((asset_.indices.size() - first_index) % 3 != 0) return refuse(std::format("{} has a triangle with missing corners", name));
    if (asset_.indices.size() == first_index) {
        asset_.vertices.resize(first_vertex);
        return {};
    }

    Primitive to;
    to.first_index = static_cast<std::uint32_t>(first_index);
    to.index_count = static_cast<std::uint32_t>(asset_.indices.size() - first_index);
    to.vertex_offset = static_cast<std::int32_t>(first_vertex);
    to.material = from.material >= 0 ? from.material : static_cast<int>(asset_.materials.size()) - 1;
    if (static_cast<std::size_t>(to.material) >= asset_.materials.size()) return refuse(std::format("{} names a material that the file does not have", name));
    to.bounds_min = to.bounds_max = asset_.vertices[first_vertex].position;
    for (std::size_t i = first_vertex; i < asset_.vertices.size(); ++i) {
        to.bounds_min = glm::min(to.bounds_min, asset_.vertices[i].position);
        to.bounds_max = glm::max(to.bounds_max, asset_.vertices[i].position);
    }

    const std::span<Vertex> vertices(asset_.vertices.data() + first_vertex, vertex_count);
    const std::span<const std::uint32_t> indices(asset_.indices.data() + first_index, to.index_count);
    if (attribute(from, "NORMAL") < 0) make_normals(vertices, indices);
    const UvTransform& uv = uv_transforms_[static_cast<std::size_t>(to.material)];
    const float cosine = std::cos(uv.rotation), sine = std::sin(uv.rotation);
    for (Vertex& vertex : vertices) {
        const glm::vec2 scaled = vertex.uv0 * uv.scale;
        vertex.uv0 = glm::vec2(cosine * scaled.x + sine * scaled.y, -sine * scaled.x + cosine * scaled.y) + uv.offset;
    }
    const bool wants_tangents = asset_.materials[static_cast<std::size_t>(to.material)].normal_image >= 0;
    if (wants_tangents && attribute(from, "TANGENT") < 0) make_tangents(vertices, indices);
    mesh.primitives.push_back(to);
    return read_deform(from, vertex_count, name);
}

Result<void> GltfReader::read_vertices(const tinygltf::Primitive& from, std::size_t first, const std::string& name) {
    const int position = attribute(from, "POSITION");
    if (position < 0) return refuse(std::format("{} has no positions", name));
    auto positions = read_floats(position, 3, name);
    if (!positions) return std::unexpected(std::move(positions.error()));
    const std::size_t count = positions->size() / 3;
    if (count == 0) return refuse(std::format("{} has no vertices", name));
    if (first + count > limits::vertices) return refuse(std::format("{} has more vertices than are taken", name));
    asset_.vertices.resize(first + count, Vertex{.position = {}, .normal = {0, 1, 0}, .tangent = {1, 0, 0, 1}, .uv0 = {}, .uv1 = {}});
    Vertex* out = asset_.vertices.data() + first;
    for (std::size_t i = 0; i < count; ++i) out[i].position = {(*positions)[3 * i], (*positions)[3 * i + 1], (*positions)[3 * i + 2]};

    const bool known = from.material >= 0 && static_cast<std::size_t>(from.material) < uv_transforms_.size();
    const int uv_set = known ? uv_transforms_[static_cast<std::size_t>(from.material)].set : 0;
    struct Stream { int accessor; int components; float* first; };
    const Stream streams[] = {{attribute(from, "NORMAL"), 3, &out->normal.x},
                              {attribute(from, "TANGENT"), 4, &out->tangent.x},
                              {attribute(from, uv_set == 1 ? "TEXCOORD_1" : "TEXCOORD_0"), 2, &out->uv0.x},
                              {attribute(from, "TEXCOORD_1"), 2, &out->uv1.x}};
    for (const Stream& stream : streams) {
        if (stream.accessor < 0) continue;
        auto values = read_floats(stream.accessor, stream.components, name);
        if (!values) return std::unexpected(std::move(values.error()));
        const auto components = static_cast<std::size_t>(stream.components);
        if (values->size() != count * components) return refuse(std::format("{} has attributes of unequal length", name));
        constexpr std::size_t stride = sizeof(Vertex) / sizeof(float);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t c = 0; c < components; ++c) stream.first[i * stride + c] = (*values)[i * components + c];
    }
    for (std::size_t i = 0; i < count; ++i) {
        const float length = glm::length(out[i].normal);
        out[i].normal = length > 1e-6f ? out[i].normal / length : glm::vec3(0, 1, 0);
    }
    return {};
}

}  // namespace accalmie::content
