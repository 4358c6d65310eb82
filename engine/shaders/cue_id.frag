// SPDX-License-Identifier: Apache-2.0
// The cue's number; what is cut out, or too thin to be seen, is not there.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shared.h"

layout(constant_id = ACCALMIE_SPEC_ALPHA_MASK) const bool kAlphaMask = false;

layout(set = ACCALMIE_SET_MATERIAL, binding = ACCALMIE_BIND_BASE_COLOR) uniform sampler2D base_color_map;
layout(push_constant) uniform Draw { layout(offset = ACCALMIE_SURFACE_OFFSET) SurfaceBlock draw; };

layout(location = 0) in vec2 uv0;
layout(location = 0) out uint out_cue;

void main() {
    if (kAlphaMask) {
        const float alpha = texture(base_color_map, uv0).a * draw.base_color.a;  // white where the material has no picture
        if (alpha < draw.emissive.w) discard;
    }
    out_cue = uint(draw.surface.w);
}
