// SPDX-License-Identifier: Apache-2.0
#include "device/nir/model.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>

#include "device/nir/number.h"
#include "device/nir/quantiles.h"
#include "device/nir/read.h"
#include "device/nir/sha256.h"

namespace accalmie::nir {
namespace {

// Below this an instrument's axes are taken for the same: a hundredth of the finest spacing in use.
constexpr double same_axis_nm = 0.01;

struct Samples {
    SpectrumTable table;
    Eigen::VectorXd reference;
    std::vector<std::string> left_out;
};

Result<Samples> samples_of(const SpectrumTable& table, const TrainingSetup& setup) {
    auto numbers = numbers_of(table, setup.target);
    if (!numbers) return std::unexpected(std::move(numbers.error()));
    RowSelection keep;
    Samples samples;
    for (std::size_t i = 0; i < numbers->size(); ++i) {
        if ((*numbers)[i])
            keep.push_back(static_cast<Eigen::Index>(i));
        else
            samples.left_out.push_back(table.row_name(static_cast<Eigen::Index>(i)));
    }
    samples.table = select_rows(table, keep);
    samples.reference.resize(static_cast<Eigen::Index>(keep.size()));
    for (std::size_t i = 0; i < keep.size(); ++i)
        samples.reference[static_cast<Eigen::Index>(i)] = (*numbers)[static_cast<std::size_t>(keep[i])].value_or(0);
    if (keep.size() < 3)
        return std::unexpected(Error{std::format("only {} rows have a value of '{}'", keep.size(), setup.target), "train with at least 3, better 30", table.file});
    if (setup.range) {
        auto cut = cut_range(samples.table, *setup.range);
        if (!cut) return std::unexpected(std::move(cut.error()));
        samples.table = std::move(*cut);
    }
    auto absorbance = as_absorbance(std::move(samples.table));
    if (!absorbance) return std::unexpected(std::move(absorbance.error()));
    samples.table = std::move(*absorbance);
    return samples;
}

std::string training_hash(const Samples& samples) {
    std::string text;
    for (const double x : samples.table.axis.values) text += exact(x) + ' ';
    for (Eigen::Index row = 0; row < samples.table.rows(); ++row) {
        text += '\n' + exact(samples.reference[row]);
        for (Eigen::Index i = 0; i < samples.table.channels(); ++i) text += ' ' + exact(samples.table.values(row, i));
    }
    return sha256_hex(text);
}

Error in_file(Error error, const std::string& file) {
    if (error.file.empty()) error.file = file;
    return error;
}

// The rows of `table` on the axis of the model.
Result<Spectra> on_axis(const Model& model, const SpectrumTable& table, std::vector<std::string>* notes) {
    const auto& wanted = model.axis.values;
    const auto& given = table.axis.values;
    const auto refuse = [&](std::string message) {
        return std::unexpected(Error{std::move(message), std::format("the model needs {} channels from {} to {} {}", wanted.size(), wanted.front(), wanted.back(), model.axis.label), table.file});
    };
    if (table.axis.unit != model.axis.unit || (model.axis.unit == AxisUnit::other && table.axis.label != model.axis.label))
        return refuse(std::format("the axis is in {}, not in {}", table.axis.label, model.axis.label));
    const double tolerance = model.axis.unit == AxisUnit::nanometre ? same_axis_nm : 0;
    std::vector<Eigen::Index> same;
    for (std::size_t w = 0, g = 0; w < wanted.size(); ++w) {
        while (g < given.size() && given[g] < wanted[w] - tolerance) ++g;
        if (g == given.size() || given[g] > wanted[w] + tolerance) break;
        same.push_back(static_cast<Eigen::Index>(g));
    }
    if (same.size() == wanted.size()) return Spectra(table.values(Eigen::indexing::all, same));

    if (model.axis.unit != AxisUnit::nanometre) return refuse("the channels are not those of the model");
    if (given.front() > wanted.front() + tolerance || given.back() < wanted.back() - tolerance)
        return refuse(std::format("the spectrum covers only {} to {} nm", given.front(), given.back()));
    const double step_wanted = (wanted.back() - wanted.front()) / static_cast<double>(wanted.size() - 1);
    Spectra out(table.rows(), static_cast<Eigen::Index>(wanted.size()));
    for (std::size_t w = 0; w < wanted.size(); ++w) {
        const auto above = std::clamp<std::ptrdiff_t>(std::ranges::lower_bound(given, wanted[w]) - given.begin(), 1, std::ssize(given) - 1);
        const double low = given[static_cast<std::size_t>(above - 1)], high = given[static_cast<std::size_t>(above)];
        if (high - low > 1.5 * step_wanted) return refuse(std::format("the spectrum is too coarse: {:.3g} nm between channels at {:.1f} nm", high - low, low));
        const double part = std::clamp((wanted[w] - low) / (high - low), 0.0, 1.0);
        out.col(static_cast<Eigen::Index>(w)) = (1 - part) * table.values.col(above - 1) + part * table.values.col(above);
    }
    if (notes != nullptr) notes->push_back("the spectra were interpolated to the wavelengths of the model");
    return out;
}

void judge(const Model& model, Prediction& prediction, double half_width) {
    using Kind = Reason::Kind;
    // A residual of rounding alone says nothing, as with a model that explains its spectra whole.
    if (prediction.q > model.q_limit) prediction.reasons.push_back({Kind::residual, prediction.q, model.q_limit});
    if (prediction.t2 > model.t2_limit) prediction.reasons.push_back({Kind::distance, prediction.t2, model.t2_limit});
    if (prediction.value < model.reference_low - half_width) prediction.reasons.push_back({Kind::below_range, prediction.value, model.reference_low});
    if (prediction.value > model.reference_high + half_width) prediction.reasons.push_back({Kind::above_range, prediction.value, model.reference_high});
    prediction.verdict = prediction.reasons.empty() ? Verdict::inside : Verdict::outside;
}

}  // namespace

std::string_view name_of(Verdict verdict) { return verdict == Verdict::inside ? "inside the model" : "outside the model: none of these"; }

std::string describe(const Reason& reason) {
    switch (reason.kind) {
        case Reason::Kind::residual: return std::format("the spectrum has structure that the model has not met (Q {:.3g}, limit {:.3g})", reason.found, reason.limit);
        case Reason::Kind::distance: return std::format("the spectrum lies too far from those of the training (T2 {:.3g}, limit {:.3g})", reason.found, reason.limit);
        case Reason::Kind::below_range: return std::format("the value {:.4g} lies below the lowest reference value {:.4g}", reason.found, reason.limit);
        case Reason::Kind::above_range: break;
    }
    return std::format("the value {:.4g} lies above the highest reference value {:.4g}", reason.found, reason.limit);
}

double box_limit(const Eigen::VectorXd& residuals, double probability) {
    const double mean = residuals.mean();
    const double variance = (residuals.array() - mean).square().sum() / static_cast<double>(residuals.size() - 1);
    if (!(variance > 0)) return mean;
    return variance / (2 * mean) * chi_square_quantile(probability, 2 * mean * mean / variance);
}

double t2_limit(int components, Eigen::Index samples, double probability) {
    const double a = components, n = static_cast<double>(samples);
    return a * (n * n - 1) / (n * (n - a)) * fisher_quantile(probability, a, n - a);
}

std::string Model::id() const { return name + "@" + model_digest(*this).substr(0, 12); }

Result<Training> train(const SpectrumTable& table, const TrainingSetup& setup) {
    auto samples = samples_of(table, setup);
    if (!samples) return std::unexpected(std::move(samples.error()));
    auto x = apply(setup.prep, samples->table.values);
    if (!x) return std::unexpected(in_file(std::move(x.error()), table.file));
    auto folds = make_folds(setup.cv, samples->table);
    if (!folds) return std::unexpected(in_file(std::move(folds.error()), table.file));
    auto cv = cross_validate(*x, samples->reference, *folds, setup.most_components);
    if (!cv) return std::unexpected(in_file(std::move(cv.error()), table.file));

    Training training;
    training.rmsecv = cv->rmse;
    training.left_out = std::move(samples->left_out);
    training.samples = x->rows();
    const int chosen = choose_components(cv->rmse, setup.fewest_components);
    auto pls = fit_pls(*x, samples->reference, chosen);
    if (!pls) return std::unexpected(in_file(std::move(pls.error()), table.file));

    Model& model = training.model;
    model.name = setup.name;
    model.target = setup.target;
    model.unit = setup.unit;
    model.prep = setup.prep;
    model.axis = samples->table.axis;
    model.cv = folds->text;
    model.rmsecv = cv->rmse[static_cast<std::size_t>(chosen - 1)];
    model.rmsec = rmse_of(predict_all(*pls, *x).col(chosen - 1), samples->reference);
    model.reference_low = samples->reference.minCoeff();
    model.reference_high = samples->reference.maxCoeff();
    model.t2_limit = t2_limit(chosen, x->rows(), gate_probability);
    model.q_limit = box_limit(cv->q.col(chosen - 1), gate_probability);
    model.training_sha256 = training_hash(*samples);
    model.pls = std::move(*pls);
    return training;
}

Result<std::vector<Prediction>> predict(const Model& model, const SpectrumTable& table, std::vector<std::string>* notes) {
    SpectrumTable aligned = select_rows(table, {});
    auto on_grid = on_axis(model, table, notes);
    if (!on_grid) return std::unexpected(std::move(on_grid.error()));
    aligned.values = std::move(*on_grid);
    aligned.lines = table.lines;
    auto absorbance = as_absorbance(std::move(aligned));
    if (!absorbance) return std::unexpected(std::move(absorbance.error()));
    auto x = apply(model.prep, std::move(absorbance->values));
    if (!x) return std::unexpected(in_file(std::move(x.error()), table.file));

    const double degrees = static_cast<double>(std::max<Eigen::Index>(model.pls.samples - model.components() - 1, 1));
    const double t = student_quantile(0.5 + 0.5 * interval_probability, degrees);
    std::vector<Prediction> predictions;
    for (Eigen::Index row = 0; row < x->rows(); ++row) {
        const Position position = position_of(model.pls, x->row(row), model.components());
        const double half_width = t * model.rmsecv * std::sqrt(1 + position.leverage);
        if (!std::isfinite(position.value) || !std::isfinite(half_width) || !std::isfinite(position.q))
            return std::unexpected(Error{std::format("the value of spectrum {} overflows", row + 1), "measure the spectrum again", table.file,
                                         table.lines[static_cast<std::size_t>(row)]});
        Prediction prediction{position.value, position.value - half_width, position.value + half_width, position.t2, position.q, Verdict::outside, {}};
        judge(model, prediction, half_width);
        predictions.push_back(std::move(prediction));
    }
    return predictions;
}

}  // namespace accalmie::nir
