// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "clinician/console/panels.h"

namespace accalmie::console {

using protocols::StepKind;

std::string step_kind_name(const Language& language, StepKind kind) {
    switch (kind) {
        case StepKind::baseline: return language.tr("step.baseline");
        case StepKind::exposure: return language.tr("step.exposure");
        case StepKind::coping: return language.tr("step.coping");
        case StepKind::aftercare: return language.tr("step.aftercare");
    }
    return {};
}

std::string rule_in_words(const Language& language, const protocols::SessionPlan& plan, const protocols::SessionState& state) {
    if (state.step < 0 || static_cast<std::size_t>(state.step) >= plan.steps.size()) return {};
    const protocols::Step& step = plan.steps[static_cast<std::size_t>(state.step)];
    if (step.kind != StepKind::exposure) return language.format("rule.time", {{"time", protocols::duration_text(step.duration_ms)}});
    const std::string row = std::to_string(step.rule.consecutive_ratings);
    const std::string fall = std::to_string(std::lround(step.rule.fall_from_peak * 100));
    if (!state.level_peak) return language.format("rule.before_peak", {{"fall", fall}, {"row", row}});
    const int half = static_cast<int>(std::floor((1 - step.rule.fall_from_peak) * *state.level_peak + 1e-9));
    const int back = state.baseline ? *state.baseline + step.rule.return_to_baseline_within : -1;
    return language.format("rule.habituation", {{"value", std::to_string(std::max(half, back))}, {"peak", std::to_string(*state.level_peak)},
                                                {"row", row}, {"met", std::to_string(state.met_in_a_row)}});
}

namespace {

enum class Progress : std::uint8_t { to_come, now, done, skipped };

void step_sign(Ui& ui, ImVec2 at, std::size_t number, Progress progress) {
    const float radius = ui.px(14);
    ImDrawList& draw = ui.draw();
    if (progress == Progress::done) {
        draw.AddCircleFilled(at, radius, colour::outline, 32);
        draw_icon(draw, Icon::check, at, ui.px(17), colour::ink, colour::outline);
        return;
    }
    if (progress == Progress::skipped) {
        draw.AddCircle(at, radius - ui.px(1), colour::outline, 32, ui.px(1.5f));
        draw.AddLine({at.x - ui.px(5), at.y}, {at.x + ui.px(5), at.y}, colour::ink_faint, ui.px(2));
        return;
    }
    const bool current = progress == Progress::now;
    if (current) draw.AddCircleFilled(at, radius, colour::sky, 32);
    else draw.AddCircle(at, radius - ui.px(1), colour::ink_faint, 32, ui.px(1.5f));
    const ImU32 before = ui.ground();
    ui.set_ground(current ? colour::sky : before);
    const float half = ui.line(ui.fonts().small) / 2;
    ui.text({at.x - radius, at.y - half, at.x + radius, at.y + half + ui.px(2)}, std::to_string(number),
            {.font = ui.fonts().small, .ink = current ? colour::ink_dark : colour::ink_soft, .align = Align::center, .data = true});
    ui.set_ground(before);
}

std::string subtitle(const Ui& ui, const protocols::Step& step) {
    const std::string kind = step_kind_name(ui.language(), step.kind);
    if (step.kind != StepKind::exposure)
        return ui.language().format("step.timed", {{"kind", kind}, {"time", protocols::duration_text(step.duration_ms)}});
    return ui.language().format("step.levels", {{"kind", kind}, {"n", std::to_string(step.levels.size())}});
}

// Pips: one a level; past ones filled, the current one a ring of the cue's colour.
void level_pips(Ui& ui, Rect place, std::size_t count, int current) {
    const float gap = ui.px(5), width = (place.width() - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Rect pip = place.cut_left(width, gap);
        const bool past = static_cast<int>(i) < current, now = static_cast<int>(i) == current;
        ui.draw().AddRectFilled(pip.min(), pip.max(), past ? colour::ink_faint : now ? colour::orange : colour::outline, ui.px(3));
    }
}

void time_left(Ui& ui, Rect place, const protocols::Step& step, const protocols::SessionState& state) {
    const bool exposure = step.kind == StepKind::exposure;
    const std::int64_t total = exposure ? step.rule.maximum_ms : step.duration_ms;
    if (total <= 0) return;
    const std::int64_t now = state.phase == protocols::Phase::paused ? state.paused_at_ms : state.now_ms;
    const std::int64_t gone = std::clamp<std::int64_t>(now - (exposure ? state.level_started_ms : state.step_started_ms), 0, total);
    Rect words = place.cut_top(ui.line(ui.fonts().body), ui.px(4));
    ui.digits(words.cut_right(ui.px(76)), clock_text(total - gone), {.font = ui.fonts().strong, .align = Align::right});
    ui.text(words, ui.tr(exposure ? "step.at_most" : "step.left"), {.ink = colour::ink_soft});
    const Rect bar = place.cut_top(ui.px(6));
    ui.draw().AddRectFilled(bar.min(), bar.max(), colour::outline, ui.px(3));
    const float ratio = static_cast<float>(gone) / static_cast<float>(total);
    if (ratio > 0.005f) ui.draw().AddRectFilled(bar.min(), {bar.x0 + bar.width() * ratio, bar.y1}, colour::sky, ui.px(3));
}

float current_details(Ui& ui, Rect place, const SessionModel& model, const protocols::Step& step, bool measure_only) {
    const auto& state = model.view().state;
    const bool levels = step.kind == StepKind::exposure && step.levels.size() > 1;
    const std::string rule = rule_in_words(ui.language(), model.plan(), state);
    const float rule_height = ui.measure(rule, ui.fonts().small, place.width());
    const float height = (levels ? ui.line(ui.fonts().body) + ui.px(20) : 0) + ui.line(ui.fonts().body) + ui.px(20) + rule_height;
    if (measure_only) return height;
    if (levels) {
        const int level = step.levels[static_cast<std::size_t>(std::clamp(state.level_index, 0, static_cast<int>(step.levels.size()) - 1))];
        const std::string title = level_title(ui.language(), model, step.scene, level);
        const std::string number = std::to_string(level);
        ui.text(place.cut_top(ui.line(ui.fonts().body), ui.px(4)),
                title.empty() ? ui.language().format("step.level", {{"n", number}}) : ui.language().format("step.level_title", {{"n", number}, {"title", title}}),
                {.font = ui.fonts().strong, .data = true, .ellipsis = true});
        level_pips(ui, place.cut_top(ui.px(6), ui.px(10)), step.levels.size(), state.level_index);
    }
    time_left(ui, place, step, state);
    place.y0 += ui.line(ui.fonts().body) + ui.px(20);
    ui.text(place, rule, {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 6});
    return height;
}

void one_step(Ui& ui, Rect& place, const SessionModel& model, std::size_t index) {
    const protocols::Step& step = model.plan().steps[index];
    const auto& state = model.view().state;
    const bool over = state.phase == protocols::Phase::stopped || state.phase == protocols::Phase::finished;
    const bool current = static_cast<int>(index) == state.step && !over;
    const bool past = static_cast<int>(index) < state.step || (state.phase == protocols::Phase::finished && static_cast<int>(index) == state.step);
    const bool seen = std::ranges::any_of(model.marks(), [&](const LevelMark& mark) { return mark.step == static_cast<int>(index); });
    const Progress progress = current ? Progress::now : !past ? Progress::to_come : seen ? Progress::done : Progress::skipped;
    const float indent = ui.px(42), inner_width = place.width() - indent - ui.px(20);
    float height = ui.line(ui.fonts().strong) + ui.line(ui.fonts().small) + ui.px(16);
    const float details = current ? current_details(ui, {place.x0, 0, place.x0 + inner_width, 0}, model, step, true) + ui.px(14) : 0;
    const Rect card = place.cut_top(height + details, ui.px(4));
    if (current) ui.surface(card, colour::raised, 8);
    else ui.set_ground(colour::panel);
    step_sign(ui, {card.x0 + ui.px(24), card.y0 + ui.px(8) + ui.line(ui.fonts().strong) / 2 + ui.px(2)}, index + 1, progress);
    Rect words{card.x0 + indent + ui.px(6), card.y0 + ui.px(8), card.x1 - ui.px(14), card.y1};
    ui.text(words.cut_top(ui.line(ui.fonts().strong)), ui.language().typography(step.title.in(ui.language().code())),
            {.font = ui.fonts().strong, .ink = current ? colour::ink : past ? colour::ink_faint : colour::ink_soft, .data = true, .ellipsis = true});
    ui.text(words.cut_top(ui.line(ui.fonts().small), ui.px(8)), subtitle(ui, step),
            {.font = ui.fonts().small, .ink = current ? colour::ink_soft : colour::ink_faint});
    if (current) current_details(ui, words, model, step, false);
    ui.set_ground(colour::panel);
}

}  // namespace

void steps_panel(Ui& ui, Rect rect, SessionModel& model) {
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(10));
    const auto& plan = model.plan();
    Rect title{place.x0 + ui.px(8), place.y0 + ui.px(4), place.x1 - ui.px(8), place.y1};
    const float used = ui.text(title, ui.language().typography(plan.title.in(ui.language().code())),
                               {.font = ui.fonts().title, .lines = 2, .data = true, .ellipsis = true});
    place.y0 += used + ui.px(14);

    const std::string& why = model.view().last_rule;
    if (!why.empty()) {
        const float height = std::min(ui.measure(why, ui.fonts().small, place.width() - ui.px(16)), 3 * ui.line(ui.fonts().small));
        Rect last = place.cut_bottom(height + ui.line(ui.fonts().small) + ui.px(12), ui.px(4));
        ui.draw().AddLine({last.x0 + ui.px(8), last.y0}, {last.x1 - ui.px(8), last.y0}, colour::outline);
        last = last.inset(ui.px(8), ui.px(6));
        ui.text(last.cut_top(ui.line(ui.fonts().small)), ui.tr("step.last_change"), {.font = ui.fonts().small, .ink = colour::ink_faint});
        ui.text(last, ui.language().typography(why), {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 3, .data = true, .ellipsis = true});
    }
    // The current step is kept in view when the plan is longer than the panel.
    const float row = ui.line(ui.fonts().strong) + ui.line(ui.fonts().small) + ui.px(20);
    const auto fits = static_cast<std::size_t>(std::max(2.0f, (place.height() - ui.px(170)) / row + 1));
    const auto now = static_cast<std::size_t>(std::max(0, model.view().state.step));
    std::size_t first = 0;
    if (plan.steps.size() > fits) first = std::min(now > 0 ? now - 1 : 0, plan.steps.size() - fits);
    for (std::size_t i = first; i < plan.steps.size() && place.height() >= row; ++i) one_step(ui, place, model, i);
}

}  // namespace accalmie::console
