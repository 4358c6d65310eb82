// SPDX-License-Identifier: Apache-2.0
#include "device/nir/pls.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "device/nir/number.h"

namespace accalmie::nir {

Result<Pls> fit_pls(const Spectra& x, const Eigen::VectorXd& y, int components) {
    const Eigen::Index n = x.rows(), channels = x.cols();
    const auto refuse = [](std::string message, std::string hint) { return std::unexpected(Error{std::move(message), std::move(hint)}); };
    if (n < 3) return refuse(std::format("{} spectra are too few for a model", n), "train with at least 3, better 30");
    if (components < 1 || components > std::min(n - 1, channels))
        return refuse(std::format("{} spectra of {} channels carry at most {} components, {} are asked for", n, channels, std::min(n - 1, channels), components),
                      "ask for fewer components or train with more spectra");
    Pls pls;
    pls.samples = n;
    pls.x_mean = x.colwise().mean();
    pls.y_mean = y.mean();
    Spectra left = x.rowwise() - pls.x_mean;
    Eigen::VectorXd y_left = y.array() - pls.y_mean;
    if (!(y_left.squaredNorm() > 0)) return refuse("every reference value is the same", "train with samples that differ in the target");
    const double start = left.squaredNorm();
    pls.rotations.resize(channels, components);
    pls.loadings.resize(channels, components);
    pls.y_loadings.resize(components);
    pls.score_squares.resize(components);
    for (int a = 0; a < components; ++a) {
        Eigen::VectorXd weight = left.transpose() * y_left;
        const double length = weight.norm();
        weight /= length;
        const Eigen::VectorXd score = left * weight;
        const double square = score.squaredNorm();
        if (!(length > 0) || !(square > 1e-26 * start))
            return refuse(std::format("the spectra carry only {} components", a), "ask for fewer components");
        const Eigen::VectorXd loading = left.transpose() * score / square;
        left.noalias() -= score * loading.transpose();
        pls.y_loadings[a] = y_left.dot(score) / square;
        y_left -= pls.y_loadings[a] * score;
        // r = w - sum of r_j (p_j . w): the weights that act on the spectrum as it came, before any deflation.
        Eigen::VectorXd rotation = weight;
        for (int j = 0; j < a; ++j) rotation -= pls.rotations.col(j) * pls.loadings.col(j).dot(weight);
        pls.rotations.col(a) = rotation;
        pls.loadings.col(a) = loading;
        pls.score_squares[a] = square;
    }
    return pls;
}

Eigen::MatrixXd predict_all(const Pls& pls, const Spectra& x) {
    Eigen::MatrixXd out = (x.rowwise() - pls.x_mean) * pls.rotations;
    for (Eigen::Index a = 0; a < out.cols(); ++a) {
        out.col(a) *= pls.y_loadings[a];
        if (a > 0) out.col(a) += out.col(a - 1);
    }
    out.array() += pls.y_mean;
    return out;
}

Position position_of(const Pls& pls, const Eigen::RowVectorXd& x, int use) {
    Position position;
    Eigen::RowVectorXd left = x - pls.x_mean;
    const Eigen::RowVectorXd scores = left * pls.rotations.leftCols(use);
    position.value = pls.y_mean + scores.dot(pls.y_loadings.head(use).transpose());
    for (int a = 0; a < use; ++a) position.t2 += scores[a] * scores[a] / pls.score_squares[a];
    position.leverage = 1.0 / static_cast<double>(pls.samples) + position.t2;
    position.t2 *= static_cast<double>(pls.samples - 1);
    left.noalias() -= scores * pls.loadings.leftCols(use).transpose();
    position.q = left.squaredNorm();
    return position;
}

Result<Folds> make_folds(std::string_view text, const SpectrumTable& table) {
    const auto n = static_cast<std::size_t>(table.rows());
    const auto colon = text.find(':');
    const auto kind = trim(text.substr(0, colon));
    const auto what = colon == std::string_view::npos ? std::string_view{} : trim(text.substr(colon + 1));
    const auto refuse = [&](std::string message) {
        return std::unexpected(Error{std::move(message), "write venetian:K, kfold:K, loo or group:COLUMN, with K from 2 to the number of spectra"});
    };
    Folds folds{std::vector<int>(n), 0, std::string(trim(text))};
    if (kind == "loo" && what.empty()) {
        for (std::size_t i = 0; i < n; ++i) folds.of_row[i] = static_cast<int>(i);
        folds.count = static_cast<int>(n);
    } else if (kind == "venetian" || kind == "kfold") {
        const auto count = parse_integer(what);
        if (!count || *count < 2 || static_cast<std::size_t>(*count) > n) return refuse(std::format("'{}' does not divide {} spectra", text, n));
        const auto k = static_cast<std::size_t>(*count);
        // Blocks of neighbours: the first n modulo K of them hold one row more.
        for (std::size_t i = 0, fold = 0, used = 0; i < n; ++i) {
            if (kind == "kfold" && used == n / k + (fold < n % k ? 1 : 0)) {
                ++fold;
                used = 0;
            }
            folds.of_row[i] = static_cast<int>(kind == "kfold" ? fold : i % k);
            ++used;
        }
        folds.count = *count;
    } else if (kind == "group" && !what.empty()) {
        const auto* column = table.column(what);
        if (column == nullptr) return refuse(std::format("there is no column '{}' to group by", what));
        std::vector<std::string> names;
        for (std::size_t i = 0; i < n; ++i) {
            auto found = std::ranges::find(names, column->cells[i]);
            if (found == names.end()) found = names.insert(names.end(), column->cells[i]);
            folds.of_row[i] = static_cast<int>(found - names.begin());
        }
        folds.count = static_cast<int>(names.size());
    } else {
        return refuse(std::format("'{}' is not a way to cross-validate", text));
    }
    if (folds.count < 2) return refuse(std::format("'{}' makes only one fold", text));
    return folds;
}

Result<CrossValidation> cross_validate(const Spectra& x, const Eigen::VectorXd& y, const Folds& folds, int components) {
    CrossValidation out;
    for (auto* matrix : {&out.predictions, &out.q, &out.t2}) matrix->resize(x.rows(), components);
    for (int fold = 0; fold < folds.count; ++fold) {
        RowSelection train, test;
        for (Eigen::Index i = 0; i < x.rows(); ++i) (folds.of_row[static_cast<std::size_t>(i)] == fold ? test : train).push_back(i);
        const Spectra train_x = x(train, Eigen::indexing::all);
        auto pls = fit_pls(train_x, y(train), components);
        if (!pls) {
            pls.error().message = std::format("without fold {}: {}", fold + 1, pls.error().message);
            return std::unexpected(std::move(pls.error()));
        }
        for (const auto row : test) {
            for (int use = 1; use <= components; ++use) {
                const auto position = position_of(*pls, x.row(row), use);
                out.predictions(row, use - 1) = position.value;
                out.q(row, use - 1) = position.q;
                out.t2(row, use - 1) = position.t2;
            }
        }
    }
    for (int a = 0; a < components; ++a) out.rmse.push_back(rmse_of(out.predictions.col(a), y));
    return out;
}

int choose_components(const std::vector<double>& rmse, int fewest) {
    const auto from = rmse.begin() + std::clamp<std::ptrdiff_t>(fewest - 1, 0, std::ssize(rmse) - 1);
    const double smallest = *std::min_element(from, rmse.end());
    const auto chosen = std::find_if(from, rmse.end(), [&](double value) { return value <= 1.02 * smallest; });
    return static_cast<int>(chosen - rmse.begin()) + 1;
}

double rmse_of(const Eigen::VectorXd& predicted, const Eigen::VectorXd& reference) {
    return std::sqrt((predicted - reference).squaredNorm() / static_cast<double>(reference.size()));
}

}  // namespace accalmie::nir
