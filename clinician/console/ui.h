// SPDX-License-Identifier: Apache-2.0
// Owns: the console's widgets and the registry of what one frame showed: every control and every text with its id, place, state and
// colours. Tests and an accessibility dump read the registry; scripts click and type by it. All widgets live in one root window, so that
// Tab reaches them all. Never: knows a session. Units: pixels of the picture; px() scales design pixels. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "clinician/console/icons.h"
#include "clinician/console/language.h"
#include "clinician/console/theme.h"

namespace accalmie::console {

struct Rect {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float width() const { return x1 - x0; }
    float height() const { return y1 - y0; }
    ImVec2 min() const { return {x0, y0}; }
    ImVec2 max() const { return {x1, y1}; }
    ImVec2 center() const { return {(x0 + x1) / 2, (y0 + y1) / 2}; }
    bool contains(ImVec2 p) const { return p.x >= x0 && p.x < x1 && p.y >= y0 && p.y < y1; }
    Rect inset(float by) const { return {x0 + by, y0 + by, x1 - by, y1 - by}; }
    Rect inset(float x, float y) const { return {x0 + x, y0 + y, x1 - x, y1 - y}; }
    // Each takes a strip off this rectangle, and `gap` beside it.
    Rect cut_top(float size, float gap = 0);
    Rect cut_bottom(float size, float gap = 0);
    Rect cut_left(float size, float gap = 0);
    Rect cut_right(float size, float gap = 0);
};

enum class Role : std::uint8_t { button, stop, slider, field, check, text, picture, plot, light };

struct Item {
    std::string id;     // empty for plain texts
    Role role = Role::text;
    Rect rect;
    bool enabled = true;
    bool focused = false;
    std::string label;  // what is read
    std::string value;
    bool overflow = false;  // the label does not fit its place
    bool data = false;      // not a text of the product: a number, a pseudonym, a protocol's own words
    ImU32 ink = 0, ground = 0;
};

enum class Align : std::uint8_t { left, center, right };
enum class Look : std::uint8_t { normal, primary, quiet };

struct TextStyle {
    ImFont* font = nullptr;  // none: body
    ImU32 ink = colour::ink;
    Align align = Align::left;
    int lines = 1;           // wraps to at most so many
    bool data = false;
    bool ellipsis = false;   // cut with … where it does not fit
};

class Ui {
public:
    Ui(const Language& language, const Fonts& fonts, float scale);

    void set_language(const Language& language) { language_ = &language; }
    const Language& language() const { return *language_; }
    std::string tr(std::string_view key) const { return language_->tr(key); }
    const Fonts& fonts() const { return fonts_; }
    float px(float design) const { return design * scale_; }
    float line(const ImFont* font) const { return font->FontSize * 1.28f; }

    Rect begin();  // opens the root window over the whole display
    void end();
    ImDrawList& draw() { return *draw_; }
    double seconds() const { return ImGui::GetTime(); }

    const std::vector<Item>& items() const { return items_; }
    const Item* find(std::string_view id) const;
    void record(Item item) { items_.push_back(std::move(item)); }

    // A filled surface; what is written next stands on it.
    void surface(const Rect& rect, ImU32 ground, float rounding = 10, ImU32 outline = 0);
    void set_ground(ImU32 ground) { ground_ = ground; }
    ImU32 ground() const { return ground_; }
    // While covered, every control but stop is disabled: something is asked on top of them.
    void set_covered(bool covered) { covered_ = covered; }

    float text(const Rect& rect, std::string_view text, const TextStyle& style = {});  // returns the height used
    float measure(std::string_view text, const ImFont* font, float wrap_width) const;  // height it would use
    // Digits of one width, so that a running clock stands still.
    void digits(const Rect& rect, std::string_view text, const TextStyle& style);

    bool button(std::string_view id, std::string_view label, const Rect& rect, Look look = Look::normal, bool enabled = true,
                Icon icon = Icon::none, bool compact = false);  // compact: small letters, so that a row of buttons looks alike
    // True as long as it is held, by the mouse or by the keyboard.
    bool hold_button(std::string_view id, std::string_view label, const Rect& rect, bool live, bool enabled, Icon icon);
    // Reacts to the press, not the release, and under any popup: nothing can stand before it.
    bool stop_button(std::string_view id, std::string_view label, std::string_view hint, const Rect& rect);
    bool check(std::string_view id, std::string_view label, const Rect& rect, bool& value);
    bool slider(std::string_view id, std::string_view label, const Rect& rect, int& value, int minimum, int maximum, bool enabled,
                bool set = true);  // not set: the knob is hollow
    bool field(std::string_view id, std::string_view hint, const Rect& rect, std::string& value, bool enabled = true);  // true: Enter
    void focus(std::string_view id);  // the keyboard goes there

private:
    bool hit_area(std::string_view id, const Rect& rect, bool enabled);
    void paint_button(std::string_view id, std::string_view label, const Rect& rect, Look look, bool enabled, Icon icon, bool compact);
    void focus_ring(const Rect& rect, bool focused);
    std::vector<std::string_view> wrap(std::string_view text, const ImFont* font, float width) const;

    const Language* language_;
    Fonts fonts_;
    float scale_;
    ImDrawList* draw_ = nullptr;
    ImU32 ground_ = colour::ground;
    bool covered_ = false;
    std::vector<Item> items_;
};

}  // namespace accalmie::console
