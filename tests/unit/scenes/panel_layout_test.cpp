// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/panel_layout.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <climits>
#include <cmath>

using namespace accalmie;

namespace {

constexpr glm::vec3 kEyes{0, 1.20f, 0};

xr::Pose aimed(glm::vec3 from, glm::vec3 to) { return {glm::quatLookAt(glm::normalize(to - from), glm::vec3(0, 1, 0)), from}; }

}  // namespace

TEST_CASE("the panel hangs at its distance, below the eyes and facing them") {
    const xr::Pose pose = link::panel_pose();
    const glm::vec3 to_eyes = kEyes - pose.position_m;
    CHECK(glm::length(to_eyes) == Catch::Approx(link::kPanelDistance_m));
    CHECK(glm::dot(glm::normalize(to_eyes), pose.orientation * glm::vec3(0, 0, 1)) == Catch::Approx(1).epsilon(1e-5));
    CHECK(pose.position_m.y < kEyes.y);
    CHECK(glm::length(to_eyes) >= 0.5f);
}

TEST_CASE("aiming at a value's point means that value, from the seat and from either hand") {
    for (const glm::vec3 from : {kEyes, glm::vec3(0.3f, 0.9f, -0.2f), glm::vec3(-0.35f, 0.8f, -0.3f), glm::vec3(0.1f, 1.4f, 0.1f)})
        for (const auto& [minimum, maximum] : {std::pair(0, 100), std::pair(1, 10), std::pair(-5, 5)})
            for (int value = minimum; value <= maximum; ++value) {
                const auto met = link::rating_at(aimed(from, link::rating_point(value, minimum, maximum)), minimum, maximum);
                REQUIRE(met == value);
            }
}

TEST_CASE("aiming away from the scale means nothing") {
    const glm::vec3 middle = link::rating_point(50, 0, 100);
    const glm::vec3 up = link::panel_pose().orientation * glm::vec3(0, 1, 0);
    const glm::vec3 right = link::panel_pose().orientation * glm::vec3(1, 0, 0);
    CHECK(link::rating_at(aimed(kEyes, middle + up * (link::kScaleBand_m * 0.9f)), 0, 100) == 50);
    CHECK_FALSE(link::rating_at(aimed(kEyes, middle + up * (link::kScaleBand_m * 1.1f)), 0, 100));
    CHECK_FALSE(link::rating_at(aimed(kEyes, middle - up * (link::kScaleBand_m * 1.1f)), 0, 100));
    CHECK(link::rating_at(aimed(kEyes, link::rating_point(100, 0, 100) + right * (link::kScaleOvershoot_m * 0.9f)), 0, 100) == 100);
    CHECK_FALSE(link::rating_at(aimed(kEyes, link::rating_point(0, 0, 100) - right * (link::kScaleOvershoot_m * 1.1f)), 0, 100));
    CHECK_FALSE(link::rating_at(aimed(middle, kEyes), 0, 100));                                  // away
    CHECK_FALSE(link::rating_at(aimed({0, 0.9f, -2.5f}, middle), 0, 100));                       // from behind
    CHECK_FALSE(link::rating_at({glm::quat(1, 0, 0, 0), {0, 1.2f, 0}}, 0, 100));                 // straight ahead, over the panel
    CHECK_FALSE(link::rating_at({glm::quat(1, 0, 0, 0), {NAN, NAN, NAN}}, 0, 100));
}

TEST_CASE("a scale without a width means nothing and breaks nothing") {
    const auto at_middle = aimed(kEyes, link::rating_point(50, 0, 100));
    CHECK_FALSE(link::rating_at(at_middle, 5, 5));
    CHECK_FALSE(link::rating_at(at_middle, 100, 0));
    const glm::vec3 point = link::rating_point(3, 3, 3);
    CHECK(std::isfinite(point.x));
}

TEST_CASE("the scale and its pointer lie on the panel's picture") {
    for (const float share : {0.0f, 0.5f, 1.0f}) {
        const glm::vec2 at = link::panel_pixel({(share * 2 - 1) * link::kScaleHalf_m, -link::kScaleBelowCentre_m});
        CHECK(at.x > 60);
        CHECK(at.x < link::kPanelWidth - 60);
        CHECK(at.y > 60);
        CHECK(at.y < link::kPanelHeight - 60);
    }
    CHECK(link::panel_pixel({0, 0}) == glm::vec2(link::kPanelWidth / 2.0f, link::kPanelHeight / 2.0f));
}
