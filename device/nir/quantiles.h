// SPDX-License-Identifier: Apache-2.0
// Owns: the distributions that limits and intervals need. Never: throws. Accuracy: about 1e-10 relative for the arguments in use here.
#pragma once

namespace accalmie::nir {

double normal_quantile(double probability);
double student_quantile(double probability, double degrees);                    // one-sided
double chi_square_quantile(double probability, double degrees);                 // degrees may be fractional
double fisher_quantile(double probability, double degrees_1, double degrees_2);

}  // namespace accalmie::nir
