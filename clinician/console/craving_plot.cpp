// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "clinician/console/panels.h"
#include "clinician/console/plot.h"

namespace accalmie::console {
namespace {

ImU32 band_fill(const protocols::SessionPlan& plan, const LevelMark& mark) {
    if (mark.calm) return with_alpha(colour::green, 0.14f);
    const auto step = static_cast<std::size_t>(std::max(mark.step, 0));
    if (step >= plan.steps.size() || plan.steps[step].kind != protocols::StepKind::exposure) return with_alpha(colour::sky, 0.08f);
    const auto& levels = plan.steps[step].levels;
    const auto at = std::ranges::find(levels, mark.level) - levels.begin();
    return with_alpha(colour::orange, 0.10f + 0.26f * static_cast<float>(at + 1) / static_cast<float>(levels.size()));
}

PlotBand band_of(const Ui& ui, const protocols::SessionPlan& plan, const LevelMark& mark) {
    PlotBand band{.from_ms = mark.t_ms, .fill = band_fill(plan, mark)};
    const auto step = static_cast<std::size_t>(std::max(mark.step, 0));
    if (step >= plan.steps.size()) return band;
    if (plan.steps[step].kind == protocols::StepKind::exposure && !mark.calm) {
        band.label = ui.language().format("plot.level", {{"n", std::to_string(mark.level)}});
        band.short_label = std::to_string(mark.level);
    } else {
        band.label = mark.calm && plan.steps[step].kind == protocols::StepKind::exposure ? ui.tr("mirror.calm")
                                                                                         : step_kind_name(ui.language(), plan.steps[step].kind);
    }
    return band;
}

void add_points(Plot& plot, const session::View& view) {
    for (const auto& rating : view.ratings)
        plot.points.push_back({rating.t_ms, static_cast<double>(rating.value),
                               rating.source == protocols::Source::clinician ? PlotPoint::Shape::diamond : PlotPoint::Shape::circle});
    for (const auto& missed : view.state.missed) plot.points.push_back({missed.t_ms, 0, PlotPoint::Shape::cross});
    std::ranges::stable_sort(plot.points, {}, &PlotPoint::t_ms);
}

void legend(Ui& ui, Rect place, bool baseline, bool missed) {
    ImFont* font = ui.fonts().small;
    const float middle = place.center().y;
    const auto entry = [&](const std::string& words, auto&& sign) {
        const float width = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, words.c_str()).x;
        if (place.width() < width + ui.px(21)) return;
        sign(ImVec2{place.x0 + ui.px(9), middle});
        place.x0 += ui.px(21);
        ui.text({place.x0, middle - ui.line(font) / 2, place.x0 + width + 1, middle + ui.line(font)}, words, {.font = font, .ink = colour::ink_soft});
        place.x0 += width + ui.px(9);
    };
    ImDrawList& draw = ui.draw();
    entry(ui.tr("plot.patient"), [&](ImVec2 at) { draw_point(draw, PlotPoint::Shape::circle, at, ui.px(11), colour::panel); });
    entry(ui.tr("plot.clinician"), [&](ImVec2 at) { draw_point(draw, PlotPoint::Shape::diamond, at, ui.px(11), colour::panel); });
    if (baseline)
        entry(ui.tr("plot.baseline"), [&](ImVec2 at) {
            dashed_line(draw, {at.x - ui.px(9), at.y}, {at.x + ui.px(9), at.y}, colour::green, ui.px(2), ui.px(7), ui.px(4));
        });
    if (missed) entry(ui.tr("plot.missed"), [&](ImVec2 at) { draw_point(draw, PlotPoint::Shape::cross, at, ui.px(11), colour::panel); });
}

}  // namespace

void craving_plot(Ui& ui, Rect rect, SessionModel& model) {
    const session::View& view = model.view();
    const auto& plan = model.plan();
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(14), ui.px(10));
    Rect title = place.cut_top(ui.px(26), ui.px(4));
    if (!view.ratings.empty()) {
        const std::string newest = std::to_string(view.ratings.back().value), most = std::to_string(plan.scale.maximum);
        ui.text(title.cut_right(ui.px(140)), ui.language().format("plot.latest", {{"value", newest}, {"most", most}}),
                {.font = ui.fonts().title, .ink = colour::sky, .align = Align::right});
    }
    ui.text(title, ui.tr("plot.title"), {.font = ui.fonts().strong});
    legend(ui, place.cut_bottom(ui.px(22)), view.state.baseline.has_value(), !view.state.missed.empty());

    Plot plot;
    plot.minimum = plan.scale.minimum;
    plot.maximum = plan.scale.maximum;
    plot.last_ms = std::max<std::int64_t>(600'000, view.t_ms + 30'000);
    plot.now_ms = view.state.phase == protocols::Phase::not_started ? -1 : view.t_ms;
    for (const LevelMark& mark : model.marks()) {
        if (!plot.bands.empty()) plot.bands.back().to_ms = mark.t_ms;
        plot.bands.push_back(band_of(ui, plan, mark));
        plot.bands.back().to_ms = view.t_ms;
    }
    add_points(plot, view);
    if (view.state.baseline) plot.lines.push_back({static_cast<double>(*view.state.baseline), colour::green});
    if (plan.ceiling <= plan.scale.maximum) plot.lines.push_back({static_cast<double>(plan.ceiling), colour::vermilion, true});
    draw_plot(ui, place, plot);
    const std::string latest = view.ratings.empty() ? "" : std::to_string(view.ratings.back().value);
    ui.record({.id = "plot", .role = Role::plot, .rect = place, .label = ui.tr("plot.title"), .value = latest});
}

}  // namespace accalmie::console
