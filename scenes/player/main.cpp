// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <print>

#include "engine/heap.h"
#include "scenes/player/options.h"
#include "scenes/player/player.h"
#include "scenes/player/shot.h"

namespace {

using namespace accalmie;

int failed(const Error& error, scenes::Exit exit) {
    std::println(stderr, "accalmie-player: error: {}", describe(error));
    return static_cast<int>(exit);
}

int draw_shot(const scenes::PlayerOptions& options) {
    scenes::Shot shot{.scene = options.scene, .level = options.level, .samples = options.samples, .stereo = options.stereo, .validation = options.validation, .quirks = options.quirks};
    if (options.width != 0) shot.size = {options.width, options.height};
    if (auto drawn = scenes::render_shot(shot, options.shot); !drawn) return failed(drawn.error(), scenes::Exit::failed);
    std::println("{}", options.shot);
    return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
    // The console's end is seen on the link. Ctrl-C or a closed terminal ends the console, and must not end the patient's view with it.
    std::signal(SIGPIPE, SIG_IGN);
    set_up_heap();
    auto options = scenes::parse_options(argument_count, arguments);
    if (!options) return failed(options.error(), scenes::Exit::usage);
    if (!*options) return 0;
    if (!(*options)->shot.empty()) return draw_shot(**options);
    if ((*options)->link >= 0) {
        std::signal(SIGINT, SIG_IGN);
        std::signal(SIGHUP, SIG_IGN);
    }
    auto player = scenes::Player::create(**options);
    if (!player) return failed(player.error(), scenes::Exit::failed);
    return static_cast<int>((*player)->run());
}
