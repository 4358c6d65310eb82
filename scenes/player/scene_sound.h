// SPDX-License-Identifier: Apache-2.0
// Owns: what the patient hears, frame by frame: the sounds of the scene that is drawn, at its level, as bright as its picture.
//   * Everything of a cue scene, its room as well, is on the cue bus; a neutral room on the ambience bus; the calm room on its own.
//   * calm() cuts cue and neutral sound at once (mixer.h: 2.7 ms). The calm room's fades in afterwards, over kCalmFadeIn_s.
//   * Between scenes sound follows the picture's brightness down to nothing at its dim floor and up again.
// Never: decides what is shown; keeps the voice (voice_in.h). Allocates only when a scene is added or begins. Thread: the frame thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/sound/mixer.h"
#include "engine/xr/session.h"
#include "scenes/player/options.h"
#include "scenes/player/showing.h"
#include "scenes/scene_file.h"

namespace accalmie::scenes {

inline constexpr float kCalmFadeIn_s = 4;
inline constexpr float kSceneFadeIn_s = 0.3f, kLevelFadeOut_s = 0.5f;

class SceneSound {
public:
    // A machine without a sound device is said once on standard error, and then all is quiet.
    SceneSound(SoundChoice choice, std::string wav_path);
    explicit SceneSound(std::unique_ptr<sound::Output> output);

    // False: sound is off or cannot be heard, and nobody needs to read the files.
    bool wanted() const { return mixer_.output().context() != nullptr; }
    // `files` as load_sounds gives them. A scene that is there already stays.
    Result<void> add(const SceneFile& scene, std::span<const content::SoundFile> files);
    // Before anybody is told: what is a cue is silent from now on.
    void calm();
    void frame(const Showing::Drawn& drawn, const xr::Pose& head, double now_s);
    // With a WAV for the tests: written now, nothing without.
    Result<void> finish();

    // From where the clinician speaks now: a person's mouth, or beside the patient at the head's height.
    struct Mouth {
        std::string scene;       // what sounds; empty: nothing yet
        bool person = false;
        glm::vec3 at_m{0};
    };
    Mouth mouth() const;
    // What is heard is written down, for a test.
    bool kept() const { return !wav_path_.empty(); }

    sound::Mixer& mixer() { return mixer_; }

private:
    struct Piece {
        std::array<sound::Playing, 4> places;  // the ambience has four, a source one
        std::size_t count = 1;
        int level_first = 0, level_last = 0;
        bool started = false;
        std::array<sound::PlayId, 4> ids{};
    };
    struct Scene {
        sound::Bus bus = sound::Bus::ambience;
        std::vector<Piece> pieces;
        std::optional<SceneVoice> voice;
    };
    void leave();
    void turn_to(int level);
    void mix_into_memory(double now_s);

    sound::Mixer mixer_;
    std::map<std::string, Scene> scenes_;
    std::string on_;      // what sounds; empty: nothing yet
    Scene* current_ = nullptr;
    int level_ = -1;
    xr::Pose head_{.position_m = {0, 1.2f, 0}};  // of a seated patient until the first frame
    bool device_lost_said_ = false;
    // Loopback: time is mixed as it passes, and thrown away or kept for the WAV.
    bool in_memory_ = false;
    std::string wav_path_;
    std::vector<float> scratch_, kept_;
    std::optional<double> mixed_until_s_;
};

}  // namespace accalmie::scenes
