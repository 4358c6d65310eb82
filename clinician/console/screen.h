// SPDX-License-Identifier: Apache-2.0
// Owns: where each panel stands on the session's screen, and the stop: its button, F12 at once, Esc held for 0.3 s. The stop is taken
// before any panel is drawn and asks nothing. Units: pixels. Thread: one owner.
#pragma once

#include "clinician/console/panels.h"

namespace accalmie::console {

inline constexpr float kSmallestWidth = 1280, kSmallestHeight = 720;  // design pixels; a smaller picture is scaled down
inline constexpr float kStopHeight = 112;
inline constexpr double kEscapeHold_s = 0.3;

void draw_session_screen(Ui& ui, SessionModel& model, ScreenState& state);

}  // namespace accalmie::console
