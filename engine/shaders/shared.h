// SPDX-License-Identifier: Apache-2.0
// Owns: what C++ and GLSL must agree on: block layouts, bindings, variant switches. Read by both compilers.
#ifndef ACCALMIE_SHADERS_SHARED_H
#define ACCALMIE_SHADERS_SHARED_H

#ifdef __cplusplus
#include <cstdint>
#include <glm/glm.hpp>
namespace accalmie::shader {
using vec2 = glm::vec2;
using vec4 = glm::vec4;
using mat4 = glm::mat4;
using uint = std::uint32_t;
#endif

// The octahedral environment map: direction p in -1..1 lies at p * SCALE + 0.5 (a border of 1/16 all round).
#define ACCALMIE_OCTAHEDRAL_SCALE 0.4375f
#define ACCALMIE_ENVIRONMENT_MIPS 6

// Sets and bindings.
#define ACCALMIE_SET_SCENE 0
#define ACCALMIE_SET_MATERIAL 1
#define ACCALMIE_BIND_FRAME 0
#define ACCALMIE_BIND_LIGHT_MAP 1
#define ACCALMIE_BIND_ENVIRONMENT 2
#define ACCALMIE_BIND_SHADOW 3
#define ACCALMIE_BIND_BASE_COLOR 0
#define ACCALMIE_BIND_METALLIC_ROUGHNESS 1
#define ACCALMIE_BIND_NORMAL 2
#define ACCALMIE_BIND_EMISSIVE 3

// Variant switches: specialisation constants, so that each pipeline holds only the fetches its materials need.
#define ACCALMIE_SPEC_BASE_COLOR 0
#define ACCALMIE_SPEC_METALLIC_ROUGHNESS 1
#define ACCALMIE_SPEC_NORMAL 2
#define ACCALMIE_SPEC_EMISSIVE 3
#define ACCALMIE_SPEC_LIGHT_MAP 4
#define ACCALMIE_SPEC_ALPHA_MASK 5
#define ACCALMIE_SPEC_LIGHTS 6         // how many dynamic lights the scene has
#define ACCALMIE_SPEC_SHADOW 7         // the first of them casts a shadow
#define ACCALMIE_SPEC_SHADOW_TAPS 8    // taps a side of the soft edge
#define ACCALMIE_SPEC_CARD 9           // ACCALMIE_CARD_*: turns to the head
#define ACCALMIE_SPECS 10

// Kinds of cards (render/cards.h).
#define ACCALMIE_CARD_SMOKE 1          // turns about the vertical
#define ACCALMIE_CARD_GLOW 2           // faces the head, adds light only

#define ACCALMIE_MOST_LIGHTS 5

// A light that is computed in every frame (content::DynamicLight).
struct LightBlock {
    vec4 position_m;           // w: 1 / range squared; 0: no end. A sun has no position: its w is negative
    vec4 direction;            // where it shines; w: scale of the cone's edge
    vec4 color;                // w: offset of the cone's edge
};

// One frame of one scene.
struct FrameBlock {
    mat4 clip_from_world[2];
    vec4 eye_m[2];             // xyz: the eye in world space
    vec4 irradiance[9];        // content::EnvironmentLight
    vec4 key_position_m;
    vec4 key_color;
    vec4 room_min_m;           // the box that reflections are taken to lie on
    vec4 room_max_m;
    vec4 environment_center_m; // w: 1 / mean irradiance, the scale of reflection occlusion
    vec4 exposure;             // x: exposure, y: brightness of the picture, z: texture lod bias
    mat4 shadow_from_world;    // clip space of the light that casts the shadow; depth grows away from it
    vec4 shadow;               // x: one texel of its map (0..1), y: how far off a surface it is looked up, metres
    LightBlock lights[ACCALMIE_MOST_LIGHTS];
};

// One draw: push constants, because the software driver keeps them in registers and gathers from buffers lane by lane. The vertex shader has
// the first block, the fragment shader the second (render/draw_constants.h).
struct PlaceBlock {
    vec4 world_from_node[3];   // rows
};
struct SurfaceBlock {
    vec4 base_color;
    vec4 emissive;             // w: alpha cutoff
    vec4 surface;              // x: metallic, y: roughness, z: transmission, w: in the pass of the cues the cue's number
};
#define ACCALMIE_SURFACE_OFFSET 48

// The mirror: one eye and the panel as the compositor shows them.
struct MirrorBlock {
    vec4 panel_from_ray[3];    // rows: view ray (x, y, -1) to the panel's plane: u = r0.d / r2.d, v = r1.d / r2.d; in front where r2.d > 0
    vec4 ray_scale_offset;     // pixel position 0..1 to the ray's x and y
    vec4 taps;                 // xy: step between taps in the source, z: taps a side, w: 1 when the panel is shown
};

#ifdef __cplusplus
struct DrawBlock : PlaceBlock, SurfaceBlock {};
static_assert(sizeof(PlaceBlock) == ACCALMIE_SURFACE_OFFSET && sizeof(DrawBlock) <= 128);
static_assert(sizeof(MirrorBlock) <= 128);
}  // namespace accalmie::shader
#endif
#endif
