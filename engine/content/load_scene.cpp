// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <format>
#include <new>

#include "engine/content/geometry.h"
#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"
#include "engine/content/picture_file.h"
#include "engine/content/radiance.h"
#include "engine/content/scene_asset.h"
#include "engine/content/textures.h"

namespace accalmie::content {
namespace {

// Pictures are counted before they are decoded: a small file can hold very large ones.
struct Pictures {
    const tinygltf::Model& model;
    std::size_t bytes_left = limits::pictures_bytes;
};

// tinygltf checks where a picture begins in its buffer, not where it ends.
bool ends_in_its_buffer(const tinygltf::Image& image, const tinygltf::Model& model) {
    if (image.bufferView < 0) return true;  // its bytes stood in the text and are its own
    const tinygltf::BufferView& view = model.bufferViews[static_cast<std::size_t>(image.bufferView)];
    const std::size_t buffer_bytes = model.buffers[static_cast<std::size_t>(view.buffer)].data.size();
    return view.byteOffset <= buffer_bytes && view.byteLength <= buffer_bytes - view.byteOffset;
}

// Keeps the bytes as they are in the file; GltfReader decodes a picture when a material needs it, one at a time.
bool keep_picture(tinygltf::Image* image, const int index, std::string* error, std::string*, int, int, const unsigned char* bytes, int size, void* user) {
    auto& pictures = *static_cast<Pictures*>(user);
    if (!ends_in_its_buffer(*image, pictures.model)) {
        *error += std::format("picture {} goes beyond the end of its buffer", index);
        return false;
    }
    const std::span<const std::uint8_t> file(bytes, static_cast<std::size_t>(std::max(size, 0)));
    auto picture = look_at_picture(file, std::format("picture {}", index));
    const std::size_t decoded = picture ? std::size_t{picture->width} * picture->height * 4 : 0;
    if (decoded > pictures.bytes_left) picture = std::unexpected(Error{.message = "the pictures are larger than are taken together"});
    if (!picture) {
        *error += describe(picture.error());
        return false;
    }
    pictures.bytes_left -= decoded;
    image->width = static_cast<int>(picture->width);
    image->height = static_cast<int>(picture->height);
    image->image.assign(file.begin(), file.end());
    return true;
}

// A .glb carries all it needs: no other file is opened on its word.
tinygltf::FsCallbacks closed_file_system() {
    tinygltf::FsCallbacks callbacks{};
    callbacks.FileExists = [](const std::string&, void*) { return false; };
    callbacks.ExpandFilePath = [](const std::string& path, void*) { return path; };
    callbacks.ReadWholeFile = [](std::vector<unsigned char>*, std::string* error, const std::string& path, void*) {
        *error += std::format("refers to another file, {}", path);
        return false;
    };
    callbacks.WriteWholeFile = [](std::string*, const std::string&, const std::vector<unsigned char>&, void*) { return false; };
    callbacks.GetFileSizeInBytes = [](std::size_t*, std::string* error, const std::string& path, void*) {
        *error += std::format("refers to another file, {}", path);
        return false;
    };
    return callbacks;
}

std::string first_line(std::string text) {
    if (const auto end = text.find('\n'); end != std::string::npos) text.resize(end);
    return text.empty() ? "is no glTF file" : text;
}

Result<SceneAsset> parse(const std::string& path, std::vector<std::uint8_t> bytes) {
    tinygltf::TinyGLTF loader;
    tinygltf::Model model;
    Pictures pictures{model};
    loader.SetImageLoader(&keep_picture, &pictures);
    loader.SetFsCallbacks(closed_file_system());
    std::string errors, warnings;
    if (!loader.LoadBinaryFromMemory(&model, &errors, &warnings, bytes.data(), static_cast<unsigned>(bytes.size())))
        return std::unexpected(Error{.message = first_line(errors), .hint = "export it again from its script in assets/make", .file = path});
    bytes = {};  // the model has its own
    return GltfReader(model, path).read();
}

std::filesystem::path map_path(const std::filesystem::path& glb, const std::string& kind) { return glb.parent_path() / std::format("{}.{}.png", glb.stem().string(), kind); }

// NAME.glb -> NAME.KIND.png beside it; nullopt when there is none.
Result<std::optional<Image>> read_map(const std::filesystem::path& glb, const std::string& kind) {
    const std::filesystem::path path = map_path(glb, kind);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::nullopt;
    auto picture = read_picture(path.string());
    if (!picture) return std::unexpected(std::move(picture.error()));
    return Image{.width = picture->width, .height = picture->height, .rgba = std::move(picture->rgba), .srgb = false, .mips = {}};
}

Result<void> read_probe_pictures(const std::filesystem::path& glb, SceneAsset& asset) {
    for (ReflectionProbe& probe : asset.probes) {
        const std::string kind = "environment." + probe.name;
        auto picture = read_map(glb, kind);
        if (!picture) return std::unexpected(std::move(picture.error()));
        if (!*picture)
            return std::unexpected(Error{.message = std::format("probe {} has no picture", probe.name),
                                         .hint = std::format("bake {} with its script in assets/make", map_path(glb, kind).filename().string()), .file = glb.string()});
        probe.picture = std::move(*picture);
    }
    return {};
}

}  // namespace

Result<SceneAsset> load_scene_asset(const std::string& glb_path) {
    auto bytes = read_file(glb_path, limits::file_bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    // The parser's own containers may throw on a hostile file; that ends here.
    try {
        auto asset = parse(glb_path, std::move(*bytes));
        if (!asset) return asset;
        asset->name = std::filesystem::path(glb_path).stem().string();
        auto light_map = read_map(glb_path, "lightmap");
        if (!light_map) return std::unexpected(std::move(light_map.error()));
        asset->light_map = std::move(*light_map);
        auto environment = read_map(glb_path, "environment");
        if (!environment) return std::unexpected(std::move(environment.error()));
        asset->environment = std::move(*environment);
        if (auto done = read_probe_pictures(glb_path, *asset); !done) return std::unexpected(std::move(done.error()));
        const bool wants_light_map = std::ranges::any_of(asset->nodes, [](const Node& node) { return node.light_mapped; });
        if (wants_light_map && !asset->light_map)
            return std::unexpected(Error{.message = "has light-mapped nodes, but no light map lies beside it",
                                         .hint = std::format("bake {}.lightmap.png with its script in assets/make", asset->name), .file = glb_path});
        prepare(*asset);
        return asset;
    } catch (const std::bad_alloc&) {
        return std::unexpected(Error{.message = "asks for more memory than there is", .hint = {}, .file = glb_path});
    } catch (const std::exception& failure) {
        return std::unexpected(Error{.message = first_line(failure.what()), .hint = "export it again from its script in assets/make", .file = glb_path});
    }
}

void prepare(SceneAsset& asset) {
    if (asset.prepared) return;
    for (Image& image : asset.images) make_mips(image);
    if (asset.light_map) {
        asset.light_map_width = asset.light_map->width;
        asset.light_map_height = asset.light_map->height;
        asset.light_map_texels = pack_rgbm(*asset.light_map);
        asset.light_map->rgba = {};
    }
    asset.environment_light = asset.environment ? make_environment_light(decode_rgbm(*asset.environment)) : make_even_light(glm::vec3(0.5f));
    if (asset.environment) asset.environment->rgba = {};
    for (ReflectionProbe& probe : asset.probes) {
        probe.light = probe.picture ? make_environment_light(decode_rgbm(*probe.picture)) : make_even_light(glm::vec3(0.5f));
        if (probe.picture) probe.picture->rgba = {};
    }
    for (const Mesh& mesh : asset.meshes)
        for (const Primitive& primitive : mesh.primitives) {
            const std::span<std::uint32_t> indices(asset.indices.data() + primitive.first_index, primitive.index_count);
            const std::uint32_t count = *std::ranges::max_element(indices) + 1;
            order_triangles({asset.vertices.data() + primitive.vertex_offset, count}, indices, mesh.deform >= 0);
        }
    find_bounds(asset);
    asset.prepared = true;
}

}  // namespace accalmie::content
