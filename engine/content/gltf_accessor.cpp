// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <format>

#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

// The bytes of an accessor, proven to lie inside its buffer.
struct Elements {
    const unsigned char* data = nullptr;
    std::size_t count = 0, stride = 0;
    int component_type = 0, components = 0;
    bool normalized = false;
};

const char* why_not(const tinygltf::Model& model, int index, std::size_t limit, Elements& out) {
    if (index < 0 || static_cast<std::size_t>(index) >= model.accessors.size()) return "an accessor that the file does not have";
    const tinygltf::Accessor& accessor = model.accessors[static_cast<std::size_t>(index)];
    if (accessor.sparse.isSparse) return "a sparse accessor, which is not supported";
    if (accessor.count > limit) return "more elements than are taken";
    if (accessor.bufferView < 0 || static_cast<std::size_t>(accessor.bufferView) >= model.bufferViews.size()) return "an accessor without data";
    const tinygltf::BufferView& view = model.bufferViews[static_cast<std::size_t>(accessor.bufferView)];
    if (view.buffer < 0 || static_cast<std::size_t>(view.buffer) >= model.buffers.size()) return "a buffer that the file does not have";
    const std::vector<unsigned char>& bytes = model.buffers[static_cast<std::size_t>(view.buffer)].data;

    const int component_size = tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(accessor.componentType));
    const int components = tinygltf::GetNumComponentsInType(static_cast<std::uint32_t>(accessor.type));
    if (component_size <= 0 || components <= 0) return "elements of an unknown type";
    const std::size_t element = static_cast<std::size_t>(component_size) * static_cast<std::size_t>(components);
    const std::size_t stride = view.byteStride > 0 ? view.byteStride : element;
    if (stride < element || stride > 4096) return "a stride that does not fit its elements";

    // Each step is checked against what is left, so that nothing can wrap round.
    if (view.byteOffset > bytes.size() || view.byteLength > bytes.size() - view.byteOffset) return "data beyond the end of its buffer";
    if (accessor.byteOffset > view.byteLength) return "data beyond the end of its view";
    const std::size_t room = view.byteLength - accessor.byteOffset;
    if (accessor.count > 0 && (room < element || (accessor.count - 1) > (room - element) / stride)) return "data beyond the end of its view";
    out = {bytes.data() + view.byteOffset + accessor.byteOffset, accessor.count, stride, accessor.componentType, components, accessor.normalized};
    return nullptr;
}

template <class T>
T load(const unsigned char* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

float load_float(const unsigned char* at, int type, bool normalized) {
    switch (type) {
        case TINYGLTF_COMPONENT_TYPE_FLOAT: return load<float>(at);
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: return static_cast<float>(*at) / (normalized ? 255.0f : 1.0f);
        case TINYGLTF_COMPONENT_TYPE_BYTE: return std::max(static_cast<float>(load<std::int8_t>(at)) / (normalized ? 127.0f : 1.0f), normalized ? -1.0f : -128.0f);
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: return static_cast<float>(load<std::uint16_t>(at)) / (normalized ? 65535.0f : 1.0f);
        case TINYGLTF_COMPONENT_TYPE_SHORT: return std::max(static_cast<float>(load<std::int16_t>(at)) / (normalized ? 32767.0f : 1.0f),
            normalized ? -1.0f : -32768.0f);
        default: return NAN;
    }
}

}  // namespace

Result<std::vector<float>> GltfReader::read_floats(int accessor, int components, const std::string& name) const {
    Elements elements;
    if (const char* why = why_not(model_, accessor, limits::vertices, elements)) return refuse(std::format("{} uses {}", name, why));
    if (elements.components != components)
        return refuse(std::format("{} has {} numbers an element where {} are wanted", name, elements.components, components));
    std::vector<float> values;
    values.reserve(elements.count * static_cast<std::size_t>(components));
    const int size = tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(elements.component_type));
    for (std::size_t i = 0; i < elements.count; ++i)
        for (int c = 0; c < components; ++c) {
            const float value = load_float(elements.data + i * elements.stride + static_cast<std::size_t>(c * size), elements.component_type, elements.normalized);
            if (!std::isfinite(value) || std::abs(value) > limits::coordinate_m) return refuse(std::format("{} holds a number that is no coordinate", name));
            values.push_back(value);
        }
    return values;
}

Result<void> GltfReader::read_indices(int accessor, std::size_t vertex_count, std::size_t first, const std::string& name) {
    Elements elements;
    if (const char* why = why_not(model_, accessor, limits::indices - std::min(limits::indices, first), elements))
        return refuse(std::format("the indices of {} use {}", name, why));
    if (elements.components != 1) return refuse(std::format("the indices of {} are not single numbers", name));
    asset_.indices.reserve(first + elements.count);
    for (std::size_t i = 0; i < elements.count; ++i) {
        const unsigned char* at = elements.data + i * elements.stride;
        std::uint32_t index = 0;
        switch (elements.component_type) {
            case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: index = *at; break;
            case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: index = load<std::uint16_t>(at); break;
            case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT: index = load<std::uint32_t>(at); break;
            default: return refuse(std::format("the indices of {} are not whole numbers", name));
        }
        if (index >= vertex_count) return refuse(std::format("{} has an index {} and only {} vertices", name, index, vertex_count));
        asset_.indices.push_back(index);
    }
    return {};
}

}  // namespace accalmie::content
