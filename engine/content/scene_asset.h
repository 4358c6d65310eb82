// SPDX-License-Identifier: Apache-2.0
// Owns: a scene's content on the CPU side: what a .glb and its baked maps decode to. Reading a hostile file gives an Error, never a crash.
// Never: touches the GPU. Thread: any; load on a worker, hand the value to the renderer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

#include "engine/content/figure.h"
#include "engine/error.h"

namespace accalmie::content {

struct Vertex {
    glm::vec3 position;
    glm::vec3 normal;
    glm::vec4 tangent;
    glm::vec2 uv0;   // tiled base textures
    glm::vec2 uv1;   // light map
};

enum class AlphaMode : std::uint8_t { opaque, mask, blend };

struct Image {
    std::uint32_t width = 0, height = 0;
    std::vector<std::uint8_t> rgba;                // as read; empty once prepared
    bool srgb = true;
    std::vector<std::vector<std::uint8_t>> mips;   // prepared: level 0 first; colour is stored as its square root (see textures.h)
    bool bc7 = false;                              // the mips are BC7 blocks of that (texture_cache.h)
};

struct Material {
    std::string name;
    glm::vec4 base_color{1};
    float metallic = 1, roughness = 1;
    glm::vec3 emissive{0};           // with KHR_materials_emissive_strength applied
    float transmission = 0;          // KHR_materials_transmission: drawn as thin glass, tinted by base_color
    float alpha_cutoff = 0.5f;
    AlphaMode alpha_mode = AlphaMode::opaque;
    bool double_sided = false;
    int base_color_image = -1;
    int metallic_roughness_image = -1;
    int normal_image = -1;
    int emissive_image = -1;
};

struct Primitive {
    std::uint32_t first_index = 0, index_count = 0;
    std::int32_t vertex_offset = 0;
    int material = 0;
    glm::vec3 bounds_min, bounds_max;
};

struct Mesh {
    std::vector<Primitive> primitives;
    int deform = -1;  // of SceneAsset::deforms; -1: it keeps its shape
};

// Smoke or steam that rises from a node and thins out: extras {"smoke": {"cards": 12, "rise_m": 0.5, "spread_m": 0.15, "period_s": 6,
// "grow": 2.5}} (each may be left out, not all: the parser drops an empty object). The mesh is a quad that stands in the node's x and y; only the node's place and scale count. Each card is born thin, rises
// in a period, drifts up to spread_m aside, is grow times as large in the end and thin again.
struct Smoke {
    int cards = 12;
    float rise_m = 0.5f, spread_m = 0.15f, period_s = 6, grow = 2.5f;
};

// glTF node extras set the cue range: {"level_min": 1, "level_max": 3}; without them a node is shown at every level.
struct Node {
    std::string name;
    int mesh = -1;
    glm::mat4 world_from_node{1};
    int level_min = 0;
    int level_max = 1'000;
    bool cue = false;         // extras {"cue": "beer-glass"}: counts as a cue for the stop guarantee and the dose
    std::string cue_id;
    bool light_mapped = false;  // extras {"lightmap": true}: uv1 indexes the light map; else lit by the environment alone
    std::string sway;           // extras {"idle": "breathe"|"sway"}: slow idle motion by formula, for people
    std::optional<Smoke> smoke;
    bool glow = false;          // extras {"card": "glow"}: a quad that faces the head and adds its emissive light, thinned by its alpha
    glm::vec3 idle_pivot{0};    // world point the idle motion is about: the origin of the node that carries the extra
    int figure = -1;            // of SceneAsset::figures: the mesh is skinned, morphed or moved by an animation
    float phase_s = 0;          // extras {"phase_s": 1.5}: how far ahead its animation is; holds for the children
    std::string animation;      // extras {"animation": "NAME"}: that one alone; else whichever moves it, the file's first where they differ
};

// Light that arrives from all around the patient's seat, prepared from the environment picture.
struct EnvironmentLight {
    std::array<glm::vec3, 9> irradiance{};  // L2 spherical harmonics of irradiance / pi, constants folded in (radiance.h)
    std::uint32_t size = 0, mips = 0;       // octahedral map with a border, one mip a roughness step
    std::vector<std::uint32_t> texels;      // E5B9G9R9, level 0 first
};

// One analytic light for what is not light-mapped (KHR_lights_punctual; the first of the file).
struct KeyLight {
    glm::vec3 position_m{0};
    glm::vec3 color{0};                     // radiant intensity, linear
};

// A light that is computed in every frame, not baked: KHR_lights_punctual on a node with the extras {"dynamic": true}. One of a scene may
// cast a shadow: {"dynamic": true, "shadow": true}.
struct DynamicLight {
    enum class Kind : std::uint8_t { sun, point, spot } kind = Kind::point;
    glm::vec3 position_m{0};
    glm::vec3 direction{0, 0, -1};          // where it shines, unit length; sun and spot
    glm::vec3 color{0};                     // linear: radiant intensity, for a sun irradiance
    float range_m = 0;                      // no light beyond; 0: no end
    float inner_cone_cos = 1, outer_cone_cos = 0;  // spot
    bool casts_shadow = false;
};
inline constexpr std::size_t kMostLocalLights = 4;  // beside the one that casts a shadow

// Light and reflections of one part of a scene, seen from its middle: an empty node with the extras {"probe": "NAME", "half_m": [x, y, z]}
// and the picture SCENE.environment.NAME.png beside the file. The box stands along the world's axes, however the node is turned; what has
// its middle in it is lit and mirrored by it, in the smallest of several.
struct ReflectionProbe {
    std::string name;
    glm::vec3 center_m{0}, half_m{1};
    std::optional<Image> picture;           // equirectangular RGBM; its texels go when the scene is prepared
    EnvironmentLight light;                 // filled by prepare()
};
inline constexpr std::size_t kMostProbes = 4;  // beside the scene's own environment

// Radiance maps: RGBM PNG (sqrt, range 64; facts: 0.10 % error) decoded to linear RGB by the shader.
struct SceneAsset {
    std::string name;
    std::vector<Vertex> vertices;
    std::vector<std::uint32_t> indices;
    std::vector<Mesh> meshes;
    std::vector<Node> nodes;
    std::vector<Material> materials;
    std::vector<Image> images;
    std::vector<Deform> deforms;
    std::vector<Figure> figures;
    std::vector<float> keys;               // of all tracks
    std::optional<Image> light_map;        // NAME.lightmap.png, RGBM
    std::optional<Image> environment;      // NAME.environment.png, equirectangular RGBM, seen from the patient's seat
    float exposure = 1;                    // from scene.toml
    glm::vec3 background{0};               // linear
    std::optional<KeyLight> key_light;
    std::vector<DynamicLight> lights;      // the one with a shadow first
    glm::vec3 environment_center_m{0, 1.2f, 0};  // where the environment was seen from: the seat's eye point
    std::vector<ReflectionProbe> probes;

    // Filled by prepare(); the renderer takes only a prepared scene.
    bool prepared = false;
    std::uint32_t light_map_width = 0, light_map_height = 0;
    std::vector<std::uint32_t> light_map_texels;  // E5B9G9R9
    EnvironmentLight environment_light;
};

// Reads assets/scenes/NAME.glb and the maps beside it, prepared.
Result<SceneAsset> load_scene_asset(const std::string& glb_path);

// The CPU's share of an upload, so that the frame thread has only copies to do: mips, light map and environment in the
// GPU's formats, vertex order. Done by load_scene_asset; a scene made in code calls it itself.
void prepare(SceneAsset& asset);

}  // namespace accalmie::content
