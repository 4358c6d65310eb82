// SPDX-License-Identifier: Apache-2.0
// Owns: what our API layer has counted up to a frame that is submitted now. Thread: the test's.
#pragma once

#include "headset.h"
#include "monado.h"

namespace accalmie::test {

inline xr::LayerCounters counted(Monado& monado, Headset& headset) {
    monado.hands().request_counters();
    REQUIRE(headset.step_frames(1));
    monado.hands().poll();
    REQUIRE(monado.hands().counters());
    return *monado.hands().counters();
}

}  // namespace accalmie::test
