// SPDX-License-Identifier: Apache-2.0
// Owns: the screen around the sessions: tabs, one view a tab, who is signed in, and what went wrong. Never: records anything itself.
// A view that the account may not see says so instead of showing anything. Thread: the console's one thread. Units: pixels.
#pragma once

#include "clinician/console/work_view.h"

namespace accalmie::console {

struct WorkbenchState {
    std::vector<std::unique_ptr<WorkView>> views;
    std::size_t shown = 0;
    std::string problem;          // why the last deed or reading failed, in words
    std::string language = "fr";  // what the clinician wants; the application follows
    bool leave = false;           // back to where it was opened from

    WorkbenchState();
    bool show(std::string_view id);  // false: there is no such view
};

void draw_workbench(Ui& ui, const WorkContext& context, WorkbenchState& state);
// Reads the shown view again; and carries out what was clicked in the last frame.
void load_shown(const WorkContext& context, WorkbenchState& state);
void act_shown(const WorkContext& context, WorkbenchState& state);

}  // namespace accalmie::console
