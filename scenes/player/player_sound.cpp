// SPDX-License-Identifier: Apache-2.0
// The one way to the calm room: the picture's next frame is calm, and cue sound is silent before anybody is told.
#include <cstdio>
#include <print>

#include "scenes/player/player.h"

namespace accalmie::scenes {

void Player::go_calm(const std::string& reason, std::uint64_t frames_at_input, Hold hold) {
    showing_.calm(reason, frames_at_input, hold);
    if (showing_.in_calm()) sound_.calm();
    // What is still said of the scene belongs to it; the calm room begins with a press of its own (voice_in.h).
    if (hold == Hold::stop || reason == link::kStopAcknowledged) voice_.stop();
}

void Player::tell_voice() {
    for (const link::VoiceHeard& heard : voice_.tell()) say(heard);
}

// A calm room that is quiet is better than none.
void Player::add_calm_sound() {
    if (!sound_.wanted()) return;
    const auto files = load_sounds(calm_.file.sounds);
    const Result<void> added = files ? sound_.add(calm_.file, *files) : std::unexpected(files.error());
    if (!added) std::println(stderr, "accalmie-player: the calm room will be silent: {}", describe(added.error()));
}

}  // namespace accalmie::scenes
