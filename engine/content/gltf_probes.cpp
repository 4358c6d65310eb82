// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <format>

#include "engine/content/gltf_extras.h"
#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

// It becomes part of a file's name.
bool plain_name(const std::string& name) {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
    return !name.empty() && name.size() <= 40 && std::ranges::all_of(name, plain);
}

}  // namespace

Result<void> GltfReader::read_probe(const tinygltf::Node& from, const glm::vec3& center_m) {
    if (member(from.extras, "probe") == nullptr) return {};
    const std::string name = text(from.extras, "probe");
    if (!plain_name(name)) return refuse(std::format("node {} has a probe without a usable name", from.name), "up to 40 small letters, digits, - and _");
    if (from.mesh >= 0) return refuse(std::format("probe {} has a mesh", name), "put the probe on an empty node of its own");
    const auto half_m = triple(from.extras, "half_m");
    if (!half_m || glm::any(glm::lessThan(*half_m, glm::vec3(0.01f))) || glm::any(glm::greaterThan(*half_m, glm::vec3(limits::coordinate_m))))
        return refuse(std::format("probe {} has no usable box", name), "half_m is half its width, height and depth in metres, each at least 0.01");
    if (std::ranges::find(asset_.probes, name, &ReflectionProbe::name) != asset_.probes.end()) return refuse(std::format("two probes are named {}", name));
    if (asset_.probes.size() >= kMostProbes) return refuse(std::format("more than {} probes", kMostProbes), "the scene's own environment does for the rest");
    asset_.probes.push_back({.name = name, .center_m = center_m, .half_m = *half_m, .picture = {}, .light = {}});
    return {};
}

}  // namespace accalmie::content
