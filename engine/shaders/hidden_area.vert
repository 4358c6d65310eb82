// SPDX-License-Identifier: Apache-2.0
// What the lenses hide: triangles at distance 1 before one eye, put on the near plane, so that the depth test turns the rest away.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "stereo.glsl"

// Of each eye: scale and offset of x, scale and offset of y.
layout(push_constant) uniform Eyes { vec4 clip_from_tangents[2]; } eyes;

layout(location = 0) in vec3 tangents_and_eye;  // x right, y up, the eye's number

void main() {
    const int eye = tangents_and_eye.z > 0.5 ? 1 : 0;
    const vec4 place = eye == 1 ? eyes.clip_from_tangents[1] : eyes.clip_from_tangents[0];
    gl_Position = vec4(tangents_and_eye.xy * place.xz + place.yw, 1.0, 1.0);
#if ACCALMIE_STEREO == ACCALMIE_STEREO_LAYERED
    into_layer(eye);  // one instance: a triangle knows its eye
#else
    if (eye != eye_drawn()) gl_Position = vec4(0.0, 0.0, 0.0, 1.0);  // the other eye's: a triangle without an area
#endif
}
