// SPDX-License-Identifier: Apache-2.0
// Cards: flat pictures that turn to the head. Where a corner stands, and the light that smoke scatters. Included by vertex shaders that
// have `frame` and `draw`. A card's rows are its own: w its middle in the world, rows 0 and 1 the place in the card's plane.

layout(constant_id = ACCALMIE_SPEC_CARD) const int kCard = 0;

// To the middle between the eyes, as they are at the submission: one card stands in both eyes' pictures, and a replay turns it alike.
vec3 card_place(vec3 corner) {
    const vec3 middle = vec3(draw.world_from_node[0].w, draw.world_from_node[1].w, draw.world_from_node[2].w);
    const vec2 p = vec2(dot(draw.world_from_node[0].xyz, corner), dot(draw.world_from_node[1].xyz, corner));
    const vec3 to_head = (frame.eye_m[0].xyz + frame.eye_m[1].xyz) * 0.5 - middle;
    const float aside_m = length(to_head.xz);
    const vec3 right = aside_m > 1e-4 ? vec3(to_head.z, 0.0, -to_head.x) / aside_m : vec3(1.0, 0.0, 0.0);
    const bool tilts = kCard == ACCALMIE_CARD_GLOW && dot(to_head, to_head) > 1e-6;
    const vec3 up = tilts ? normalize(cross(to_head, right)) : vec3(0.0, 1.0, 0.0);
    return middle + right * p.x + up * p.y;
}
