// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <format>

#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"
#include "engine/content/picture_file.h"

namespace accalmie::content {
namespace {

float number(const tinygltf::Value& object, const char* key, float otherwise) {
    if (!object.IsObject() || !object.Has(key) || !object.Get(key).IsNumber()) return otherwise;
    const auto value = static_cast<float>(object.Get(key).GetNumberAsDouble());
    return std::isfinite(value) ? value : otherwise;
}

glm::vec2 pair(const tinygltf::Value& object, const char* key, glm::vec2 otherwise) {
    if (!object.IsObject() || !object.Has(key)) return otherwise;
    const tinygltf::Value& array = object.Get(key);
    if (!array.IsArray() || array.ArrayLen() != 2 || !array.Get(0).IsNumber() || !array.Get(1).IsNumber()) return otherwise;
    const glm::vec2 value(array.Get(0).GetNumberAsDouble(), array.Get(1).GetNumberAsDouble());
    return std::isfinite(value.x) && std::isfinite(value.y) ? value : otherwise;
}

float bounded(double value, float low, float high) {
    const auto narrow = static_cast<float>(value);
    return std::isfinite(narrow) ? std::clamp(narrow, low, high) : low;
}

template <int Channels>
glm::vec<Channels, float> color(const std::vector<double>& factors, glm::vec<Channels, float> otherwise, float high) {
    if (factors.size() != Channels) return otherwise;
    for (int i = 0; i < Channels; ++i) otherwise[i] = bounded(factors[static_cast<std::size_t>(i)], 0, high);
    return otherwise;
}

const tinygltf::Value* extension(const tinygltf::ExtensionMap& map, const char* name) {
    const auto found = map.find(name);
    return found != map.end() && found->second.IsObject() ? &found->second : nullptr;
}

}  // namespace

Result<int> GltfReader::image_of_texture(int texture, bool srgb, const std::string& name) {
    if (texture < 0) return -1;
    if (static_cast<std::size_t>(texture) >= model_.textures.size()) return refuse(std::format("material {} names a texture that the file does not have", name));
    const int source = model_.textures[static_cast<std::size_t>(texture)].source;
    if (source < 0 || static_cast<std::size_t>(source) >= model_.images.size())
        return refuse(std::format("material {} names a picture that the file does not have", name), "PNG and JPEG are read; WebP and Basis are not");
    if (const auto known = images_.find({source, srgb}); known != images_.end()) return known->second;

    const tinygltf::Image& from = model_.images[static_cast<std::size_t>(source)];
    if (from.image.empty()) return refuse(std::format("picture {} of material {} is missing", source, name));
    auto picture = decode_picture(from.image, std::format("{}: picture {}", file_, source));
    if (!picture) return std::unexpected(std::move(picture.error()));
    decoded_bytes_ += picture->rgba.size();
    if (decoded_bytes_ > limits::pictures_bytes) return refuse("the pictures are larger than are taken together", "use smaller textures");
    asset_.images.push_back({.width = picture->width, .height = picture->height, .rgba = std::move(picture->rgba), .srgb = srgb, .mips = {}});
    const int index = static_cast<int>(asset_.images.size()) - 1;
    images_[{source, srgb}] = index;
    return index;
}

Result<void> GltfReader::read_materials() {
    if (model_.materials.size() > limits::materials) return refuse("the file has more materials than are taken");
    for (const tinygltf::Material& from : model_.materials) {
        Material to{.name = from.name};
        const auto& pbr = from.pbrMetallicRoughness;
        to.base_color = color<4>(pbr.baseColorFactor, to.base_color, 1);
        to.metallic = bounded(pbr.metallicFactor, 0, 1);
        to.roughness = bounded(pbr.roughnessFactor, 0, 1);
        to.alpha_cutoff = bounded(from.alphaCutoff, 0, 1);
        to.double_sided = from.doubleSided;
        to.alpha_mode = from.alphaMode == "BLEND" ? AlphaMode::blend : from.alphaMode == "MASK" ? AlphaMode::mask : AlphaMode::opaque;

        float strength = 1;
        if (const auto* value = extension(from.extensions, "KHR_materials_emissive_strength"))
            strength = std::clamp(number(*value, "emissiveStrength", 1), 0.0f, 10'000.0f);
        to.emissive = color<3>(from.emissiveFactor, to.emissive, 100) * strength;
        if (const auto* value = extension(from.extensions, "KHR_materials_transmission"))
            to.transmission = std::clamp(number(*value, "transmissionFactor", 0), 0.0f, 1.0f);

        struct Slot { int texture; bool srgb; int* image; };
        for (const Slot& slot : {Slot{pbr.baseColorTexture.index, true, &to.base_color_image},
                                 Slot{pbr.metallicRoughnessTexture.index, false, &to.metallic_roughness_image},
                                 Slot{from.normalTexture.index, false, &to.normal_image}, Slot{from.emissiveTexture.index, true, &to.emissive_image}}) {
            auto image = image_of_texture(slot.texture, slot.srgb, from.name);
            if (!image) return std::unexpected(std::move(image.error()));
            *slot.image = *image;
        }
        UvTransform transform{.set = std::clamp(pbr.baseColorTexture.texCoord, 0, 1)};
        if (const auto* value = extension(pbr.baseColorTexture.extensions, "KHR_texture_transform")) {
            transform.offset = pair(*value, "offset", glm::vec2(0));
            transform.scale = pair(*value, "scale", glm::vec2(1));
            transform.rotation = number(*value, "rotation", 0);
        }
        uv_transforms_.push_back(transform);
        asset_.materials.push_back(std::move(to));
    }
    // glTF's default material, for primitives that name none.
    asset_.materials.push_back({.name = "default"});
    uv_transforms_.emplace_back();
    return {};
}

}  // namespace accalmie::content
