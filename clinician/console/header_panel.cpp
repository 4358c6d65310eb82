// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

std::string phase_name(const Ui& ui, const session::View& view) {
    if (view.state.stopped) return ui.tr("phase.stopped");  // what is left is aftercare
    if (view.finished && view.outcome != "stopped") return ui.tr("phase.finished");
    switch (view.state.phase) {
        case protocols::Phase::not_started: return ui.tr("phase.not_started");
        case protocols::Phase::running: return ui.tr("phase.running");
        case protocols::Phase::paused: return ui.tr("phase.paused");
        case protocols::Phase::stopped: return ui.tr("phase.stopped");
        case protocols::Phase::finished: return ui.tr("phase.finished");
    }
    return {};
}

void captioned(Ui& ui, Rect place, const std::string& caption, const std::string& value, const TextStyle& style) {
    place = {place.x0, place.y0 + ui.px(10), place.x1, place.y1};
    ui.text(place.cut_top(ui.px(20)), caption, {.font = ui.fonts().small, .ink = colour::ink_soft});
    ui.text(place, value, style);
}

enum class State : std::uint8_t { good, recording, waiting, bad };

// A state light: shape and words say what the colour says.
void light(Ui& ui, Rect place, const std::string& id, const std::string& caption, const std::string& value, State state, bool data) {
    Rect sign = place.cut_left(ui.px(26), ui.px(10));
    const ImVec2 at = sign.center();
    ImDrawList& draw = ui.draw();
    switch (state) {
        case State::good:
            draw.AddCircleFilled(at, ui.px(12), colour::green, 32);
            draw_icon(draw, Icon::check, at, ui.px(15), colour::white, colour::green);
            break;
        case State::recording:
            draw.AddCircle(at, ui.px(12), colour::vermilion, 32, ui.px(2));
            draw.AddCircleFilled(at, ui.px(7.5f), colour::vermilion, 32);
            break;
        case State::waiting: draw.AddCircle(at, ui.px(11), colour::ink_faint, 32, ui.px(2)); break;
        case State::bad: draw_icon(draw, Icon::warning, at, ui.px(24), colour::yellow, ui.ground()); break;
    }
    place.y0 += ui.px(12);
    ui.text(place.cut_top(ui.px(21)), caption, {.font = ui.fonts().small, .ink = colour::ink_soft});
    ui.text(place, value, {.font = ui.fonts().small, .ink = state == State::bad ? colour::yellow : colour::ink, .data = data, .ellipsis = data});
    ui.record({.id = id, .role = Role::light, .rect = place, .label = caption, .value = value});
}

void lights(Ui& ui, Rect place, const SessionModel& model) {
    const session::View& view = model.view();
    const DiskState disk = model.disk();
    const float each = (place.width() - ui.px(36)) / 4.3f;  // the rows' sentence is the longest
    const bool recording = disk.writing && !view.finished && view.acknowledged_rows > 0;
    light(ui, place.cut_left(each * 1.3f, ui.px(12)), "header.recording", ui.tr(recording ? "header.recording" : "header.not_recording"),
          ui.language().format("header.rows", {{"n", std::to_string(view.acknowledged_rows)}}), recording ? State::recording : State::waiting, false);
    const bool starting = !view.player_up && view.renderer.empty();
    const char* player = view.player_up ? "header.up" : view.finished ? "header.closed" : starting ? "header.starting" : "header.down";
    light(ui, place.cut_left(each, ui.px(12)), "header.player", ui.tr("header.patient_view"), ui.tr(player),
          view.player_up ? State::good : view.finished || starting ? State::waiting : State::bad, false);
    const bool runtime = view.player_up && !view.runtime.empty();
    light(ui, place.cut_left(each, ui.px(12)), "header.runtime", ui.tr("header.headset"), runtime ? view.runtime : ui.tr("header.none"),
          runtime ? State::good : State::waiting, runtime);
    const bool room = disk.free_bytes < 0 || disk.free_bytes > 500'000'000;
    const double gigabytes = static_cast<double>(disk.free_bytes) / 1e9;
    const std::string free = disk.free_bytes < 0 ? ui.tr("header.writing")
        : ui.language().format("header.free", {{"gb", ui.language().decimal(gigabytes, gigabytes < 10 ? 1 : 0)}});
    light(ui, place, "header.disk", ui.tr("header.disk"), disk.writing ? free : ui.tr("header.disk_failed"),
          disk.writing && room ? State::good : State::bad, false);
}

}  // namespace

void header_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    ui.surface(rect, colour::panel, 0);
    ui.draw().AddLine({rect.x0, rect.y1}, {rect.x1, rect.y1}, colour::outline);
    const bool wide = rect.width() >= ui.px(1500);
    Rect place = rect.inset(ui.px(16), 0);

    captioned(ui, place.cut_left(ui.px(wide ? 140.0f : 100.0f), ui.px(8)), ui.tr("header.patient"), view.pseudonym,
              {.font = ui.fonts().title, .data = true, .ellipsis = true});
    const bool rehearsal = model.rehearsal();
    captioned(ui, place.cut_left(ui.px(wide ? 220.0f : 138.0f), ui.px(14)), ui.tr(rehearsal ? "header.rehearsal" : "header.site"),
              rehearsal ? ui.tr("header.simulated") : model.site(), {.font = ui.fonts().strong, .data = !rehearsal, .ellipsis = true});

    const Rect language = place.cut_right(ui.px(98), ui.px(14));
    Rect choices = language.inset(0, ui.px(15));
    const bool french = ui.language().french();
    if (ui.button("header.french", "FR", choices.cut_left(ui.px(48), ui.px(2)), french ? Look::primary : Look::quiet)) state.language = "fr";
    if (ui.button("header.english", "EN", choices, french ? Look::quiet : Look::primary)) state.language = "en";

    Rect clock = place.cut_left(ui.px(wide ? 300.0f : 204.0f), ui.px(8));
    clock.x0 += ui.px(wide ? 30.0f : 0.0f);
    ui.digits(clock.cut_left(ui.px(112), ui.px(10)), clock_text(view.t_ms), {.font = ui.fonts().large, .data = true});
    const float y = clock.center().y - ui.line(ui.fonts().body) / 2;
    ui.text({clock.x0, y, clock.x1, clock.y1}, phase_name(ui, view),
            {.font = wide ? ui.fonts().body : ui.fonts().small,
             .ink = view.state.phase == protocols::Phase::running && !view.state.stopped ? colour::ink_soft : colour::yellow});
    lights(ui, place, model);
}

}  // namespace accalmie::console
