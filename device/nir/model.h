// SPDX-License-Identifier: Apache-2.0
// Owns: a calibration as it is trained, kept and used: preprocessing, axis, PLS, its cross-validated error, and the gate that says when a
// spectrum is not one of those the model knows. Never: gives a value for a spectrum outside the model without saying so.
// Units: the target's own; nm. Thread: pure functions over values.
//
// Interval: value +- t(0.975, n - A - 1) * RMSECV * sqrt(1 + h), with n training spectra, A components and h the leverage.
// Gate: outside when Q passes the Box limit of the cross-validated Q (its mean and variance matched by g * chi2(h)), when T2 passes
// A (n^2 - 1) / (n (n - A)) * F(A, n - A), or when the value lies further beyond the reference values than the interval is wide.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/nir/pls.h"
#include "device/nir/preprocess.h"
#include "device/nir/spectrum.h"

namespace accalmie::nir {

inline constexpr double gate_probability = 0.99;
inline constexpr double interval_probability = 0.95;

struct Model {
    std::string name, target, unit;    // unit may be empty
    Chain prep;
    Axis axis;                         // of the spectra as they come, after the range cut
    Pls pls;                           // exactly the components that are used
    std::string cv;
    double rmsec = 0, rmsecv = 0;
    double reference_low = 0, reference_high = 0;
    double t2_limit = 0, q_limit = 0;
    std::string training_sha256;       // of axis, spectra and reference values

    int components() const { return pls.components(); }
    std::string id() const;            // name@first 12 digits of the hash of the file's content
};

struct TrainingSetup {
    std::string name = "model", target, unit;
    Chain prep;
    std::optional<Range> range;
    int fewest_components = 1, most_components = 10;
    std::string cv = "venetian:10";
};

struct Training {
    Model model;
    std::vector<double> rmsecv;            // for 1 ... most_components
    std::vector<std::string> left_out;     // rows without a reference value, by name
    Eigen::Index samples = 0;
};
Result<Training> train(const SpectrumTable& table, const TrainingSetup& setup);

enum class Verdict : std::uint8_t { inside, outside };
std::string_view name_of(Verdict verdict);   // "inside the model", "outside the model: none of these"

struct Reason {
    enum class Kind : std::uint8_t { residual, distance, below_range, above_range } kind = Kind::residual;
    double found = 0, limit = 0;
};
std::string describe(const Reason& reason);  // English, one line

struct Prediction {
    double value = 0, interval_low = 0, interval_high = 0;
    double t2 = 0, q = 0;
    Verdict verdict = Verdict::outside;
    std::vector<Reason> reasons;             // empty when inside
};

// One prediction a row. A table on another grid that covers the model's axis as finely is interpolated, and `notes` says so.
Result<std::vector<Prediction>> predict(const Model& model, const SpectrumTable& table, std::vector<std::string>* notes = nullptr);

double box_limit(const Eigen::VectorXd& residuals, double probability);
double t2_limit(int components, Eigen::Index samples, double probability);

// The model file: text, described in models/README.md; every number reads back to the same double.
std::string write_model(const Model& model);
Result<Model> parse_model(std::string_view text, const std::string& file);        // checks the content hash first
Result<Model> parse_model_body(std::string_view text, const std::string& file);   // everything above the hash line
Result<Model> read_model(const std::string& path);                                // a path, or the name of a shipped model
std::string find_model(const std::string& name_or_path);                          // "simulated-tablet" -> its path, where it is found
std::string model_digest(const Model& model);                                     // SHA-256 of the content

}  // namespace accalmie::nir
