// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <catch2/catch_test_macros.hpp>

#include "picture_compare.h"
#include "stage.h"

namespace accalmie::testing {
namespace {

render::FrameInput seat_frame(render::SceneId scene, int level = 0, double time_s = 0) {
    return {.views = seat_views(), .scene = scene, .level = level, .scene_time_s = time_s};
}

double mean_of(const render::Renderer::Picture& picture) {
    double sum = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); ++i)
        if (i % 4 != 3) sum += picture.rgba[i];
    return sum / (static_cast<double>(picture.rgba.size()) * 0.75);
}

std::size_t red_pixels(const render::Renderer::Picture& picture) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
        if (picture.rgba[i] > 2 * picture.rgba[i + 1] + 20 && picture.rgba[i] > 2 * picture.rgba[i + 2] + 20) ++count;
    return count;
}

}  // namespace

TEST_CASE("both eyes at one place see the same bytes") {
    Stage stage;
    const auto scene = stage.add(small_room());
    auto input = seat_frame(scene, 2, 3.25);
    input.views = seat_views(0);
    const auto left = stage.shot(input, 0), right = stage.shot(input, 1);
    CHECK(left.rgba == right.rgba);
}

TEST_CASE("eyes apart see different pictures, near things the more") {
    Stage stage;
    const auto scene = stage.add(small_room());
    const auto input = seat_frame(scene);
    CHECK(compare(stage.shot(input, 0), stage.shot(input, 1)).share > 0.01);
}

TEST_CASE("the same frame twice gives the same bytes, another scene time does not") {
    Stage stage;
    const auto scene = stage.add(small_room());
    const auto first = stage.shot(seat_frame(scene, 2, 1)), again = stage.shot(seat_frame(scene, 2, 1)), later = stage.shot(seat_frame(scene, 2, 3));
    CHECK(first.rgba == again.rgba);
    CHECK(first.rgba != later.rgba);
}

TEST_CASE("a node is seen at its levels and at no other") {
    Stage stage;
    const auto scene = stage.add(small_room());
    const std::size_t none = red_pixels(stage.shot(seat_frame(scene, 0))), one = red_pixels(stage.shot(seat_frame(scene, 1)));
    const std::size_t two = red_pixels(stage.shot(seat_frame(scene, 2))), three = red_pixels(stage.shot(seat_frame(scene, 3)));
    CHECK(none == 0);
    CHECK(one > 100);
    CHECK(two > one);
    CHECK(three == one);
}

TEST_CASE("a fade darkens the whole picture in step") {
    Stage stage;
    const auto scene = stage.add(small_room());
    auto input = seat_frame(scene);
    const double full = mean_of(stage.shot(input));
    input.brightness = 0.5f;
    const double half = mean_of(stage.shot(input));
    input.brightness = 0;
    const double none = mean_of(stage.shot(input));
    CHECK(full > 60);
    CHECK(half < full * 0.85);
    CHECK(none < 1.5);
}

TEST_CASE("a planted fault fails the comparison of pictures") {
    Stage stage;
    const auto whole = stage.shot(seat_frame(stage.add(small_room())));
    SECTION("a lamp is off") {
        auto asset = small_room();
        asset.materials[1].emissive = glm::vec3(0);
        CHECK(compare(whole, stage.shot(seat_frame(stage.add(asset)))).share > kToleratedShare);
    }
    SECTION("a thing has moved by two centimetres") {
        auto asset = small_room();
        asset.nodes[2].world_from_node[3].x += 0.02f;
        CHECK(compare(whole, stage.shot(seat_frame(stage.add(asset)))).share > kToleratedShare);
    }
    SECTION("nothing was changed") { CHECK(compare(whole, stage.shot(seat_frame(stage.add(small_room())))).share == 0); }
}

TEST_CASE("each map of a material is seen") {
    Stage stage;
    const auto whole = stage.shot(seat_frame(stage.add(small_room())));
    auto asset = small_room();
    SECTION("base colour") { asset.materials[0].base_color_image = -1; }
    SECTION("metal and roughness") { asset.materials[4].metallic_roughness_image = -1; }
    SECTION("normal") { asset.materials[4].normal_image = -1; }
    SECTION("holes of a cut-out") { asset.materials[5].alpha_mode = content::AlphaMode::opaque; }
    SECTION("emissive") { asset.materials[6].emissive_image = -1; }
    SECTION("light map") { asset.nodes[0].light_mapped = false; }
    SECTION("transmission") { asset.materials[3].transmission = 0; }
    CHECK(compare(whole, stage.shot(seat_frame(stage.add(asset)))).share > kToleratedShare);
}

TEST_CASE("a mirrored thing keeps its outside out") {
    Stage stage;
    auto asset = small_room();
    const auto whole = stage.shot(seat_frame(stage.add(asset), 1));
    asset.nodes[2].world_from_node[0] *= -1.0f;  // the metal box is its own mirror image
    CHECK(compare(whole, stage.shot(seat_frame(stage.add(asset), 1))).share <= kToleratedShare);
}

TEST_CASE("what lies behind the patient is not drawn") {
    Stage stage;
    const auto scene = stage.add(small_room());
    auto input = seat_frame(scene, 2);
    const auto ahead = stage.draw(input);
    input.views = seat_views(0.063f, 180);
    const auto behind = stage.draw(input);
    CHECK(ahead.draws > behind.draws);
    CHECK(behind.draws >= 1);
    CHECK(ahead.triangles > behind.triangles);
}

TEST_CASE("a frame tells its times") {
    Stage stage;
    const auto scene = stage.add(small_room());
    render::FrameStats stats;
    for (int i = 0; i < 4; ++i) stats = stage.draw(seat_frame(scene));
    CHECK(stats.gpu_ms > 0);
    CHECK(stats.record_ms > 0);
    CHECK(stats.record_ms < 100);
}

TEST_CASE("the right half of a turned head's view shows what the left half showed") {
    Stage stage({256, 256}, 1);
    auto asset = small_room();
    const auto scene = stage.add(asset);
    auto input = seat_frame(scene, 1);
    const auto straight = stage.shot(input);
    input.views = seat_views(0.063f, -20);  // to the left: the red box moves right
    const auto turned = stage.shot(input);
    const auto middle_of_red = [](const render::Renderer::Picture& picture) {
        double sum = 0, count = 0;
        for (std::uint32_t i = 0; i < picture.width * picture.height; ++i)
            if (picture.rgba[i * 4] > 2 * picture.rgba[i * 4 + 1] + 20) {
                sum += i % picture.width;
                ++count;
            }
        return count > 0 ? sum / count : -1;
    };
    CHECK(middle_of_red(straight) > 128);
    CHECK(middle_of_red(turned) > middle_of_red(straight) + 10);
}

TEST_CASE("a removed scene cannot be drawn, and drawing goes on with another") {
    Stage stage;
    const auto first = stage.add(small_room()), second = stage.add(small_room());
    stage.draw(seat_frame(first));
    stage.renderer().remove_scene(first);
    const auto gone = stage.renderer().draw(seat_frame(first), stage.target());
    REQUIRE_FALSE(gone);
    CHECK(gone.error().message.find("not there") != std::string::npos);
    CHECK(stage.draw(seat_frame(second)).draws > 0);
}

TEST_CASE("a scene that was not prepared is refused") {
    Stage stage;
    auto asset = small_room();
    asset.prepared = false;
    CHECK_FALSE(stage.renderer().add_scene(asset));
}

TEST_CASE("a sample count that no device has is refused") {
    Stage stage;
    CHECK_FALSE(render::Renderer::create(stage.device(), {.samples = 3}));
    CHECK_FALSE(render::Renderer::create(stage.device(), {.eye_extent = {0, 4}}));
}

TEST_CASE("one sample and four show the same picture but for its edges") {
    render::Renderer::Picture one, four;
    {
        Stage stage({256, 256}, 1);
        one = stage.shot(seat_frame(stage.add(small_room())));
    }
    {
        Stage stage({256, 256}, 4);
        four = stage.shot(seat_frame(stage.add(small_room())));
    }
    CHECK(compare(one, four).share < 0.12);
}

TEST_CASE("a misuse of Vulkan is counted") {
    const auto maker = gpu::make_plain_vulkan();
    auto device = gpu::Device::create(*maker, {.validation = true});
    REQUIRE(device);
    REQUIRE((*device)->validation_messages() == 0);
    // A buffer without a use is against the rules; the driver survives it.
    const VkBufferCreateInfo wrong{.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = 16, .usage = 0};
    VkBuffer buffer = VK_NULL_HANDLE;
    vkCreateBuffer((*device)->handles().device, &wrong, nullptr, &buffer);
    CHECK((*device)->validation_messages() > 0);
    vkDestroyBuffer((*device)->handles().device, buffer, nullptr);
}

}  // namespace accalmie::testing
