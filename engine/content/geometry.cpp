// SPDX-License-Identifier: Apache-2.0
#include "engine/content/geometry.h"

#include <cmath>
#include <vector>

#include <meshoptimizer.h>

namespace accalmie::content {
namespace {

// Any unit vector at right angles to a normal (Duff et al., "Building an Orthonormal Basis, Revisited", 2017).
glm::vec3 any_tangent(const glm::vec3& n) {
    const float sign = std::copysign(1.0f, n.z), a = -1.0f / (sign + n.z), b = n.x * n.y * a;
    return {1 + sign * n.x * n.x * a, sign * b, -sign * n.x};
}

}  // namespace

void make_normals(std::span<Vertex> vertices, std::span<const std::uint32_t> indices) {
    for (Vertex& vertex : vertices) vertex.normal = glm::vec3(0);
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        Vertex &a = vertices[indices[i]], &b = vertices[indices[i + 1]], &c = vertices[indices[i + 2]];
        const glm::vec3 area = glm::cross(b.position - a.position, c.position - a.position);
        a.normal += area;
        b.normal += area;
        c.normal += area;
    }
    for (Vertex& vertex : vertices) {
        const float length = glm::length(vertex.normal);
        vertex.normal = length > 1e-20f ? vertex.normal / length : glm::vec3(0, 1, 0);
    }
}

void make_tangents(std::span<Vertex> vertices, std::span<const std::uint32_t> indices) {
    std::vector<glm::vec3> along_u(vertices.size(), glm::vec3(0)), along_v(vertices.size(), glm::vec3(0));
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const Vertex &a = vertices[indices[i]], &b = vertices[indices[i + 1]], &c = vertices[indices[i + 2]];
        const glm::vec3 ab = b.position - a.position, ac = c.position - a.position;
        const glm::vec2 uv_ab = b.uv0 - a.uv0, uv_ac = c.uv0 - a.uv0;
        const float area = uv_ab.x * uv_ac.y - uv_ac.x * uv_ab.y;
        if (std::abs(area) < 1e-20f) continue;
        const glm::vec3 u = (ab * uv_ac.y - ac * uv_ab.y) / area, v = (ac * uv_ab.x - ab * uv_ac.x) / area;
        for (std::size_t corner = 0; corner < 3; ++corner) {
            along_u[indices[i + corner]] += u;
            along_v[indices[i + corner]] += v;
        }
    }
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        const glm::vec3 normal = vertices[i].normal;
        const glm::vec3 flat = along_u[i] - normal * glm::dot(normal, along_u[i]);
        const float length = glm::length(flat);
        const glm::vec3 tangent = length > 1e-12f && std::isfinite(length) ? flat / length : any_tangent(normal);
        const float hand = glm::dot(glm::cross(normal, tangent), along_v[i]) < 0 ? -1.0f : 1.0f;
        vertices[i].tangent = glm::vec4(tangent, hand);
    }
}

void order_triangles(std::span<Vertex> vertices, std::span<std::uint32_t> indices, bool keep_vertices) {
    if (vertices.empty() || indices.empty()) return;
    meshopt_optimizeVertexCache(indices.data(), indices.data(), indices.size(), vertices.size());
    meshopt_optimizeOverdraw(indices.data(), indices.data(), indices.size(), &vertices[0].position.x, vertices.size(), sizeof(Vertex), 1.05f);
    if (keep_vertices) return;
    meshopt_optimizeVertexFetch(vertices.data(), indices.data(), indices.size(), vertices.data(), vertices.size(), sizeof(Vertex));
}

}  // namespace accalmie::content
