// SPDX-License-Identifier: Apache-2.0
// What is seen through: glass and liquids, and surfaces with an alpha. Two outputs: what is added, and what is let through, by colour.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shading.glsl"

layout(location = 0, index = 0) out vec4 out_added;
layout(location = 0, index = 1) out vec4 out_through;

void main() {
    const vec4 base = base_color();
    const vec2 material = metallic_roughness();
    const vec3 n = surface_normal(), v = normalize(to_eye_m);
    const float n_dot_v = clamp(dot(n, v), 0.0, 1.0);
    const vec3 lit = diffuse_light();
    const float transmission = draw.surface.z;

    const vec2 brdf = environment_brdf(material.y, n_dot_v);
    const vec3 f0 = mix(vec3(0.04), base.rgb, material.x);
    const vec3 fresnel = f0 * brdf.x + brdf.y;
    const vec3 reflected = radiance_along(reflect(-v, n), material.y) * fresnel;

    // A thing is tinted where light enters it and not again where it leaves, so a closed bottle and an open glass agree.
    const float strongest = max(base.r, max(base.g, base.b));
    const float color_depth = gl_FrontFacing ? (strongest - min(base.r, min(base.g, base.b))) * transmission : 0.0;
    const vec3 tint = gl_FrontFacing ? base.rgb : vec3(1.0);
    // Towards the rim a solid piece of glass bends what is behind out of sight and shows the room instead; a coloured drink, a lens,
    // does so all over and glows a little with the light that falls on it.
    const float rim = 1.0 - n_dot_v;
    const float bent = clamp(rim * rim * 0.8 + color_depth * 0.45, 0.0, 0.9);
    const vec3 refracted = radiance_along(refract(-v, n, 0.75), 0.3) * tint;
    const vec3 glow = base.rgb * lit * (color_depth * 0.35);

    const float solid = base.a * (1.0 - transmission);
    const vec3 body = base.rgb * (1.0 - material.x) * lit * solid;
    const vec3 clear_part = (1.0 - fresnel) * transmission;
    const vec3 added = reflected * mix(base.a, 1.0, transmission) + body + glow + refracted * clear_part * bent + emissive() * base.a;
    out_added = vec4(tone_map(added), 1.0);
    out_through = vec4(clear_part * tint * (1.0 - bent) + (1.0 - transmission) * (1.0 - base.a), 1.0);
}
