// SPDX-License-Identifier: Apache-2.0
#include "stage.h"

#include "engine/render/projection.h"
#include "scene_builder.h"

#include <catch2/catch_test_macros.hpp>

#include <glm/gtc/quaternion.hpp>

namespace accalmie::testing {
namespace {

template <class T>
T taken(Result<T> result) {
    if (!result) FAIL(describe(result.error()));
    return std::move(*result);
}

}  // namespace

Stage::Stage(VkExtent2D eye_extent, std::uint32_t samples, const gpu::DeviceOptions& options) {
    const auto maker = gpu::make_plain_vulkan();
    gpu::DeviceOptions counted = options;
    counted.message_count = &messages_;
    device_ = taken(gpu::Device::create(*maker, counted));
    renderer_ = taken(render::Renderer::create(*device_, {.eye_extent = eye_extent, .samples = samples}));
    target_ = taken(gpu::Image::create(*device_, {.format = VK_FORMAT_R8G8B8A8_SRGB, .extent = eye_extent, .layers = 2,
        .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT}));
    panel_ = taken(gpu::Image::create(*device_, {.format = VK_FORMAT_R8G8B8A8_SRGB, .extent = {64, 32},
        .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT}));
}

Stage::~Stage() {
    renderer_.reset();
    target_ = {};
    panel_ = {};
    device_.reset();
    CHECK(messages_ == 0);
}

render::SceneId Stage::add(const content::SceneAsset& asset) { return taken(renderer_->add_scene(asset)); }

render::FrameStats Stage::draw(const render::FrameInput& input) { return taken(renderer_->draw(input, target_.handle())); }

render::Renderer::Picture Stage::shot(const render::FrameInput& input, int eye) {
    draw(input);
    return taken(renderer_->read_eye(target_.handle(), eye, input.views[static_cast<std::size_t>(eye)], {}, VK_NULL_HANDLE));
}

double seen_at(const render::Renderer::Picture& picture, const xr::View& view, glm::vec3 point_m) {
    const glm::vec4 clip = render::clip_from_eye(view.fov) * render::eye_from_world(view.world_from_eye) * glm::vec4(point_m, 1);
    const auto x = static_cast<std::size_t>((clip.x / clip.w * 0.5f + 0.5f) * static_cast<float>(picture.width));
    const auto y = static_cast<std::size_t>((clip.y / clip.w * 0.5f + 0.5f) * static_cast<float>(picture.height));
    REQUIRE(x < picture.width);
    REQUIRE(y < picture.height);
    const auto* pixel = &picture.rgba[(y * picture.width + x) * 4];
    return (pixel[0] + pixel[1] + pixel[2]) / 3.0;
}

std::array<xr::View, 2> seat_views(float eye_distance_m, float turn_degrees, float pitch_degrees) {
    const float half = glm::radians(42.0f);
    std::array<xr::View, 2> views{};
    const glm::quat turn = glm::angleAxis(glm::radians(-turn_degrees), glm::vec3(0, 1, 0)) * glm::angleAxis(glm::radians(pitch_degrees), glm::vec3(1, 0, 0));
    for (int eye = 0; eye < 2; ++eye) {
        xr::View& view = views[static_cast<std::size_t>(eye)];
        view.world_from_eye.orientation = turn;
        view.world_from_eye.position_m = glm::vec3(0, 1.2f, 0) + turn * glm::vec3((static_cast<float>(eye) - 0.5f) * eye_distance_m, 0, 0);
        view.fov = {-half, half, half, -half};
    }
    return views;
}

namespace {

content::Image checker() {
    content::Image image{.width = 32, .height = 32, .rgba = {}};
    for (unsigned y = 0; y < 32; ++y)
        for (unsigned x = 0; x < 32; ++x) {
            const auto shade = static_cast<std::uint8_t>(((x / 4 + y / 4) % 2) != 0 ? 200 : 90);
            image.rgba.insert(image.rgba.end(), {shade, shade, static_cast<std::uint8_t>(shade / 2), 255});
        }
    return image;
}

// Data, not colour: waves of a normal map, stripes of roughness and metal, holes of a cut-out.
content::Image waves() {
    content::Image image{.width = 32, .height = 32, .rgba = {}, .srgb = false};
    for (unsigned i = 0; i < 32 * 32; ++i) {
        const auto slope = static_cast<std::uint8_t>(128 + ((i % 8) < 4 ? 60 : -60));
        image.rgba.insert(image.rgba.end(), {slope, 128, 220, 255});
    }
    return image;
}

content::Image stripes() {
    content::Image image{.width = 32, .height = 32, .rgba = {}, .srgb = false};
    for (unsigned i = 0; i < 32 * 32; ++i) {
        const bool polished = (i / 32 / 8) % 2 == 0;
        image.rgba.insert(image.rgba.end(), {0, static_cast<std::uint8_t>(polished ? 20 : 220), static_cast<std::uint8_t>(polished ? 255 : 0), 255});
    }
    return image;
}

content::Image holes() {
    content::Image image{.width = 32, .height = 32, .rgba = {}};
    for (unsigned y = 0; y < 32; ++y)
        for (unsigned x = 0; x < 32; ++x) image.rgba.insert(image.rgba.end(), {20, 200, 40, static_cast<std::uint8_t>((x / 8 + y / 8) % 2 != 0 ? 255 : 0)});
    return image;
}

// Even light of one half, written as RGBM.
content::Image even_rgbm(std::uint32_t width, std::uint32_t height) {
    content::Image image{.width = width, .height = height, .rgba = {}, .srgb = false};
    for (std::size_t i = 0; i < std::size_t{width} * height; ++i) image.rgba.insert(image.rgba.end(), {255, 250, 240, 23});
    return image;
}

// A bright patch above the left of what is ahead, the rest dim and warmer below.
content::Image lamp_environment() {
    content::Image image{.width = 64, .height = 32, .rgba = {}, .srgb = false};
    for (unsigned y = 0; y < 32; ++y)
        for (unsigned x = 0; x < 64; ++x) {
            const bool lamp = x > 18 && x < 28 && y > 6 && y < 14;
            image.rgba.insert(image.rgba.end(), {255, static_cast<std::uint8_t>(250 - 4 * y), static_cast<std::uint8_t>(250 - 5 * y),
                static_cast<std::uint8_t>(lamp ? 110 : 18)});
        }
    return image;
}

}  // namespace

content::SceneAsset small_room() {
    SceneBuilder build;
    build.asset.name = "small-room";
    for (content::Image (*make)() : {&checker, &waves, &stripes, &holes}) build.asset.images.push_back(make());
    build.asset.light_map = even_rgbm(16, 16);
    build.asset.environment = lamp_environment();
    const int walls = build.material({.name = "walls", .metallic = 0, .roughness = 0.8f, .base_color_image = 0});
    const int lamp = build.material({.name = "lamp", .base_color = {0, 0, 0, 1}, .metallic = 0, .emissive = {3, 2.4f, 1.5f}});
    const int metal = build.material({.name = "metal", .base_color = {0.9f, 0.7f, 0.4f, 1}, .metallic = 1, .roughness = 0.2f});
    const int glass = build.material({.name = "glass", .base_color = {0.9f, 0.5f, 0.2f, 1}, .metallic = 0, .roughness = 0.05f, .transmission = 1,
        .double_sided = true});
    const int bumpy = build.material({.name = "bumpy", .metallic = 1, .roughness = 1, .metallic_roughness_image = 2, .normal_image = 1});
    const int leaf = build.material({.name = "leaf", .metallic = 0, .roughness = 0.9f, .alpha_mode = content::AlphaMode::mask, .double_sided = true,
        .base_color_image = 3});
    const int sign = build.material({.name = "sign", .base_color = {0, 0, 0, 1}, .metallic = 0, .emissive = {1, 1, 1}, .emissive_image = 0});
    const int cue = build.material({.name = "cue", .base_color = {0.8f, 0.05f, 0.05f, 1}, .metallic = 0, .roughness = 0.5f});
    build.node("room", build.box({3, 1.5f, 3}, walls, true), {0, 1.5f, 0}).light_mapped = true;
    build.node("lamp", build.box({0.3f, 0.05f, 0.3f}, lamp), {0, 2.4f, -2});
    build.node("metal", build.box({0.2f, 0.2f, 0.2f}, metal), {-0.7f, 1, -2});
    build.node("glass", build.box({0.15f, 0.3f, 0.15f}, glass), {0, 1.1f, -1.6f});
    build.node("bumpy", build.box({0.3f, 0.3f, 0.3f}, bumpy), {1.3f, 0.5f, -2.2f});
    build.node("leaf", build.box({0.3f, 0.3f, 0.02f}, leaf), {-1.3f, 0.4f, -1.8f});
    build.node("sign", build.box({0.4f, 0.2f, 0.02f}, sign), {-0.9f, 2, -2.5f});
    content::Node& first = build.node("cue-1", build.box({0.15f, 0.15f, 0.15f}, cue), {0.8f, 1.2f, -2});
    first.level_min = 1;
    content::Node& second = build.node("cue-2", build.box({0.1f, 0.1f, 0.1f}, cue), {0.8f, 1.7f, -2});
    second.level_min = second.level_max = 2;
    content::Node& idle = build.node("idle", build.box({0.1f, 0.3f, 0.1f}, walls), {-1.4f, 1.2f, -2});
    idle.sway = "sway";
    idle.idle_pivot = {-1.4f, 0.9f, -2};
    build.asset.exposure = 1;
    content::prepare(build.asset);
    return std::move(build.asset);
}

}  // namespace accalmie::testing
