// SPDX-License-Identifier: Apache-2.0
// Rows of the reference table (scikit-learn 1.2.1 and R pls 2.8-1 agree on them): NIPALS has to give the same numbers to 1e-6 relative.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "device/nir/pls.h"
#include "device/nir/preprocess.h"
#include "nir_shared.h"

using namespace accalmie::nir;

namespace {

struct Data {
    SpectrumTable table;
    Spectra x;
    Eigen::VectorXd y;
};

Data prepared(const SpectrumTable& table, const std::string& target, const std::string& prep) {
    Data data{table, must(apply(must(parse_chain(prep)), table.values)), Eigen::VectorXd(table.rows())};
    const auto numbers = must(numbers_of(table, target));
    for (Eigen::Index i = 0; i < data.y.size(); ++i) data.y[i] = numbers[static_cast<std::size_t>(i)].value();
    return data;
}

SpectrumTable rows(const SpectrumTable& table, const std::string& text) { return select_rows(table, must(parse_rows(text, table.rows()))); }

std::vector<double> rmsecv(const Data& data, const std::string& cv, int components) {
    return must(cross_validate(data.x, data.y, must(make_folds(cv, data.table)), components)).rmse;
}

std::vector<double> rmsep(const Data& train, const Data& test, int components) {
    const auto predictions = predict_all(must(fit_pls(train.x, train.y, components)), test.x);
    std::vector<double> out;
    for (int a = 0; a < components; ++a) out.push_back(rmse_of(predictions.col(a), test.y));
    return out;
}

// The published values have six decimals, so half of the last one is all that they can tell apart.
void same(double found, double published) {
    CHECK_THAT(found, Catch::Matchers::WithinAbs(published, 0.51e-6) || Catch::Matchers::WithinRel(published, 1e-6));
}

void same(const std::vector<double>& found, const std::vector<double>& published, std::size_t from = 0) {
    REQUIRE(found.size() >= from + published.size());
    for (std::size_t i = 0; i < published.size(); ++i) {
        INFO("components " << from + i + 1);
        same(found[from + i], published[i]);
    }
}

}  // namespace

TEST_CASE("R1: leave-one-out of gasoline octane agrees with scikit-learn and R", "[nir][reference]") {
    const auto data = prepared(rows(reference_table("gasoline.csv"), "1-50"), "octane", "none");
    same(rmsecv(data, "loo", 6), {1.356951, 0.296620, 0.252408, 0.247578, 0.239794, 0.231881});
}

TEST_CASE("R2: prediction of gasoline octane agrees with scikit-learn and R", "[nir][reference]") {
    const auto table = reference_table("gasoline.csv");
    same(rmsep(prepared(rows(table, "1-50"), "octane", "none"), prepared(rows(table, "51-60"), "octane", ""), 6),
         {1.169597, 0.244483, 0.234108, 0.328684, 0.278033, 0.270318});
}

TEST_CASE("R3: prediction of yarn density", "[nir][reference]") {
    const auto table = reference_table("yarn.csv");
    RowSelection train, test;
    for (Eigen::Index i = 0; i < table.rows(); ++i) (table.column("train")->cells[static_cast<std::size_t>(i)] == "1" ? train : test).push_back(i);
    REQUIRE(train.size() == 21);
    same(rmsep(prepared(select_rows(table, train), "density", "none"), prepared(select_rows(table, test), "density", "none"), 8),
         {2.142669, 2.181114, 1.289184, 0.434254, 0.286001, 0.187710, 0.110536, 0.115970});
}

TEST_CASE("R4 to R7: tablet assay with SNV, derivative and a cut range", "[nir][reference]") {
    const auto table = reference_table("idrc2002_tablets_instr1.csv");
    RowSelection train_rows, test_rows;
    const auto& set = table.column("set")->cells;
    for (Eigen::Index i = 0; i < table.rows(); ++i) {
        if (set[static_cast<std::size_t>(i)] == "Train") train_rows.push_back(i);
        if (set[static_cast<std::size_t>(i)] == "Test") test_rows.push_back(i);
    }
    REQUIRE(train_rows.size() == 155);
    REQUIRE(test_rows.size() == 460);
    const auto train_table = select_rows(table, train_rows), test_table = select_rows(table, test_rows);

    const auto train = prepared(train_table, "assay", "snv"), test = prepared(test_table, "assay", "snv");
    same(rmsecv(train, "venetian:10", 6), {5.349357, 5.043204, 5.110326, 5.250342}, 2);
    same(rmsep(train, test, 6), {4.965499, 4.721796, 4.886596, 5.250505}, 2);

    const auto train_sg = prepared(train_table, "assay", "snv, sg(15,2,1)"), test_sg = prepared(test_table, "assay", "snv, sg(15,2,1)");
    same(rmsecv(train_sg, "venetian:10", 5), {4.738232}, 4);
    same(rmsep(train_sg, test_sg, 5), {4.365140}, 4);

    const Range range = must(parse_range("800:1760"));
    const auto train_cut = prepared(must(cut_range(train_table, range)), "assay", "snv");
    const auto test_cut = prepared(must(cut_range(test_table, range)), "assay", "snv");
    REQUIRE(train_cut.table.channels() == 481);
    same(rmsecv(train_cut, "venetian:10", 5), {4.583410}, 4);
    const auto cut = rmsep(train_cut, test_cut, 7);
    same(cut, {4.631235}, 4);
    same(cut, {4.143416}, 6);
}

TEST_CASE("R10 and R11: corn on two instruments", "[nir][reference]") {
    const auto m5 = reference_table("corn_m5.csv"), mp5 = reference_table("corn_mp5.csv");
    const auto at = [](const SpectrumTable& table, const std::string& target, int components) {
        return rmsecv(prepared(table, target, "none"), "venetian:10", components).back();
    };
    same(at(m5, "Moisture", 10), 0.018258);
    same(at(m5, "Protein", 10), 0.127628);
    same(at(m5, "Moisture", 20), 0.006781);
    same(at(m5, "Protein", 20), 0.085404);
    same(at(mp5, "Moisture", 9), 0.133334);
    same(at(mp5, "Oil", 8), 0.093466);
    same(at(mp5, "Protein", 10), 0.134206);
    same(at(mp5, "Starch", 10), 0.345529);
}

TEST_CASE("R13: a handheld's mixtures, each level left out (labels inferred, not confirmed by their authors)", "[nir][reference]") {
    const auto table = reference_table("kranenburg_K_micronir.csv");
    const auto data = prepared(table, "cocaine_wt_inferred", "snv");
    const std::vector<double> published{6.881317, 6.590158, 6.142916, 6.277845};
    same(rmsecv(data, "venetian:11", 7), published, 3);
    same(rmsecv(data, "group:cocaine_wt_inferred", 7), published, 3);
}
