// SPDX-License-Identifier: Apache-2.0
// Owns: reading single values out of a node's extras. What is missing or of another kind is nothing. Thread: any.
#pragma once

#include <optional>
#include <string>

#include <glm/glm.hpp>

namespace tinygltf {
class Value;
}

namespace accalmie::content {

std::optional<double> number(const tinygltf::Value& extras, const char* key);  // finite; a truth value is 0 or 1
std::string text(const tinygltf::Value& extras, const char* key);              // empty: none
std::optional<glm::vec3> triple(const tinygltf::Value& extras, const char* key);
const tinygltf::Value* member(const tinygltf::Value& extras, const char* key);  // null: none

}  // namespace accalmie::content
