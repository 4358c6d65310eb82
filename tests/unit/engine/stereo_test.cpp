// SPDX-License-Identifier: Apache-2.0
#include "engine/gpu/stereo.h"

#include <catch2/catch_test_macros.hpp>

namespace accalmie::gpu {

TEST_CASE("instancing is taken where it is, then multiview, then a pass for each eye") {
    CHECK(choose_stereo({.shader_output_layer = true, .multiview = true}, StereoWish::automatic) == Stereo::layered);
    CHECK(choose_stereo({.multiview = true}, StereoWish::automatic) == Stereo::multiview);
    CHECK(choose_stereo({}, StereoWish::automatic) == Stereo::two_passes);
}

TEST_CASE("quirk lavapipe_no_multiview: the software driver that dies of it gets it only by force") {
    CHECK(choose_stereo({.multiview = true, .lavapipe = true}, StereoWish::automatic) == Stereo::two_passes);
    CHECK(choose_stereo({.multiview = true, .lavapipe = true}, StereoWish::multiview) == Stereo::multiview);
}

TEST_CASE("a way is forced by its name, and one that is not there is refused") {
    const StereoSupport all{.shader_output_layer = true, .multiview = true};
    CHECK(choose_stereo(all, StereoWish::multiview) == Stereo::multiview);
    CHECK(choose_stereo(all, StereoWish::no_multiview) == Stereo::layered);
    CHECK(choose_stereo(all, StereoWish::two_passes) == Stereo::two_passes);
    CHECK(choose_stereo({.multiview = true}, StereoWish::no_multiview) == Stereo::two_passes);
    CHECK_FALSE(choose_stereo({.shader_output_layer = true}, StereoWish::multiview).has_value());
}

}  // namespace accalmie::gpu
