// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

constexpr std::int64_t kBannerStays_ms = 20'000;

struct Sign {
    Icon icon;
    ImU32 ink;
};

Sign sign_of(TimelineEntry::Kind kind) {
    switch (kind) {
        case TimelineEntry::Kind::information: return {Icon::information, colour::sky};
        case TimelineEntry::Kind::warning: return {Icon::warning, colour::yellow};
        case TimelineEntry::Kind::alarm: return {Icon::alarm, colour::vermilion};
        case TimelineEntry::Kind::note: return {Icon::note, colour::ink_soft};
        case TimelineEntry::Kind::rule: return {Icon::next, colour::ink_faint};
    }
    return {Icon::none, colour::ink};
}

}  // namespace

void timeline_panel(Ui& ui, Rect rect, SessionModel& model) {
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(14), ui.px(10));
    ui.text(place.cut_top(ui.px(26), ui.px(4)), ui.tr("timeline.title"), {.font = ui.fonts().strong});
    const auto& entries = model.timeline();
    if (entries.empty()) {
        ui.text(place, ui.tr("timeline.empty"), {.ink = colour::ink_faint});
        return;
    }
    const float row = ui.line(ui.fonts().body) + ui.px(1);
    for (auto entry = entries.rbegin(); entry != entries.rend() && place.height() >= row; ++entry) {
        Rect line = place.cut_top(row);
        ui.digits(line.cut_left(ui.px(62), ui.px(8)), clock_text(entry->t_ms), {.font = ui.fonts().small, .ink = colour::ink_soft});
        const auto [icon, ink] = sign_of(entry->kind);
        draw_icon(ui.draw(), icon, line.cut_left(ui.px(20), ui.px(10)).center(), ui.px(16), ink, colour::panel);
        const bool newest = entry == entries.rbegin();
        ui.text(line, ui.language().typography(entry->text), {.ink = newest ? colour::ink : colour::ink_soft, .data = true, .ellipsis = true});
    }
}

void banner_over(Ui& ui, Rect rect, SessionModel& model) {
    const session::View& view = model.view();
    const auto newest = std::find_if(view.banners.rbegin(), view.banners.rend(), [](const session::Banner& banner) {
        return banner.severity != session::Banner::Severity::information;
    });
    if (newest == view.banners.rend()) return;
    const bool alarm = newest->severity == session::Banner::Severity::alarm;
    const bool matters = view.t_ms - newest->t_ms <= kBannerStays_ms || (alarm && !view.player_up && !view.finished) || !model.disk().writing;
    if (!matters) return;
    const ImU32 fill = alarm ? colour::vermilion : colour::yellow, ink = colour::ink_dark;
    const std::string text = ui.language().typography(newest->text);
    const float width = rect.width() - ui.px(24 + 70);
    const float words = std::min(ui.measure(text, ui.fonts().strong, width), 3 * ui.line(ui.fonts().strong));
    Rect bar{rect.x0 + ui.px(12), rect.y0 + ui.px(58), rect.x1 - ui.px(12), rect.y0 + ui.px(58) + words + ui.px(24)};
    ui.surface(bar, fill, 8, colour::ground);
    draw_icon(ui.draw(), alarm ? Icon::alarm : Icon::warning, {bar.x0 + ui.px(30), bar.center().y}, ui.px(30), ink, fill);
    ui.text({bar.x0 + ui.px(60), bar.y0 + ui.px(12), bar.x1 - ui.px(10), bar.y1}, text,
            {.font = ui.fonts().strong, .ink = ink, .lines = 3, .data = true, .ellipsis = true});
    ui.record({.id = "banner", .role = Role::light, .rect = bar, .label = text, .value = alarm ? "alarm" : "warning"});
    ui.set_ground(colour::panel);
}

}  // namespace accalmie::console
