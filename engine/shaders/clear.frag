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

    // Towards the rim a solid piece of glass bends what is behind out of sight and shows the room instead.
    const float rim = 1.0 - n_dot_v;
    const float bent = rim * rim * 0.85;
    const vec3 tint = base.rgb * sqrt(base.rgb + 0.0001) / sqrt(max(base.rgb * n_dot_v + 0.0001, 0.02));
    const vec3 path = mix(base.rgb, min(tint, base.rgb), rim);
    const vec3 refracted = radiance_along(refract(-v, n, 0.75), 0.25) * path;

    const float solid = base.a * (1.0 - transmission);
    const vec3 body = base.rgb * (1.0 - material.x) * lit * solid;
    const vec3 clear_part = (1.0 - fresnel) * transmission;
    const vec3 added = reflected * mix(base.a, 1.0, transmission) + body + refracted * clear_part * bent + emissive() * base.a;
    out_added = vec4(tone_map(added), 1.0);
    out_through = vec4(clear_part * path * (1.0 - bent) + (1.0 - transmission) * (1.0 - base.a), 1.0);
}
