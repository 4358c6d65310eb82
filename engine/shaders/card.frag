// SPDX-License-Identifier: Apache-2.0
// Smoke and steam: one radiance all over, thinned by the picture's alpha. A glow adds its light and hides nothing.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shading.glsl"

layout(constant_id = ACCALMIE_SPEC_CARD) const int kCard = 0;

layout(location = 0, index = 0) out vec4 out_added;
layout(location = 0, index = 1) out vec4 out_through;

void main() {
    const vec4 base = base_color();
    if (kCard == ACCALMIE_CARD_GLOW) {
        out_added = vec4(tone_map(emissive() * base.a), 1.0);
        out_through = vec4(1.0);
    } else {
        out_added = vec4(tone_map(base.rgb * light + emissive()) * base.a, 1.0);
        out_through = vec4(vec3(1.0 - base.a), 1.0);
    }
}
