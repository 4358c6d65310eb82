// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <glm/gtc/packing.hpp>

#include "engine/content/geometry.h"
#include "engine/content/radiance.h"
#include "engine/content/textures.h"
#include "engine/shaders/shared.h"

using namespace accalmie;
using Catch::Approx;

namespace {

// Bright where u lies in [from, to) and the row is in the middle third.
content::RadianceMap lamp_at(float from, float to) {
    content::RadianceMap map{.width = 128, .height = 64, .texels = std::vector<glm::vec3>(128 * 64, glm::vec3(0.01f))};
    for (std::uint32_t y = 21; y < 43; ++y)
        for (std::uint32_t x = 0; x < map.width; ++x)
            if (const float u = (static_cast<float>(x) + 0.5f) / 128; u >= from && u < to) map.texels[y * 128 + x] = glm::vec3(10, 5, 1);
    return map;
}

// As shading.glsl looks it up, nearest texel.
glm::vec3 seen(const content::EnvironmentLight& light, glm::vec3 d, std::uint32_t mip) {
    std::size_t first = 0;
    for (std::uint32_t i = 0; i < mip; ++i) first += std::size_t{light.size >> i} * (light.size >> i);
    const std::uint32_t side = light.size >> mip;
    const glm::vec3 a = glm::abs(d);
    glm::vec2 p = glm::vec2(d.x, d.z) / (a.x + a.y + a.z);
    if (d.y < 0) p = {(1 - std::abs(p.y)) * (p.x >= 0 ? 1.0f : -1.0f), (1 - std::abs(p.x)) * (p.y >= 0 ? 1.0f : -1.0f)};
    const glm::vec2 uv = (p * ACCALMIE_OCTAHEDRAL_SCALE + 0.5f) * static_cast<float>(side);
    return glm::unpackF3x9_E1x5(light.texels[first + static_cast<std::size_t>(uv.y) * side + static_cast<std::size_t>(uv.x)]);
}

}  // namespace

TEST_CASE("RGBM decodes to (rgb a)^2 64") {
    const content::Image image{.width = 2, .height = 1, .rgba = {255, 128, 0, 255, 255, 255, 255, 32}};
    const auto map = content::decode_rgbm(image);
    CHECK(map.texels[0].r == Approx(64));
    CHECK(map.texels[0].g == Approx(64 * std::pow(128 / 255.0, 2)));
    CHECK(map.texels[0].b == 0);
    CHECK(map.texels[1].r == Approx(64 * std::pow(32 / 255.0, 2)));
}

TEST_CASE("the shared-exponent format keeps light to half a percent") {
    for (const float value : {0.003f, 0.04f, 0.7f, 3.0f, 60.0f}) {
        const auto packed = content::pack_shared_exponent({glm::vec3(value)});
        CHECK(glm::unpackF3x9_E1x5(packed[0]).r == Approx(value).epsilon(0.005));
    }
}

TEST_CASE("a light map that is packed at once is the one that is decoded first") {
    content::Image image{.width = 64, .height = 4, .rgba = {}};
    for (unsigned i = 0; i < 64 * 4 * 4; ++i) image.rgba.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    CHECK(content::pack_rgbm(image) == content::pack_shared_exponent(content::decode_rgbm(image).texels));
}

TEST_CASE("the middle of the environment picture lies straight ahead, its right half to the right") {
    const auto ahead = content::make_environment_light(lamp_at(0.45f, 0.55f));
    CHECK(seen(ahead, {0, 0, -1}, 0).r > 5);
    CHECK(seen(ahead, {0, 0, 1}, 0).r < 0.1f);
    CHECK(seen(ahead, {1, 0, 0}, 0).r < 0.1f);
    const auto right = content::make_environment_light(lamp_at(0.70f, 0.80f));
    CHECK(seen(right, {1, 0, 0}, 0).r > 5);
    CHECK(seen(right, {-1, 0, 0}, 0).r < 0.1f);
    const auto below = content::make_environment_light([] {
        content::RadianceMap map{.width = 64, .height = 32, .texels = std::vector<glm::vec3>(64 * 32, glm::vec3(0))};
        for (std::size_t i = 64 * 24; i < map.texels.size(); ++i) map.texels[i] = glm::vec3(2);
        return map;
    }());
    CHECK(seen(below, glm::normalize(glm::vec3(0.1f, -1, 0.1f)), 0).r > 1.5f);
    CHECK(seen(below, glm::normalize(glm::vec3(0.1f, 1, 0.1f)), 0).r < 0.1f);
}

TEST_CASE("rougher mips are blurred and keep the colour") {
    const auto light = content::make_environment_light(lamp_at(0.45f, 0.55f));
    const glm::vec3 d = glm::normalize(glm::vec3(0.6f, 0, -1));  // beside the lamp
    CHECK(seen(light, d, 0).r < 0.1f);
    CHECK(seen(light, d, 4).r > 0.1f);
    const glm::vec3 centre = seen(light, {0, 0, -1}, 3);
    CHECK(centre.g / centre.r == Approx(0.5f).margin(0.03));
}

TEST_CASE("even light has the same irradiance everywhere and at every roughness") {
    const auto light = content::make_even_light(glm::vec3(0.5f, 0.25f, 1));
    for (const glm::vec3 d : {glm::vec3(1, 0, 0), glm::vec3(0, -1, 0), glm::vec3(0, 0, 1), glm::normalize(glm::vec3(-1, 1, 1))}) {
        CHECK(content::irradiance_of(light, d).r == Approx(0.5f).epsilon(0.02));
        for (std::uint32_t mip = 0; mip < light.mips; ++mip) CHECK(seen(light, d, mip).b == Approx(1).epsilon(0.01));
    }
}

TEST_CASE("light from one side falls on what faces it") {
    const auto light = content::make_environment_light(lamp_at(0.70f, 0.80f));
    CHECK(content::irradiance_of(light, {1, 0, 0}).r > 5 * std::max(content::irradiance_of(light, {-1, 0, 0}).r, 0.0f));
    CHECK(content::irradiance_of(light, {-1, 0, 0}).r > -0.1f);
}

TEST_CASE("colour mips are means of light, data mips of numbers") {
    content::Image color{.width = 2, .height = 2, .rgba = {255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255}};
    content::Image data = color;
    data.srgb = false;
    content::make_mips(color);
    content::make_mips(data);
    REQUIRE(color.mips.size() == 2);
    CHECK(color.mips[1][0] == Approx(std::sqrt(0.5) * 255).margin(1));  // stored as a square root
    CHECK(data.mips[1][0] == Approx(127.5).margin(1));
}

TEST_CASE("a picture of odd size gets all its mips") {
    content::Image image{.width = 5, .height = 3, .rgba = std::vector<std::uint8_t>(5 * 3 * 4, 77), .srgb = false};
    content::make_mips(image);
    REQUIRE(image.mips.size() == 3);
    CHECK(image.mips[1].size() == 2 * 1 * 4);
    CHECK(image.mips[2].size() == 4);
    CHECK(image.mips[2][0] == 77);
}

TEST_CASE("made tangents follow u and know their hand") {
    std::vector<content::Vertex> vertices(3);
    vertices[1].position = {1, 0, 0};
    vertices[2].position = {0, 1, 0};
    for (auto& vertex : vertices) vertex.normal = {0, 0, 1};
    const std::vector<std::uint32_t> indices{0, 1, 2};
    SECTION("as drawn") {
        vertices[1].uv0 = {1, 0};
        vertices[2].uv0 = {0, 1};
        content::make_tangents(vertices, indices);
        CHECK(vertices[0].tangent == glm::vec4(1, 0, 0, 1));
    }
    SECTION("mirrored") {
        vertices[1].uv0 = {-1, 0};
        vertices[2].uv0 = {0, 1};
        content::make_tangents(vertices, indices);
        CHECK(vertices[0].tangent == glm::vec4(-1, 0, 0, -1));
    }
    SECTION("without any texture place") {
        content::make_tangents(vertices, indices);
        CHECK(glm::length(glm::vec3(vertices[0].tangent)) == Approx(1));
    }
}

TEST_CASE("ordering triangles loses none of them") {
    std::vector<content::Vertex> vertices(40);
    for (std::size_t i = 0; i < vertices.size(); ++i) vertices[i].position = {static_cast<float>(i), static_cast<float>(i * i % 7), 0};
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i + 2 < 40; ++i) indices.insert(indices.end(), {i, i + 1, i + 2});
    const auto area_sum = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < indices.size(); i += 3)
            sum += glm::cross(vertices[indices[i + 1]].position - vertices[indices[i]].position, vertices[indices[i + 2]].position - vertices[indices[i]].position).z;
        return sum;
    };
    const double before = area_sum();
    content::order_triangles(vertices, indices);
    CHECK(area_sum() == Approx(before));
}
