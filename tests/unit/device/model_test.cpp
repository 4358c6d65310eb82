// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "device/nir/model.h"
#include "device/nir/quantiles.h"
#include "device/nir/sha256.h"
#include "device/nir/simulated.h"
#include "nir_shared.h"

using namespace accalmie::nir;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const std::string shipped = std::string(ACCALMIE_SOURCE_DIR) + "/device/nir/models/simulated-tablet.model";

// The two commands of device/nir/models/README.md.
Training retrained() {
    TrainingSetup setup{.name = "simulated-tablet", .target = "active_mg", .unit = "mg", .prep = must(parse_chain("snv, sg(9,2,1)"))};
    return must(train(simulate_table(SimulatedSample::tablet, 240, 2026), setup));
}

Error refused(const std::string& text, const char* file = "m.nir") {
    const auto model = parse_model(text, file);
    REQUIRE_FALSE(model.has_value());
    CHECK(model.error().file == file);
    return model.error();
}

// A changed model whose hash was made to fit, as a hostile hand would.
std::string resealed(std::string text) {
    text.resize(text.rfind("content_sha256"));
    return text + "content_sha256 " + sha256_hex(text) + "\n";
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return resealed(text.replace(at, from.size(), to));
}

}  // namespace

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
    CHECK_THAT(std::sqrt(kept_squares / kept), WithinAbs(9.293795, 1e-6));
    CHECK_THAT(std::sqrt(flagged_squares / (88 - kept)), WithinAbs(27.339, 5e-4));
}

TEST_CASE("quantiles are those of the tables", "[nir]") {
    CHECK_THAT(normal_quantile(0.975), WithinRel(1.959963984540054, 1e-12));
    CHECK_THAT(student_quantile(0.975, 10), WithinRel(2.2281388519649385, 1e-10));
    CHECK_THAT(student_quantile(0.975, 1), WithinRel(12.706204736432095, 1e-10));
    CHECK_THAT(student_quantile(0.025, 10), WithinRel(-2.2281388519649385, 1e-10));
    CHECK_THAT(chi_square_quantile(0.95, 9), WithinRel(16.918977604620448, 1e-10));
    CHECK_THAT(chi_square_quantile(0.95, 7), WithinRel(14.067140449340169, 1e-10));
    CHECK_THAT(chi_square_quantile(0.99, 0.5), WithinRel(4.8676, 1e-3));
    // T2 limit of the reference table for a new sample: k = 3, n = 60, 95 %.
    CHECK_THAT(t2_limit(3, 60, 0.95), WithinAbs(8.733693, 1e-6));
    CHECK_THAT(3.0 * 59 / 57 * fisher_quantile(0.95, 3, 57), WithinAbs(8.590518, 1e-6));
}

TEST_CASE("SHA-256 gives the published digests", "[nir]") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256_hex(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a model file reads back to the same bytes and the same predictions", "[nir]") {
    const auto model = retrained().model;
    const auto text = write_model(model);
    const auto back = must(parse_model(text, "m.nir"));
    CHECK(write_model(back) == text);
    CHECK(back.id() == model.id());
    const auto test = simulate_table(SimulatedSample::tablet, 20, 5);
    const auto before = must(predict(model, test)), after = must(predict(back, test));
    for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(before[i].value == after[i].value);
        CHECK(before[i].interval_low == after[i].interval_low);
        CHECK(before[i].q == after[i].q);
    }
}

TEST_CASE("training again gives the shipped model", "[nir]") {
    const auto model = must(read_model(shipped));
    const auto again = retrained().model;
    CHECK(std::filesystem::file_size(shipped) < 50'000);
    CHECK(again.training_sha256 == model.training_sha256);   // the simulated spectra are the same to the last digit
    REQUIRE(again.components() == model.components());
    CHECK_THAT(again.rmsecv, WithinRel(model.rmsecv, 1e-9));
    CHECK_THAT(again.q_limit, WithinRel(model.q_limit, 1e-6));
    const auto found = again.pls.coefficients(again.components()), kept = model.pls.coefficients(model.components());
    CHECK((found - kept).norm() <= 1e-9 * kept.norm());
}

TEST_CASE("the shipped model assays new tablets within its interval and error", "[nir]") {
    const auto model = must(read_model(shipped));
    const auto test = simulate_table(SimulatedSample::tablet, 400, 99);
    const auto reference = must(numbers_of(test, "active_mg"));
    const auto predictions = must(predict(model, test));
    int covered = 0, inside = 0;
    double squares = 0;
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        const auto& p = predictions[i];
        CHECK((p.verdict == Verdict::inside) == p.reasons.empty());
        covered += p.interval_low <= *reference[i] && *reference[i] <= p.interval_high;
        inside += p.verdict == Verdict::inside;
        squares += (p.value - *reference[i]) * (p.value - *reference[i]);
    }
    CHECK(covered >= 370);   // 95 % of 400 is 380; below 370 lies 2 % of chance
    CHECK(inside >= 376);    // two limits of 99 % each, and the two ends of the range
    CHECK(std::sqrt(squares / 400) < 1.1 * model.rmsecv);
}

TEST_CASE("another substance is none of those the model knows", "[nir]") {
    const auto model = must(read_model(shipped));
    for (const auto sample : {SimulatedSample::foreign, SimulatedSample::mixture}) {
        for (const auto& prediction : must(predict(model, simulate_table(sample, 50, 4)))) {
            CHECK(prediction.verdict == Verdict::outside);
            REQUIRE_FALSE(prediction.reasons.empty());
            CHECK(prediction.reasons[0].kind == Reason::Kind::residual);
            CHECK(name_of(prediction.verdict) == "outside the model: none of these");
        }
    }
    // Far outside the calibrated range the same substance is not extrapolated in silence.
    for (const auto& prediction : must(predict(model, simulate_table(SimulatedSample::tablet, 10, 4, 10.0)))) CHECK(prediction.verdict == Verdict::outside);
}

TEST_CASE("the interval is t RMSECV sqrt(1 + h)", "[nir]") {
    const auto model = must(read_model(shipped));
    const auto table = simulate_table(SimulatedSample::tablet, 1, 11);
    const auto prediction = must(predict(model, table))[0];
    const auto x = must(apply(model.prep, table.values));
    const auto position = position_of(model.pls, x.row(0), model.components());
    const double half = student_quantile(0.975, 240.0 - model.components() - 1) * model.rmsecv * std::sqrt(1 + position.leverage);
    CHECK_THAT(prediction.interval_high - prediction.value, WithinRel(half, 1e-12));
    CHECK_THAT(position.leverage, WithinRel(1.0 / 240 + position.t2 / 239, 1e-12));
}

TEST_CASE("a spectrum on another grid is interpolated and told, a coarse or short one refused", "[nir]") {
    const auto model = must(read_model(shipped));
    auto fine = simulate_table(SimulatedSample::tablet, 1, 11);
    SpectrumTable other = fine;
    other.axis.values.clear();
    other.values.resize(1, 400);
    for (int i = 0; i < 400; ++i) {
        const double nm = 900 + 2.0 * i;
        other.axis.values.push_back(nm);
        const auto above = std::clamp<std::ptrdiff_t>(std::ranges::lower_bound(fine.axis.values, nm) - fine.axis.values.begin(), 1, 124);
        const auto index = static_cast<std::size_t>(above);
        const double part = (nm - fine.axis.values[index - 1]) / (fine.axis.values[index] - fine.axis.values[index - 1]);
        other.values(0, i) = (1 - part) * fine.values(0, above - 1) + part * fine.values(0, above);
    }
    std::vector<std::string> notes;
    const auto direct = must(predict(model, fine, &notes));
    CHECK(notes.empty());
    const auto resampled = must(predict(model, other, &notes));
    CHECK(notes.size() == 1);
    CHECK_THAT(resampled[0].value, WithinAbs(direct[0].value, 0.5));

    const auto shorter = must(cut_range(fine, {1000, 1600}));
    const auto refused_short = predict(model, shorter);
    REQUIRE_FALSE(refused_short.has_value());
    CHECK(refused_short.error().message.contains("covers only"));
    SpectrumTable coarse = other;
    coarse.axis.values = {900, 1200, 1500, 1700};
    coarse.values = other.values.leftCols(4);
    CHECK_FALSE(predict(model, coarse).has_value());
    fine.axis.unit = AxisUnit::channel;
    CHECK_FALSE(predict(model, fine).has_value());
}

TEST_CASE("rows without a reference value are left out and named", "[nir]") {
    auto table = simulate_table(SimulatedSample::tablet, 30, 3);
    table.columns[1].cells[4] = "NA";
    const auto training = must(train(table, {.target = "active_mg", .prep = {}, .most_components = 3, .cv = "loo"}));
    CHECK(training.left_out == std::vector<std::string>{"S005"});
    CHECK(training.samples == 29);
    table.columns[1].cells[5] = "many";
    const auto bad = train(table, {.target = "active_mg"});
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().line == 7);
}

TEST_CASE("training that cannot work is refused with the reason", "[nir]") {
    const auto table = simulate_table(SimulatedSample::tablet, 12, 3);
    for (const auto& setup : {TrainingSetup{.target = "nothing"}, TrainingSetup{.target = "active_mg", .most_components = 50}, TrainingSetup{.target = "active_mg", .cv = "venetian:1"},
                              TrainingSetup{.target = "active_mg", .cv = "venetian:13"}, TrainingSetup{.target = "active_mg", .cv = "jackknife"},
                              TrainingSetup{.target = "active_mg", .cv = "group:nothing"}, TrainingSetup{.target = "active_mg", .range = Range{1, 2}}}) {
        const auto training = train(table, setup);
        REQUIRE_FALSE(training.has_value());
        CHECK_FALSE(training.error().hint.empty());
    }
    CHECK_FALSE(train(simulate_table(SimulatedSample::tablet, 12, 3, 50.0), {.target = "active_mg"}).has_value());  // nothing to learn
}

TEST_CASE("folds are those their names say", "[nir]") {
    const auto table = simulate_table(SimulatedSample::tablet, 7, 3);
    CHECK(must(make_folds("venetian:3", table)).of_row == std::vector<int>{0, 1, 2, 0, 1, 2, 0});
    CHECK(must(make_folds("kfold:3", table)).of_row == std::vector<int>{0, 0, 0, 1, 1, 2, 2});
    CHECK(must(make_folds("loo", table)).count == 7);
    CHECK(must(make_folds("group:id", table)).count == 7);
}

TEST_CASE("the fewest components within 2 % of the smallest error are chosen", "[nir]") {
    CHECK(choose_components({5, 1.019, 1.0, 1.1}, 1) == 2);
    CHECK(choose_components({5, 1.021, 1.0, 1.1}, 1) == 3);
    CHECK(choose_components({1.0, 2.0, 3.0, 2.5}, 3) == 4);
    CHECK(choose_components({1.0}, 1) == 1);
}

TEST_CASE("a damaged model file is refused with its line", "[nir]") {
    const auto text = write_model(must(read_model(shipped)));
    const auto changed = refused(std::string(text).replace(text.find("mg"), 2, "kg"));
    CHECK(changed.message.contains("changed after it was written"));
    CHECK(refused(text.substr(0, text.size() / 2)).message.contains("no content_sha256"));
    CHECK(refused("wavelength,absorbance\n").message == "this is not a model file");
    CHECK(refused("").line == 1);
    CHECK(refused(with(text, "model 1\n", "model 2\n")).message.contains("another version"));
    CHECK(refused(with(text, "unit mg\n", "")).line == 4);
    CHECK(refused(with(text, "method pls1", "method magic")).line == 5);
    CHECK(refused(with(text, "prep snv", "prep sn")).line == 6);
    CHECK(refused(with(text, "components 3", "components 999999999")).line == 10);
    CHECK(refused(with(text, "samples 240", "samples -1")).line == 9);
    CHECK(refused(with(text, "channels 125", "channels 126")).message.contains("ends here"));
    CHECK(refused(with(text, "channels 125", "channels 124")).message.contains("goes on"));
    CHECK(refused(with(text, "channels 125", "channels 1e9")).line == 21);
    CHECK(refused(with(text, "\n908 ", "\n908 x")).column == 5);
    CHECK(refused(with(text, "\n908 ", "\n1e9 ")).message.contains("axis"));
    CHECK(refused(with(text, "score_squares ", "score_squares -")).message.contains("above 0"));
    CHECK(refused(with(text, "training_sha256 ", "training_sha256 xy")).line == 18);
    CHECK_FALSE(read_model("no-such.model").has_value());
}
