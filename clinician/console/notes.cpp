// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/panels.h"

namespace accalmie::console {

void notes_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(14), ui.px(10));
    ui.text(place.cut_top(ui.px(26), ui.px(6)), ui.tr("note.title"), {.font = ui.fonts().strong});
    Rect line = place.cut_top(ui.px(44), ui.px(6));
    const Rect add = line.cut_right(ui.px(118), ui.px(8));
    const bool open = !model.view().finished;
    const bool entered = ui.field("note.text", ui.tr("note.hint"), line, state.note_draft, open);
    state.note_active = ImGui::IsItemActive();
    const bool any = state.note_draft.find_first_not_of(' ') != std::string::npos;
    const bool pressed = ui.button("note.add", ui.tr("note.add"), add, Look::normal, open && any, Icon::note);
    if ((entered || pressed) && any) {
        model.note(state.note_draft);
        state.note_draft.clear();
        if (entered) ImGui::SetKeyboardFocusHere(-1);
    }
    if (place.height() >= ui.line(ui.fonts().small))
        ui.text(place, ui.tr("note.privacy"), {.font = ui.fonts().small, .ink = colour::ink_faint, .lines = 2});
}

}  // namespace accalmie::console
