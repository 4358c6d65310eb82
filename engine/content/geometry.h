// SPDX-License-Identifier: Apache-2.0
// Owns: what is done to triangles once they are read: tangents where they are missing, order for the vertex cache and against overdraw.
// Never: changes what is seen. Thread: any.
#pragma once

#include <span>

#include "engine/content/scene_asset.h"

namespace accalmie::content {

// Normals from the triangles, for a primitive without any. `indices` count from the first of `vertices`.
void make_normals(std::span<Vertex> vertices, std::span<const std::uint32_t> indices);
void make_tangents(std::span<Vertex> vertices, std::span<const std::uint32_t> indices);
// `keep_vertices`: other lists count on the vertices' places.
void order_triangles(std::span<Vertex> vertices, std::span<std::uint32_t> indices, bool keep_vertices = false);

}  // namespace accalmie::content
