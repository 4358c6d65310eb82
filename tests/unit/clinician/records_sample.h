// SPDX-License-Identifier: Apache-2.0
// Owns: a whole study as the live session records it, without a player: a shipped protocol run against the simulated patient, and a NIR
// session of the same pseudonym.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "clinician/records/study.h"
#include "protocols/session.h"

namespace accalmie::records::test {

struct SampleOptions {
    std::uint64_t seed = 7;
    std::string protocol = "alcohol-bar";
    double miss_probability = 0.05;
    int stop_after_ratings = 0;                 // the patient presses stop after so many; 0: never
    std::string note = "Le patient décrit une tension dans les épaules.";
};

std::string shipped_protocol(const std::string& name);
void record_exposure(Study& study, const std::string& session, const std::string& pseudonym, const SampleOptions& options = {});
void record_nir(Study& study, const std::string& session, const std::string& pseudonym);

}  // namespace accalmie::records::test
