// SPDX-License-Identifier: Apache-2.0
// Owns: what C++ and GLSL must agree on for the pass that bends people. Read by both compilers.
#ifndef ACCALMIE_SHADERS_PEOPLE_H
#define ACCALMIE_SHADERS_PEOPLE_H

#ifdef __cplusplus
#include <cstdint>
namespace accalmie::shader {
using uint = std::uint32_t;
#endif

#define ACCALMIE_BIND_REST 0
#define ACCALMIE_BIND_BENT 1
#define ACCALMIE_BIND_INFLUENCES 2
#define ACCALMIE_BIND_DELTAS 3
#define ACCALMIE_BIND_POSE 4
#define ACCALMIE_PEOPLE_BINDINGS 5

#define ACCALMIE_PEOPLE_GROUP 64
#define ACCALMIE_VERTEX_WORDS 10      // render::PackedVertex
#define ACCALMIE_DELTA_WORDS 6        // content::MorphDelta

// One figure: push constants.
struct FigureBlock {
    uint rest_first;       // its first vertex at rest, and where the bent one goes
    uint bent_first;
    uint vertices;
    uint skinned;          // 0: all hangs on the first joint
    uint influence_first;
    uint pose_first;       // three rows a joint, then a vec4 for each morph target in use: x: its weight, y: its number
    uint morph_first;
    uint morphs;
    uint delta_first;      // of the first target; one a vertex, target after target
};

#ifdef __cplusplus
}  // namespace accalmie::shader
#endif
#endif
