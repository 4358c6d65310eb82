// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/frame_bench.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <numbers>
#include <print>

#include <glm/gtc/quaternion.hpp>

#include "engine/content/png_file.h"
#include "engine/content/radiance.h"
#include "scenes/data_root.h"
#include "scenes/player/theatre.h"
#include "scenes/scene_file.h"
#include "tests/bench/watched_program.h"
#include "tests/gpu/crowd.h"

namespace accalmie::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLeftOut = 2;

double since_ms(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

// Boxes in rows before the seat, each a draw of its own.
content::SceneAsset boxes(int count) {
    content::SceneAsset asset;
    asset.name = std::format("boxes-{}", count);
    for (int i = 0; i < 20; ++i)
        asset.materials.push_back({.name = std::format("m{}", i), .base_color = {0.2f + 0.04f * static_cast<float>(i), 0.5f, 0.9f - 0.04f * static_cast<float>(i), 1}, .metallic = 0, .roughness = 0.6f});
    for (int face = 0; face < 6; ++face) {
        const int axis = face / 2;
        glm::vec3 normal(0), u(0);
        normal[axis] = face % 2 == 0 ? -1.0f : 1.0f;
        u[(axis + 1) % 3] = 1;
        const glm::vec3 v = glm::cross(normal, u);
        for (const glm::vec2 corner : {glm::vec2(-1, -1), glm::vec2(1, -1), glm::vec2(1, 1), glm::vec2(-1, 1)})
            asset.vertices.push_back({.position = (normal + u * corner.x + v * corner.y) * 0.08f, .normal = normal, .tangent = {1, 0, 0, 1}, .uv0 = corner, .uv1 = corner});
    }
    for (int material = 0; material < 20; ++material) {
        const auto first = static_cast<std::uint32_t>(asset.indices.size());
        for (std::uint32_t face = 0; face < 6; ++face)
            for (const std::uint32_t i : {0U, 1U, 2U, 0U, 2U, 3U}) asset.indices.push_back(face * 4 + i);
        asset.meshes.push_back({{{.first_index = first, .index_count = 36, .material = material, .bounds_min = glm::vec3(-0.08f), .bounds_max = glm::vec3(0.08f)}}});
    }
    for (int i = 0; i < count; ++i) {
        content::Node node{.name = std::format("box {}", i), .mesh = i % 20};
        node.world_from_node[3] = glm::vec4(static_cast<float>(i % 25) * 0.2f - 2.4f, 0.4f + static_cast<float>(i / 25 % 8) * 0.22f, -2.5f - static_cast<float>(i / 200) * 0.4f, 1);
        asset.nodes.push_back(node);
    }
    content::prepare(asset);
    return asset;
}

// The light of the peers' programs: a sun that casts a shadow, and sky and ground. Their tone map is given about the same to do.
void light_as_peers(content::SceneAsset& asset) {
    constexpr float pi = std::numbers::pi_v<float>;
    const glm::vec3 sky = glm::vec3(0.478f, 0.478f, 0.603f) / pi, ground = glm::vec3(0.136f, 0.087f, 0.050f) / pi;
    asset.lights = {{.kind = content::DynamicLight::Kind::sun, .direction = glm::normalize(glm::vec3(0.4f, -1, -0.5f)), .color = 3.0f * glm::vec3(1, 0.89f, 0.79f), .casts_shadow = true}};
    asset.environment_light = content::make_even_light((sky + ground) * 0.5f);
    asset.environment_light.irradiance[1] = (sky - ground) * 0.5f;  // the part that follows the normal's height
    asset.exposure = 1.7f;
}

// People in motion before the seat, as many as asked for.
Result<content::SceneAsset> people(int count) {
    auto root = scenes::find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto patron = content::load_scene_asset(*root + "/assets/demos/patron.glb");
    if (!patron) return patron;
    content::SceneAsset asset = testing::crowd(std::move(*patron), count);
    asset.name = std::format("people-{}", count);
    return asset;
}

Result<content::SceneAsset> load(const Case& asked) {
    if (asked.scene.starts_with("people-")) return people(std::clamp(std::atoi(asked.scene.c_str() + 7), 1, 100));
    if (asked.scene.starts_with("boxes-")) return boxes(std::clamp(std::atoi(asked.scene.c_str() + 6), 1, 100'000));
    if (asked.scene.ends_with(".glb")) {
        auto asset = content::load_scene_asset(asked.scene);
        if (asset && asked.peers_camera) light_as_peers(*asset);
        return asset;
    }
    auto root = scenes::find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto file = scenes::find_scene(*root, asked.scene);
    if (!file) return std::unexpected(std::move(file.error()));
    return scenes::load_model(*file);
}

std::array<xr::View, 2> peers_views(const Case& asked) {
    const float half = 48 * std::numbers::pi_v<float> / 180, up = std::atan(std::tan(half) * static_cast<float>(asked.height) / static_cast<float>(asked.width));
    const float pitch = std::atan2(-0.4f, 5.5f);
    std::array<xr::View, 2> views;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        views[eye].world_from_eye = {glm::angleAxis(pitch, glm::vec3(1, 0, 0)), {eye == 0 ? -0.032f : 0.032f, 1.6f, 1.5f}};
        views[eye].fov = {-half, half, up, -up};
    }
    return views;
}

Result<void> save(scenes::Theatre& theatre, VkImage target, const std::array<xr::View, 2>& views, const std::string& path) {
    auto left = theatre.renderer().read_eye(target, 0, views[0], {}, VK_NULL_HANDLE);
    if (!left) return std::unexpected(std::move(left.error()));
    return content::write_png(path, left->width, left->height, left->rgba);
}

}  // namespace

double process_ms() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3; };
    return ms(use.ru_utime) + ms(use.ru_stime);
}

std::string own_program() {
    const char* carried = std::getenv("ACCALMIE_BENCH_PROGRAM");
    return carried != nullptr ? carried : std::filesystem::read_symlink("/proc/self/exe").string();
}

Spread spread_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::ranges::sort(values);
    const auto rank = [&](double share) { return values[std::min(values.size() - 1, static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1)]; };
    return {rank(0.5), rank(0.95), rank(0.99)};
}

double Soak::growth_percent() const {
    return points.empty() || points.front().memory_mib <= 0 ? 0 : 100 * (points.back().memory_mib / points.front().memory_mib - 1);
}

Result<Soak> soak(const std::string& scene, int frames) {
    auto asset = load({.scene = scene});
    if (!asset) return std::unexpected(std::move(asset.error()));
    scenes::PlayerOptions options;
    options.width = options.height = 64;
    options.samples = 1;
    auto theatre = scenes::Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    const std::string name = asset->name;
    if (auto added = (*theatre)->add(std::move(*asset)); !added) return std::unexpected(std::move(added.error()));
    Soak result{.scene = scene, .frames = frames};
    for (int i = 0; i < frames; ++i) {
        xr::Frame frame;
        if (auto status = (*theatre)->session().step_begin(frame); !status) return std::unexpected(std::move(status.error()));
        auto drawn = (*theatre)->renderer().draw({.views = frame.views, .scene = (*theatre)->scene(name), .scene_time_s = i / 90.0}, (*theatre)->session().color_images()[frame.image_index]);
        if (!drawn) return std::unexpected(std::move(drawn.error()));
        if (auto ended = (*theatre)->session().step_end(frame, {}); !ended) return std::unexpected(std::move(ended.error()));
        if ((i + 1) % std::max(frames / 10, 1) != 0) continue;
        result.points.push_back({i + 1, memory_mib("self", "VmRSS:")});
        std::println(stderr, "[{}/{}] {:.1f} MiB", i + 1, frames, result.points.back().memory_mib);
    }
    return result;
}

Result<Measured> measure(const Case& asked, const std::string& picture_path) {
    Measured measured{.asked = asked, .device = {}};
    auto start = Clock::now();
    auto asset = load(asked);
    if (!asset) return std::unexpected(std::move(asset.error()));
    measured.load_ms = since_ms(start);
    scenes::PlayerOptions options;
    options.width = asked.width;
    options.height = asked.height;
    options.samples = asked.samples;
    options.quirks = asked.quirks;
    auto theatre = scenes::Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    const std::string name = asset->name;
    start = Clock::now();
    if (auto added = (*theatre)->add(std::move(*asset)); !added) return std::unexpected(std::move(added.error()));
    measured.upload_ms = since_ms(start);
    measured.device = (*theatre)->device().name();

    std::vector<double> frame_ms, record_ms, gpu_ms, gpu_people_ms;
    double cpu_before = 0;
    for (int i = 0; i < kLeftOut + asked.frames; ++i) {
        if (i == kLeftOut) cpu_before = process_ms();
        xr::Frame frame;
        if (auto status = (*theatre)->session().step_begin(frame); !status) return std::unexpected(std::move(status.error()));
        if (asked.peers_camera) frame.views = peers_views(asked);
        const VkImage target = (*theatre)->session().color_images()[frame.image_index];
        const auto began = Clock::now();
        auto stats = (*theatre)->renderer().draw({.views = frame.views, .scene = (*theatre)->scene(name), .level = asked.level, .scene_time_s = i / 90.0}, target);
        if (!stats) return std::unexpected(std::move(stats.error()));
        vkQueueWaitIdle((*theatre)->device().handles().queue);
        if (i >= kLeftOut) {
            frame_ms.push_back(since_ms(began));
            record_ms.push_back(stats->record_ms);
            if (i >= kLeftOut + 2) gpu_ms.push_back(stats->gpu_ms), gpu_people_ms.push_back(stats->gpu_people_ms);  // a frame learns of the one two before
        }
        measured.draws = stats->draws;
        measured.triangles = stats->triangles;
        if (i + 1 == kLeftOut + asked.frames) {
            measured.cpu_ms = (process_ms() - cpu_before) / asked.frames;
            if (!picture_path.empty())
                if (auto saved = save(**theatre, target, frame.views, picture_path); !saved) return std::unexpected(std::move(saved.error()));
        }
        if (auto ended = (*theatre)->session().step_end(frame, {}); !ended) return std::unexpected(std::move(ended.error()));
    }
    measured.frame_ms = spread_of(std::move(frame_ms));
    measured.record_ms = spread_of(std::move(record_ms));
    measured.gpu_ms = spread_of(std::move(gpu_ms));
    measured.gpu_people_ms = spread_of(std::move(gpu_people_ms));
    measured.peak_memory_mib = memory_mib("self", "VmHWM:");
    return measured;
}

}  // namespace accalmie::bench
