// SPDX-License-Identifier: Apache-2.0
// The desktop session in a window on a virtual display, with a real pointer and keyboard (xdotool).
#include "headset.h"
#include "monado.h"

#include "engine/xr/window_presenter.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <format>

using namespace accalmie;

namespace {

class VirtualDisplay {
public:
    VirtualDisplay() {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        pid_ = fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            close(ends[0]);
            const std::string descriptor = std::to_string(ends[1]);
            execlp("Xvfb", "Xvfb", "-displayfd", descriptor.c_str(), "-screen", "0", "1000x700x24", "-nolisten", "tcp", nullptr);
            _exit(127);
        }
        close(ends[1]);
        // Up to the newline: an Xvfb whose second write finds the pipe closed gives up. Ends early when Xvfb is dead.
        std::string text;
        for (char letter = 0; !text.ends_with('\n') && read(ends[0], &letter, 1) == 1;) text += letter;
        close(ends[0]);
        REQUIRE(text.size() > 1);
        name_ = ":" + text.substr(0, text.size() - 1);
        environment_.set("DISPLAY", name_);
        environment_.set("SDL_VIDEODRIVER", "x11");
    }
    VirtualDisplay(const VirtualDisplay&) = delete;
    VirtualDisplay& operator=(const VirtualDisplay&) = delete;
    ~VirtualDisplay() {
        ::kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
    }

    // What a person does: moves, clicks, presses a key.
    void act(const std::string& what) const { REQUIRE(std::system(("xdotool " + what).c_str()) == 0); }

    // 0xRRGGBB of one pixel of the screen, asked of the X server.
    unsigned long pixel(int x, int y) const {
        void* x11 = dlopen("libX11.so.6", RTLD_NOW);
        REQUIRE(x11 != nullptr);
        const auto open = reinterpret_cast<void* (*)(const char*)>(dlsym(x11, "XOpenDisplay"));
        const auto root = reinterpret_cast<unsigned long (*)(void*)>(dlsym(x11, "XDefaultRootWindow"));
        const auto image = reinterpret_cast<void* (*)(void*, unsigned long, int, int, unsigned, unsigned, unsigned long, int)>(dlsym(x11, "XGetImage"));
        const auto get = reinterpret_cast<unsigned long (*)(void*, int, int)>(dlsym(x11, "XGetPixel"));
        const auto destroy = reinterpret_cast<int (*)(void*)>(dlsym(x11, "XDestroyImage"));
        const auto shut = reinterpret_cast<int (*)(void*)>(dlsym(x11, "XCloseDisplay"));
        void* display = open(name_.c_str());
        REQUIRE(display != nullptr);
        constexpr int kZPixmap = 2;
        void* picture = image(display, root(display), x, y, 1, 1, ~0ul, kZPixmap);
        REQUIRE(picture != nullptr);
        const unsigned long value = get(picture, 0, 0);
        destroy(picture);
        shut(display);
        return value & 0xffffff;
    }

private:
    pid_t pid_ = -1;
    std::string name_;
    test::ScopedEnvironment environment_;
};

}  // namespace

TEST_CASE("the window shows the left eye with the panel, the mouse aims and selects, Escape stops", "[desktop]") {
    VirtualDisplay display;
    auto session = xr::make_desktop_session({.width = 640, .height = 400});
    if (!session) FAIL(describe(session.error()));
    {
        test::Headset headset(std::move(*session));
        CHECK(headset.session().runtime_name().starts_with("desktop window"));
        REQUIRE(headset.step_frames(10));
        CHECK(headset.error.empty());

        // Centred on the screen of 1000 x 700: the window begins at 180, 150. Linear 0.2, 0.4, 0.6 in sRGB; then the panel's tone.
        const auto shows = [&](int x, int y, unsigned long wanted) {
            return headset.step_until([&] { return display.pixel(x, y) == wanted; }, std::chrono::seconds(3));
        };
        CHECK(shows(190, 160, 0x7caacb));
        CHECK(shows(500, 350, 0xe7e7da));
        headset.quad.visible = false;
        CHECK(shows(500, 350, 0x7caacb));

        display.act("mousemove 500 350");
        const auto along = [&] { return headset.frame.input.world_from_aim.orientation * glm::vec3(0, 0, -1); };
        REQUIRE(headset.step_until([&] { return headset.frame.input.aim_valid && std::abs(along().x) < 0.01f; }, std::chrono::seconds(3)));
        CHECK(std::abs(along().y) < 0.01f);
        display.act("mousemove 819 151");  // the upper right corner: half the opening, 42 degrees, to the right
        REQUIRE(headset.step_until([&] { return along().x > 0.5f; }, std::chrono::seconds(3)));
        CHECK(std::abs(along().x / -along().z - std::tan(glm::radians(42.0f))) < 0.01f);
        CHECK(along().y > 0.3f);

        display.act("click 1");
        CHECK(headset.step_until([&] { return headset.frame.input.select; }, std::chrono::seconds(3)));
        CHECK(headset.step_until([&] { return !headset.frame.input.select; }, std::chrono::seconds(3)));
        CHECK_FALSE(headset.frame.input.stop);
        display.act("key Escape");
        CHECK(headset.step_until([&] { return headset.frame.input.stop; }, std::chrono::seconds(3)));
        CHECK(headset.step_until([&] { return !headset.frame.input.stop; }, std::chrono::seconds(3)));

        display.act("search --name Accalmie windowsize 400 400");
        CHECK(shows(200, 160, 0x000000));  // letterboxed
        CHECK(headset.error.empty());
        headset.session().shutdown();
        CHECK(headset.device().validation_messages() == 0);
    }
}

TEST_CASE("no display is said with what to do", "[desktop]") {
    test::ScopedEnvironment environment;
    environment.set("SDL_VIDEODRIVER", "x11");
    environment.set("DISPLAY", ":987");
    auto session = xr::make_desktop_session({});
    REQUIRE_FALSE(session);
    CHECK(session.error().hint.contains("--xr offscreen"));
}

TEST_CASE("a picture is fitted into the middle of any window", "[desktop]") {
    const auto wide = xr::fit({100, 50}, {400, 400});
    CHECK(wide.left == 0);
    CHECK(wide.top == 100);
    CHECK(wide.right == 400);
    CHECK(wide.bottom == 300);
    const auto tall = xr::fit({100, 50}, {50, 500});
    CHECK(tall.right - tall.left == 50);
    CHECK(tall.bottom - tall.top == 25);
    CHECK(xr::fit({100, 50}, {0, 0}).empty());
}
