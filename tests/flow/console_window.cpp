// SPDX-License-Identifier: Apache-2.0
// The console as a user starts it: in a real window on a virtual display, with a real pointer and keyboard, and without any display.
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <format>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

#include "clinician/commands/virtual_display.h"
#include "tests/flow/program.h"

using namespace std::chrono_literals;

namespace {

// An Xvfb of the test's own; DISPLAY is taken back afterwards, so that the other tests have none.
class Screen {
public:
    Screen() {
        unsetenv("DISPLAY");
        unsetenv("WAYLAND_DISPLAY");
        auto display = accalmie::commands::VirtualDisplay::start_unless_there();
        INFO((display ? "" : describe(display.error())));
        REQUIRE(display);
        display_.emplace(std::move(*display));
    }
    ~Screen() { unsetenv("DISPLAY"); }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    bool xdotool(const std::string& arguments) const { return std::system(("xdotool " + arguments + " >/dev/null 2>&1").c_str()) == 0; }
    // A place in the console's window, whatever its place on the screen.
    void click(int x, int y) const {
        xdotool(std::format("search --onlyvisible --name Accalmie mousemove --window %1 {} {} sleep 0.1 mousedown 1 sleep 0.2 mouseup 1", x, y));
    }

private:
    std::optional<accalmie::commands::VirtualDisplay> display_;
};

struct Point {
    int x, y;
};
// In the window at 1600x900.
constexpr Point kStart{416, 677}, kLastControl{1110, 677}, kStop{1388, 832};

std::vector<std::string> console(const flow::StudyFolder& study, std::vector<std::string> more) {
    std::vector<std::string> arguments{"console", "--study", study.study, "--key-file", study.key, "--rehearse", "--pseudonym", flow::StudyFolder::kPseudonym,
                                       "--size", "64x64", "--msaa", "1", "--language", "en"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

// Opens the window, starts the session with the pointer, stops it with `press`, ends and closes it with the pointer. Virtual time at a
// person's pace: on a busy machine a slow player is then waited for, and this is a test of the window.
flow::Finished run_window_session(const Screen& screen, const flow::StudyFolder& study, const std::function<void()>& press) {
    flow::Program program("accalmie", console(study, {"--protocol", "alcohol-bar", "--speed", "2"}));
    REQUIRE(screen.xdotool("search --sync --onlyvisible --name Accalmie windowfocus"));
    for (int i = 0; i < 60 && !program.output_so_far().contains("baseline"); ++i) {
        screen.click(kStart.x, kStart.y);
        program.wait_for("baseline", 1000ms);
    }
    REQUIRE(program.output_so_far().contains("baseline"));
    press();
    program.wait_for("nothing more is said", 500ms);
    // After the stop comes aftercare, until the clinician ends it; then the same place closes the window.
    for (int i = 0; i < 20 && !program.output_so_far().contains("session S"); ++i) {
        screen.click(kLastControl.x, kLastControl.y);
        program.wait_for("session S", 500ms);
    }
    return program.finish(20s);
}

void verifies(const flow::StudyFolder& study) {
    const auto verified = flow::run("accalmie", {"study", "verify", "--study", study.study, "--key-file", study.key});
    INFO(verified.output << verified.errors);
    CHECK(verified.exit_code == 0);
}

TEST_CASE("in a real window F12 stops the session and the window closes") {
    const Screen screen;
    const flow::StudyFolder study;
    const auto finished = run_window_session(screen, study, [&] { screen.xdotool("key F12"); });
    INFO(finished.output << finished.errors);
    CHECK(finished.exit_code == 0);
    CHECK(finished.output.contains(": stopped,"));
    verifies(study);
}

TEST_CASE("in a real window a press on the stop button stops the session") {
    const Screen screen;
    const flow::StudyFolder study;
    const auto finished = run_window_session(screen, study, [&] { screen.click(kStop.x, kStop.y); });
    INFO(finished.output << finished.errors);
    CHECK(finished.exit_code == 0);
    CHECK(finished.output.contains(": stopped,"));
}

TEST_CASE("without a display the console says what to do") {
    const flow::StudyFolder study;
    auto arguments = console(study, {"--protocol", "short-check"});
    flow::Program program("accalmie", arguments, {"DISPLAY=", "WAYLAND_DISPLAY=", "SDL_VIDEODRIVER=x11"});
    const auto finished = program.finish(60s);
    CHECK(finished.exit_code == 1);
    CHECK(finished.errors.contains("no display"));
    CHECK(finished.errors.contains("--no-window"));
}

TEST_CASE("the console without a window runs the same session as the rehearsal, and saves its picture") {
    const flow::StudyFolder first, second;
    auto arguments = first.rehearse("short-check", 7);
    arguments.push_back("--json");
    const auto rehearsed = flow::run("accalmie", arguments, 240s);
    REQUIRE(rehearsed.exit_code == 0);
    const auto picture = second.folder / "console.png";
    const auto shown = flow::run("accalmie", console(second, {"--protocol", "short-check", "--seed", "7", "--auto", "--no-window", "--json", "--shot", picture}), 240s);
    INFO(shown.errors);
    REQUIRE(shown.exit_code == 0);
    const auto result = nlohmann::json::parse(shown.output);
    CHECK(result["digest"] == nlohmann::json::parse(rehearsed.output)["digest"]);
    CHECK(result["outcome"] == "completed");
    CHECK(result["shots"].size() == 1);
    CHECK(std::filesystem::file_size(picture) > 20'000);
}

}  // namespace
