// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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

// Each step is checked against what is left, so that nothing can wrap round.
const char* why_not_in(const tinygltf::Model& model, int view_index, std::size_t offset, std::size_t count, std::size_t element, std::size_t stride, const unsigned char*& data) {
    if (view_index < 0 || static_cast<std::size_t>(view_index) >= model.bufferViews.size()) return "an accessor without data";
    const tinygltf::BufferView& view = model.bufferViews[static_cast<std::size_t>(view_index)];
    if (view.buffer < 0 || static_cast<std::size_t>(view.buffer) >= model.buffers.size()) return "a buffer that the file does not have";
    const std::vector<unsigned char>& bytes = model.buffers[static_cast<std::size_t>(view.buffer)].data;
    if (view.byteOffset > bytes.size() || view.byteLength > bytes.size() - view.byteOffset) return "data beyond the end of its buffer";
    if (offset > view.byteLength) return "data beyond the end of its view";
    const std::size_t room = view.byteLength - offset;
    if (count > 0 && (room < element || (count - 1) > (room - element) / stride)) return "data beyond the end of its view";
    data = bytes.data() + view.byteOffset + offset;
    return nullptr;
}

std::size_t stride_of(const tinygltf::Model& model, int view, std::size_t element) {
    if (view < 0 || static_cast<std::size_t>(view) >= model.bufferViews.size() || model.bufferViews[static_cast<std::size_t>(view)].byteStride == 0) return element;
    return model.bufferViews[static_cast<std::size_t>(view)].byteStride;
}

const char* why_not(const tinygltf::Model& model, int index, std::size_t limit, Elements& out) {
    if (index < 0 || static_cast<std::size_t>(index) >= model.accessors.size()) return "an accessor that the file does not have";
    const tinygltf::Accessor& accessor = model.accessors[static_cast<std::size_t>(index)];
    if (accessor.count > limit) return "more elements than are taken";
    const int component_size = tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(accessor.componentType));
    const int components = tinygltf::GetNumComponentsInType(static_cast<std::uint32_t>(accessor.type));
    if (component_size <= 0 || components <= 0) return "elements of an unknown type";
    const std::size_t element = static_cast<std::size_t>(component_size) * static_cast<std::size_t>(components), stride = stride_of(model, accessor.bufferView, element);
    if (stride < element || stride > 4096) return "a stride that does not fit its elements";
    out = {nullptr, accessor.count, stride, accessor.componentType, components, accessor.normalized};
    if (accessor.sparse.isSparse && accessor.bufferView < 0) return nullptr;  // all zeros but for what stands apart
    return why_not_in(model, accessor.bufferView, accessor.byteOffset, accessor.count, element, stride, out.data);
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

std::uint32_t load_index(const unsigned char* at, int type) {
    if (type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE) return *at;
    return type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT ? load<std::uint16_t>(at) : load<std::uint32_t>(at);
}

bool is_index(int type) {
    return type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE || type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT || type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
}

// The elements of a sparse accessor that stand apart: which ones, and what they are.
const char* why_not_sparse(const tinygltf::Model& model, const tinygltf::Accessor& accessor, const Elements& of, std::vector<float>& values) {
    if (!accessor.sparse.isSparse) return nullptr;
    if (accessor.sparse.count < 0 || static_cast<std::size_t>(accessor.sparse.count) > accessor.count) return "a sparse accessor with more exceptions than elements";
    const auto count = static_cast<std::size_t>(accessor.sparse.count), components = static_cast<std::size_t>(of.components);
    const int type = accessor.sparse.indices.componentType;
    if (!is_index(type)) return "a sparse accessor whose indices are not whole numbers";
    const auto index_size = static_cast<std::size_t>(tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(type)));
    const auto size = static_cast<std::size_t>(tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(of.component_type)));
    const unsigned char *indices = nullptr, *data = nullptr;
    if (const char* why = why_not_in(model, accessor.sparse.indices.bufferView, accessor.sparse.indices.byteOffset, count, index_size, index_size, indices)) return why;
    if (const char* why = why_not_in(model, accessor.sparse.values.bufferView, accessor.sparse.values.byteOffset, count, size * components, size * components, data)) return why;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t index = load_index(indices + i * index_size, type);
        if (index >= accessor.count) return "a sparse accessor with an exception beyond its elements";
        for (std::size_t c = 0; c < components; ++c) values[index * components + c] = load_float(data + (i * components + c) * size, of.component_type, of.normalized);
    }
    return nullptr;
}

}  // namespace

Result<std::vector<float>> GltfReader::read_floats(int accessor, int components, const std::string& name, std::size_t count) const {
    Elements elements;
    if (const char* why = why_not(model_, accessor, limits::vertices, elements)) return refuse(std::format("{} uses {}", name, why));
    if (elements.components != components)
        return refuse(std::format("{} has {} numbers an element where {} are wanted", name, elements.components, components));
    if (count > 0 && elements.count != count) return refuse(std::format("{} has {} elements where {} are wanted", name, elements.count, count));
    // Without data it takes no room in the file: only what the rest of the file vouches for is believed.
    if (count == 0 && elements.data == nullptr) return refuse(std::format("{} uses an accessor without data", name));
    std::vector<float> values(elements.count * static_cast<std::size_t>(components));
    const auto size = static_cast<std::size_t>(tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(elements.component_type)));
    if (elements.data != nullptr)
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t element = i / static_cast<std::size_t>(components), component = i % static_cast<std::size_t>(components);
            values[i] = load_float(elements.data + element * elements.stride + component * size, elements.component_type, elements.normalized);
        }
    if (const char* why = why_not_sparse(model_, model_.accessors[static_cast<std::size_t>(accessor)], elements, values)) return refuse(std::format("{} uses {}", name, why));
    if (std::ranges::any_of(values, [](float value) { return !std::isfinite(value) || std::abs(value) > limits::coordinate_m; }))
        return refuse(std::format("{} holds a number that is no coordinate", name));
    return values;
}

Result<void> GltfReader::read_indices(int accessor, std::size_t vertex_count, std::size_t first, const std::string& name) {
    Elements elements;
    if (const char* why = why_not(model_, accessor, limits::indices - std::min(limits::indices, first), elements))
        return refuse(std::format("the indices of {} use {}", name, why));
    if (elements.components != 1 || !is_index(elements.component_type)) return refuse(std::format("the indices of {} are not single whole numbers", name));
    if (model_.accessors[static_cast<std::size_t>(accessor)].sparse.isSparse) return refuse(std::format("the indices of {} are sparse, which is not supported", name));
    asset_.indices.reserve(first + elements.count);
    for (std::size_t i = 0; i < elements.count; ++i) {
        const std::uint32_t index = load_index(elements.data + i * elements.stride, elements.component_type);
        if (index >= vertex_count) return refuse(std::format("{} has an index {} and only {} vertices", name, index, vertex_count));
        asset_.indices.push_back(index);
    }
    return {};
}

}  // namespace accalmie::content
