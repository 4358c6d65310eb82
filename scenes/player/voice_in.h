// SPDX-License-Identifier: Apache-2.0
// Owns: the clinician's voice as it arrives over the link, until it is in the mixer's ring: which talk is heard, what is missing of it,
// and what the console is told of it.
//   * A block that is late, doubled or out of turn is dropped; its place is silence, smoothed at both ends (voice_ring.h). The player
//     waits for nothing.
//   * A stop ends the talk under way at once, and what is still on the link of it is not heard: it belonged to the scene that the patient
//     left. The next press of the button is heard in the calm room, from beside the patient. Other ways to the calm room move the voice
//     there and leave it on.
//   * Once anybody has spoken, this process leaves no crash dump.
// Never: keeps, writes or sends a sample; a person's voice is not heard at all while what is heard is written into a WAV for a test.
// Units: metres in the scene's world (_m), seconds since the player's start (_s). Thread: the frame thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/link/messages.h"
#include "scenes/player/scene_sound.h"

namespace accalmie::scenes {

inline constexpr double kTalkSilence_s = 0.3;  // a talk of which nothing comes any more is over

class VoiceIn {
public:
    VoiceIn(SceneSound& sound, bool plant_keep) : sound_(sound), plant_keep_(plant_keep) {}

    void take(link::VoiceBlock& block, double now_s);  // its samples are zeroed
    void take(const link::VoiceEnd& end);
    void stop() { end("stop", true); }
    void console_is_gone() { end("console", false); }
    // Once a frame, after SceneSound::frame: the mouth goes with the scene, and a talk that fell silent ends.
    void frame(double now_s);
    // What the console does not know yet.
    std::vector<link::VoiceHeard> tell();

private:
    void begin(const link::VoiceBlock& block);
    void end(std::string_view why, bool cut);
    bool speak(const link::VoiceBlock& block);
    link::VoiceHeard state(bool heard) const;
    double latency_ms(const link::VoiceBlock& block) const;

    SceneSound& sound_;
    bool plant_keep_;
    std::uint32_t talk_ = 0;    // under way; 0: none
    std::uint32_t ended_ = 0;   // this one and all before it are over
    std::uint32_t next_ = 0;    // the sequence that is due
    std::int32_t blocks_ = 0, lost_ = 0;
    double worst_ms_ = -1;
    double heard_s_ = 0;
    SceneSound::Mouth mouth_;
    std::vector<link::VoiceHeard> to_tell_;
};

}  // namespace accalmie::scenes
