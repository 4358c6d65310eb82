// SPDX-License-Identifier: Apache-2.0
#include "device/nir/simulated.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <numeric>
#include <span>

#include "device/nir/number.h"

namespace accalmie::nir {
namespace {

struct Band {
    double centre_nm, width_nm, height;  // width as standard deviation
};

// Made-up substances, with bands where overtones of CH, OH and NH lie.
constexpr Band active[] = {{1135, 18, 0.42}, {1209, 24, 0.30}, {1410, 22, 0.50}, {1498, 30, 0.65}, {1652, 26, 1.10}};
constexpr Band filler[] = {{985, 30, 0.12}, {1200, 34, 0.26}, {1365, 30, 0.30}, {1432, 28, 0.62}, {1535, 42, 0.74}};
constexpr Band binder[] = {{990, 40, 0.10}, {1215, 45, 0.34}, {1478, 60, 0.82}, {1590, 50, 0.55}};
constexpr Band moisture[] = {{970, 30, 0.18}, {1190, 40, 0.10}, {1450, 45, 1.60}};
constexpr Band foreign[] = {{950, 22, 0.20}, {1105, 20, 0.55}, {1280, 26, 0.70}, {1390, 18, 0.35}, {1555, 24, 0.90}, {1620, 20, 0.30}};
constexpr Band powder[] = {{1020, 20, 0.25}, {1165, 22, 0.48}, {1255, 20, 0.36}, {1445, 24, 0.40}, {1575, 28, 0.95}, {1640, 18, 0.45}};
constexpr Band carrier[] = {{1000, 35, 0.14}, {1225, 30, 0.30}, {1345, 36, 0.22}, {1515, 36, 0.88}};

constexpr std::array<std::string_view, 4> sample_names{"tablet", "foreign", "mixture", "powder"};
constexpr double tablet_mg = 200;
constexpr double noise_au = 2e-4, steps_per_au = 1e6;

// Sums of uniform draws instead of logarithms: exact arithmetic, so the same on every processor.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}
    std::uint64_t bits() {  // splitmix64 (Steele, Lea and Flood, 2014)
        state_ += 0x9E3779B97F4A7C15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += uniform();
        return sum;
    }

private:
    std::uint64_t state_;
};

double absorptivity(std::span<const Band> bands, double nm) {
    double sum = 0;
    for (const Band& band : bands) sum += band.height * std::exp(-0.5 * std::pow((nm - band.centre_nm) / band.width_nm, 2));
    return sum;
}

struct Parts {
    double active = 0, filler = 0, binder = 0, moisture = 0, foreign = 0, powder = 0, carrier = 0;
};

Parts parts_of(const SimulatedScan& scan, Draws& draws) {
    Parts parts;
    parts.moisture = 0.03 + 0.006 * draws.normal();
    const double split = 0.55 + 0.02 * draws.normal();  // of the excipients, from batch to batch
    if (scan.sample == SimulatedSample::foreign) {
        parts.foreign = 1 - parts.moisture;
        return parts;
    }
    if (scan.sample == SimulatedSample::powder) {
        parts.powder = scan.active_percent / 100 * (1 - parts.moisture);
        parts.carrier = 1 - parts.moisture - parts.powder;
        return parts;
    }
    parts.active = scan.active_mg / tablet_mg;
    const double rest = 1 - parts.active - parts.moisture;
    parts.filler = rest * split;
    parts.binder = rest * (1 - split);
    if (scan.sample == SimulatedSample::mixture) {
        for (double* part : {&parts.active, &parts.filler, &parts.binder}) *part *= 0.8;
        parts.foreign = 0.2;
    }
    return parts;
}

}  // namespace

Axis simulated_axis() {
    Axis axis;
    // Three decimals, as the instrument's own files have.
    for (int i = 0; i < simulated_channels; ++i) axis.values.push_back(std::round((908.0 + i * (1676.0 - 908.0) / (simulated_channels - 1)) * 1000) / 1000);
    return axis;
}

Spectrum simulate_scan(const SimulatedScan& scan, std::uint64_t seed) {
    Draws draws(seed);
    const Parts parts = parts_of(scan, draws);
    // Scatter: the path through the powder, a lift of the base line and its slope over the range.
    const double path = 1 + 0.08 * draws.normal(), lift = 0.25 + 0.05 * draws.normal(), slope = 0.03 * draws.normal();
    Spectrum spectrum;
    spectrum.axis = simulated_axis();
    for (const double nm : spectrum.axis.values) {
        double pure = parts.active * absorptivity(active, nm) + parts.filler * absorptivity(filler, nm) + parts.binder * absorptivity(binder, nm) +
                            parts.moisture * absorptivity(moisture, nm) + parts.foreign * absorptivity(foreign, nm);
        if (scan.sample == SimulatedSample::powder) pure += parts.powder * absorptivity(powder, nm) + parts.carrier * absorptivity(carrier, nm);
        const double seen = path * pure + lift + slope * (nm - 1292) / 384 + noise_au * draws.normal();
        spectrum.values.push_back(std::round(seen * steps_per_au) / steps_per_au);
    }
    spectrum.metadata = {{"INSTRUMENT", "simulated spectrometer"}, {"SEED", std::format("{}", seed)}};
    return spectrum;
}

std::string_view name_of(SimulatedSample sample) { return sample_names[static_cast<std::size_t>(sample)]; }

std::optional<SimulatedSample> simulated_sample(std::string_view name) {
    const auto found = std::ranges::find(sample_names, name);
    return found == sample_names.end() ? std::nullopt : std::optional(static_cast<SimulatedSample>(found - sample_names.begin()));
}

SpectrumTable simulate_table(SimulatedSample sample, int count, std::uint64_t seed, std::optional<double> amount) {
    const bool in_percent = sample == SimulatedSample::powder;
    const double lowest = in_percent ? powder_lowest_percent : simulated_lowest_mg, highest = in_percent ? powder_highest_percent : simulated_highest_mg;
    Draws draws(seed);
    std::vector<double> amounts(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < amounts.size(); ++i) {
        const double part = count > 1 ? static_cast<double>(i) / (count - 1) : 0.5;
        amounts[i] = amount.value_or(std::round((lowest + part * (highest - lowest)) * 100) / 100);
    }
    for (std::size_t i = amounts.size(); i > 1; --i) std::swap(amounts[i - 1], amounts[draws.bits() % i]);
    SpectrumTable table;
    table.format = "simulated spectrometer";
    table.axis = simulated_axis();
    table.values.resize(count, simulated_channels);
    Column ids{"id", {}, {}}, contents{in_percent ? "active_percent" : "active_mg", {}, {}};
    for (int i = 0; i < count; ++i) {
        const double content = amounts[static_cast<std::size_t>(i)];
        const auto spectrum = simulate_scan({.sample = sample, .active_mg = content, .active_percent = content}, draws.bits());
        table.values.row(i) = Eigen::Map<const Eigen::RowVectorXd>(spectrum.values.data(), simulated_channels);
        table.lines.push_back(i + 2);
        ids.cells.push_back(std::format("S{:03}", i + 1));
        // What the label of the product says; a foreign powder has no such label.
        contents.cells.push_back(sample == SimulatedSample::foreign ? std::string() : exact(sample == SimulatedSample::mixture ? 0.8 * content : content));
    }
    for (auto* column : {&ids, &contents}) column->at_column.assign(static_cast<std::size_t>(count), 1);
    table.columns = {std::move(ids), std::move(contents)};
    return table;
}

}  // namespace accalmie::nir
