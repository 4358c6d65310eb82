// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated clinician of a rehearsal: starts when the player is up and resumes after a gap. Never: rates, stops or hurries.
#pragma once

#include "clinician/session/live_session.h"

namespace accalmie::session {

void play_clinician(LiveSession& session);

// "12:34  exposure  bar-night 2  craving 63", for the terminal of somebody who waits.
std::string progress_line(const LiveSession& session);

}  // namespace accalmie::session
