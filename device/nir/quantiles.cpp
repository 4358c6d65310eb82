// SPDX-License-Identifier: Apache-2.0
#include "device/nir/quantiles.h"

#include <cmath>
#include <initializer_list>
#include <limits>

namespace accalmie::nir {
namespace {

constexpr double smallest = std::numeric_limits<double>::min() * 1e10;
constexpr int most_terms = 500;

// lgamma() writes a global sign, so two threads would race; this one does not.
double log_gamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

// Continued fraction of the incomplete beta function by Lentz's method (Press et al., Numerical Recipes, 6.4).
double beta_fraction(double a, double b, double x) {
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (std::abs(d) < smallest ? smallest : d);
    double fraction = d;
    for (int m = 1; m <= most_terms; ++m) {
        const double even = m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m));
        double change = 1;
        for (const double term : {even, odd}) {
            d = 1 + term * d;
            c = 1 + term / c;
            if (std::abs(d) < smallest) d = smallest;
            if (std::abs(c) < smallest) c = smallest;
            d = 1 / d;
            change = c * d;
            fraction *= change;
        }
        if (std::abs(change - 1) < 1e-15) break;
    }
    return fraction;
}

double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double incomplete_gamma(double a, double x) {
    if (x <= 0) return 0;
    const double front = std::exp(a * std::log(x) - x - log_gamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n <= 100000 && term > sum * 1e-16; ++n) {
            term *= x / (a + n);
            sum += term;
        }
        return front * sum;
    }
    double b = x + 1 - a, c = 1 / smallest, d = 1 / b, fraction = d;
    for (int i = 1; i <= 100000; ++i) {
        const double term = -i * (i - a);
        b += 2;
        d = term * d + b;
        c = b + term / c;
        if (std::abs(d) < smallest) d = smallest;
        if (std::abs(c) < smallest) c = smallest;
        d = 1 / d;
        const double change = d * c;
        fraction *= change;
        if (std::abs(change - 1) < 1e-15) break;
    }
    return 1 - front * fraction;
}

// The place where a rising function reaches `probability`, between 0 and where doubling finds it passed.
template <class Cumulative>
double invert(double probability, Cumulative cumulative) {
    double low = 0, high = 1;
    while (cumulative(high) < probability && high < 1e12) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
        const double middle = 0.5 * (low + high);
        (cumulative(middle) < probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

double normal_quantile(double probability) {
    if (probability < 0.5) return -normal_quantile(1 - probability);
    return invert(probability, [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); });
}

double student_quantile(double probability, double degrees) {
    if (probability < 0.5) return -student_quantile(1 - probability, degrees);
    return invert(probability, [&](double t) { return 1 - 0.5 * incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)); });
}

double chi_square_quantile(double probability, double degrees) {
    return invert(probability, [&](double x) { return incomplete_gamma(degrees / 2, x / 2); });
}

double fisher_quantile(double probability, double degrees_1, double degrees_2) {
    return invert(probability, [&](double f) { return incomplete_beta(degrees_1 / 2, degrees_2 / 2, degrees_1 * f / (degrees_1 * f + degrees_2)); });
}

}  // namespace accalmie::nir
