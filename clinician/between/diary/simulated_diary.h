// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated patient's diary, a product feature with a name: weeks of entries for rehearsals, teaching and tests. Evenings and
// week-ends are harder, a bar on Friday and Saturday nights the hardest. Never: a real person's; anything but its seed. Thread: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clinician/between/diary/entry.h"

namespace accalmie::between {

struct SimulatedDiary {
    std::string device;
    std::vector<DiaryEntry> entries;   // by time
};
// `last_day`: "2026-11-22"; the diary ends with it and is `days` long. Offset +01:00. The same values give the same diary everywhere.
SimulatedDiary simulate_diary(std::uint64_t seed, int days, const std::string& last_day);

}  // namespace accalmie::between
