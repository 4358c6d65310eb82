// SPDX-License-Identifier: Apache-2.0
#include "engine/content/gltf_extras.h"

#include <cmath>

#include "engine/content/gltf_library.h"

namespace accalmie::content {
namespace {

std::optional<double> finite(const tinygltf::Value& value) {
    if (!value.IsNumber() || !std::isfinite(value.GetNumberAsDouble())) return std::nullopt;
    return value.GetNumberAsDouble();
}

}  // namespace

const tinygltf::Value* member(const tinygltf::Value& extras, const char* key) { return extras.IsObject() && extras.Has(key) ? &extras.Get(key) : nullptr; }

std::optional<double> number(const tinygltf::Value& extras, const char* key) {
    const tinygltf::Value* value = member(extras, key);
    if (value == nullptr) return std::nullopt;
    return value->IsBool() ? std::optional(value->Get<bool>() ? 1.0 : 0.0) : finite(*value);
}

std::string text(const tinygltf::Value& extras, const char* key) {
    const tinygltf::Value* value = member(extras, key);
    return value != nullptr && value->IsString() ? value->Get<std::string>() : std::string();
}

std::optional<glm::vec3> triple(const tinygltf::Value& extras, const char* key) {
    const tinygltf::Value* value = member(extras, key);
    if (value == nullptr || !value->IsArray() || value->ArrayLen() != 3) return std::nullopt;
    glm::vec3 made;
    for (int i = 0; i < 3; ++i) {
        const auto part = finite(value->Get(i));
        if (!part) return std::nullopt;
        made[i] = static_cast<float>(*part);
    }
    return made;
}

}  // namespace accalmie::content
