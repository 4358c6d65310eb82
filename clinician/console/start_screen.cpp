// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/start_screen.h"

#include <algorithm>
#include <filesystem>
#include <format>

namespace accalmie::console {
namespace {

constexpr std::array<const char*, 6> kChecks{"start.consent", "start.epilepsy", "start.sickness", "start.sober", "start.stop_shown", "start.space"};

std::string check_words(const Language& language, std::size_t i) {
    switch (i) {  // spelled out, so that a search for a key finds its use
        case 0: return language.tr("start.consent");
        case 1: return language.tr("start.epilepsy");
        case 2: return language.tr("start.sickness");
        case 3: return language.tr("start.sober");
        case 4: return language.tr("start.stop_shown");
        default: return language.tr("start.space");
    }
}

std::int64_t longest_minutes(const protocols::SessionPlan& plan) {
    std::int64_t ms = 0;
    for (const auto& step : plan.steps)
        ms += step.kind == protocols::StepKind::exposure ? step.rule.maximum_ms * static_cast<std::int64_t>(step.levels.size()) : step.duration_ms;
    return (ms + 59'999) / 60'000;
}

void protocol_list(Ui& ui, Rect place, StartState& state) {
    if (state.protocols.empty()) {
        ui.text(place, ui.tr("start.no_protocol"), {.ink = colour::yellow, .lines = 2});
        return;
    }
    for (std::size_t i = 0; i < state.protocols.size() && place.height() > ui.px(56); ++i) {
        const auto& plan = state.protocols[i].plan;
        const Rect row = place.cut_top(ui.px(60), ui.px(8));
        const bool chosen = i == state.chosen;
        if (ui.button(std::format("start.protocol{}", i), "", row, Look::normal)) state.chosen = i;
        if (chosen) ui.draw().AddRect(row.min(), row.max(), colour::sky, ui.px(8), 0, ui.px(2.5f));
        const ImVec2 dot{row.x0 + ui.px(26), row.center().y};
        ui.draw().AddCircle(dot, ui.px(10), chosen ? colour::sky : colour::ink_faint, 32, ui.px(2));
        if (chosen) ui.draw().AddCircleFilled(dot, ui.px(5.5f), colour::sky, 32);
        Rect words{row.x0 + ui.px(52), row.y0 + ui.px(8), row.x1 - ui.px(12), row.y1};
        ui.set_ground(colour::raised);
        ui.text(words.cut_top(ui.line(ui.fonts().strong)), ui.language().typography(plan.title.in(ui.language().code())),
                {.font = ui.fonts().strong, .data = true, .ellipsis = true});
        ui.text(words, ui.language().format("start.minutes", {{"n", std::to_string(longest_minutes(plan))}}),
                {.font = ui.fonts().small, .ink = colour::ink_soft});
        ui.set_ground(colour::panel);
    }
}

void patient_fields(Ui& ui, Rect place, StartState& state) {
    ui.text(place.cut_top(ui.line(ui.fonts().strong), ui.px(6)), ui.tr("start.patient"), {.font = ui.fonts().strong});
    Rect line = place.cut_top(ui.px(44), ui.px(4));
    if (ui.button("start.new", ui.tr("start.patient_new"), line.cut_right(ui.px(214), ui.px(8)))) state.new_pseudonym = true;
    ui.field("start.pseudonym", ui.tr("start.patient_hint"), line, state.pseudonym);
    if (!state.pseudonym.empty() && !valid_pseudonym(state.pseudonym))
        ui.text(place.cut_top(ui.line(ui.fonts().small)), ui.tr("start.patient_wrong"), {.font = ui.fonts().small, .ink = colour::yellow});
}

void checklist(Ui& ui, Rect place, StartState& state) {
    ui.text(place.cut_top(ui.line(ui.fonts().strong), ui.px(8)), ui.tr("start.checklist"), {.font = ui.fonts().strong});
    const float row = std::min(ui.px(60), place.height() / static_cast<float>(kChecks.size()));
    for (std::size_t i = 0; i < kChecks.size(); ++i)
        ui.check(kChecks[i], check_words(ui.language(), i), place.cut_top(row), state.checked[i]);
}

void bottom_line(Ui& ui, Rect place, StartState& state) {
    const Rect begin = place.cut_right(ui.px(264), ui.px(20));
    if (ui.button("start.begin", ui.tr("start.begin"), begin, Look::primary, ready_to_begin(state), Icon::play)) state.begin = true;
    const auto left = std::ranges::count(state.checked, false);
    Rect words{place.x0, place.center().y - ui.line(ui.fonts().body), place.x1, place.y1};
    if (!state.problem.empty()) {
        ui.text(words.cut_top(ui.line(ui.fonts().strong)), ui.tr("start.failed"), {.font = ui.fonts().strong, .ink = colour::yellow});
        ui.text(words, state.problem, {.font = ui.fonts().small, .ink = colour::ink, .lines = 2, .data = true, .ellipsis = true});
        return;
    }
    words.y0 = place.center().y - ui.line(ui.fonts().body) / 2;
    if (left > 0) ui.text(words, ui.language().format("start.missing", {{"n", std::to_string(left)}}), {.ink = colour::ink_soft});
}

}  // namespace

bool valid_pseudonym(const std::string& text) {
    return !text.empty() && text.size() <= 24 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool ready_to_begin(const StartState& state) {
    return state.chosen < state.protocols.size() && valid_pseudonym(state.pseudonym) && std::ranges::all_of(state.checked, std::identity{});
}

std::string checklist_note(const Language& language) {
    std::string items;
    for (std::size_t i = 0; i < kChecks.size(); ++i) items += (i ? "; " : "") + check_words(language, i);
    return language.format("timeline.checklist", {{"items", items}});
}

std::vector<ProtocolChoice> list_protocols(const std::string& folder, bool rehearsal) {
    std::vector<ProtocolChoice> found;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        if (entry.path().extension() != ".toml") continue;
        auto plan = protocols::load_plan(entry.path().string());
        if (plan && (rehearsal || !plan->rehearsal_only)) found.push_back({entry.path().string(), std::move(*plan)});
    }
    std::ranges::sort(found, {}, [](const ProtocolChoice& choice) { return std::pair(choice.plan.rehearsal_only, choice.plan.title.en); });
    return found;
}

void draw_start_screen(Ui& ui, StartState& state) {
    const Rect screen = ui.begin();
    ui.surface(screen, colour::ground, 0);
    const ImVec2 middle = screen.center();
    const Rect card{middle.x - ui.px(590), middle.y - ui.px(330), middle.x + ui.px(590), middle.y + ui.px(330)};
    ui.surface(card, colour::panel, 14, colour::outline);
    Rect place = card.inset(ui.px(32), ui.px(26));

    Rect head = place.cut_top(ui.px(76), ui.px(14));
    Rect choices = head.cut_right(ui.px(98));
    choices = choices.cut_top(ui.px(38));
    const bool french = ui.language().french();
    if (ui.button("start.french", "FR", choices.cut_left(ui.px(48), ui.px(2)), french ? Look::primary : Look::quiet)) state.language = "fr";
    if (ui.button("start.english", "EN", choices, french ? Look::quiet : Look::primary)) state.language = "en";
    if (ui.button("start.around", ui.tr("start.around"), Rect(head).cut_right(ui.px(250), 0).cut_top(ui.px(38)), Look::quiet)) state.around = true;
    ui.text(head.cut_top(ui.line(ui.fonts().large)), ui.tr("start.title"), {.font = ui.fonts().large});
    const char* subtitle = state.thrown_away ? "start.rehearsal" : state.rehearsal ? "start.simulated" : "start.subtitle";
    ui.text(head, ui.tr(subtitle), {.ink = state.rehearsal ? colour::yellow : colour::ink_soft});

    const Rect foot = place.cut_bottom(ui.px(58), ui.px(18));
    Rect left = place.cut_left(place.width() * 0.47f, ui.px(40));
    patient_fields(ui, left.cut_top(ui.px(112)), state);
    ui.text(left.cut_top(ui.line(ui.fonts().strong), ui.px(6)), ui.tr("start.protocol"), {.font = ui.fonts().strong});
    protocol_list(ui, left, state);
    checklist(ui, place, state);
    bottom_line(ui, foot, state);
    ui.end();
}

}  // namespace accalmie::console
