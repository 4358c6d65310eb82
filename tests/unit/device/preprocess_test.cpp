// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "device/nir/preprocess.h"
#include "nir_shared.h"

using namespace accalmie::nir;
using Catch::Matchers::WithinAbs;

namespace {

Spectra one(std::initializer_list<double> values) {
    Spectra spectra(1, static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), spectra.data());
    return spectra;
}

void same(const Spectra& found, std::initializer_list<double> expected) {
    REQUIRE(found.cols() == static_cast<Eigen::Index>(expected.size()));
    Eigen::Index i = 0;
    for (const double value : expected) {
        INFO("channel " << i);
        CHECK_THAT(found(0, i++), WithinAbs(value, 1e-12));
    }
}

Spectra done(const char* chain, const Spectra& spectra) { return must(apply(must(parse_chain(chain)), spectra)); }

}  // namespace

TEST_CASE("SNV divides by the standard deviation of n - 1", "[nir]") {
    same(done("snv", one({1, 2, 3, 4, 5})), {-1.2649110640673518, -0.6324555320336759, 0, 0.6324555320336759, 1.2649110640673518});
}

TEST_CASE("Savitzky-Golay weights are the published ones", "[nir]") {
    // Savitzky and Golay, Anal. Chem. 36 (1964) 1627, tables I and III: 5 points, quadratic.
    const auto smooth = savitzky_golay_weights({5, 2, 0}), slope = savitzky_golay_weights({5, 2, 1});
    const double smooth_35[] = {-3, 12, 17, 12, -3}, slope_10[] = {-2, -1, 0, 1, 2};
    for (int i = 0; i < 5; ++i) {
        CHECK_THAT(smooth(2, i), WithinAbs(smooth_35[i] / 35, 1e-14));
        CHECK_THAT(slope(2, i), WithinAbs(slope_10[i] / 10, 1e-14));
    }
    // The ends of the same window, worked by hand from the normal equations.
    const double first_35[] = {31, 9, -3, -5, 3}, second_35[] = {9, 13, 12, 6, -5};
    for (int i = 0; i < 5; ++i) {
        CHECK_THAT(smooth(0, i), WithinAbs(first_35[i] / 35, 1e-14));
        CHECK_THAT(smooth(1, i), WithinAbs(second_35[i] / 35, 1e-14));
        CHECK_THAT(smooth(4, 4 - i), WithinAbs(first_35[i] / 35, 1e-14));
    }
}

TEST_CASE("Savitzky-Golay follows a parabola to its ends, smoothed and derived", "[nir]") {
    const auto parabola = one({0, 1, 4, 9, 16, 25, 36, 49});
    same(done("sg(5,2,0)", parabola), {0, 1, 4, 9, 16, 25, 36, 49});
    same(done("sg(5,2,1)", parabola), {0, 2, 4, 6, 8, 10, 12, 14});
    same(done("sg(5,2,2)", parabola), {2, 2, 2, 2, 2, 2, 2, 2});
}

TEST_CASE("the ends of Savitzky-Golay are those of SciPy's mode='interp'", "[nir]") {
    // scipy.signal's own documentation: savgol_filter([2, 2, 5, 2, 1, 0, 1, 4, 9], 5, 2).
    const auto found = done("sg(5,2,0)", one({2, 2, 5, 2, 1, 0, 1, 4, 9}));
    const double scipy[] = {1.65714286, 3.17142857, 3.54285714, 2.85714286, 0.65714286, 0.17142857, 1.0, 4.0, 9.0};
    for (int i = 0; i < 9; ++i) CHECK_THAT(found(0, i), WithinAbs(scipy[i], 0.51e-8));
}

TEST_CASE("a chain is done in its order and written as it was read", "[nir]") {
    CHECK(must(parse_chain(" snv ,sg( 15, 2 ,1 )")).text() == "snv, sg(15,2,1)");
    CHECK(must(parse_chain("")).text() == "none");
    CHECK(must(parse_chain("none")).steps.empty());
    const auto spectrum = one({0, 1, 5, 9, 16, 25, 36, 49});
    CHECK((done("snv, sg(5,2,1)", spectrum) - done("sg(5,2,1)", done("snv", spectrum))).norm() == 0);
    CHECK((done("snv, sg(5,2,1)", spectrum) - done("sg(5,2,1), snv", spectrum)).norm() > 0.1);
}

TEST_CASE("a chain that makes no sense is refused", "[nir]") {
    for (const char* text : {"msc", "sg", "sg(4,2,1)", "sg(5,5,1)", "sg(5,2,3)", "sg(5,2)", "sg(5,2,1,0)", "sg(a,2,1)", "snv,,snv", "snv,", "sg(99999999999,2,1)", "sg(5,2,1", "sg(-5,2,1)"}) {
        INFO(text);
        const auto chain = parse_chain(text);
        REQUIRE_FALSE(chain.has_value());
        CHECK(chain.error().hint.contains("sg(15,2,1)"));
    }
}

TEST_CASE("a flat spectrum and a short one are refused, not divided by zero", "[nir]") {
    CHECK_FALSE(apply(must(parse_chain("snv")), one({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1})).has_value());
    CHECK_FALSE(apply(must(parse_chain("snv")), one({0, 0, 0})).has_value());
    CHECK_FALSE(apply(must(parse_chain("sg(5,2,1)")), one({1, 2, 3})).has_value());
}
