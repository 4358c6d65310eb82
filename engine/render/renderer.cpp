// SPDX-License-Identifier: Apache-2.0
#include "engine/render/renderer.h"

#include <algorithm>
#include <bit>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <format>
#include <map>

#include "engine/gpu/check.h"
#include "engine/render/draw_constants.h"
#include "engine/gpu/commands.h"
#include "engine/render/arrival.h"
#include "engine/render/draw_list.h"
#include "engine/render/eye_pass.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/measures.h"
#include "engine/render/mirror.h"
#include "engine/render/people.h"
#include "engine/render/pipelines.h"
#include "engine/render/shadow.h"

namespace accalmie::render {
namespace {

constexpr std::size_t kFramesInFlight = 2;
constexpr std::size_t kLookSlot = kFramesInFlight;  // of the blocks: the picture that nobody is shown
constexpr std::size_t kWarmSlot = kLookSlot + 1;    // and the first draws of a scene on its way in, one a frame in flight
constexpr std::size_t kSlots = kWarmSlot + kFramesInFlight;
static_assert(Upload::kHalves == kFramesInFlight);
constexpr double kCopy_ms = 1.5;  // of a frame, for a scene on its way in
constexpr double kNoHurry_ms = 1e9;
constexpr std::uint32_t kTimes = 5;  // time stamps of a frame: before the people, before the shadow, before the scene, after it, after the measuring

// How far a head may turn between the culling and the submission without an object missing at the edge: 300 degrees a second for 10 ms.
constexpr float kLateTurn_rad = 0.0524f;

glm::mat4 clip_from_world(const xr::View& view) { return clip_from_eye(view.fov) * eye_from_world(view.world_from_eye); }

Error no_such_scene(SceneId scene) { return {.message = std::format("scene {} is not there to be drawn", scene), .hint = "add_scene first", .file = {}}; }

float tone_mapped(float radiance, float exposure, float brightness) {  // as shading.glsl has it, for the background
    const float x = radiance * exposure;
    return std::clamp(x * (1.03f * x + 0.0748f) / (x * (x + 0.575f) + 0.1246f), 0.0f, 1.0f) * brightness;
}

class VulkanRenderer final : public Renderer {
public:
    VulkanRenderer(gpu::Device& device, const Options& options) : device_(device), options_(options), eyes_(device, options_) {}
    ~VulkanRenderer() override;
    Result<void> init();

    Result<SceneId> add_scene(content::SceneAsset asset) override;
    Result<PreparedScene> prepare_scene(content::SceneAsset asset) override { return arrivals_.prepare({device_, pipelines_, shadow_, people_, frame_blocks_.handle()}, std::move(asset)); }
    SceneId begin_scene(PreparedScene prepared) override;
    bool has_scene(SceneId scene) const override { return scenes_.contains(scene); }
    Result<void> finish_scenes() override;
    void remove_scene(SceneId scene) override;
    std::uint32_t lost_levels(SceneId scene) const override;
    Result<void> set_hidden_mesh(const xr::HiddenMesh& mesh) override;
    Result<FrameStats> draw(const FrameInput& input, VkImage target) override;
    Result<void> upload_quad(VkImage target, VkExtent2D extent, std::span<const std::uint8_t> rgba) override { return mirror_->upload_quad(target, extent, rgba); }
    void forget_targets() override;
    Result<Picture> read_eye(VkImage target, int eye, const xr::View& view, const xr::Quad& quad, VkImage quad_image) override {
        return mirror_->read({target, eye, view, quad, quad_image != VK_NULL_HANDLE, options_.eye_extent, drawn_});
    }
    Result<bool> begin_mirror(VkImage target, int eye, const xr::View& view, const xr::Quad& quad, VkImage quad_image, VkExtent2D size) override {
        return mirror_->begin({target, eye, view, quad, quad_image != VK_NULL_HANDLE, size, drawn_});
    }
    Result<bool> poll_mirror(Picture& picture) override { return mirror_->poll(picture); }
    const CueViews* next_cues() override { return measures_.next_cues(); }
    const Luminance* next_luminance() override { return measures_.next_luminance(); }
    Result<void> finish_measures() override;
    Result<CueViews> look(const FrameInput& input) override;
    std::span<const std::string> cue_names(SceneId scene) const override;

private:
    struct Frame {
        gpu::Commands commands;
        VkQueryPool times = VK_NULL_HANDLE;
        bool timed = false;
    };
    std::uint32_t block_offset(std::size_t slot) const { return static_cast<std::uint32_t>(slot * kBlocksAFrame * frame_stride_); }
    VkExtent2D extent_of(const FrameInput& input) const { return input.extent.width == 0 || input.extent.height == 0 ? options_.eye_extent : input.extent; }
    struct GpuTimes {
        double people_ms = 0, shadow_ms = 0, scene_ms = 0, measure_ms = 0;
    };
    Result<GpuTimes> gpu_times(Frame& frame);
    void fill_frame_block(const GpuScene& scene, const FrameInput& input, const std::array<xr::View, 2>& views, std::size_t slot);
    EyePass::Targets targets_of(const GpuScene& scene, const FrameInput& input, VkImage target) const;
    FrameStats record_items(VkCommandBuffer commands, const GpuScene& scene, const FrameInput& input, std::uint32_t frame_offset, std::uint32_t pass) const;
    Result<void> wait_for_frames();
    void build_list(const GpuScene& scene, const FrameInput& input);
    Arrivals::Step step_in(VkCommandBuffer commands, std::size_t slot, double budget_ms);
    void let_in(PreparedScene arrived);

    gpu::Device& device_;
    Options options_;
    Pipelines pipelines_;
    People people_;
    ShadowPass shadow_;
    EyePass eyes_;
    std::unique_ptr<Mirror> mirror_;
    Measures measures_;
    gpu::Commands look_;  // of what is waited for
    gpu::Buffer frame_blocks_;
    VkDeviceSize frame_stride_ = 0;
    std::array<Frame, kFramesInFlight> frames_;
    std::uint64_t frame_number_ = 0;  // of the newest frame
    std::map<SceneId, std::unique_ptr<GpuScene>> scenes_;
    SceneId next_scene_ = 1;
    VkExtent2D drawn_{};  // of the newest frame
    DrawList list_;
    Arrivals arrivals_;
};

Result<void> VulkanRenderer::init() {
    auto pipelines = Pipelines::create(device_, options_.color_format, options_.samples);
    if (!pipelines) return std::unexpected(std::move(pipelines.error()));
    pipelines_ = std::move(*pipelines);
    auto people = People::create(device_);
    if (!people) return std::unexpected(std::move(people.error()));
    people_ = std::move(*people);
    auto shadow = ShadowPass::create(device_, pipelines_.layout());
    if (!shadow) return std::unexpected(std::move(shadow.error()));
    shadow_ = std::move(*shadow);

    ACCALMIE_TRY(eyes_.init());

    VkPhysicalDeviceProperties properties{};
    vkGetPhysicalDeviceProperties(device_.handles().physical_device, &properties);
    const VkDeviceSize alignment = std::max<VkDeviceSize>(properties.limits.minUniformBufferOffsetAlignment, 16);
    frame_stride_ = (sizeof(shader::FrameBlock) + alignment - 1) / alignment * alignment;
    auto blocks = gpu::Buffer::create(device_, frame_stride_ * kBlocksAFrame * kSlots, VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT, gpu::Memory::upload);
    if (!blocks) return std::unexpected(std::move(blocks.error()));
    frame_blocks_ = std::move(*blocks);

    for (Frame& frame : frames_) {
        auto commands = gpu::Commands::create(device_);
        if (!commands) return std::unexpected(std::move(commands.error()));
        frame.commands = std::move(*commands);
        const VkQueryPoolCreateInfo queries{.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO, .queryType = VK_QUERY_TYPE_TIMESTAMP, .queryCount = kTimes};
        ACCALMIE_VK_TRY(vkCreateQueryPool(device_.handles().device, &queries, nullptr, &frame.times));
    }
    auto mirror = Mirror::create(device_, pipelines_.map_sampler(), options_.color_format, options_.eye_extent);
    if (!mirror) return std::unexpected(std::move(mirror.error()));
    mirror_ = std::move(*mirror);
    auto measures = Measures::create(device_, pipelines_.layout());
    if (!measures) return std::unexpected(std::move(measures.error()));
    measures_ = std::move(*measures);
    auto look = gpu::Commands::create(device_);
    if (!look) return std::unexpected(std::move(look.error()));
    look_ = std::move(*look);
    return arrivals_.init(device_, options_.color_format, EyePass::kDepthFormat, options_.samples);
}

VulkanRenderer::~VulkanRenderer() {
    (void)wait_for_frames();
    for (Frame& frame : frames_) vkDestroyQueryPool(device_.handles().device, frame.times, nullptr);
    forget_targets();
}

Result<void> VulkanRenderer::wait_for_frames() {
    for (Frame& frame : frames_) ACCALMIE_TRY(frame.commands.wait());
    return {};
}

void VulkanRenderer::forget_targets() {
    (void)wait_for_frames();
    eyes_.forget_targets();
}

Result<SceneId> VulkanRenderer::add_scene(content::SceneAsset asset) {
    auto prepared = prepare_scene(std::move(asset));
    if (!prepared) return std::unexpected(std::move(prepared.error()));
    const SceneId id = begin_scene(std::move(*prepared));
    ACCALMIE_TRY(finish_scenes());
    return id;
}

SceneId VulkanRenderer::begin_scene(PreparedScene prepared) {
    const SceneId id = next_scene_++;
    arrivals_.begin(std::move(prepared), id);
    return id;
}

Arrivals::Step VulkanRenderer::step_in(VkCommandBuffer commands, std::size_t slot, double budget_ms) {
    const std::uint32_t offset = block_offset(kWarmSlot + slot);
    return arrivals_.record({commands, pipelines_.layout(), shadow_, slot, frame_blocks_.mapped() + offset, offset, frame_number_}, budget_ms);
}

void VulkanRenderer::let_in(PreparedScene arrived) {
    list_.reserve(arrived->scene->items.size());
    people_.reserve(*arrived->scene);
    measures_.reserve(arrived->scene->cues.size());
    scenes_[arrived->id] = std::move(arrived->scene);
}

Result<void> VulkanRenderer::finish_scenes() {
    if (arrivals_.empty()) return {};
    ACCALMIE_TRY(wait_for_frames());
    while (!arrivals_.empty()) {
        while (!arrivals_.copied()) {
            ACCALMIE_TRY(look_.begin());
            step_in(look_.handle(), 0, kNoHurry_ms);
            ACCALMIE_TRY(look_.submit());
            ACCALMIE_TRY(look_.wait());
        }
        let_in(arrivals_.take(frame_number_, false));
    }
    return {};
}

void VulkanRenderer::remove_scene(SceneId scene) {
    (void)wait_for_frames();
    scenes_.erase(scene);
    arrivals_.forget(scene);
}

Result<VulkanRenderer::GpuTimes> VulkanRenderer::gpu_times(Frame& frame) {
    if (!frame.timed || device_.timestamp_period_ns() <= 0) return GpuTimes{};
    std::array<std::uint64_t, kTimes> ticks{};
    ACCALMIE_VK_TRY(vkGetQueryPoolResults(device_.handles().device, frame.times, 0, kTimes, sizeof ticks, ticks.data(), sizeof(std::uint64_t),
        VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT));
    const auto ms = [&](std::size_t from) { return static_cast<double>(ticks[from + 1] - ticks[from]) * device_.timestamp_period_ns() * 1e-6; };
    return GpuTimes{ms(0), ms(1), ms(2), ms(3)};
}

void VulkanRenderer::fill_frame_block(const GpuScene& scene, const FrameInput& input, const std::array<xr::View, 2>& views, std::size_t slot) {
    shader::FrameBlock block = scene.frame;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        block.clip_from_world[eye] = clip_from_world(views[eye]);
        block.eye_m[eye] = glm::vec4(views[eye].world_from_eye.position_m, 1);
    }
    block.exposure = {scene.exposure, std::clamp(input.brightness, 0.0f, 1.0f), 0, 0};
    std::byte* at = frame_blocks_.mapped() + block_offset(slot);
    std::memcpy(at, &block, sizeof block);
    for (const GpuProbe& probe : scene.probes) {
        put(probe.surroundings, block);
        std::memcpy(at += frame_stride_, &block, sizeof block);
    }
    frame_blocks_.flush();
}

Result<void> VulkanRenderer::set_hidden_mesh(const xr::HiddenMesh& mesh) {
    ACCALMIE_TRY(wait_for_frames());
    ACCALMIE_TRY(measures_.set_hidden_mesh(device_, pipelines_.layout(), mesh));
    return eyes_.hide(pipelines_.layout(), mesh);
}

EyePass::Targets VulkanRenderer::targets_of(const GpuScene& scene, const FrameInput& input, VkImage target) const {
    EyePass::Targets targets{.color = target, .depth = input.depth_target, .extent = extent_of(input), .background = {}, .views = input.views};
    for (int i = 0; i < 3; ++i) targets.background[i] = tone_mapped(scene.background[i], scene.exposure, std::clamp(input.brightness, 0.0f, 1.0f));
    return targets;
}

FrameStats VulkanRenderer::record_items(VkCommandBuffer commands, const GpuScene& scene, const FrameInput& input, std::uint32_t frame_offset, std::uint32_t pass) const {
    FrameStats stats;
    const std::uint32_t instances = gpu::instance_count(device_.stereo());
    const VkBuffer vertices = scene.vertices.handle();
    const VkDeviceSize start = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &start);
    vkCmdBindIndexBuffer(commands, scene.indices.handle(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipelines_.layout(), ACCALMIE_SET_SCENE, 1, &scene.scene_set, 1, &frame_offset);

    DrawConstants constants(commands, pipelines_.layout());
    VkPipeline pipeline = VK_NULL_HANDLE;
    std::uint32_t material = ~0U;
    std::uint8_t probe = 0;
    VkCullModeFlags culled = VK_CULL_MODE_FLAG_BITS_MAX_ENUM;
    int mirrored = -1;
    const auto draw = [&](const DrawItem& item, VkCullModeFlags cull) {
        if (cull != culled) vkCmdSetCullMode(commands, culled = cull);
        vkCmdDrawIndexed(commands, item.index_count, instances, item.first_index, item.vertex_offset, pass);
        ++stats.draws;
        stats.triangles += item.index_count / 3;
    };
    for (const std::uint32_t index : list_.order()) {
        const DrawItem& item = scene.items[index];
        if (item.probe != probe) {
            probe = item.probe;
            const std::uint32_t offset = frame_offset + probe * static_cast<std::uint32_t>(frame_stride_);
            vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipelines_.layout(), ACCALMIE_SET_SCENE, 1,
                probe == 0 ? &scene.scene_set : &scene.probes[probe - 1U].set, 1, &offset);
        }
        if (item.pipeline != pipeline) vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline = item.pipeline);
        if (item.material != material) {
            material = item.material;
            vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipelines_.layout(), ACCALMIE_SET_MATERIAL, 1,
                &scene.material_sets[material], 0, nullptr);
        }
        if (static_cast<int>(item.mirrored) != mirrored) {
            mirrored = item.mirrored;
            vkCmdSetFrontFace(commands, item.mirrored ? VK_FRONT_FACE_CLOCKWISE : VK_FRONT_FACE_COUNTER_CLOCKWISE);
        }
        constants.both(block_at(item, input.scene_time_s));
        if (item.pass == Pass::clear && item.double_sided) {
            // The far wall of a glass before the near one.
            draw(item, VK_CULL_MODE_FRONT_BIT);
            draw(item, VK_CULL_MODE_BACK_BIT);
        } else {
            draw(item, item.double_sided ? VK_CULL_MODE_NONE : VK_CULL_MODE_BACK_BIT);
        }
    }
    return stats;
}

void VulkanRenderer::build_list(const GpuScene& scene, const FrameInput& input) {
    std::array<Frustum, 2> frusta;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        xr::View seen = input.views[eye];
        if (input.late_views != nullptr) seen.fov = widened(seen.fov, kLateTurn_rad);
        frusta[eye] = frustum_of(clip_from_world(seen));
    }
    const glm::vec3 head_m = (input.views[0].world_from_eye.position_m + input.views[1].world_from_eye.position_m) * 0.5f;
    list_.build(scene.items, input.level, frusta, head_m);
}

Result<void> VulkanRenderer::finish_measures() {
    for (std::size_t i = 0; i < kFramesInFlight; ++i) {
        const std::size_t slot = (frame_number_ + 1 + i) % kFramesInFlight;  // the older frame first
        ACCALMIE_TRY(frames_[slot].commands.wait());
        measures_.collect(slot);
    }
    return {};
}

Result<CueViews> VulkanRenderer::look(const FrameInput& input) {
    const auto found = scenes_.find(input.scene);
    if (found == scenes_.end()) return std::unexpected(no_such_scene(input.scene));
    FrameInput asked = input;
    asked.measure.cues = true;
    asked.measure.luminance = false;
    build_list(*found->second, asked);
    const std::uint32_t offset = block_offset(kLookSlot);
    fill_frame_block(*found->second, asked, asked.views, kLookSlot);
    ACCALMIE_TRY(look_.begin());
    CueViews views;
    people_.record(look_.handle(), *found->second, list_.order(), asked.level, asked.scene_time_s, kLookSlot);
    measures_.record(look_.handle(), kLookSlot, pipelines_.layout(), *found->second, list_.order(), asked, offset, VK_NULL_HANDLE, {});
    measures_.drawn_with(kLookSlot, asked.views);
    ACCALMIE_TRY(look_.submit());
    ACCALMIE_TRY(look_.wait());
    measures_.answer(kLookSlot, views);
    return views;
}

std::uint32_t VulkanRenderer::lost_levels(SceneId scene) const {
    const auto found = scenes_.find(scene);
    return found == scenes_.end() ? 0 : found->second->lost_levels;
}

std::span<const std::string> VulkanRenderer::cue_names(SceneId scene) const {
    const auto found = scenes_.find(scene);
    return found == scenes_.end() ? std::span<const std::string>() : std::span<const std::string>(found->second->cues);
}

Result<FrameStats> VulkanRenderer::draw(const FrameInput& input, VkImage target) {
    const auto found = scenes_.find(input.scene);
    if (found == scenes_.end()) return std::unexpected(no_such_scene(input.scene));
    const GpuScene& scene = *found->second;
    const std::size_t slot = ++frame_number_ % kFramesInFlight;
    Frame& frame = frames_[slot];
    ACCALMIE_TRY(frame.commands.wait());  // two frames in flight, no more
    measures_.collect(slot);
    if (PreparedScene arrived = arrivals_.take(std::max<std::uint64_t>(frame_number_, kFramesInFlight) - kFramesInFlight)) let_in(std::move(arrived));
    auto before = gpu_times(frame);
    if (!before) return std::unexpected(std::move(before.error()));

    const auto started = std::chrono::steady_clock::now();
    build_list(scene, input);

    ACCALMIE_TRY(frame.commands.begin());
    VkCommandBuffer commands = frame.commands.handle();
    arrivals_.make_ready(commands);
    vkCmdResetQueryPool(commands, frame.times, 0, kTimes);
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_TOP_OF_PIPE_BIT, frame.times, 0);
    people_.record(commands, scene, list_.order(), input.level, input.scene_time_s, slot);
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_BOTTOM_OF_PIPE_BIT, frame.times, 1);
    if (scene.shadowed) shadow_.record(commands, pipelines_.layout(), scene, input.level, input.scene_time_s, block_offset(slot));
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_BOTTOM_OF_PIPE_BIT, frame.times, 2);
    const EyePass::Targets targets = targets_of(scene, input, target);
    drawn_ = targets.extent;
    FrameStats stats;
    for (std::uint32_t pass = 0; pass < gpu::pass_count(device_.stereo()); ++pass) {
        ACCALMIE_TRY(eyes_.begin(commands, pipelines_.layout(), targets, pass));
        stats = record_items(commands, scene, input, block_offset(slot), pass);
        eyes_.end(commands, targets, pass);
    }
    // Here, since a software driver compiles for a first draw while its threads still shade the eyes' picture; that time counts as the scene's.
    const Arrivals::Step step = step_in(commands, slot, kCopy_ms);
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_BOTTOM_OF_PIPE_BIT, frame.times, 3);
    measures_.record(commands, slot, pipelines_.layout(), scene, list_.order(), input, block_offset(slot), target, drawn_);
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_BOTTOM_OF_PIPE_BIT, frame.times, 4);
    const std::array<xr::View, 2> views = input.late_views != nullptr ? input.late_views->views_now() : input.views;
    fill_frame_block(scene, input, views, slot);
    measures_.drawn_with(slot, views);
    ACCALMIE_TRY(frame.commands.submit());
    frame.timed = true;
    stats.arriving_bytes = step.bytes;
    stats.warmed = step.warmed;
    stats.gpu_people_ms = before->people_ms;
    stats.gpu_shadow_ms = before->shadow_ms;
    stats.gpu_measure_ms = before->measure_ms;
    stats.gpu_ms = before->people_ms + before->shadow_ms + before->scene_ms + before->measure_ms;
    stats.record_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    return stats;
}

}  // namespace

Result<std::unique_ptr<Renderer>> Renderer::create(gpu::Device& device, const Options& options) {
    if (options.eye_extent.width == 0 || options.eye_extent.height == 0) return std::unexpected(Error{.message = "an eye's picture has no pixels",
        .hint = "give a width and a height"});
    VkPhysicalDeviceProperties properties{};
    vkGetPhysicalDeviceProperties(device.handles().physical_device, &properties);
    const VkSampleCountFlags possible = properties.limits.framebufferColorSampleCounts & properties.limits.framebufferDepthSampleCounts;
    if (!std::has_single_bit(options.samples) || (possible & options.samples) == 0)
        return std::unexpected(Error{.message = std::format("{} cannot draw {} samples a pixel", device.name(), options.samples),
            .hint = "1 and 4 work everywhere"});
    auto renderer = std::make_unique<VulkanRenderer>(device, options);
    ACCALMIE_TRY(renderer->init());
    return renderer;
}

}  // namespace accalmie::render
