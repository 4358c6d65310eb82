// SPDX-License-Identifier: Apache-2.0
// Owns: partial least squares for one target (PLS1, NIPALS as in Wold, Sjostrom and Eriksson, Chemom. Intell. Lab. Syst. 58 (2001) 109),
// mean-centred and not scaled, and its cross-validation. Never: touches a file. Thread: pure functions.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

struct Pls {
    Eigen::RowVectorXd x_mean;
    double y_mean = 0;
    Eigen::MatrixXd rotations;      // channels x components: scores = (x - x_mean) * rotations
    Eigen::MatrixXd loadings;       // channels x components
    Eigen::VectorXd y_loadings;     // components
    Eigen::VectorXd score_squares;  // t't of each component over the training set
    Eigen::Index samples = 0;

    int components() const { return static_cast<int>(rotations.cols()); }
    Eigen::VectorXd coefficients(int use) const { return rotations.leftCols(use) * y_loadings.head(use); }
};

// At most `components`; fewer than asked for is an error that names how many the data carry.
Result<Pls> fit_pls(const Spectra& x, const Eigen::VectorXd& y, int components);
// One column for each number of components, 1 ... pls.components().
Eigen::MatrixXd predict_all(const Pls& pls, const Spectra& x);

// What one spectrum looks like to a model of `use` components.
struct Position {
    double value = 0;
    double t2 = 0;         // Hotelling's T2 of the scores
    double q = 0;          // squared residual of the spectrum
    double leverage = 0;   // 1/n + t (T'T)^-1 t'
};
Position position_of(const Pls& pls, const Eigen::RowVectorXd& x, int use);

// folds[i] is the fold that tests row i.
struct Folds {
    std::vector<int> of_row;
    int count = 0;
    std::string text;      // as asked for
};
// venetian:K (row modulo K), kfold:K (K blocks of neighbours), loo, group:COLUMN (each value of a column).
Result<Folds> make_folds(std::string_view text, const SpectrumTable& table);

struct CrossValidation {
    Eigen::MatrixXd predictions;   // rows x components, each by the model that did not see its fold
    std::vector<double> rmse;      // sqrt(PRESS / n) for 1 ... components
    Eigen::MatrixXd q, t2;         // rows x components, by the same models
};
Result<CrossValidation> cross_validate(const Spectra& x, const Eigen::VectorXd& y, const Folds& folds, int components);

// The fewest components whose error is within 2 % of the smallest one, from `fewest` on.
int choose_components(const std::vector<double>& rmse, int fewest);

double rmse_of(const Eigen::VectorXd& predicted, const Eigen::VectorXd& reference);

}  // namespace accalmie::nir
