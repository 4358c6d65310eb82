// SPDX-License-Identifier: Apache-2.0
// The panels driven by script through the registry: what is shown, reached, clicked and typed.
#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <set>

#include "clinician/console/plot.h"
#include "clinician/console/start_screen.h"
#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

using protocols::Phase;
using session::Action;

// The moments of a session that look different.
struct Moment {
    const char* name;
    std::function<void(FakeModel&, ScreenState&, bool)> change;
};

const std::vector<Moment>& moments() {
    static const std::vector<Moment> all{
        {"running", [](FakeModel&, ScreenState&, bool) {}},
        {"not started", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state = {};
             m.view_.awaiting_rating.reset();
             m.view_.calm = true;
         }},
        {"starting", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state = {};
             m.view_.player_up = false;
             m.view_.renderer.clear();
             m.view_.runtime.clear();
         }},
        {"paused", [](FakeModel& m, ScreenState&, bool) { m.view_.state.phase = Phase::paused; }},
        {"stopped", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state.phase = Phase::stopped;
             m.view_.outcome = "stopped";
             m.view_.calm = true;
         }},
        {"finished", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state.phase = Phase::finished;
             m.view_.finished = true;
             m.view_.outcome = "completed";
         }},
        {"aftercare after a stop", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state.stopped = true;
             m.view_.state.step = 3;
             m.view_.calm = true;
         }},
        {"never started", [](FakeModel& m, ScreenState&, bool) {
             m.view_.finished = true;
             m.view_.outcome = "interrupted";
             m.mirror_ = {};
             m.disk_.writing = false;
         }},
        {"baseline", [](FakeModel& m, ScreenState&, bool) {
             m.view_.state.step = 0;
             m.view_.scene = "waiting-room";
             m.view_.state.next_rating_ms = m.view_.t_ms + 40'000;
             m.view_.awaiting_rating.reset();
         }},
        {"no rating yet", [](FakeModel& m, ScreenState&, bool) { m.view_.state.level_peak.reset(); }},
        {"alarm", [](FakeModel& m, ScreenState&, bool french) { add_alarm(m, french); }},
        {"disk lost", [](FakeModel& m, ScreenState&, bool french) {
             add_alarm(m, french);
             m.disk_ = {false, 1'200'000'000};
         }},
        {"closing", [](FakeModel&, ScreenState& s, bool) { s.asks_to_close = true; }},
        {"rehearsal", [](FakeModel& m, ScreenState&, bool) { m.rehearsal_ = true; }},
    };
    return all;
}

void each_moment(const std::vector<std::string>& languages, const std::vector<std::tuple<float, float, float>>& sizes,
                 const std::function<void(Frames&, FakeModel&)>& check) {
    for (const std::string& language : languages)
        for (const auto& [width, height, scale] : sizes)
            for (const Moment& moment : moments()) {
                INFO(moment.name << " " << language << " " << width << "x" << height << " at " << scale);
                Frames frames(language, width, height, scale);
                FakeModel model;
                fill_mid_exposure(model, language == "fr");
                moment.change(model, frames.state(), language == "fr");
                frames.step(model, 2);
                check(frames, model);
            }
}

const std::vector<std::tuple<float, float, float>> kSizes{{1280, 720, 1}, {1600, 900, 1}, {1920, 1080, 1.5f}, {2400, 1350, 1.5f}};

TEST_CASE("no label overflows its place, at 100 and 150 % in both languages") {
    each_moment({"en", "fr"}, kSizes, [](Frames& frames, FakeModel&) {
        for (const Item& item : frames.ui().items()) {
            INFO("'" << item.label << "' " << item.id << " " << item.rect.x0 << "," << item.rect.y0 << " " << item.rect.width() << "x" << item.rect.height());
            CHECK_FALSE(item.overflow);
            CHECK(item.rect.x0 >= 0);
            CHECK(item.rect.x1 <= ImGui::GetIO().DisplaySize.x + 1);
            CHECK(item.rect.y1 <= ImGui::GetIO().DisplaySize.y + 1);
        }
    });
}

TEST_CASE("a label that is too long for its button is found") {
    Frames frames("en", 1280, 720, 1);
    FakeModel model;
    frames.step_with([&] {
        frames.ui().begin();
        frames.ui().button("long", "A label that nobody could fit into so little room", {10, 10, 90, 40});
        frames.ui().button("short", "Fits", {10, 60, 90, 100});
        frames.ui().end();
    });
    CHECK(frames.ui().find("long")->overflow);
    CHECK_FALSE(frames.ui().find("short")->overflow);
}

TEST_CASE("all text has contrast of at least 4.5 to 1") {
    each_moment({"fr"}, {{1600, 900, 1}}, [](Frames& frames, FakeModel&) {
        for (const Item& item : frames.ui().items()) {
            if (item.label.empty() || item.ink == 0) continue;
            INFO("'" << item.label << "' " << item.id);
            CHECK(contrast(item.ink, item.ground) >= 4.5);
        }
    });
    CHECK(contrast(colour::white, IM_COL32(0, 0, 0, 255)) > 20.9);
    CHECK(contrast(IM_COL32(119, 119, 119, 255), colour::white) < 4.5);  // the well-known grey that just fails
}

TEST_CASE("nothing on the screen is untranslated") {
    // Every text of the tables is put in brackets; what shows without them never went through the tables.
    for (const Moment& moment : moments()) {
        Frames frames("en", 1600, 900, 1);
        std::map<std::string, std::string, std::less<>> marked;
        for (const auto& [key, text] : frames.ui().language().table()) marked[key] = "<" + text + ">";
        const Language pseudo = Language::from_table("en", marked);
        frames.use(pseudo);
        FakeModel model;
        fill_mid_exposure(model, false);
        moment.change(model, frames.state(), false);
        frames.step(model, 2);
        for (const Item& item : frames.ui().items()) {
            if (item.data || item.label.empty() || item.id == "banner" || item.id.starts_with("rating.key")) continue;
            if (item.id == "header.french" || item.id == "header.english") continue;  // a language names itself
            INFO(moment.name << " '" << item.label << "' " << item.id);
            CHECK(item.label.front() == '<');
            CHECK(item.label.find('[') == std::string::npos);
        }
    }
}

TEST_CASE("Tab reaches every control that is enabled") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.state().rating_draft = "40";
    frames.state().note_draft = "a note";
    frames.step(model, 2);
    std::set<std::string> wanted, reached;
    for (const Item& item : frames.ui().items()) {
        const bool control = item.role == Role::button || item.role == Role::stop || item.role == Role::slider || item.role == Role::check || item.id == "note.text";
        if (control && item.enabled) wanted.insert(item.id);
    }
    CHECK(wanted.size() >= 20);
    CHECK(wanted.contains("stop"));
    for (std::size_t i = 0; i < 3 * wanted.size(); ++i) {
        frames.key(model, ImGuiKey_Tab);
        for (const Item& item : frames.ui().items())
            if (item.focused) reached.insert(item.id);
    }
    for (const std::string& id : wanted) {
        INFO(id);
        CHECK(reached.contains(id));
    }
    CHECK(model.acts_.empty());
}

TEST_CASE("the keyboard presses what it has reached") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    for (int i = 0; i < 60; ++i) {
        frames.key(model, ImGuiKey_Tab);
        const Item* next = frames.ui().find("control.next");
        if (next->focused) break;
    }
    REQUIRE(frames.ui().find("control.next")->focused);
    frames.key(model, ImGuiKey_Space);
    CHECK(model.acts_ == std::vector<Action>{Action::next_level});
}

TEST_CASE("each control does what it says, and only when it may") {
    const auto pressed = [](const std::string& id, const std::function<void(FakeModel&)>& change) {
        Frames frames("en", 1600, 900, 1);
        FakeModel model;
        fill_mid_exposure(model, false);
        change(model);
        frames.step(model, 2);
        if (!frames.ui().find(id)) return std::vector<Action>{};
        frames.click(model, id);
        return model.acts_;
    };
    const auto none = [](FakeModel&) {};
    const auto fresh = [](FakeModel& m) { m.view_.state = {}; };
    const auto paused = [](FakeModel& m) { m.view_.state.phase = Phase::paused; };
    const auto aftercare = [](FakeModel& m) { m.view_.state.step = 3; };
    using Acts = std::vector<Action>;
    CHECK(pressed("control.pause", none) == Acts{Action::pause});
    CHECK(pressed("control.next", none) == Acts{Action::next_level});
    CHECK(pressed("control.previous", none) == Acts{Action::previous_level});
    CHECK(pressed("control.coping", none) == Acts{Action::coping});
    CHECK(pressed("control.end", none).empty());
    CHECK(pressed("control.end", aftercare) == Acts{Action::end});
    CHECK(pressed("control.next", aftercare).empty());
    CHECK(pressed("control.coping", aftercare).empty());
    CHECK(pressed("control.start", fresh) == Acts{Action::start});
    CHECK(pressed("control.start", [](FakeModel& m) { m.view_.state = {}; m.view_.player_up = false; }).empty());
    CHECK(pressed("control.resume", paused) == Acts{Action::resume});
    CHECK(pressed("control.next", paused).empty());
    CHECK(pressed("control.previous", [](FakeModel& m) { m.view_.state.level_index = 0; }).empty());
    CHECK(pressed("control.end", [](FakeModel& m) { m.view_.state.phase = Phase::stopped; m.view_.outcome = "stopped"; }) == Acts{Action::end});
    CHECK(pressed("control.next", [](FakeModel& m) { m.view_.finished = true; }).empty());
}

TEST_CASE("a rating is typed with digits and Enter, wherever the keyboard was") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    frames.click(model, "control.pause");
    model.acts_.clear();
    frames.key(model, ImGuiKey_6);
    frames.key(model, ImGuiKey_Keypad3);
    CHECK(frames.state().rating_draft == "63");
    frames.key(model, ImGuiKey_Enter);
    CHECK(model.rates_ == std::vector<int>{63});
    CHECK(model.acts_.empty());
    CHECK(frames.state().rating_draft.empty());
    frames.key(model, ImGuiKey_Enter);
    CHECK(model.rates_.size() == 1);
}

TEST_CASE("a number off the scale cannot be recorded") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    for (const ImGuiKey key : {ImGuiKey_1, ImGuiKey_0, ImGuiKey_1}) frames.key(model, key);
    CHECK(frames.state().rating_draft == "101");
    CHECK_FALSE(frames.ui().find("rating.record")->enabled);
    frames.key(model, ImGuiKey_Enter);
    frames.click(model, "rating.record");
    CHECK(model.rates_.empty());
    frames.key(model, ImGuiKey_Backspace);
    frames.click(model, "rating.record");
    CHECK(model.rates_ == std::vector<int>{10});
}

TEST_CASE("a rating is entered by keypad and slider") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    frames.click(model, "rating.key4");
    frames.click(model, "rating.key2");
    frames.click(model, "rating.record");
    CHECK(model.rates_ == std::vector<int>{42});
    frames.click(model, "rating.slider");  // its middle
    CHECK(std::abs(std::stoi(frames.state().rating_draft) - 50) <= 1);
}

TEST_CASE("digits in a note are a note, not a rating") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    frames.click(model, "note.text");
    ImGui::GetIO().AddKeyEvent(ImGuiKey_7, true);
    frames.type(model, "7 minutes");
    ImGui::GetIO().AddKeyEvent(ImGuiKey_7, false);
    frames.step(model);
    CHECK(frames.state().rating_draft.empty());
    frames.key(model, ImGuiKey_Enter);
    CHECK(model.notes_ == std::vector<std::string>{"7 minutes"});
    CHECK(frames.state().note_draft.empty());
    CHECK(model.rates_.empty());
}

TEST_CASE("an empty note is not written") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    frames.click(model, "note.text");
    frames.type(model, "   ");
    frames.key(model, ImGuiKey_Enter);
    CHECK(model.notes_.empty());
}

TEST_CASE("the language changes while the session runs") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    CHECK(frames.ui().find("control.coping")->label == "Coping");
    frames.click(model, "header.french");
    CHECK(frames.state().language == "fr");
    auto french = Language::load(ACCALMIE_SOURCE_DIR "/assets/languages", "fr");
    REQUIRE(french);
    frames.use(*french);
    frames.step(model, 2);
    CHECK(frames.ui().find("control.coping")->label == "Apaisement");
}

TEST_CASE("a lost player, a lost record and a rehearsal can be read on the screen") {
    Frames frames("en", 1600, 900, 1);
    FakeModel model;
    fill_mid_exposure(model, false);
    frames.step(model, 2);
    CHECK(frames.ui().find("header.player")->value == "Running");
    CHECK_FALSE(frames.ui().find("banner"));
    add_alarm(model, false);
    model.disk_.writing = false;
    model.rehearsal_ = true;
    frames.step(model, 2);
    CHECK(frames.ui().find("header.player")->value == "Not running");
    CHECK(frames.ui().find("header.disk")->value == "Not writing");
    REQUIRE(frames.ui().find("banner"));
    CHECK(frames.ui().find("banner")->value == "alarm");
    CHECK(std::ranges::any_of(frames.ui().items(), [](const Item& item) { return item.label == "Rehearsal"; }));
}

TEST_CASE("the rule is told with this level's numbers") {
    FakeModel model;
    fill_mid_exposure(model, false);
    auto english = Language::load(ACCALMIE_SOURCE_DIR "/assets/languages", "en");
    REQUIRE(english);
    auto& state = model.view_.state;
    CHECK(rule_in_words(*english, model.plan_, state).find("39 or less") != std::string::npos);  // half of 78 is over 22 + 10
    state.level_peak = 50;
    CHECK(rule_in_words(*english, model.plan_, state).find("32 or less") != std::string::npos);  // 22 + 10 is over half of 50
    state.baseline.reset();
    CHECK(rule_in_words(*english, model.plan_, state).find("25 or less") != std::string::npos);
    state.step = 0;
    CHECK(rule_in_words(*english, model.plan_, state).find("5 min") != std::string::npos);
    state.step = 99;
    CHECK(rule_in_words(*english, model.plan_, state).empty());
}

TEST_CASE("decimation keeps the extremes of every pixel column") {
    std::vector<PlotPoint> points;
    for (int i = 0; i < 10'000; ++i) points.push_back({i, static_cast<double>(i % 100 == 37 ? 90 + i % 7 : i % 11)});
    const auto kept = decimate(points, 1000);
    CHECK(kept.size() <= 40);
    double highest = 0, all_highest = 0;
    for (const auto& p : kept) highest = std::max(highest, p.value);
    for (const auto& p : points) all_highest = std::max(all_highest, p.value);
    CHECK(highest == all_highest);
    CHECK(kept.front().t_ms == 0);
    CHECK(kept.back().t_ms == 9'999);
    CHECK(std::ranges::is_sorted(kept, {}, &PlotPoint::t_ms));
    CHECK(tick_step_ms(600'000, 5) == 120'000);
    for (std::int64_t until = 60'000; until < 6'000'000; until += 37'000)
        for (int wanted = 1; wanted < 8; ++wanted) {
            const Axis axis = axis_to(until, wanted);
            CHECK(axis.end_ms >= until);
            CHECK(axis.end_ms % axis.tick_ms == 0);
            CHECK(axis.end_ms / axis.tick_ms <= wanted);
        }
}

TEST_CASE("the start screen opens nothing before the checklist is whole and the pseudonym is one") {
    Frames frames("fr", 1280, 720, 1);
    FakeModel unused;
    StartState start;
    start.protocols.push_back({"alcohol-bar.toml", canned_plan()});
    const auto step = [&](int n) { frames.step_with([&] { draw_start_screen(frames.ui(), start); }, n); };
    const auto click = [&](const std::string& id) {
        const ImVec2 at = frames.place_of(id);
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        step(1);
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        step(1);
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        step(2);
    };
    step(2);
    for (const Item& item : frames.ui().items()) {
        INFO(item.label);
        CHECK_FALSE(item.overflow);
        if (item.ink && !item.label.empty()) CHECK(contrast(item.ink, item.ground) >= 4.5);
    }
    click("start.begin");
    CHECK_FALSE(start.begin);
    for (const char* id : {"start.consent", "start.epilepsy", "start.sickness", "start.sober", "start.stop_shown", "start.space"}) click(id);
    click("start.begin");
    CHECK_FALSE(start.begin);  // still no pseudonym
    start.pseudonym = "Jean Dupont";
    step(1);
    click("start.begin");
    CHECK_FALSE(start.begin);
    click("start.new");
    CHECK(start.new_pseudonym);
    start.pseudonym = "P-7Q4K";
    step(1);
    click("start.begin");
    CHECK(start.begin);
    CHECK(checklist_note(frames.ui().language()).find("photosensible") != std::string::npos);
}

}  // namespace
}  // namespace accalmie::test
