// SPDX-License-Identifier: Apache-2.0
// Owns: the screen before a session: which protocol, which pseudonym, which language, and the checklist that stands before any exposure.
// Never: opens a session itself; it says what was chosen. Thread: the console's one thread.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "clinician/console/ui.h"
#include "protocols/plan.h"

namespace accalmie::console {

struct ProtocolChoice {
    std::string path;
    protocols::SessionPlan plan;
};

struct StartState {
    std::vector<ProtocolChoice> protocols;
    std::size_t chosen = 0;
    std::string pseudonym;
    bool rehearsal = false;       // the simulated patient
    bool thrown_away = false;     // no study was named: the record goes at the end
    std::array<bool, 6> checked{};
    std::string language = "fr";
    std::string problem;          // why the session did not open, in words
    // what the screen asks the application to do; cleared by it
    bool new_pseudonym = false;
    bool begin = false;
    bool around = false;          // the views around the sessions
    bool close = false;
};

void draw_start_screen(Ui& ui, StartState& state);

bool valid_pseudonym(const std::string& text);
bool ready_to_begin(const StartState& state);
std::string checklist_note(const Language& language);   // goes into the record: what was checked
// Protocol files of a folder that can be read, by title; rehearsal-only ones when `rehearsal`.
std::vector<ProtocolChoice> list_protocols(const std::string& folder, bool rehearsal);

}  // namespace accalmie::console
