// SPDX-License-Identifier: Apache-2.0
// Owns: what the patient is shown, frame by frame: which scene, which level, how bright. The guarantees live here:
//   * a stop, a lost console or lost tracking changes the very next frame to the calm room, without a fade through the cue;
//   * after the patient's stop no scene but the calm room is shown until the console has said that it knows;
//   * a scene changes by a fade of at least 0.3 s to a dim floor and back, never to black (facts/clinical.md 2a).
// Never: reads a clock, a file or a device; a time is handed in. Units: seconds of one steady clock (_s), frames of the player's life.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenes/link/messages.h"

namespace accalmie::scenes {

inline constexpr const char* kCalmRoom = "calm-room";
inline constexpr double kHalfFade_s = 0.2;    // down, and up again
inline constexpr double kBrighten_s = 0.4;    // from the floor to full in the calm room
inline constexpr float kDimmest = 0.25f;

// Why the calm room stays although the console may ask for something else.
enum class Hold : std::uint8_t {
    none,      // the console asked for it: any ShowScene ends it
    tracking,  // until tracking is back; then the scene returns by a fade
    fault,     // console silent, frames missed, runtime gone: the console's next ShowScene ends it
    stop,      // the patient: only acknowledge_stop() ends it
};

class Showing {
public:
    struct Drawn {
        std::string scene = kCalmRoom;
        int level = 0;
        float brightness = 1;
        bool calm() const { return scene == kCalmRoom; }
    };

    // Virtual time has no eyes to spare: every change is a cut, so that a picture depends on the session alone.
    void set_instant(bool instant) { instant_ = instant; }
    // A planted fault for the tests of the stop test: the stop is announced, and the cue stays.
    void plant_ignored_stop() { ignores_stop_ = true; }

    // Shows the scene once scene_ready() was said of it. False: refused, because the patient has stopped.
    bool show(const std::string& scene, int level, bool cut);
    void scene_ready(const std::string& scene);
    // The scene that is waited for or held back until tracking returns, when it cannot be had.
    bool forget(const std::string& scene);
    // From the next frame on. `frames_at_input`: frames that had been submitted when the reason arose.
    void calm(const std::string& reason, std::uint64_t frames_at_input, Hold hold);
    void acknowledge_stop();
    void tracking_back();
    // The runtime is gone and all scenes but the calm room with it.
    void lose_scenes() { ready_.clear(); }

    Drawn next(double now_s);
    const Drawn& shown() const { return now_; }  // what next() gave last, or what replaced it since
    // The frame that next() described was submitted: what there is to tell the console.
    std::vector<link::Message> submitted(std::uint64_t frame);

    Hold hold() const { return hold_; }
    bool in_calm() const { return now_.calm(); }

private:
    enum class Fade : std::uint8_t { none, down, up };
    struct Wanted {
        std::string scene;
        int level = 0;
        bool cut = false;
    };
    struct Calmed {
        std::string reason;
        std::uint64_t frames_at_input = 0;
    };
    bool is_ready(const std::string& scene) const;
    void begin_fade(Fade fade, double length_s);
    void arrive();
    void advance_fade(double now_s);

    Drawn now_;
    std::optional<Wanted> wanted_;     // asked for and not yet on screen
    std::optional<Wanted> suspended_;  // comes back with tracking
    std::vector<std::string> ready_;
    Hold hold_ = Hold::none;
    Fade fade_ = Fade::none;
    float fade_from_ = 1;
    double fade_length_s_ = 0;
    std::optional<double> fade_start_s_;
    bool scene_arrived_ = false;
    std::vector<Calmed> calmed_;
    bool instant_ = false;
    bool ignores_stop_ = false;
};

}  // namespace accalmie::scenes
