// SPDX-License-Identifier: Apache-2.0
// What every view around the sessions is held to, in both languages and at the console's sizes: nothing overflows or leaves the screen,
// contrast of 4.5 to 1, targets of 32 px, no untranslated text, Tab reaches every control. Never: knows what a view shows.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "clinician/console/workbench.h"
#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {

inline void step_workbench(Frames& frames, const WorkContext& context, WorkbenchState& state, int count = 1) {
    for (int i = 0; i < count; ++i) {
        frames.step_with([&] { draw_workbench(frames.ui(), context, state); });
        act_shown(context, state);
    }
}

inline void click_in_workbench(Frames& frames, const WorkContext& context, WorkbenchState& state, const std::string& id) {
    const ImVec2 at = frames.place_of(id);
    INFO("no widget " << id);
    REQUIRE(at.x >= 0);
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(at.x, at.y);
    step_workbench(frames, context, state);
    io.AddMouseButtonEvent(0, true);
    step_workbench(frames, context, state);
    io.AddMouseButtonEvent(0, false);
    step_workbench(frames, context, state, 2);
}

inline void type_in_workbench(Frames& frames, const WorkContext& context, WorkbenchState& state, const std::string& text) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    step_workbench(frames, context, state, 2);
}

// `prepare` brings the view into the state that is to be checked (a search typed, a patient chosen); may be empty.
inline void check_work_view(const WorkContext& context, const std::string& id, const std::function<void(Frames&, WorkbenchState&)>& prepare = {}) {
    for (const std::string language : {"en", "fr"})
        for (const auto& [width, height, scale] : {std::tuple{1280.f, 720.f, 1.f}, std::tuple{1600.f, 900.f, 1.f}, std::tuple{2400.f, 1350.f, 1.5f}}) {
            Frames frames(language, width, height, scale);
            WorkbenchState state;
            REQUIRE(state.show(id));
            load_shown(context, state);
            step_workbench(frames, context, state, 2);
            if (prepare) prepare(frames, state);
            CHECK(state.problem == "");
            for (const Item& item : frames.ui().items()) {
                INFO(id << " " << language << " " << width << "x" << height << " '" << item.label << "' " << item.id << " " << item.rect.x0 << "," << item.rect.y0 << " "
                        << item.rect.width() << "x" << item.rect.height());
                CHECK_FALSE(item.overflow);
                CHECK(item.rect.x0 >= 0);
                CHECK(item.rect.x1 <= width + 1);
                CHECK(item.rect.y1 <= height + 1);
                CHECK(item.label.find("[") != 0);
                if (!item.label.empty() && item.ink != 0) CHECK(contrast(item.ink, item.ground) >= 4.5);
                const bool target = item.role == Role::button || item.role == Role::field || item.role == Role::check;
                if (target) CHECK(item.rect.height() >= 32 * scale - 1);
            }
        }
    Frames frames("en", 1600, 900, 1);
    std::map<std::string, std::string, std::less<>> marked;
    for (const auto& [key, text] : frames.ui().language().table()) marked[key] = "<" + text + ">";
    const Language pseudo = Language::from_table("en", marked);
    frames.use(pseudo);
    WorkbenchState state;
    REQUIRE(state.show(id));
    load_shown(context, state);
    step_workbench(frames, context, state, 2);
    if (prepare) prepare(frames, state);
    std::set<std::string> wanted, reached;
    for (const Item& item : frames.ui().items()) {
        if ((item.role == Role::button || item.role == Role::check || item.role == Role::field) && item.enabled) wanted.insert(item.id);
        if (item.data || item.label.empty() || item.id == "work.french" || item.id == "work.english") continue;
        // CMP, CJC, MDA: the initials of a kind of service are its name in both languages.
        if (std::ranges::all_of(item.label, [](char c) { return c >= 'A' && c <= 'Z'; })) continue;
        INFO("untranslated: '" << item.label << "' " << item.id);
        CHECK(item.label.front() == '<');
    }
    for (std::size_t i = 0; i < 3 * wanted.size(); ++i) {
        ImGui::GetIO().AddKeyEvent(ImGuiKey_Tab, true);
        step_workbench(frames, context, state);
        ImGui::GetIO().AddKeyEvent(ImGuiKey_Tab, false);
        step_workbench(frames, context, state, 2);
        for (const Item& item : frames.ui().items())
            if (item.focused) reached.insert(item.id);
    }
    for (const std::string& each : wanted) {
        INFO("Tab does not reach " << each);
        CHECK(reached.contains(each));
    }
}

}  // namespace accalmie::test
