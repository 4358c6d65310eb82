// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/hidden_mesh.h"

#include <algorithm>
#include <utility>

namespace accalmie::link {

std::vector<HiddenMeshPart> parts_of(const xr::HiddenMesh& mesh) {
    std::vector<float> tangents;
    for (const auto& eye : mesh.triangles)
        for (const glm::vec2& point : eye) tangents.insert(tangents.end(), {point.x, point.y});
    std::vector<HiddenMeshPart> parts;
    std::size_t at = 0;
    do {
        const std::size_t count = std::min(tangents.size() - at, kMostTangents);
        const auto first = tangents.begin() + static_cast<std::ptrdiff_t>(at);
        parts.push_back({.left_points = static_cast<std::uint32_t>(mesh.triangles[0].size()), .right_points = static_cast<std::uint32_t>(mesh.triangles[1].size()),
                         .first_point = static_cast<std::uint32_t>(at / 2), .tangents = {first, first + static_cast<std::ptrdiff_t>(count)}});
        at += count;
    } while (at < tangents.size());
    return parts;
}

bool HiddenMeshParts::take(const HiddenMeshPart& part) {
    if (part.first_point == 0) {
        mesh_ = {};
        left_points_ = part.left_points;
        right_points_ = part.right_points;
        begun_ = left_points_ <= xr::kMostHiddenPoints && right_points_ <= xr::kMostHiddenPoints;
    }
    const std::size_t there = mesh_.triangles[0].size() + mesh_.triangles[1].size(), more = part.tangents.size() / 2;
    begun_ = begun_ && part.left_points == left_points_ && part.right_points == right_points_ && part.first_point == there && part.tangents.size() % 2 == 0 &&
             there + more <= left_points_ + right_points_;
    if (!begun_) return false;
    for (std::size_t i = 0; i < more; ++i) mesh_.triangles[there + i < left_points_ ? 0 : 1].emplace_back(part.tangents[2 * i], part.tangents[2 * i + 1]);
    return true;
}

std::optional<xr::HiddenMesh> HiddenMeshParts::whole() {
    if (!begun_ || mesh_.triangles[0].size() != left_points_ || mesh_.triangles[1].size() != right_points_) return std::nullopt;
    begun_ = false;
    return std::exchange(mesh_, {});
}

}  // namespace accalmie::link
