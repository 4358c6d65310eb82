// SPDX-License-Identifier: Apache-2.0
// Opaque surfaces, and cut-out ones with their edge spread over the samples.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shading.glsl"

layout(constant_id = ACCALMIE_SPEC_ALPHA_MASK) const bool kAlphaMask = false;

layout(location = 0) out vec4 out_color;

void main() {
    const vec4 base = base_color();
    float alpha = 1.0;
    if (kAlphaMask) {
        alpha = clamp((base.a - draw.emissive.w) / max(fwidth(base.a), 1e-3) + 0.5, 0.0, 1.0);
        if (alpha <= 0.0) discard;
    }
    const vec2 material = metallic_roughness();
    const vec3 n = surface_normal(), v = normalize(to_eye_m);
    const float n_dot_v = clamp(dot(n, v), 0.0, 1.0);
    const vec3 lit = diffuse_light();

    const vec3 f0 = mix(vec3(0.04), base.rgb, material.x);
    const vec2 brdf = environment_brdf(material.y, n_dot_v);
    const vec3 mirrored = reflect(-v, n);
    // Where little light falls little is seen from, so reflections fade there too.
    const float open = clamp(luminance(lit) * frame.environment_center_m.w, 0.0, 1.0);
    const vec3 specular = radiance_along(mirrored, material.y) * (f0 * brdf.x + brdf.y) * open;
    vec3 diffuse = base.rgb * (1.0 - material.x) * lit, direct_specular = vec3(0.0);
    if (kLights > 0) {
        const Direct direct = direct_light(n, v, f0, material.y);
        diffuse += base.rgb * (1.0 - material.x) * direct.diffuse;
        direct_specular = direct.specular;
    }
    out_color = vec4(dither(tone_map(diffuse + specular + direct_specular + emissive())), alpha);
}
