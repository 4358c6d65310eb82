// SPDX-License-Identifier: Apache-2.0
// Owns: what is done to a spectrum before a model sees it: SNV and Savitzky-Golay, alone or one after another.
// Never: looks at more than one spectrum at a time, so training and prediction do exactly the same. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

struct Snv {};                 // standard normal variate: minus the spectrum's mean, over its standard deviation (n - 1)
struct SavitzkyGolay {         // derivative per channel; the ends take the polynomial of the first and last window, as SciPy's mode='interp'
    int window = 15, polynomial = 2, derivative = 0;
};
using Step = std::variant<Snv, SavitzkyGolay>;

struct Chain {
    std::vector<Step> steps;
    std::string text() const;  // "snv, sg(15,2,1)"; "none" when empty
};

Result<Chain> parse_chain(std::string_view text);   // the words of text(); "" and "none" do nothing
// Refuses a window longer than the spectrum and, for SNV, a spectrum without any variation (the row is named).
Result<Spectra> apply(const Chain& chain, Spectra spectra);

// Weights over one window, row `position` giving the derivative at that place of the window (0 ... window-1).
Eigen::MatrixXd savitzky_golay_weights(const SavitzkyGolay& step);

}  // namespace accalmie::nir
