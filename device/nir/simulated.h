// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated spectrometer, a full member of the instruments: it lets the whole chain be rehearsed, taught and tested without
// hardware or samples. 125 channels from 908 to 1676 nm, as the handhelds in use have. A reference tablet (a made-up medicine: one active
// ingredient, two excipients, moisture) follows Beer and Lambert over gaussian bands, with scatter and noise.
// Never: claims to be a real substance; uses anything but its seed. Units: nm, AU, mg. The same seed gives the same spectrum everywhere:
// absorbances are rounded to the instrument's last digit, 1e-6 AU. Thread: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

inline constexpr int simulated_channels = 125;
inline constexpr int simulated_scan_ms = 500;       // what one measurement takes on the instrument that it stands for
inline constexpr double simulated_lowest_mg = 30, simulated_highest_mg = 70, simulated_nominal_mg = 50;

enum class SimulatedSample : std::uint8_t {
    tablet,     // the reference tablet
    foreign,    // another powder: nothing that the tablet holds
    mixture,    // the reference tablet with a fifth of it replaced by the foreign powder
};

struct SimulatedScan {
    SimulatedSample sample = SimulatedSample::tablet;
    double active_mg = simulated_nominal_mg;
};

Axis simulated_axis();
Spectrum simulate_scan(const SimulatedScan& scan, std::uint64_t seed);
// `count` scans as a table with the columns id and active_mg. Tablets spread evenly over 30 to 70 mg in an order drawn from the seed;
// a set amount gives them all the same.
SpectrumTable simulate_table(SimulatedSample sample, int count, std::uint64_t seed, std::optional<double> active_mg = std::nullopt);

}  // namespace accalmie::nir
