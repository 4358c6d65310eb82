// SPDX-License-Identifier: Apache-2.0
// Bends a figure's vertices once a frame, so that every pass after it finds plain vertices. Texture coordinates never change: they lie there.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "people.h"

layout(local_size_x = ACCALMIE_PEOPLE_GROUP) in;
layout(set = 0, binding = ACCALMIE_BIND_REST, std430) readonly buffer Rest { uint rest[]; };
layout(set = 0, binding = ACCALMIE_BIND_BENT, std430) writeonly buffer Bent { uint bent[]; };
layout(set = 0, binding = ACCALMIE_BIND_INFLUENCES, std430) readonly buffer Influences { uvec4 influences[]; };  // four joints and four weights, 16 bits each
layout(set = 0, binding = ACCALMIE_BIND_DELTAS, std430) readonly buffer Deltas { float deltas[]; };
layout(set = 0, binding = ACCALMIE_BIND_POSE, std430) readonly buffer Poses { vec4 poses[]; };
layout(push_constant) uniform Draw { FigureBlock figure; };

vec3 delta_at(uint word) { return vec3(deltas[word], deltas[word + 1], deltas[word + 2]); }
vec3 unit_or(vec3 v, vec3 otherwise) {
    const float length2 = dot(v, v);
    return length2 > 1e-20 ? v * inversesqrt(length2) : otherwise;
}

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i >= figure.vertices) return;
    const uint from = (figure.rest_first + i) * ACCALMIE_VERTEX_WORDS, to = (figure.bent_first + i) * ACCALMIE_VERTEX_WORDS;
    vec3 position = vec3(uintBitsToFloat(rest[from]), uintBitsToFloat(rest[from + 1]), uintBitsToFloat(rest[from + 2]));
    vec3 normal = vec3(unpackSnorm2x16(rest[from + 3]), unpackSnorm2x16(rest[from + 4]).x);
    const vec2 tangent_zw = unpackSnorm2x16(rest[from + 6]);
    vec3 tangent = vec3(unpackSnorm2x16(rest[from + 5]), tangent_zw.x);

    for (uint m = 0; m < figure.morphs; ++m) {
        const vec4 morph = poses[figure.morph_first + m];
        const uint word = (figure.delta_first + uint(morph.y) * figure.vertices + i) * ACCALMIE_DELTA_WORDS;
        position += morph.x * delta_at(word);
        normal += morph.x * delta_at(word + 3);
    }

    vec4 r0, r1, r2;
    if (figure.skinned == 0) {
        r0 = poses[figure.pose_first];
        r1 = poses[figure.pose_first + 1];
        r2 = poses[figure.pose_first + 2];
    } else {
        const uvec4 influence = influences[figure.influence_first + i];
        const uvec4 joints = uvec4(influence.x & 0xFFFF, influence.x >> 16, influence.y & 0xFFFF, influence.y >> 16);
        const vec4 weights = vec4(unpackUnorm2x16(influence.z), unpackUnorm2x16(influence.w));
        r0 = r1 = r2 = vec4(0);
        for (uint k = 0; k < 4; ++k) {
            const uint at = figure.pose_first + joints[k] * 3;
            r0 += weights[k] * poses[at];
            r1 += weights[k] * poses[at + 1];
            r2 += weights[k] * poses[at + 2];
        }
    }
    const vec3 place = vec3(dot(r0, vec4(position, 1)), dot(r1, vec4(position, 1)), dot(r2, vec4(position, 1)));
    // As in scene.vert: the cofactor matrix for the normal, and the hand that a mirroring changes.
    const vec3 across = cross(r1.xyz, r2.xyz);
    const float hand = dot(r0.xyz, across) < 0.0 ? -1.0 : 1.0;
    normal = unit_or(vec3(dot(across, normal), dot(cross(r2.xyz, r0.xyz), normal), dot(cross(r0.xyz, r1.xyz), normal)) * hand, vec3(0, 1, 0));
    tangent = vec3(dot(r0.xyz, tangent), dot(r1.xyz, tangent), dot(r2.xyz, tangent));
    tangent = unit_or(tangent - normal * dot(normal, tangent), vec3(1, 0, 0));

    bent[to] = floatBitsToUint(place.x);
    bent[to + 1] = floatBitsToUint(place.y);
    bent[to + 2] = floatBitsToUint(place.z);
    bent[to + 3] = packSnorm2x16(normal.xy);
    bent[to + 4] = packSnorm2x16(vec2(normal.z, 0));
    bent[to + 5] = packSnorm2x16(tangent.xy);
    bent[to + 6] = packSnorm2x16(vec2(tangent.z, tangent_zw.y * hand));
}
