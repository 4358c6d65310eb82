// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/ui.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

namespace accalmie::console {

Rect Rect::cut_top(float size, float gap) {
    const Rect strip{x0, y0, x1, y0 + size};
    y0 += size + gap;
    return strip;
}
Rect Rect::cut_bottom(float size, float gap) {
    const Rect strip{x0, y1 - size, x1, y1};
    y1 -= size + gap;
    return strip;
}
Rect Rect::cut_left(float size, float gap) {
    const Rect strip{x0, y0, x0 + size, y1};
    x0 += size + gap;
    return strip;
}
Rect Rect::cut_right(float size, float gap) {
    const Rect strip{x1 - size, y0, x1, y1};
    x1 -= size + gap;
    return strip;
}

Ui::Ui(const Language& language, const Fonts& fonts, float scale) : language_(&language), fonts_(fonts), scale_(scale) {}

Rect Ui::begin() {
    items_.clear();
    covered_ = false;
    ground_ = colour::ground;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::Begin("console", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
    draw_ = ImGui::GetWindowDrawList();
    return {0, 0, size.x, size.y};
}

void Ui::end() {
    ImGui::End();
    draw_ = nullptr;
}

const Item* Ui::find(std::string_view id) const {
    const auto found = std::ranges::find(items_, id, &Item::id);
    return found == items_.end() ? nullptr : &*found;
}

void Ui::surface(const Rect& rect, ImU32 ground, float rounding, ImU32 outline) {
    draw_->AddRectFilled(rect.min(), rect.max(), ground, px(rounding));
    if (outline) draw_->AddRect(rect.min(), rect.max(), outline, px(rounding), 0, std::max(1.0f, px(1)));
    ground_ = ground;
}

std::vector<std::string_view> Ui::wrap(std::string_view text, const ImFont* font, float width) const {
    std::vector<std::string_view> lines;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        const char* stop = font->CalcWordWrapPositionA(1.0f, at, end, width);
        const char* newline = std::find(at, stop, '\n');
        if (newline != stop) stop = newline;
        if (stop == at) stop = at + 1;
        lines.emplace_back(at, stop);
        at = stop;
        while (at < end && (*at == ' ' || *at == '\n')) ++at;
    }
    return lines;
}

float Ui::measure(std::string_view text, const ImFont* font, float wrap_width) const {
    return line(font) * static_cast<float>(wrap(text, font, wrap_width).size());
}

namespace {

float width_of(const ImFont* font, std::string_view text) {
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

// A line that ends inside a word: the place was too narrow for it.
bool breaks_a_word(std::string_view whole, std::string_view line) {
    const auto end = static_cast<std::size_t>(line.data() - whole.data()) + line.size();
    return end < whole.size() && whole[end] != ' ' && whole[end] != '\n' && (line.empty() || line.back() != ' ');
}

std::string shorten(const ImFont* font, std::string_view text, float width) {
    std::string out(text);
    while (!out.empty() && width_of(font, out + "…") > width) {
        out.pop_back();
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
        if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    }
    return out + "…";
}

float aligned(const Rect& rect, float width, Align align) {
    if (align == Align::center) return std::floor(rect.x0 + (rect.width() - width) / 2);
    return align == Align::right ? rect.x1 - width : rect.x0;
}

}  // namespace

float Ui::text(const Rect& rect, std::string_view text, const TextStyle& style) {
    ImFont* font = style.font ? style.font : fonts_.body;
    const float step = line(font);
    std::vector<std::string_view> lines =
        style.lines > 1 ? wrap(text, font, rect.width()) : std::vector<std::string_view>{text};
    bool overflow = static_cast<int>(lines.size()) > style.lines;
    std::string last;
    if (overflow) {
        lines.resize(static_cast<std::size_t>(style.lines));
        if (style.ellipsis) {
            last = shorten(font, {lines.back().data(), text.data() + text.size()}, rect.width());
            lines.back() = last;
        }
    } else if (style.ellipsis && !lines.empty() && width_of(font, lines.back()) > rect.width()) {
        last = shorten(font, lines.back(), rect.width());
        lines.back() = last;
    }
    float y = rect.y0;
    for (const std::string_view piece : lines) {
        const float width = width_of(font, piece);
        overflow = overflow || (last.empty() && breaks_a_word(text, piece));
        overflow = overflow || width > rect.width() + 1;
        draw_->AddText(font, font->FontSize, {aligned(rect, width, style.align), y + (step - font->FontSize) / 2}, style.ink,
                       piece.data(), piece.data() + piece.size());
        y += step;
    }
    overflow = (overflow && !style.ellipsis) || y > rect.y1 + px(8);
    record({.role = Role::text, .rect = {rect.x0, rect.y0, rect.x1, y}, .label = std::string(text), .overflow = overflow,
            .data = style.data, .ink = style.ink, .ground = ground_});
    return y - rect.y0;
}

void Ui::digits(const Rect& rect, std::string_view text, const TextStyle& style) {
    ImFont* font = style.font ? style.font : fonts_.title;
    const float digit = width_of(font, "0");
    const auto advance = [&](char c) { return c >= '0' && c <= '9' ? digit : width_of(font, {&c, 1}); };
    float width = 0;
    for (const char c : text) width += advance(c);
    float x = aligned(rect, width, style.align);
    const float y = rect.y0 + (rect.height() - font->FontSize) / 2;
    for (const char c : text) {
        const float own = width_of(font, {&c, 1});
        draw_->AddText(font, font->FontSize, {x + (advance(c) - own) / 2, y}, style.ink, &c, &c + 1);
        x += advance(c);
    }
    record({.role = Role::text, .rect = rect, .label = std::string(text), .overflow = width > rect.width() + 1, .data = true,
            .ink = style.ink, .ground = ground_});
}

bool Ui::hit_area(std::string_view id, const Rect& rect, bool enabled) {
    ImGui::SetCursorScreenPos(rect.min());
    ImGui::BeginDisabled(!enabled);
    const bool pressed = ImGui::InvisibleButton(std::string(id).c_str(), {rect.width(), rect.height()});
    ImGui::EndDisabled();
    return pressed && enabled;
}

void Ui::focus_ring(const Rect& rect, bool focused) {
    if (!focused || ImGui::GetCurrentContext()->NavDisableHighlight) return;
    const Rect ring = rect.inset(-px(3));
    draw_->AddRect(ring.min(), ring.max(), colour::yellow, px(10), 0, px(2.5f));
}

namespace {

struct Skin {
    ImU32 fill, outline, ink;
};

Skin skin_of(Look look, bool enabled, bool hovered, bool held) {
    if (!enabled) return {colour::panel, colour::outline, colour::ink_faint};
    switch (look) {
        case Look::primary: {
            const ImU32 fill = held ? IM_COL32(0x46, 0x9F, 0xD2, 255) : hovered ? IM_COL32(0x74, 0xC3, 0xEF, 255) : colour::sky;
            return {fill, fill, colour::ink_dark};
        }
        case Look::quiet: return {hovered ? colour::raised : colour::panel, colour::outline, colour::ink_soft};
        case Look::normal: break;
    }
    return {held ? colour::outline : hovered ? colour::hovered : colour::raised, colour::outline, colour::ink};
}

}  // namespace

bool Ui::button(std::string_view id, std::string_view label, const Rect& rect, Look look, bool enabled, Icon icon, bool compact) {
    enabled = enabled && !covered_;
    const bool pressed = hit_area(id, rect, enabled);
    paint_button(id, label, rect, look, enabled, icon, compact);
    return pressed;
}

bool Ui::hold_button(std::string_view id, std::string_view label, const Rect& rect, bool live, bool enabled, Icon icon) {
    enabled = enabled && !covered_;
    (void)hit_area(id, rect, enabled);
    const bool held = enabled && ImGui::IsItemActive();
    paint_button(id, label, rect, live ? Look::primary : Look::normal, enabled, icon, false);
    return held;
}

// The item before is the button's place.
void Ui::paint_button(std::string_view id, std::string_view label, const Rect& rect, Look look, bool enabled, Icon icon, bool compact) {
    const bool focused = ImGui::IsItemFocused();
    const Skin skin = skin_of(look, enabled, ImGui::IsItemHovered(), ImGui::IsItemActive());
    draw_->AddRectFilled(rect.min(), rect.max(), skin.fill, px(8));
    draw_->AddRect(rect.min(), rect.max(), skin.outline, px(8), 0, std::max(1.0f, px(1)));

    const float sign = icon == Icon::none ? 0 : px(compact ? 15.0f : 17.0f), gap = icon == Icon::none ? 0 : px(compact ? 6.0f : 9.0f);
    const float room = rect.width() - px(compact ? 10.0f : 16.0f) - sign - gap;
    ImFont* font = compact ? fonts_.small_strong : fonts_.strong;
    auto lines = wrap(label, font, room);
    const auto fits = [&] {
        if (static_cast<float>(lines.size()) * line(font) > rect.height()) return false;
        return std::ranges::all_of(lines, [&](std::string_view l) { return width_of(font, l) <= room + 1 && !breaks_a_word(label, l); });
    };
    if (!compact && (lines.size() > 1 || !fits())) {
        font = fonts_.small_strong;
        lines = wrap(label, font, room);
    }
    float widest = 0;
    for (const auto piece : lines) widest = std::max(widest, width_of(font, piece));
    const float left = std::floor(rect.x0 + (rect.width() - widest - sign - gap) / 2);
    draw_icon(*draw_, icon, {left + sign / 2, rect.center().y}, sign, skin.ink, skin.fill);
    const float step = font->FontSize * 1.15f;
    float y = rect.center().y - step * static_cast<float>(lines.size()) / 2 + (step - font->FontSize) / 2;
    for (const auto piece : lines) {
        const float x = left + sign + gap + std::floor((widest - width_of(font, piece)) / 2);
        draw_->AddText(font, font->FontSize, {x, std::floor(y)}, skin.ink, piece.data(), piece.data() + piece.size());
        y += step;
    }
    focus_ring(rect, focused);
    record({.id = std::string(id), .role = Role::button, .rect = rect, .enabled = enabled, .focused = focused,
            .label = std::string(label), .overflow = !fits(), .ink = skin.ink, .ground = skin.fill});
}

bool Ui::stop_button(std::string_view id, std::string_view label, std::string_view hint, const Rect& rect) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool struck = io.MouseClicked[0] && rect.contains(io.MouseClickedPos[0]);
    // The keyboard's way in; a mouse press was already counted above.
    const bool by_keyboard = hit_area(id, rect, true) && !io.MouseReleased[0] && !io.MouseClicked[0];
    const bool focused = ImGui::IsItemFocused();
    const bool over = rect.contains(io.MousePos);
    const ImU32 fill = over ? colour::stop_hovered : colour::stop;
    draw_->AddRectFilled(rect.min(), rect.max(), fill, px(12));
    const bool held = over && io.MouseDown[0];
    draw_->AddRect(rect.min(), rect.max(), colour::white, px(12), 0, px(held ? 5.0f : 2.5f));

    const float sign = px(52), gap = px(20);
    const float width = width_of(fonts_.large, label);
    const float small = width_of(fonts_.small, hint);
    const float left = std::floor(rect.x0 + (rect.width() - std::max(width, small) - sign - gap) / 2);
    draw_icon(*draw_, Icon::stop, {left + sign / 2, rect.center().y}, sign, colour::white, fill);
    const float x = left + sign + gap, top = rect.center().y - (fonts_.large->FontSize + px(4) + fonts_.small->FontSize) / 2;
    draw_->AddText(fonts_.large, fonts_.large->FontSize, {x, top}, colour::white, label.data(), label.data() + label.size());
    draw_->AddText(fonts_.small, fonts_.small->FontSize, {x, top + fonts_.large->FontSize + px(4)}, colour::white, hint.data(),
                   hint.data() + hint.size());
    focus_ring(rect, focused);
    record({.id = std::string(id), .role = Role::stop, .rect = rect, .focused = focused, .label = std::string(label),
            .overflow = left < rect.x0 + px(8), .ink = colour::white, .ground = fill});
    record({.role = Role::text, .rect = rect, .label = std::string(hint), .ink = colour::white, .ground = fill});
    return struck || by_keyboard;
}

bool Ui::check(std::string_view id, std::string_view label, const Rect& rect, bool& value) {
    const bool enabled = !covered_;
    const bool pressed = hit_area(id, rect, enabled);
    if (pressed) value = !value;
    const bool focused = ImGui::IsItemFocused(), hovered = ImGui::IsItemHovered();
    const Rect box{rect.x0 + px(2), rect.center().y - px(13), rect.x0 + px(28), rect.center().y + px(13)};
    draw_->AddRectFilled(box.min(), box.max(), value ? colour::sky : hovered ? colour::hovered : colour::raised, px(5));
    draw_->AddRect(box.min(), box.max(), value ? colour::sky : colour::ink_faint, px(5), 0, px(1.5f));
    if (value) draw_icon(*draw_, Icon::check, box.center(), px(20), colour::ink_dark, colour::sky);
    Rect place{box.x1 + px(12), rect.y0, rect.x1, rect.y1};
    const float height = measure(label, fonts_.body, place.width());
    place.y0 = std::floor(rect.center().y - height / 2);
    text(place, label, {.ink = colour::ink, .lines = 2});
    focus_ring(rect, focused);
    record({.id = std::string(id), .role = Role::check, .rect = rect, .enabled = enabled, .focused = focused,
            .label = std::string(label), .value = value ? "1" : "0", .ink = colour::ink, .ground = ground_});
    return pressed;
}

bool Ui::slider(std::string_view id, std::string_view label, const Rect& rect, int& value, int minimum, int maximum, bool enabled,
                bool set) {
    enabled = enabled && !covered_;
    ImGui::SetCursorScreenPos(rect.min());
    ImGui::BeginDisabled(!enabled);
    for (const ImGuiCol hidden : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_SliderGrab,
                                  ImGuiCol_SliderGrabActive, ImGuiCol_NavHighlight})
        ImGui::PushStyleColor(hidden, IM_COL32(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, (rect.height() - ImGui::GetFontSize()) / 2});
    ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, px(20));
    ImGui::SetNextItemWidth(rect.width());
    ImGui::PushID(std::string(id).c_str());
    const bool changed = ImGui::SliderInt("##value", &value, minimum, maximum, "", ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput);
    ImGui::PopID();
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor(6);
    ImGui::EndDisabled();
    const bool focused = ImGui::IsItemFocused(), held = ImGui::IsItemActive();

    const float ratio = static_cast<float>(value - minimum) / static_cast<float>(std::max(1, maximum - minimum));
    const float from = rect.x0 + px(12), to = rect.x1 - px(12), y = rect.center().y, knob = from + (to - from) * ratio;
    draw_->AddRectFilled({from, y - px(4)}, {to, y + px(4)}, colour::raised, px(4));
    if (set) draw_->AddRectFilled({from, y - px(4)}, {knob, y + px(4)}, enabled ? colour::sky : colour::outline, px(4));
    for (int tick = 0; tick <= 10; ++tick) {
        const float x = from + (to - from) * static_cast<float>(tick) / 10;
        draw_->AddLine({x, y + px(10)}, {x, y + px(tick % 5 ? 13.0f : 16.0f)}, colour::ink_faint, px(1));
    }
    const ImU32 grip = enabled ? colour::ink : colour::ink_faint;
    draw_->AddCircleFilled({knob, y}, px(held ? 13.0f : 11.0f), set ? grip : ground_, 32);
    if (!set) draw_->AddCircle({knob, y}, px(10), colour::ink_faint, 32, px(2));
    focus_ring(rect, focused);
    record({.id = std::string(id), .role = Role::slider, .rect = rect, .enabled = enabled, .focused = focused,
            .label = std::string(label), .value = std::to_string(value), .ink = colour::ink, .ground = ground_});
    return changed;
}

bool Ui::field(std::string_view id, std::string_view hint, const Rect& rect, std::string& value, bool enabled) {
    enabled = enabled && !covered_;
    ImGui::SetCursorScreenPos(rect.min());
    ImGui::BeginDisabled(!enabled);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(12), (rect.height() - ImGui::GetFontSize()) / 2});
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, px(8));
    ImGui::SetNextItemWidth(rect.width());
    ImGui::PushID(std::string(id).c_str());
    std::vector<char> buffer(1024, 0);
    value.copy(buffer.data(), buffer.size() - 1);
    const bool entered = ImGui::InputTextWithHint("##text", "", buffer.data(), buffer.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    if (ImGui::IsItemEdited() || entered) value = buffer.data();
    ImGui::PopID();
    ImGui::PopStyleVar(2);
    ImGui::EndDisabled();
    const bool focused = ImGui::IsItemFocused();
    const ImU32 fill = ImGui::IsItemHovered() ? colour::hovered : colour::raised;
    draw_->AddRect(rect.min(), rect.max(), colour::outline, px(8), 0, std::max(1.0f, px(1)));
    if (buffer[0] == 0) {
        const ImU32 before = ground_;
        ground_ = fill;
        const float y = rect.center().y - line(fonts_.body) / 2;
        text({rect.x0 + px(12), y, rect.x1 - px(12), rect.y1}, hint, {.ink = colour::ink_soft});
        ground_ = before;
    }
    if (ImGui::IsItemActive()) draw_->AddRect(rect.min(), rect.max(), colour::sky, px(8), 0, px(2));
    focus_ring(rect, focused && !ImGui::IsItemActive());
    record({.id = std::string(id), .role = Role::field, .rect = rect, .enabled = enabled, .focused = focused,
            .label = std::string(hint), .value = value, .ink = colour::ink, .ground = fill});
    return entered && enabled;
}

void Ui::focus(std::string_view id) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImGui::SetFocusID(window->GetID(std::string(id).c_str()), window);
    ImGui::GetCurrentContext()->NavDisableHighlight = false;
}

}  // namespace accalmie::console
