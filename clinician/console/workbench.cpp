// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/workbench.h"

#include <algorithm>
#include <format>

namespace accalmie::console {
namespace {

std::string tab_words(const Language& language, std::string_view id) {
    if (id == "diary") return language.tr("work.diary");  // spelled out, so that a search for a key finds its use
    if (id == "directory") return language.tr("work.directory");
    if (id == "corpus") return language.tr("work.corpus");
    return language.tr("work.field");
}

std::string role_words(const Language& language, records::AccountRole role) {
    switch (role) {
        case records::AccountRole::operator_: return language.tr("work.role_operator");
        case records::AccountRole::clinician: return language.tr("work.role_clinician");
        case records::AccountRole::assessor: return language.tr("work.role_assessor");
        case records::AccountRole::data_manager: return language.tr("work.role_data");
        case records::AccountRole::administrator: break;
    }
    return language.tr("work.role_administrator");
}

bool visible(const WorkContext& context, const WorkView& view) { return context.account && records::may(context.account->role, view.right()); }

void head(Ui& ui, Rect place, const WorkContext& context, WorkbenchState& state) {
    Rect choices = place.cut_right(ui.px(98), ui.px(16));
    const bool french = ui.language().french();
    if (ui.button("work.french", "FR", choices.cut_left(ui.px(48), ui.px(2)), french ? Look::primary : Look::quiet)) state.language = "fr";
    if (ui.button("work.english", "EN", choices, french ? Look::quiet : Look::primary)) state.language = "en";
    const Rect who = place.cut_right(ui.px(280), ui.px(16));
    const std::string account = context.account ? context.account->name + ", " + role_words(ui.language(), context.account->role) : ui.tr("work.nobody");
    ui.text({who.x0, who.center().y - ui.line(ui.fonts().small) / 2, who.x1, who.y1}, account,
            {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .data = true, .ellipsis = true});
    if (ui.button("work.back", ui.tr("work.back"), place.cut_left(ui.px(130), ui.px(16)), Look::quiet)) state.leave = true;
    for (std::size_t i = 0; i < state.views.size(); ++i) {
        const Rect tab = place.cut_left(ui.px(190), ui.px(6));
        if (ui.button(std::format("work.tab_{}", state.views[i]->id()), tab_words(ui.language(), state.views[i]->id()), tab,
                      i == state.shown ? Look::primary : Look::normal, true, Icon::none, true) && i != state.shown) {
            state.shown = i;
            load_shown(context, state);
        }
    }
}

}  // namespace

WorkbenchState::WorkbenchState() {
    views.push_back(make_diary_view());
    views.push_back(make_directory_view());
    views.push_back(make_corpus_view());
    views.push_back(make_field_view());
}

bool WorkbenchState::show(std::string_view id) {
    const auto found = std::ranges::find(views, id, [](const auto& view) { return view->id(); });
    if (found == views.end()) return false;
    shown = static_cast<std::size_t>(found - views.begin());
    return true;
}

void load_shown(const WorkContext& context, WorkbenchState& state) {
    state.problem.clear();
    WorkView& view = *state.views[state.shown];
    if (!visible(context, view)) return;
    if (auto loaded = view.load(context); !loaded) state.problem = describe(loaded.error());
}

void act_shown(const WorkContext& context, WorkbenchState& state) {
    WorkView& view = *state.views[state.shown];
    if (!visible(context, view)) return;
    auto acted = view.act(context);
    if (acted && *acted) load_shown(context, state);
    else if (!acted) state.problem = describe(acted.error());
}

void draw_workbench(Ui& ui, const WorkContext& context, WorkbenchState& state) {
    const Rect screen = ui.begin();
    ui.surface(screen, colour::ground, 0);
    Rect place = screen.inset(ui.px(20), ui.px(16));
    head(ui, place.cut_top(ui.px(44), ui.px(14)), context, state);
    if (!state.problem.empty())
        ui.text(place.cut_bottom(ui.line(ui.fonts().small), ui.px(8)), state.problem, {.font = ui.fonts().small, .ink = colour::yellow, .data = true, .ellipsis = true});
    WorkView& view = *state.views[state.shown];
    if (visible(context, view)) {
        view.draw(ui, place);
    } else {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect words = place.inset(ui.px(32), ui.px(28));
        ui.text(words.cut_top(ui.line(ui.fonts().title), ui.px(8)), ui.tr("work.locked"), {.font = ui.fonts().title});
        ui.text(words, ui.tr("work.locked_why"), {.ink = colour::ink_soft, .lines = 3});
    }
    ui.end();
}

}  // namespace accalmie::console
