// SPDX-License-Identifier: Apache-2.0
// What the fragment shaders share: material, light from around, tone map. Kept lean: on the software driver each fetch counts.
#extension GL_GOOGLE_include_directive : require
#include "shared.h"

layout(constant_id = ACCALMIE_SPEC_BASE_COLOR) const bool kBaseColor = false;
layout(constant_id = ACCALMIE_SPEC_METALLIC_ROUGHNESS) const bool kMetallicRoughness = false;
layout(constant_id = ACCALMIE_SPEC_NORMAL) const bool kNormal = false;
layout(constant_id = ACCALMIE_SPEC_EMISSIVE) const bool kEmissive = false;
layout(constant_id = ACCALMIE_SPEC_LIGHT_MAP) const bool kLightMap = false;
layout(constant_id = ACCALMIE_SPEC_LIGHTS) const int kLights = 0;
layout(constant_id = ACCALMIE_SPEC_SHADOW) const bool kShadow = false;
layout(constant_id = ACCALMIE_SPEC_SHADOW_TAPS) const int kShadowTaps = 1;

layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_FRAME, std140) uniform Frame { FrameBlock frame; };
layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_LIGHT_MAP) uniform sampler2D light_map;
layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_ENVIRONMENT) uniform sampler2D environment;
layout(set = ACCALMIE_SET_SCENE, binding = ACCALMIE_BIND_SHADOW) uniform sampler2DShadow shadow_map;
layout(set = ACCALMIE_SET_MATERIAL, binding = ACCALMIE_BIND_BASE_COLOR) uniform sampler2D base_color_map;
layout(set = ACCALMIE_SET_MATERIAL, binding = ACCALMIE_BIND_METALLIC_ROUGHNESS) uniform sampler2D metallic_roughness_map;
layout(set = ACCALMIE_SET_MATERIAL, binding = ACCALMIE_BIND_NORMAL) uniform sampler2D normal_map;
layout(set = ACCALMIE_SET_MATERIAL, binding = ACCALMIE_BIND_EMISSIVE) uniform sampler2D emissive_map;
layout(push_constant) uniform Draw { layout(offset = ACCALMIE_SURFACE_OFFSET) SurfaceBlock draw; };

layout(location = 0) in vec4 in_world_m_u0;
layout(location = 1) in vec4 in_normal_v0;
layout(location = 2) in vec4 in_light_eye;
layout(location = 3) in vec4 tangent;
vec3 world_m = in_world_m_u0.xyz, normal = in_normal_v0.xyz, light = in_light_eye.xyz;
vec2 uv0 = vec2(in_world_m_u0.w, in_normal_v0.w), uv1 = in_light_eye.xy;  // uv1: with a light map only
vec3 to_eye_m = (in_light_eye.w > 0.5 ? frame.eye_m[1].xyz : frame.eye_m[0].xyz) - world_m;

float luminance(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// Colour maps hold square roots (content/textures.h).
vec4 base_color() {
    if (!kBaseColor) return draw.base_color;
    const vec4 root = texture(base_color_map, uv0);
    return draw.base_color * vec4(root.rgb * root.rgb, root.a);
}

vec2 metallic_roughness() {
    if (!kMetallicRoughness) return draw.surface.xy;
    return draw.surface.xy * texture(metallic_roughness_map, uv0).bg;
}

vec3 emissive() {
    if (!kEmissive) return draw.emissive.rgb;
    const vec3 root = texture(emissive_map, uv0).rgb;
    return draw.emissive.rgb * root * root;
}

vec3 surface_normal() {
    vec3 n = normal;
    if (kNormal) {
        const vec3 t = texture(normal_map, uv0).xyz * 2.0 - 1.0;
        n = tangent.xyz * t.x + cross(normal, tangent.xyz) * (tangent.w * t.y) + normal * t.z;
    }
    n = normalize(n);
    return gl_FrontFacing ? n : -n;
}

vec3 diffuse_light() {
    return kLightMap ? texture(light_map, uv1).rgb : light;
}

// Radiance from direction d as seen from here: the environment was seen from the seat, so the ray is followed to the room's box first.
vec3 radiance_along(vec3 d, float roughness) {
    const vec3 wall = mix(frame.room_min_m.xyz, frame.room_max_m.xyz, greaterThan(d, vec3(0.0)));
    const vec3 reach = (wall - world_m) / d;
    const vec3 q = world_m + d * max(min(reach.x, min(reach.y, reach.z)), 0.0) - frame.environment_center_m.xyz;
    const vec3 a = abs(q);
    vec2 p = q.xz / (a.x + a.y + a.z);
    const vec2 folded = (1.0 - abs(p.yx)) * vec2(p.x >= 0.0 ? 1.0 : -1.0, p.y >= 0.0 ? 1.0 : -1.0);
    p = q.y >= 0.0 ? p : folded;
    return textureLod(environment, p * ACCALMIE_OCTAHEDRAL_SCALE + 0.5, roughness * float(ACCALMIE_ENVIRONMENT_MIPS - 1)).rgb;
}

// Split-sum environment BRDF, the analytic fit of Karis, "Physically Based Shading on Mobile" (2014).
vec2 environment_brdf(float roughness, float n_dot_v) {
    const vec4 c0 = vec4(-1.0, -0.0275, -0.572, 0.022), c1 = vec4(1.0, 0.0425, 1.04, -0.04);
    const vec4 r = roughness * c0 + c1;
    const float a = min(r.x * r.x, exp2(-9.28 * n_dot_v)) * r.x + r.y;
    return vec2(-1.04, 1.04) * a + r.zw;
}

// How much of the first light arrives: 0 behind something, 1 in the open; what the map does not cover is in the open.
float shadow_light(vec3 n) {
    const vec4 at = frame.shadow_from_world * vec4(world_m + n * frame.shadow.y, 1.0);
    const vec3 p = vec3(at.xy / at.w * 0.5 + 0.5, at.z / at.w);
    if (at.w <= 0.0 || any(lessThan(p, vec3(0.0))) || any(greaterThan(p, vec3(1.0)))) return 1.0;
    if (kShadowTaps <= 1) return texture(shadow_map, p);
    float sum = 0.0;
    for (int y = 0; y < kShadowTaps; ++y)
        for (int x = 0; x < kShadowTaps; ++x)
            sum += texture(shadow_map, vec3(p.xy + (vec2(x, y) - 0.5 * float(kShadowTaps - 1)) * frame.shadow.x, p.z));
    return sum / float(kShadowTaps * kShadowTaps);
}

struct Direct {
    vec3 diffuse;   // irradiance / pi
    vec3 specular;
};

// The lights that are computed in every frame. Specular: GGX with the visibility term of Karis' mobile fit, no Fresnel edge (f0 is enough
// for lamps in a room). A light's range ends smoothly, as KHR_lights_punctual says.
Direct direct_light(vec3 n, vec3 v, vec3 f0, float roughness) {
    Direct sum = Direct(vec3(0.0), vec3(0.0));
    const float a = max(roughness * roughness, 0.002), a2 = a * a;
    for (int i = 0; i < kLights; ++i) {
        const vec4 place = frame.lights[i].position_m, aim = frame.lights[i].direction;
        const vec3 to = place.w < 0.0 ? -aim.xyz : place.xyz - world_m;
        const float d2 = max(dot(to, to), 1e-4);
        const vec3 l = to * inversesqrt(d2);
        const float n_dot_l = dot(n, l);
        if (n_dot_l <= 0.0) continue;
        float reach = 1.0;
        if (place.w >= 0.0) {
            const float end = clamp(1.0 - d2 * d2 * place.w * place.w, 0.0, 1.0);
            const float cone = clamp(dot(-l, aim.xyz) * aim.w + frame.lights[i].color.w, 0.0, 1.0);
            reach = end * cone * cone / max(d2, 0.0004);
        }
        if (kShadow && i == 0 && reach > 0.0) reach *= shadow_light(n);
        if (reach <= 0.0) continue;
        const vec3 arriving = frame.lights[i].color.rgb * (reach * n_dot_l * 0.31830989);
        const vec3 h = normalize(l + v);
        const float n_dot_h = clamp(dot(n, h), 0.0, 1.0), l_dot_h = clamp(dot(l, h), 0.0, 1.0);
        const float d = n_dot_h * n_dot_h * (a2 - 1.0) + 1.0;
        sum.diffuse += arriving;
        sum.specular += arriving * f0 * (a2 / (4.0 * d * d * max(l_dot_h * l_dot_h, 0.1) * (roughness + 0.5)));
    }
    return sum;
}

// A film-like curve of our own fit: middle grey stays where it is, blacks keep a slope (a bar at night is mostly black), highlights
// roll off to white at about eight times paper white. At the scene's fixed exposure: no eye adaptation, so that a cue has the same
// brightness for every patient.
vec3 tone_map(vec3 radiance) {
    const vec3 x = radiance * frame.exposure.x;
    return clamp(x * (1.03 * x + 0.0748) / (x * (x + 0.575) + 0.1246), 0.0, 1.0) * frame.exposure.y;
}

// Half a step of the 8-bit picture, from the pixel's place alone (Jimenez, "Interleaved gradient noise", 2014): dark walls show no bands.
vec3 dither(vec3 display) {
    const float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    return max(display + (noise / 255.0) * max(2.0 * sqrt(display), vec3(0.08)), 0.0);
}
