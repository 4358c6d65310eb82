// SPDX-License-Identifier: Apache-2.0
#include "engine/render/arrival.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/content/bc7.h"
#include "engine/gpu/check.h"
#include "engine/render/shadow.h"

namespace accalmie::render {
namespace {

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) { return std::as_bytes(std::span(values)); }

std::int16_t signed_fraction(float value) { return static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0f, 1.0f) * 32767.0f)); }

constexpr std::array<std::uint32_t, 1> kWhite{0xFFFFFFFFU};

Result<void> make_texture(gpu::Device& device, Upload& upload, gpu::Image& image, VkFormat format, VkExtent2D extent,
    const std::vector<std::span<const std::byte>>& levels, std::function<void()> release = {}) {
    auto made = gpu::Image::create(device, {.format = format, .extent = extent, .mips = static_cast<std::uint32_t>(levels.size()),
                                            .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
    if (!made) return std::unexpected(std::move(made.error()));
    image = std::move(*made);
    upload.to_image(image, {}, levels, std::move(release));
    return {};
}

constexpr std::size_t kMostLostLevels = 4;  // a sixteenth of a side: less would show nothing of a label or a face

// What a picture keeps when the largest levels are left out; its last level always.
struct Kept {
    std::uint32_t first;
    VkExtent2D extent;
    Kept(const content::Image& image, std::uint32_t lost)
        : first(std::min(lost, static_cast<std::uint32_t>(image.mips.size()) - 1)), extent{std::max(image.width >> first, 1U), std::max(image.height >> first, 1U)} {}
};

Result<void> allocate_pictures(gpu::Device& device, GpuScene& scene, const std::vector<content::Image>& images) {
    scene.textures.clear();
    scene.textures.resize(images.size());  // the upload points at them
    for (std::size_t i = 0; i < images.size(); ++i) {
        const Kept kept(images[i], scene.lost_levels);
        auto made = gpu::Image::create(device, {.format = images[i].bc7 ? VK_FORMAT_BC7_UNORM_BLOCK : VK_FORMAT_R8G8B8A8_UNORM, .extent = kept.extent, .mips = static_cast<std::uint32_t>(images[i].mips.size()) - kept.first,
                                                .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
        if (!made) return std::unexpected(std::move(made.error()));
        scene.textures[i] = std::move(*made);
    }
    return {};
}

// Last of a scene's allocations, since they can give way: where memory ends, all of them lose their largest level, again and again.
Result<void> make_pictures(gpu::Device& device, Upload& upload, GpuScene& scene, std::vector<content::Image>& images) {
    std::size_t most = 0;
    for (const content::Image& image : images) most = std::max(most, image.mips.size());
    for (auto made = allocate_pictures(device, scene, images); !made; made = allocate_pictures(device, scene, images)) {
        if (!gpu::out_of_memory(made.error()) || scene.lost_levels == kMostLostLevels || scene.lost_levels + 1 >= most) return made;
        ++scene.lost_levels;
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        std::vector<std::span<const std::byte>> levels;
        for (const auto& mip : std::span(images[i].mips).subspan(Kept(images[i], scene.lost_levels).first)) levels.push_back(bytes_of(mip));
        upload.to_image(scene.textures[i], images[i].bc7 ? TexelBlock{content::kBc7Bytes, content::kBc7Side} : TexelBlock{}, levels, [&image = images[i]] { image.mips = {}; });
    }
    return {};
}

Result<void> make_environment(gpu::Device& device, Upload& upload, gpu::Image& image, content::EnvironmentLight& light) {
    std::vector<std::span<const std::byte>> levels;
    std::size_t first = 0;
    for (std::uint32_t mip = 0; mip < light.mips; ++mip) {
        const std::size_t side = light.size >> mip;
        levels.push_back(std::as_bytes(std::span(light.texels).subspan(first, side * side)));
        first += side * side;
    }
    return make_texture(device, upload, image, VK_FORMAT_E5B9G9R9_UFLOAT_PACK32, {light.size, light.size}, levels, [&light] { light.texels = {}; });
}

// The scene and the asset keep their addresses until all is copied: the upload points at both.
Result<void> make_textures(gpu::Device& device, Upload& upload, GpuScene& scene, content::SceneAsset& asset) {
    ACCALMIE_TRY(make_texture(device, upload, scene.white, VK_FORMAT_R8G8B8A8_UNORM, {1, 1}, {std::as_bytes(std::span(kWhite))}));
    if (!asset.light_map_texels.empty())
        ACCALMIE_TRY(make_texture(device, upload, scene.light_map, VK_FORMAT_E5B9G9R9_UFLOAT_PACK32, {asset.light_map_width, asset.light_map_height},
            {bytes_of(asset.light_map_texels)}, [&asset] { asset.light_map_texels = {}; }));
    scene.probes.resize(std::min(asset.probes.size(), content::kMostProbes));
    for (std::size_t i = 0; i < scene.probes.size(); ++i) {
        scene.probes[i].surroundings = surroundings_of(asset.probes[i]);
        ACCALMIE_TRY(make_environment(device, upload, scene.probes[i].environment, asset.probes[i].light));
    }
    ACCALMIE_TRY(make_environment(device, upload, scene.environment, asset.environment_light));
    return make_pictures(device, upload, scene, asset.images);
}

Result<void> make_buffer(gpu::Device& device, Upload& upload, gpu::Buffer& buffer, VkBufferUsageFlags usage, std::span<const std::byte> bytes, std::function<void()> release) {
    auto made = gpu::Buffer::create(device, bytes.size(), usage | VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Memory::device);
    if (!made) return std::unexpected(std::move(made.error()));
    buffer = std::move(*made);
    upload.to_buffer(buffer, bytes, std::move(release));
    return {};
}

Result<void> make_geometry(gpu::Device& device, Arrival& arrival) {
    arrival.vertices.resize(arrival.asset.vertices.size());
    std::ranges::transform(arrival.asset.vertices, arrival.vertices.begin(), pack);
    arrival.asset.vertices = {};
    lay_out(arrival.asset, arrival.vertices, arrival.scene->people);
    const VkBufferUsageFlags bent = arrival.asset.figures.empty() ? 0 : VK_BUFFER_USAGE_STORAGE_BUFFER_BIT;
    ACCALMIE_TRY(make_buffer(device, arrival.upload, arrival.scene->vertices, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | bent, bytes_of(arrival.vertices), [&arrival] { arrival.vertices = {}; }));
    return make_buffer(device, arrival.upload, arrival.scene->indices, VK_BUFFER_USAGE_INDEX_BUFFER_BIT, bytes_of(arrival.asset.indices), [&arrival] { arrival.asset.indices = {}; });
}

Result<void> make_sets(GpuScene& scene, const Pipelines& pipelines, const ShadowPass& shadow, VkBuffer frames, const content::SceneAsset& asset) {
    const auto materials = static_cast<std::uint32_t>(asset.materials.size());
    const auto scene_sets = static_cast<std::uint32_t>(1 + scene.probes.size());
    const std::array sizes{VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER_DYNAMIC, scene_sets},
        VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 3 * scene_sets + 4 * materials}};
    const VkDescriptorPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = scene_sets + materials,
        .poolSizeCount = sizes.size(), .pPoolSizes = sizes.data()};
    ACCALMIE_VK_TRY(vkCreateDescriptorPool(scene.device, &pool, nullptr, &scene.pool));

    std::vector<VkDescriptorSetLayout> layouts(scene_sets + materials, pipelines.material_set());
    std::fill_n(layouts.begin(), scene_sets, pipelines.scene_set());
    std::vector<VkDescriptorSet> sets(layouts.size());
    const VkDescriptorSetAllocateInfo allocate{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, .descriptorPool = scene.pool,
        .descriptorSetCount = scene_sets + materials, .pSetLayouts = layouts.data()};
    ACCALMIE_VK_TRY(vkAllocateDescriptorSets(scene.device, &allocate, sets.data()));
    scene.scene_set = sets[0];
    for (std::size_t i = 0; i < scene.probes.size(); ++i) scene.probes[i].set = sets[1 + i];
    scene.material_sets.assign(sets.begin() + scene_sets, sets.end());

    const auto write_image = [&](VkDescriptorSet set, std::uint32_t binding, VkSampler sampler, const gpu::Image& image) {
        const VkDescriptorImageInfo info{sampler, image.view(), VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
        const VkWriteDescriptorSet write{.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, .dstSet = set, .dstBinding = binding, .descriptorCount = 1,
                                         .descriptorType = VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, .pImageInfo = &info};
        vkUpdateDescriptorSets(scene.device, 1, &write, 0, nullptr);
    };
    const auto write_scene = [&](VkDescriptorSet set, const gpu::Image& environment) {
        const VkDescriptorBufferInfo buffer{frames, 0, sizeof(shader::FrameBlock)};
        const VkWriteDescriptorSet write{.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, .dstSet = set, .dstBinding = ACCALMIE_BIND_FRAME, .descriptorCount = 1,
                                         .descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER_DYNAMIC, .pBufferInfo = &buffer};
        vkUpdateDescriptorSets(scene.device, 1, &write, 0, nullptr);
        write_image(set, ACCALMIE_BIND_LIGHT_MAP, pipelines.map_sampler(), scene.light_map.handle() != VK_NULL_HANDLE ? scene.light_map : scene.white);
        write_image(set, ACCALMIE_BIND_ENVIRONMENT, pipelines.map_sampler(), environment);
        write_image(set, ACCALMIE_BIND_SHADOW, shadow.sampler(), scene.shadowed ? shadow.map() : shadow.none());
    };
    write_scene(scene.scene_set, scene.environment);
    for (const GpuProbe& probe : scene.probes) write_scene(probe.set, probe.environment);
    for (std::size_t i = 0; i < materials; ++i) {
        const content::Material& material = asset.materials[i];
        const std::array images{material.base_color_image, material.metallic_roughness_image, material.normal_image, material.emissive_image};
        for (std::uint32_t slot = 0; slot < images.size(); ++slot)
            write_image(scene.material_sets[i], slot, pipelines.tiled_sampler(),
                images[slot] >= 0 ? scene.textures[static_cast<std::size_t>(images[slot])] : scene.white);
    }
    return {};
}

shader::DrawBlock block_of(const content::Material& material, const glm::mat4& world_from_node) {
    shader::DrawBlock block{};
    const glm::mat4 rows = glm::transpose(world_from_node);
    for (int i = 0; i < 3; ++i) block.world_from_node[i] = rows[i];
    block.base_color = material.base_color;
    block.emissive = glm::vec4(material.emissive, material.alpha_cutoff);
    // A perfect mirror aliases on every edge of a normal map; nothing real is that smooth.
    block.surface = {material.metallic, std::max(material.roughness, 0.03f), material.transmission, 0};
    return block;
}

// Nodes of one id are one cue. A scene has a handful of them; those beyond 65535 are none.
std::uint16_t cue_number(GpuScene& scene, const content::Node& node) {
    if (!node.cue) return 0;
    const auto known = std::ranges::find(scene.cues, node.cue_id);
    const auto place = static_cast<std::size_t>(known - scene.cues.begin());
    if (place >= 0xFFFF) return 0;
    if (known == scene.cues.end()) scene.cues.push_back(node.cue_id);
    return static_cast<std::uint16_t>(place + 1);
}

// A glow is one card; a column of smoke as many as it has, in a fixed order (cards.h).
void add_cards(GpuScene& scene, DrawItem item, const content::Node& node, const content::Primitive& quad, std::uint32_t seed) {
    item.block = card_block(item.block, node.world_from_node);
    item.box = card_box(node.world_from_node, quad, node.smoke);
    item.idle = Idle::none;
    item.mirrored = item.double_sided = false;
    if (node.smoke) item.puff = {.smoke = *node.smoke, .seed = seed};
    const int cards = node.smoke ? node.smoke->cards : 1;
    for (; item.puff.number < cards; ++item.puff.number) scene.items.push_back(item);
}

Card card_of(const content::Node& node) { return node.smoke ? Card::smoke : node.glow ? Card::glow : Card::none; }

Result<void> make_items(GpuScene& scene, Pipelines& pipelines, const content::SceneAsset& asset) {
    const bool has_light_map = !asset.light_map_texels.empty();
    for (const content::Node& node : asset.nodes) {
        if (node.mesh < 0) continue;
        for (const content::Primitive& primitive : asset.meshes[static_cast<std::size_t>(node.mesh)].primitives) {
            const content::Material& material = asset.materials[static_cast<std::size_t>(primitive.material)];
            Variant variant;
            if (material.alpha_mode == content::AlphaMode::mask) variant.pass = Pass::mask;
            if (material.alpha_mode == content::AlphaMode::blend || material.transmission > 0) variant.pass = Pass::clear;
            variant.base_color = material.base_color_image >= 0;
            variant.metallic_roughness = material.metallic_roughness_image >= 0;
            variant.normal = material.normal_image >= 0;
            variant.emissive = material.emissive_image >= 0;
            variant.light_map = node.light_mapped && has_light_map;
            if (variant.pass != Pass::clear) {  // glass shows lamps by what it reflects
                variant.lights = static_cast<std::uint8_t>(asset.lights.size());
                variant.shadow = scene.shadowed;
            }
            if (card_of(node) != Card::none)
                variant = {.pass = Pass::clear, .base_color = variant.base_color, .emissive = variant.emissive, .lights = static_cast<std::uint8_t>(asset.lights.size()), .card = card_of(node)};
            auto pipeline = pipelines.pipeline(variant);
            if (!pipeline) return std::unexpected(std::move(pipeline.error()));

            DrawItem item{.block = block_of(material, node.world_from_node), .box = transformed(node.world_from_node, primitive.bounds_min, primitive.bounds_max)};
            item.pipeline = *pipeline;
            item.first_index = primitive.first_index;
            item.index_count = primitive.index_count;
            item.vertex_offset = primitive.vertex_offset;
            item.material = static_cast<std::uint32_t>(primitive.material);
            item.level_min = node.level_min;
            item.level_max = node.level_max;
            item.pass = variant.pass;
            item.card = variant.card;
            item.idle = node.sway == "breathe" ? Idle::breathe : node.sway == "sway" ? Idle::sway : Idle::none;
            item.idle_pivot = node.idle_pivot;
            item.mirrored = glm::determinant(glm::mat3(node.world_from_node)) < 0;
            item.double_sided = material.double_sided;
            item.cue = cue_number(scene, node);
            draw_bent(scene.people, node, item);
            item.probe = probe_at(asset.probes, item.box.center);
            if (item.idle != Idle::none) item.box.half += glm::vec3(0.05f);  // room for its motion
            if (item.card != Card::none) add_cards(scene, item, node, primitive, static_cast<std::uint32_t>(&node - asset.nodes.data()));
            else scene.items.push_back(item);
        }
    }
    return {};
}

shader::LightBlock block_of(const content::DynamicLight& light) {
    using Kind = content::DynamicLight::Kind;
    shader::LightBlock block{};
    const float end = light.range_m > 0 ? 1 / (light.range_m * light.range_m) : 0;
    block.position_m = glm::vec4(light.position_m, light.kind == Kind::sun ? -1 : end);
    // The cone as KHR_lights_punctual has it: clamp(cos * scale + offset), squared by the shader. Other lights shine all round.
    const float scale = light.kind == Kind::spot ? 1 / std::max(light.inner_cone_cos - light.outer_cone_cos, 1e-3f) : 0;
    block.direction = glm::vec4(light.direction, scale);
    block.color = glm::vec4(light.color, light.kind == Kind::spot ? -light.outer_cone_cos * scale : 1);
    return block;
}

void fill_lights(GpuScene& scene, const content::SceneAsset& asset, std::uint32_t shadow_size, const Box& room) {
    for (std::size_t i = 0; i < std::min<std::size_t>(asset.lights.size(), ACCALMIE_MOST_LIGHTS); ++i) scene.frame.lights[i] = block_of(asset.lights[i]);
    if (!scene.shadowed) return;
    scene.frame.shadow_from_world = shadow_from_world(asset.lights.front(), room);
    // Two texels off the surface hide the map's own grid at the angles that light falls in rooms.
    scene.frame.shadow = {1 / static_cast<float>(shadow_size), 2 * shadow_texel_m(asset.lights.front(), room, shadow_size), 0, 0};
}

// The part of the frame block that belongs to the scene. The room is what is light-mapped: the shell and its furniture.
void fill_frame(GpuScene& scene, const content::SceneAsset& asset, std::uint32_t shadow_size) {
    shader::FrameBlock& frame = scene.frame;
    glm::vec3 minimum(1e9f), maximum(-1e9f);
    for (const DrawItem& item : scene.items) {
        if (item.card != Card::none) continue;  // smoke is no wall
        minimum = glm::min(minimum, item.box.center - item.box.half);
        maximum = glm::max(maximum, item.box.center + item.box.half);
    }
    fill_lights(scene, asset, shadow_size, {(minimum + maximum) * 0.5f, (maximum - minimum) * 0.5f});
    put({minimum, maximum, asset.environment_center_m, asset.environment_light.irradiance}, frame);
    if (asset.key_light) {
        frame.key_position_m = glm::vec4(asset.key_light->position_m, 0);
        frame.key_color = glm::vec4(asset.key_light->color, 0);
    }
    scene.background = asset.background;
    scene.exposure = asset.exposure;
}

}  // namespace

PackedVertex pack(const content::Vertex& vertex) {
    PackedVertex packed{.position = vertex.position, .normal = {}, .tangent = {}, .uv0 = vertex.uv0, .uv1 = {}};
    for (int i = 0; i < 3; ++i) packed.normal[static_cast<std::size_t>(i)] = signed_fraction(vertex.normal[i]);
    for (int i = 0; i < 4; ++i) packed.tangent[static_cast<std::size_t>(i)] = signed_fraction(vertex.tangent[i]);
    for (int i = 0; i < 2; ++i) packed.uv1[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(std::lround(std::clamp(vertex.uv1[i], 0.0f, 1.0f) * 65535.0f));
    return packed;
}

GpuScene::~GpuScene() {
    if (pool != VK_NULL_HANDLE) vkDestroyDescriptorPool(device, pool, nullptr);
    if (people.pool != VK_NULL_HANDLE) vkDestroyDescriptorPool(device, people.pool, nullptr);
}

Result<PreparedScene> prepare_arrival(const Foundations& on, content::SceneAsset asset) {
    if (!asset.prepared) return std::unexpected(Error{.message = "the scene was not prepared", .hint = "call content::prepare first", .file = asset.name});
    if (asset.vertices.empty() || asset.indices.empty()) return std::unexpected(Error{.message = "the scene has no triangles", .hint = {}, .file = asset.name});
    PreparedScene arrival(new Arrival());
    arrival->asset = std::move(asset);
    arrival->scene = std::make_unique<GpuScene>();
    GpuScene& scene = *arrival->scene;
    content::SceneAsset& from = arrival->asset;
    scene.device = on.device.handles().device;
    scene.shadowed = !from.lights.empty() && from.lights.front().casts_shadow;
    if (scene.shadowed) ACCALMIE_TRY(on.shadow.make_map(on.device));
    ACCALMIE_TRY(make_geometry(on.device, *arrival));
    ACCALMIE_TRY(fill_buffers(on.device, arrival->upload, scene.people));
    ACCALMIE_TRY(on.people.bind(scene));
    ACCALMIE_TRY(arrival->upload.make_staging(on.device));
    ACCALMIE_TRY(make_textures(on.device, arrival->upload, scene, from));
    ACCALMIE_TRY(make_sets(scene, on.pipelines, on.shadow, on.frames, from));
    ACCALMIE_TRY(make_items(scene, on.pipelines, from));
    fill_frame(scene, from, on.shadow.size());
    arrival->course = WarmUp::course_of(scene);
    arrival->shadow_due = scene.shadowed;
    return arrival;
}

}  // namespace accalmie::render
