// SPDX-License-Identifier: Apache-2.0
// Owns: the rules that a plan keeps as a whole, past the form of single values. Private to the parser.
#pragma once

#include "protocols/toml_reader.h"

namespace accalmie::protocols {

// Where the checker points for things that have no step of their own.
struct PlanPlaces {
    Place whole{1, 1};
    Place ceiling;
    std::vector<Place> steps;   // one a step, the place of its [[step]]
    std::vector<Place> scenes;  // one a step, the place of its scene's name
    std::vector<Place> levels;  // one a step, the place of its levels
    std::optional<Text> short_aftercare_reason;
};

void check_plan(const SessionPlan& plan, const PlanPlaces& places, Findings& findings);
void check_scenes(const SessionPlan& plan, const PlanPlaces& places, const ParseOptions& options, Findings& findings);

}  // namespace accalmie::protocols
