// SPDX-License-Identifier: Apache-2.0
#include "device/nir/preprocess.h"

#include <Eigen/QR>
#include <cmath>
#include <format>

#include "device/nir/number.h"

namespace accalmie::nir {
namespace {

constexpr int longest_window = 501, highest_polynomial = 9;

std::unexpected<Error> refuse(std::string message) {
    return std::unexpected(Error{std::move(message), "write steps such as 'snv, sg(15,2,1)': window, polynomial, derivative; or none"});
}

Result<Step> parse_step(std::string_view text) {
    if (text == "snv") return Snv{};
    if (!text.starts_with("sg(") || !text.ends_with(')')) return refuse(std::format("'{}' is not a step of preprocessing", text));
    std::vector<int> numbers;
    std::string_view inside = text.substr(3, text.size() - 4);
    for (std::size_t at = 0; at <= inside.size();) {
        const auto comma = std::min(inside.find(',', at), inside.size());
        const auto number = parse_integer(inside.substr(at, comma - at));
        if (!number) return refuse(std::format("'{}' in '{}' is not a whole number", trim(inside.substr(at, comma - at)), text));
        numbers.push_back(*number);
        at = comma + 1;
    }
    if (numbers.size() != 3) return refuse(std::format("'{}' needs three numbers", text));
    const SavitzkyGolay step{numbers[0], numbers[1], numbers[2]};
    if (step.window < 3 || step.window > longest_window || step.window % 2 == 0)
        return refuse(std::format("the window of '{}' must be odd, from 3 to {}", text, longest_window));
    if (step.polynomial < 0 || step.polynomial > highest_polynomial || step.polynomial >= step.window)
        return refuse(std::format("the polynomial of '{}' must be from 0 to {} and below the window", text, highest_polynomial));
    if (step.derivative < 0 || step.derivative > step.polynomial)
        return refuse(std::format("the derivative of '{}' must be from 0 to its polynomial", text));
    return step;
}

Result<Spectra> apply_step(const Snv&, Spectra spectra) {
    const auto channels = static_cast<double>(spectra.cols());
    for (Eigen::Index row = 0; row < spectra.rows(); ++row) {
        const double mean = spectra.row(row).mean();
        spectra.row(row).array() -= mean;
        const double deviation = std::sqrt(spectra.row(row).squaredNorm() / (channels - 1.0));
        // What rounding leaves of a flat spectrum is not a signal.
        if (!(deviation > 1e-12 * std::abs(mean)) || !std::isfinite(deviation))
            return std::unexpected(Error{std::format("spectrum {} is flat: SNV cannot scale it", row + 1), "measure it again, or leave it out with --rows"});
        spectra.row(row) /= deviation;
    }
    return spectra;
}

Result<Spectra> apply_step(const SavitzkyGolay& step, Spectra spectra) {
    const Eigen::Index channels = spectra.cols(), window = step.window, half = window / 2;
    if (channels < window)
        return std::unexpected(Error{std::format("a window of {} channels is longer than the spectrum ({} channels)", step.window, channels),
                                     "take a shorter window or a wider range"});
    const Eigen::MatrixXd weights = savitzky_golay_weights(step);
    Spectra out(spectra.rows(), channels);
    for (Eigen::Index i = 0; i < channels; ++i) {
        const Eigen::Index start = std::clamp<Eigen::Index>(i - half, 0, channels - window);
        out.col(i) = spectra.middleCols(start, window) * weights.row(i - start).transpose();
    }
    return out;
}

}  // namespace

std::string Chain::text() const {
    std::string text;
    for (const Step& step : steps) {
        if (!text.empty()) text += ", ";
        if (const auto* sg = std::get_if<SavitzkyGolay>(&step))
            text += std::format("sg({},{},{})", sg->window, sg->polynomial, sg->derivative);
        else
            text += "snv";
    }
    return text.empty() ? "none" : text;
}

Result<Chain> parse_chain(std::string_view text) {
    Chain chain;
    if (trim(text).empty() || trim(text) == "none") return chain;
    int depth = 0;
    std::string step;
    const auto finish = [&]() -> Result<void> {
        auto parsed = parse_step(step);
        if (!parsed) return std::unexpected(std::move(parsed.error()));
        chain.steps.push_back(*parsed);
        step.clear();
        return {};
    };
    if (text.size() > 400) return refuse("the chain is too long");
    for (const char c : text) {
        if (c == ' ' || c == '\t') continue;
        if (c == '(') ++depth;
        if (c == ')') --depth;
        if (c == ',' && depth == 0) {
            if (auto done = finish(); !done) return std::unexpected(std::move(done.error()));
        } else {
            step += c;
        }
    }
    if (auto done = finish(); !done) return std::unexpected(std::move(done.error()));
    return chain;
}

Eigen::MatrixXd savitzky_golay_weights(const SavitzkyGolay& step) {
    // Offsets scaled to [-1, 1] keep the powers well conditioned; the derivative is scaled back.
    const int half = step.window / 2, terms = step.polynomial + 1;
    const double scale = half;
    Eigen::MatrixXd powers(step.window, terms);
    for (int i = 0; i < step.window; ++i)
        for (int k = 0; k < terms; ++k) powers(i, k) = std::pow((i - half) / scale, k);
    const Eigen::MatrixXd to_polynomial = powers.householderQr().solve(Eigen::MatrixXd::Identity(step.window, step.window));
    Eigen::MatrixXd evaluate = Eigen::MatrixXd::Zero(step.window, terms);
    for (int i = 0; i < step.window; ++i) {
        for (int k = step.derivative; k < terms; ++k) {
            double factor = 1;
            for (int d = 0; d < step.derivative; ++d) factor *= (k - d) / scale;
            evaluate(i, k) = factor * std::pow((i - half) / scale, k - step.derivative);
        }
    }
    return evaluate * to_polynomial;
}

Result<Spectra> apply(const Chain& chain, Spectra spectra) {
    for (const Step& step : chain.steps) {
        auto next = std::visit([&](const auto& s) { return apply_step(s, std::move(spectra)); }, step);
        if (!next) return next;
        spectra = std::move(*next);
    }
    return spectra;
}

}  // namespace accalmie::nir
