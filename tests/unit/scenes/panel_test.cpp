// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/panel.h"

#include <catch2/catch_test_macros.hpp>

#include "scenes/link/panel_layout.h"

using namespace accalmie;
using scenes::Panel;
using Kind = scenes::PanelContent::Kind;

namespace {

xr::Input aiming_at(int value, bool select = false, bool head = false) {
    const glm::vec3 from = head ? glm::vec3(0, 1.2f, 0) : glm::vec3(0.2f, 0.9f, -0.2f);
    const glm::vec3 to = link::rating_point(value, 0, 100);
    return {.select = select, .aim_valid = true, .world_from_aim = {glm::quatLookAt(glm::normalize(to - from), glm::vec3(0, 1, 0)), from}, .aim_is_head = head};
}

link::AskRating question(int request = 1) { return {request, 0, 100, "?", "low", "high"}; }

// Asks and lets the question be seen for long enough.
void ask_and_see(Panel& panel, double& now_s, int request = 1) {
    panel.ask(question(request));
    REQUIRE(panel.submitted(panel.content(now_s), now_s, 10));
    now_s += 1;
}

}  // namespace

TEST_CASE("a question is said to be shown once, by the frame that had it") {
    Panel panel;
    panel.ask(question(7));
    const auto hidden = panel.submitted(scenes::PanelContent{}, 0, 1);
    CHECK_FALSE(hidden);
    const auto shown = panel.submitted(panel.content(0), 0, 2);
    REQUIRE(shown);
    CHECK(shown->request == 7);
    CHECK(shown->frame == 2);
    CHECK_FALSE(panel.submitted(panel.content(0), 0, 3));
}

TEST_CASE("a press on the scale answers with the value that is pointed at") {
    Panel panel;
    double now_s = 0;
    ask_and_see(panel, now_s);
    CHECK_FALSE(panel.look(aiming_at(42), now_s));
    CHECK(panel.content(now_s).value == 42);
    const auto given = panel.look(aiming_at(43, true), now_s);
    REQUIRE(given);
    CHECK(given->value == 43);
    CHECK(given->request == 1);
    CHECK(given->how == "controller");
    CHECK(panel.content(now_s).kind == Kind::confirmed);
    CHECK(panel.content(now_s).value == 43);
    CHECK(panel.content(now_s + 2).kind == Kind::hidden);
    CHECK_FALSE(panel.look(aiming_at(50), now_s + 1));
    CHECK_FALSE(panel.look(aiming_at(50, true), now_s + 1));
}

TEST_CASE("a button that is held since before the question is no answer") {
    Panel panel;
    double now_s = 0;
    CHECK_FALSE(panel.look(aiming_at(50, true), now_s));
    ask_and_see(panel, now_s);
    CHECK_FALSE(panel.look(aiming_at(50, true), now_s));
    CHECK_FALSE(panel.look(aiming_at(50), now_s));
    CHECK(panel.look(aiming_at(50, true), now_s));
}

TEST_CASE("a press before the question was on screen, or as it appeared, is no answer; in virtual time it is one") {
    Panel panel;
    panel.ask(question());
    CHECK_FALSE(panel.look(aiming_at(50, true), 0));
    CHECK_FALSE(panel.look(aiming_at(50), 0));
    REQUIRE(panel.submitted(panel.content(0), 0, 1));
    CHECK_FALSE(panel.look(aiming_at(50, true), 0.1));
    CHECK_FALSE(panel.look(aiming_at(50), 0.2));
    CHECK(panel.look(aiming_at(50, true), 0.3));

    Panel simulated;
    simulated.set_instant(true);
    simulated.ask(question());
    CHECK_FALSE(simulated.look(aiming_at(50, true), 0));
    CHECK_FALSE(simulated.look(aiming_at(50), 0));
    REQUIRE(simulated.submitted(simulated.content(0), 0, 1));
    CHECK(simulated.look(aiming_at(50, true), 0));
    CHECK(simulated.content(0).kind == Kind::hidden);
}

TEST_CASE("a press beside the scale is no answer") {
    Panel panel;
    double now_s = 0;
    ask_and_see(panel, now_s);
    xr::Input away = aiming_at(50, true);
    away.world_from_aim.orientation = glm::quat(1, 0, 0, 0);
    CHECK_FALSE(panel.look(away, now_s));
    CHECK_FALSE(panel.content(now_s).value);
    away.aim_valid = false;
    CHECK_FALSE(panel.look(away, now_s));
}

TEST_CASE("gaze answers after 1.2 s on a value, in spite of a tremor, with the mean of what was looked at") {
    Panel panel;
    double now_s = 0;
    ask_and_see(panel, now_s);
    const double start_s = now_s;
    std::optional<link::RatingGiven> given;
    for (int i = 0; !given && i < 400; ++i, now_s += 0.01) given = panel.look(aiming_at(60 + (i % 5) - 2, false, true), now_s);
    REQUIRE(given);
    CHECK(std::abs(given->value - 60) <= 1);
    CHECK(given->how == "gaze dwell");
    CHECK(now_s - start_s >= scenes::kDwell_s);
    CHECK(now_s - start_s < scenes::kDwell_s + 0.1);
}

TEST_CASE("gaze that moves on or leaves the panel starts anew") {
    Panel panel;
    double now_s = 0;
    ask_and_see(panel, now_s);
    for (int i = 0; i < 100; ++i, now_s += 0.01) REQUIRE_FALSE(panel.look(aiming_at(20, false, true), now_s));
    CHECK(panel.content(now_s).dwell_percent >= 80);
    for (int i = 0; i < 100; ++i, now_s += 0.01) REQUIRE_FALSE(panel.look(aiming_at(80, false, true), now_s));
    xr::Input away = aiming_at(80, false, true);
    away.world_from_aim.orientation = glm::quat(1, 0, 0, 0);
    REQUIRE_FALSE(panel.look(away, now_s));
    CHECK(panel.content(now_s).dwell_percent == 0);
    for (int i = 0; i < 100; ++i, now_s += 0.01) REQUIRE_FALSE(panel.look(aiming_at(80, false, true), now_s));
}

TEST_CASE("the player's own notice is over everything, a question over a text, and the text comes back") {
    Panel panel;
    double now_s = 0;
    panel.show_text("breathe");
    CHECK(panel.content(0).text == "breathe");
    ask_and_see(panel, now_s);
    CHECK(panel.content(now_s).kind == Kind::question);
    panel.notice("your clinician is coming back");
    CHECK(panel.content(now_s).kind == Kind::text);
    CHECK_FALSE(panel.look(aiming_at(50, true), now_s));
    panel.clear_notice();
    CHECK(panel.content(now_s).kind == Kind::question);
    panel.hide_rating();
    CHECK(panel.content(now_s).text == "breathe");
    panel.hide_text();
    CHECK(panel.content(now_s).kind == Kind::hidden);
}
