// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

constexpr std::array<const char*, 12> kKeys{"7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "<", ""};

std::optional<int> drafted(const std::string& draft, const protocols::RatingScale& scale) {
    int value = 0;
    const auto [end, error] = std::from_chars(draft.data(), draft.data() + draft.size(), value);
    if (draft.empty() || error != std::errc() || end != draft.data() + draft.size() || value < scale.minimum || value > scale.maximum) return {};
    return value;
}

void append_digit(std::string& draft, char digit) {
    if (draft.size() >= 3) draft.clear();
    if (draft == "0") draft.clear();
    draft += digit;
}

// Digits typed anywhere but in a text field are a rating: the clinician looks at the patient, not for a field.
bool typed_digits(const ScreenState& state, std::string& draft) {
    if (state.note_active || ImGui::GetIO().WantTextInput) return false;
    bool any = false;
    for (int i = 0; i < 10; ++i) {
        const auto row = static_cast<ImGuiKey>(ImGuiKey_0 + i), pad = static_cast<ImGuiKey>(ImGuiKey_Keypad0 + i);
        if (!ImGui::IsKeyPressed(row, false) && !ImGui::IsKeyPressed(pad, false)) continue;
        append_digit(draft, static_cast<char>('0' + i));
        any = true;
    }
    if (ImGui::IsKeyPressed(ImGuiKey_Backspace, false) && !draft.empty()) draft.pop_back();
    return any;
}

bool open_for_ratings(const session::View& view) {
    using protocols::Phase;
    if (view.finished) return false;  // after a stop the clinician may still ask aloud, until the record is closed
    return view.state.phase == Phase::running || view.state.phase == Phase::paused || view.state.phase == Phase::stopped;
}

std::string status(const Ui& ui, const session::View& view, bool open) {
    if (view.awaiting_rating && !view.finished) return ui.tr("rating.waiting");
    if (!open || view.finished) return ui.tr("rating.closed");
    if (view.state.next_rating_ms >= 0 && view.state.phase == protocols::Phase::running)
        return ui.language().format("rating.next", {{"time", clock_text(view.state.next_rating_ms - view.t_ms)}});
    return ui.tr("rating.any_time");
}

void keypad(Ui& ui, Rect place, std::string& draft, bool enabled) {
    const float gap = ui.px(6), width = (place.width() - 2 * gap) / 3, height = (place.height() - 3 * gap) / 4;
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        const std::string key = kKeys[i];
        if (key.empty()) continue;
        const float x = place.x0 + static_cast<float>(i % 3) * (width + gap), y = place.y0 + static_cast<float>(i / 3) * (height + gap);
        const bool erase = key == "<";
        const Rect at{x, y, erase ? place.x1 : x + width, y + height};
        if (!ui.button(erase ? "rating.erase" : "rating.key" + key, erase ? ui.tr("rating.erase") : key, at, Look::normal, enabled)) continue;
        if (!erase) append_digit(draft, key[0]);
        else if (!draft.empty()) draft.pop_back();
    }
}

}  // namespace

void rating_entry(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    const auto& scale = model.plan().scale;
    const bool open = open_for_ratings(view), asked = view.awaiting_rating && !view.finished;
    ui.surface(rect, colour::panel, 10, asked ? colour::yellow : 0);
    Rect place = rect.inset(ui.px(14), ui.px(10));
    Rect title = place.cut_top(ui.px(26));
    const std::string what = status(ui, view, open);
    ui.text(title, ui.tr("rating.title"), {.font = ui.fonts().strong});
    Rect line = place.cut_top(ui.line(ui.fonts().small), ui.px(4));
    if (asked) draw_icon(ui.draw(), Icon::information, {line.x0 + ui.px(8), line.center().y}, ui.px(16), colour::yellow, colour::panel);
    ui.text({line.x0 + (asked ? ui.px(22) : 0), line.y0, line.x1, line.y1}, what,
            {.font = ui.fonts().small, .ink = asked ? colour::yellow : colour::ink_soft});

    const bool typed = open && typed_digits(state, state.rating_draft);
    std::optional<int> value = drafted(state.rating_draft, scale);
    int slid = value.value_or(scale.minimum);
    if (ui.slider("rating.slider", ui.tr("rating.title"), place.cut_top(ui.px(34)), slid, scale.minimum, scale.maximum, open, value.has_value()))
        state.rating_draft = std::to_string(slid);
    Rect anchors = place.cut_top(ui.line(ui.fonts().small), ui.px(6));
    const std::string code = ui.language().code();
    const std::string low = ui.language().typography(scale.low_anchor.in(code));
    const float wanted = ui.fonts().small->CalcTextSizeA(ui.fonts().small->FontSize, FLT_MAX, 0, low.c_str()).x;
    const float between = anchors.x0 + std::min(wanted + ui.px(6), anchors.width() / 2);
    ui.text({anchors.x0, anchors.y0, between, anchors.y1}, low,
            {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
    ui.text({between + ui.px(8), anchors.y0, anchors.x1, anchors.y1}, ui.language().typography(scale.high_anchor.in(code)),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .data = true, .ellipsis = true});

    Rect keys = place.cut_left(place.width() * 0.54f, ui.px(12));
    keypad(ui, keys, state.rating_draft, open);
    const Rect record = place.cut_bottom(ui.px(54), ui.px(8));
    ui.surface(place, colour::ground, 8, colour::outline);
    value = drafted(state.rating_draft, scale);
    const bool wrong = !state.rating_draft.empty() && !value;
    ui.digits(place, state.rating_draft.empty() ? "-" : state.rating_draft,
              {.font = ui.fonts().large, .ink = wrong ? colour::orange : state.rating_draft.empty() ? colour::ink_faint : colour::ink, .align = Align::center});
    ui.record({.id = "rating.draft", .role = Role::field, .rect = place, .label = ui.tr("rating.title"), .value = state.rating_draft});
    ui.set_ground(colour::panel);
    if (ui.button("rating.record", ui.tr("rating.record"), record, Look::primary, open && value.has_value(), Icon::check)) {
        model.rate(*value);
        state.rating_draft.clear();
    }
    // Enter then means "record it", whatever had the keyboard before.
    if (typed) ui.focus("rating.record");
}

}  // namespace accalmie::console
