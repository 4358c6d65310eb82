// SPDX-License-Identifier: Apache-2.0
// Every triangle of both eyes.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "stereo.glsl"
#include "shared.h"

layout(constant_id = ACCALMIE_SPEC_LIGHT_MAP) const bool kLightMap = false;

layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_FRAME, std140) uniform Frame { FrameBlock frame; };
layout(push_constant) uniform Draw { PlaceBlock draw; };

#include "cards.glsl"

layout(constant_id = ACCALMIE_SPEC_LIGHTS) const int kLights = 0;

layout(location = 0) in vec3 position;
layout(location = 1) in vec4 normal;
layout(location = 2) in vec4 tangent;
layout(location = 3) in vec2 uv0;
layout(location = 4) in vec2 uv1;

// As few as there can be (shading.glsl unpacks them): a software driver keeps 48 bytes of each for every triangle of a frame.
layout(location = 0) out vec4 out_world_m_u0;
layout(location = 1) out vec4 out_normal_v0;
layout(location = 2) out vec4 out_light_eye;  // irradiance / pi, or the place in the light map; 1: the right eye
layout(location = 3) out vec4 out_tangent;

vec3 irradiance(vec3 n) {
    vec3 sum = frame.irradiance[0].rgb + frame.irradiance[1].rgb * n.y + frame.irradiance[2].rgb * n.z + frame.irradiance[3].rgb * n.x;
    sum += frame.irradiance[4].rgb * (n.x * n.y) + frame.irradiance[5].rgb * (n.y * n.z) + frame.irradiance[6].rgb * (3.0 * n.z * n.z - 1.0);
    sum += frame.irradiance[7].rgb * (n.x * n.z) + frame.irradiance[8].rgb * (n.x * n.x - n.y * n.y);
    return max(sum, vec3(0.0));
}

vec3 key_light(vec3 world_m, vec3 n) {
    vec3 to_light = frame.key_position_m.xyz - world_m;
    float distance2 = max(dot(to_light, to_light), 0.01);
    return frame.key_color.rgb * (max(dot(n, to_light) * inversesqrt(distance2), 0.0) / (distance2 * 3.14159265));
}

// Mean radiance that smoke scatters: the same from all sides. Shadows do not reach it.
vec3 scattered(vec3 world_m) {
    vec3 to_light = frame.key_position_m.xyz - world_m;
    vec3 sum = max(frame.irradiance[0].rgb, vec3(0.0)) + frame.key_color.rgb / (max(dot(to_light, to_light), 0.01) * 12.5663706);
    for (int i = 0; i < kLights; ++i) {
        const vec4 place = frame.lights[i].position_m, aim = frame.lights[i].direction;
        to_light = place.xyz - world_m;
        const float d2 = max(dot(to_light, to_light), 0.01);
        const float end = clamp(1.0 - d2 * d2 * place.w * place.w, 0.0, 1.0);
        const float cone = clamp(dot(-to_light * inversesqrt(d2), aim.xyz) * aim.w + frame.lights[i].color.w, 0.0, 1.0);
        sum += frame.lights[i].color.rgb * ((place.w < 0.0 ? 1.0 : end * cone * cone / d2) / 12.5663706);
    }
    return sum;
}

void main() {
    const int eye = eye_drawn();
    const bool right = eye == 1;
    // Selected, not indexed: an index that differs from lane to lane would be gathered number by number on the software driver.
    const mat4 clip_from_world = right ? frame.clip_from_world[1] : frame.clip_from_world[0];

    const vec4 at = vec4(position, 1.0);
    const vec3 world_m = kCard != 0 ? card_place(position) : vec3(dot(draw.world_from_node[0], at), dot(draw.world_from_node[1], at), dot(draw.world_from_node[2], at));
    const vec3 r0 = draw.world_from_node[0].xyz, r1 = draw.world_from_node[1].xyz, r2 = draw.world_from_node[2].xyz;
    // The cofactor matrix turns normals rightly under any scale; mirroring also changes the sign, and the tangent frame's hand.
    const vec3 across = cross(r1, r2);
    const float hand = dot(r0, across) < 0.0 ? -1.0 : 1.0;
    const vec3 n = normalize(vec3(dot(across, normal.xyz), dot(cross(r2, r0), normal.xyz), dot(cross(r0, r1), normal.xyz))) * hand;

    out_world_m_u0 = vec4(world_m, uv0.x);
    out_normal_v0 = vec4(n, uv0.y);
    out_light_eye = vec4(kLightMap ? vec3(uv1, 0.0) : kCard != 0 ? scattered(world_m) : irradiance(n) + key_light(world_m, n), float(eye));
    out_tangent = vec4(dot(r0, tangent.xyz), dot(r1, tangent.xyz), dot(r2, tangent.xyz), tangent.w * hand);
    gl_Position = clip_from_world * vec4(world_m, 1.0);
    into_layer(eye);
}
