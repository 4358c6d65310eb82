// SPDX-License-Identifier: Apache-2.0
// Push-to-talk on the console's screen: held by the button and by the key, let go by everything that has to let it go, and what the strip says.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

using State = session::VoiceView::State;

struct Screen {
    Frames frames;
    FakeModel model;
    explicit Screen(const std::string& language = "en") : frames(language, 1600, 900, 1) {
        fill_mid_exposure(model, language == "fr");
        frames.step(model, 2);
    }
    void key(bool down) {
        ImGui::GetIO().AddKeyEvent(kVoiceKey, down);
        frames.step(model);
    }
    void mouse(bool down) {
        const ImVec2 at = frames.place_of("voice.hold");
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        frames.step(model);
        ImGui::GetIO().AddMouseButtonEvent(0, down);
        frames.step(model, 2);
    }
    std::string says() { return frames.ui().find("voice.state")->value; }
    bool bright() { return frames.ui().find("voice.hold")->ground == colour::sky; }
};

TEST_CASE("the voice goes as long as the key or the button is held, and no longer") {
    Screen screen;
    CHECK(screen.model.speaks_.empty());
    screen.key(true);
    CHECK(screen.model.speaks());
    screen.frames.step(screen.model, 5);
    CHECK(screen.model.speaks_.size() >= 6);  // renewed every frame
    screen.key(false);
    CHECK_FALSE(screen.model.speaks());
    const auto told = screen.model.speaks_.size();
    screen.frames.step(screen.model, 5);
    CHECK(screen.model.speaks_.size() == told);
    screen.mouse(true);
    CHECK(screen.model.speaks());
    screen.mouse(false);
    CHECK_FALSE(screen.model.speaks());
    CHECK(screen.model.acts_.empty());  // and nothing else happened
}

TEST_CASE("the key is on the button, in both languages") {
    for (const char* language : {"en", "fr"}) {
        Screen screen(language);
        CHECK(screen.frames.ui().find("voice.hold")->label.contains(kVoiceKeyName));
    }
}

TEST_CASE("a window that loses the keyboard lets go, and the button has to be pressed anew") {
    Screen screen;
    screen.mouse(true);
    REQUIRE(screen.model.speaks());
    ImGui::GetIO().AddFocusEvent(false);
    screen.frames.step(screen.model);
    CHECK_FALSE(screen.model.speaks());
    ImGui::GetIO().AddFocusEvent(true);
    screen.frames.step(screen.model, 3);
    CHECK_FALSE(screen.model.speaks());
    screen.mouse(false);
    screen.mouse(true);
    CHECK(screen.model.speaks());
    screen.mouse(false);
    screen.key(true);
    REQUIRE(screen.model.speaks());
    ImGui::GetIO().AddFocusEvent(false);
    screen.frames.step(screen.model);
    CHECK_FALSE(screen.model.speaks());
}

TEST_CASE("a lost player, the end of the session and the closing question let go") {
    using Change = void (*)(FakeModel&, ScreenState&);
    for (const Change change : {Change([](FakeModel& m, ScreenState&) { m.view_.player_up = false; }), Change([](FakeModel& m, ScreenState&) { m.view_.finished = true; }),
                                Change([](FakeModel&, ScreenState& s) { s.asks_to_close = true; })}) {
        Screen screen;
        screen.key(true);
        REQUIRE(screen.model.speaks());
        change(screen.model, screen.frames.state());
        screen.frames.step(screen.model, 2);
        CHECK_FALSE(screen.model.speaks());
        screen.model.view_.player_up = true;
        screen.model.view_.finished = false;
        screen.frames.state().asks_to_close = false;
        screen.frames.step(screen.model, 3);
        CHECK_FALSE(screen.model.speaks());  // still held, not pressed anew
        screen.key(false);
        screen.key(true);
        CHECK(screen.model.speaks());
    }
}

TEST_CASE("the voice may go while a note is written, and the stop goes while the voice does") {
    Screen screen;
    screen.frames.click(screen.model, "note.text");
    screen.frames.type(screen.model, "il dit");
    screen.key(true);
    CHECK(screen.model.speaks());
    CHECK(screen.frames.state().note_draft == "il dit");
    ImGui::GetIO().AddKeyEvent(ImGuiKey_F12, true);
    screen.frames.step(screen.model);
    CHECK(screen.model.count(session::Action::stop) == 1);
}

TEST_CASE("the strip is bright only when the player says that the patient hears") {
    Screen screen;
    screen.key(true);
    screen.model.view_.voice.state = State::opening;
    screen.frames.step(screen.model, 2);
    CHECK_FALSE(screen.bright());
    CHECK(screen.says().contains("Not heard yet"));
    screen.model.view_.voice = {.state = State::heard, .level_db = -20, .person = true, .scene = "bar-night"};
    screen.frames.step(screen.model, 2);
    CHECK(screen.bright());
    CHECK(screen.says().contains("The patient hears you"));
    CHECK(screen.frames.ui().find("voice.level")->value == "8");
    screen.model.view_.voice.level_db = -100;
    screen.frames.step(screen.model, 2);
    CHECK(screen.frames.ui().find("voice.level")->value == "0");
    for (const auto& [why, word] : {std::pair{"stop", "Stopped"}, {"microphone", "No microphone"}, {"no sound", "no sound"}, {"kept", "not sent"}, {"silence", "broke off"}}) {
        screen.model.view_.voice = {.state = State::unheard, .why = why};
        screen.frames.step(screen.model, 2);
        CHECK_FALSE(screen.bright());
        CHECK(screen.says().contains(word));
    }
}

TEST_CASE("every sentence about the voice fits its place, in both languages and at every size") {
    for (const char* language : {"en", "fr"})
        for (const auto& [width, height, scale] : {std::tuple{1280.0f, 720.0f, 1.0f}, {1600.0f, 900.0f, 1.0f}, {1920.0f, 1080.0f, 1.5f}}) {
            Frames frames(language, width, height, scale);
            FakeModel model;
            fill_mid_exposure(model, false);
            ImGui::GetIO().AddKeyEvent(kVoiceKey, true);
            for (const State state : {State::opening, State::heard, State::unheard})
                for (const char* why : {"microphone", "no sound", "kept", "stop", "silence"})
                    for (const bool person : {false, true}) {
                        model.view_.voice = {.state = state, .level_db = -10, .person = person, .why = why};
                        frames.step(model, 2);
                        for (const Item& item : frames.ui().items()) {
                            INFO("'" << item.label << "' " << item.id << " " << language << " " << width);
                            CHECK_FALSE(item.overflow);
                            if (item.ink != 0 && !item.label.empty()) CHECK(contrast(item.ink, item.ground) >= 4.5);
                        }
                    }
        }
}

}  // namespace
}  // namespace accalmie::test
