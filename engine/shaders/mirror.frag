// SPDX-License-Identifier: Apache-2.0
// One eye made smaller, with the panel over it where the compositor would show it.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shared.h"

layout(set = 0, binding = 0) uniform sampler2D eye_picture;
layout(set = 0, binding = 1) uniform sampler2D panel_picture;
layout(push_constant) uniform Mirror { MirrorBlock mirror; };

layout(location = 0) in vec2 at;
layout(location = 0) out vec4 out_color;

void main() {
    vec3 sum = vec3(0.0);
    const int taps = int(mirror.taps.z);
    for (int y = 0; y < taps; ++y)
        for (int x = 0; x < taps; ++x)
            sum += textureLod(eye_picture, at + (vec2(x, y) - 0.5 * float(taps - 1)) * mirror.taps.xy, 0.0).rgb;
    vec3 color = sum / float(taps * taps);

    if (mirror.taps.w > 0.5) {
        const vec3 ray = vec3(at * mirror.ray_scale_offset.xy + mirror.ray_scale_offset.zw, -1.0);
        const float w = dot(mirror.panel_from_ray[2].xyz, ray);
        const vec2 uv = vec2(dot(mirror.panel_from_ray[0].xyz, ray), dot(mirror.panel_from_ray[1].xyz, ray)) / max(w, 1e-6);
        if (w > 0.0 && all(greaterThanEqual(uv, vec2(0.0))) && all(lessThanEqual(uv, vec2(1.0)))) {
            const vec4 panel = textureLod(panel_picture, uv, 0.0);
            color = mix(color, panel.rgb, panel.a);
        }
    }
    out_color = vec4(color, 1.0);
}
