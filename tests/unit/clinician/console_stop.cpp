// SPDX-License-Identifier: Apache-2.0
// The one large stop: every way to press it, from every state, with nothing in its way.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

using protocols::Phase;
using session::Action;

// What every test below rests on: a press on the stop is one call, and no other. False for a console that ignores it.
template <class Model>
bool stop_is_heard(Model& model) {
    Frames frames("en", 1600, 900, 1);
    frames.step(model, 2);
    frames.click(model, "stop");
    return model.count(Action::stop) == 1 && model.acts_.size() == 1;
}

struct DeafModel : FakeModel {  // the planted fault: a stop that goes nowhere
    void act(Action action) override {
        if (action != Action::stop) FakeModel::act(action);
    }
};

TEST_CASE("a planted ignored stop is caught") {
    FakeModel good;
    fill_mid_exposure(good, false);
    CHECK(stop_is_heard(good));
    DeafModel deaf;
    fill_mid_exposure(deaf, false);
    CHECK_FALSE(stop_is_heard(deaf));
}

TEST_CASE("one click on stop is one stop, in every phase and both languages") {
    for (const std::string language : {"en", "fr"}) {
        for (const Phase phase : {Phase::not_started, Phase::running, Phase::paused, Phase::stopped, Phase::finished}) {
            Frames frames(language, 1280, 720, 1);
            FakeModel model;
            fill_mid_exposure(model, language == "fr");
            model.view_.state.phase = phase;
            model.view_.finished = phase == Phase::finished;
            frames.step(model, 2);
            frames.click(model, "stop");
            CHECK(model.count(Action::stop) == 1);
            CHECK(model.acts_.size() == 1);
        }
    }
}

TEST_CASE("stop acts on the press, before the release") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    const ImVec2 at = frames.place_of("stop");
    ImGui::GetIO().AddMousePosEvent(at.x, at.y);
    frames.step(model);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frames.step(model);
    CHECK(model.count(Action::stop) == 1);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frames.step(model, 3);
    CHECK(model.count(Action::stop) == 1);
}

TEST_CASE("F12 stops at once, and once however long it is held") {
    Frames frames("fr", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, true);
    frames.step(model, 2);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_F12, true);
    frames.step(model);
    CHECK(model.count(Action::stop) == 1);
    frames.step(model, 60);
    CHECK(model.count(Action::stop) == 1);
}

TEST_CASE("escape stops when it is held for 0.3 s, not when it is tapped") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    frames.key(model, ImGuiKey_Escape, 4);
    CHECK(model.count(Action::stop) == 0);
    frames.key(model, ImGuiKey_Escape, 12);
    CHECK(model.count(Action::stop) == 1);
    frames.key(model, ImGuiKey_Escape, 60);
    CHECK(model.count(Action::stop) == 2);
}

TEST_CASE("stop works while the console asks something") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.state().asks_to_close = true;
    frames.step(model, 2);
    REQUIRE(frames.ui().find("close.back"));
    CHECK_FALSE(frames.ui().find("control.next")->enabled);
    frames.click(model, "control.next");
    CHECK(model.acts_.empty());
    frames.click(model, "stop");
    CHECK(model.count(Action::stop) == 1);
    frames.key(model, ImGuiKey_F12);
    CHECK(model.count(Action::stop) == 2);
}

TEST_CASE("stop works under an open modal dialog") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    const auto with_modal = [&] {
        draw_session_screen(frames.ui(), model, frames.state());
        ImGui::OpenPopup("in the way");
        if (ImGui::BeginPopupModal("in the way")) {
            ImGui::TextUnformatted("anything");
            ImGui::EndPopup();
        }
    };
    frames.step_with(with_modal, 3);
    REQUIRE(ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel));
    const ImVec2 at = frames.place_of("stop");
    ImGui::GetIO().AddMousePosEvent(at.x, at.y);
    frames.step_with(with_modal);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frames.step_with(with_modal);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frames.step_with(with_modal, 2);
    CHECK(model.count(Action::stop) == 1);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_F12, true);
    frames.step_with(with_modal, 2);
    CHECK(model.count(Action::stop) == 2);
}

TEST_CASE("stop works while a note or a rating is being typed, and the draft stays") {
    Frames frames("fr", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, true);
    frames.step(model, 2);
    frames.click(model, "note.text");
    frames.type(model, "il dit que");
    frames.key(model, ImGuiKey_F12);
    CHECK(model.count(Action::stop) == 1);
    CHECK(frames.state().note_draft == "il dit que");
    frames.click(model, "stop");
    CHECK(model.count(Action::stop) == 2);
}

TEST_CASE("stop is large, full width of its column and never covered by another control") {
    for (const float scale : {1.0f, 1.5f})
        for (const auto& [width, height] : {std::pair{1280.0f, 720.0f}, std::pair{1600.0f, 900.0f}}) {
            Frames frames("fr", width * scale, height * scale, scale);
            FakeModel model;
            fill_mid_exposure(model, true);
            frames.step(model, 2);
            const Item* stop = frames.ui().find("stop");
            REQUIRE(stop);
            CHECK(stop->rect.height() >= 96 * scale);
            CHECK(stop->rect.width() >= 300 * scale);
            CHECK(stop->rect.y1 <= height * scale);
            CHECK(stop->rect.x1 <= width * scale);
            CHECK(contrast(stop->ink, stop->ground) >= 7.0);
            for (const Item& item : frames.ui().items()) {
                if (item.id.empty() || item.id == "stop") continue;
                const bool apart = item.rect.x1 <= stop->rect.x0 || item.rect.x0 >= stop->rect.x1 || item.rect.y1 <= stop->rect.y0 || item.rect.y0 >= stop->rect.y1;
                INFO(item.id);
                CHECK(apart);
            }
        }
}

}  // namespace
}  // namespace accalmie::test
