// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "device/nir/model.h"
#include "device/nir/sha256.h"
#include "nir_shared.h"

using namespace accalmie::nir;

TEST_CASE("R16: the gate keeps a foreign mixture's value out (labels inferred, not confirmed by their authors)", "[nir][reference]") {
    const auto table = reference_table("kranenburg_K_micronir.csv");
    const auto x = must(apply(must(parse_chain("snv")), table.values));
    const auto numbers = must(numbers_of(table, "cocaine_wt_inferred"));
    Eigen::VectorXd y(table.rows());
    for (Eigen::Index i = 0; i < y.size(); ++i) y[i] = numbers[static_cast<std::size_t>(i)].value();
    const auto by_level = must(cross_validate(x, y, must(make_folds("venetian:11", table)), 6));
    const auto by_block = must(cross_validate(x, y, must(make_folds("group:block_inferred", table)), 6));
    const double limit = box_limit(by_level.q.col(5), 0.99);
    // The limit that judges a block comes from the seven others alone: their own leave-level-out residuals.
    const auto blocks = must(make_folds("group:block_inferred", table));
    std::vector<double> limit_of_block;
    for (int block = 0; block < blocks.count; ++block) {
        RowSelection others;
        for (Eigen::Index i = 0; i < y.size(); ++i)
            if (blocks.of_row[static_cast<std::size_t>(i)] != block) others.push_back(i);
        const auto remaining = select_rows(table, others);
        const Spectra others_x = x(others, Eigen::indexing::all);
        const auto cv = must(cross_validate(others_x, y(others), must(make_folds("group:cocaine_wt_inferred", remaining)), 6));
        limit_of_block.push_back(box_limit(cv.q.col(5), 0.99));
    }
    int kept = 0, false_alarms = 0;
    double kept_squares = 0, flagged_squares = 0;
    for (Eigen::Index i = 0; i < y.size(); ++i) {
        const double square = std::pow(by_block.predictions(i, 5) - y[i], 2);
        const bool inside = by_block.q(i, 5) <= limit_of_block[static_cast<std::size_t>(blocks.of_row[static_cast<std::size_t>(i)])];
        kept += inside;
        (inside ? kept_squares : flagged_squares) += square;
        false_alarms += by_level.q(i, 5) > limit;
    }
    CHECK(kept == 48);
    CHECK(false_alarms == 2);
    CHECK_THAT(std::sqrt(kept_squares / kept), Catch::Matchers::WithinAbs(9.293795, 1e-6));
    CHECK_THAT(std::sqrt(flagged_squares / (88 - kept)), Catch::Matchers::WithinAbs(27.339, 5e-4));
}
