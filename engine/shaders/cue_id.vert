// SPDX-License-Identifier: Apache-2.0
// Which cue is where, in both eyes: places alone, as scene.vert has them.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "stereo.glsl"
#include "shared.h"

layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_FRAME, std140) uniform Frame { FrameBlock frame; };
layout(push_constant) uniform Draw { PlaceBlock draw; };

#include "cards.glsl"

layout(location = 0) in vec3 position;
layout(location = 3) in vec2 uv0;

layout(location = 0) out vec2 out_uv0;

void main() {
    const int eye = eye_drawn();
    const bool right = eye == 1;
    const mat4 clip_from_world = right ? frame.clip_from_world[1] : frame.clip_from_world[0];
    const vec4 at = vec4(position, 1.0);
    const vec3 world_m = kCard != 0 ? card_place(position) : vec3(dot(draw.world_from_node[0], at), dot(draw.world_from_node[1], at), dot(draw.world_from_node[2], at));
    out_uv0 = uv0;
    gl_Position = clip_from_world * vec4(world_m, 1.0);
    into_layer(eye);
}
