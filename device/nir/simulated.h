// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated spectrometer, a full member of the instruments: it lets the whole chain be rehearsed, taught and tested without
// hardware or samples. 125 channels from 908 to 1676 nm, as the handhelds in use have. Two made-up products, a reference tablet (one active
// ingredient, two excipients, moisture) and a reference powder (another active ingredient, one carrier, moisture), follow Beer and Lambert
// over gaussian bands, with scatter and noise.
// Never: claims to be a real substance; uses anything but its seed. Units: nm, AU, mg, percent of mass. The same seed gives the same
// spectrum everywhere: absorbances are rounded to the instrument's last digit, 1e-6 AU. Thread: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

inline constexpr int simulated_channels = 125;
inline constexpr int simulated_scan_ms = 500;       // what one measurement takes on the instrument that it stands for
inline constexpr double simulated_lowest_mg = 30, simulated_highest_mg = 70, simulated_nominal_mg = 50;
inline constexpr double powder_lowest_percent = 10, powder_highest_percent = 60, powder_nominal_percent = 35;

enum class SimulatedSample : std::uint8_t {
    tablet,     // the reference tablet
    foreign,    // another powder: nothing that the tablet holds
    mixture,    // the reference tablet with a fifth of it replaced by the foreign powder
    powder,     // the reference powder
};
std::string_view name_of(SimulatedSample sample);  // "tablet", "foreign", "mixture", "powder"
std::optional<SimulatedSample> simulated_sample(std::string_view name);

struct SimulatedScan {
    SimulatedSample sample = SimulatedSample::tablet;
    double active_mg = simulated_nominal_mg;            // of the tablet
    double active_percent = powder_nominal_percent;     // of the powder
};

Axis simulated_axis();
Spectrum simulate_scan(const SimulatedScan& scan, std::uint64_t seed);
// `count` scans as a table with the columns id and active_mg (powders: active_percent). Tablets spread evenly over 30 to 70 mg, powders
// over 10 to 60 %, in an order drawn from the seed; a set amount (mg, powders: percent) gives them all the same.
SpectrumTable simulate_table(SimulatedSample sample, int count, std::uint64_t seed, std::optional<double> amount = std::nullopt);

}  // namespace accalmie::nir
