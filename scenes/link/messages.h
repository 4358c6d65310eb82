// SPDX-License-Identifier: Apache-2.0
// Owns: every message between the console and the player. Small plain structs, one serialiser (messages.cpp), a version in Hello.
// The console starts the player with one end of a socketpair(AF_UNIX, SOCK_SEQPACKET): message bounds, end-of-file on death.
// Units: milliseconds of session time (_ms); frame numbers count submitted frames of the player's life.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

#include "engine/error.h"

namespace accalmie::link {

inline constexpr std::uint32_t kVersion = 4;
inline constexpr std::size_t kMaximumMessageBytes = 16 * 1024;

// ---- console -> player ----
struct Hello {                 // the first message each way
    std::uint32_t version = kVersion;
    std::string language = "en";
};
struct Heartbeat {             // from the working thread of either side, at least every 250 ms
    std::uint64_t count = 0;
};
struct LoadScenes {            // read ahead: scene folder names; each answered by SceneLoaded or Fault
    std::vector<std::string> scenes;
};
struct ShowScene {             // answered by SceneShown once the first frame of it was submitted, or by Fault when it is not shown
    std::string scene;
    std::int32_t level = 0;
    std::int32_t cut = 0;      // 1: without the 0.3 s fade (virtual time)
};
// After a stop in the headset the player stays in the calm room and answers ShowScene with Fault, so that a ShowScene that was under
// way when the patient pressed cannot bring a cue back. A ShowCalm with this reason (or a new Hello) says that the console knows.
inline constexpr std::string_view kStopAcknowledged = "stop";
struct ShowCalm {              // at once; answered by CalmShown
    std::string reason;
};
struct AskRating {             // answered by RatingGiven or nothing (the console owns the timeout)
    std::int32_t request = 0;
    std::int32_t minimum = 0, maximum = 100;
    std::string question, low_anchor, high_anchor;
};
struct HideRating {};
struct ShowText {
    std::string text;
};
struct HideText {};
struct PauseScene {
    bool paused = false;
};
struct SceneClock {            // virtual time: the animation follows it; real time: sent once a second as a correction
    std::int64_t session_ms = 0;
    bool virtual_time = false;
};
struct SimulatedHands {        // off-screen only: what the simulated patient's hand and head do from the next frame on
    glm::vec3 head_position_m{0, 1.20f, 0};
    glm::quat head_orientation{1, 0, 0, 0};
    bool aim_valid = false;
    glm::vec3 aim_position_m{0};
    glm::quat aim_orientation{1, 0, 0, 0};
    bool select = false;
    bool stop = false;
};
struct AskDose {};             // answered by every ExposureDose up to the last SceneClock, then DoseTold: virtual time, before the end
struct Quit {};

// The clinician's voice, 10 ms of it. It goes a way of its own (voice_port.h) that drops rather than waits, is no sign of life, and is
// written down nowhere. Numbers only grow: a press of the button is a talk, and a talk that ended stays ended.
inline constexpr int kVoiceRate_hz = 48'000;
inline constexpr std::size_t kVoiceBlock = 480;
struct VoiceBlock {
    std::uint32_t talk = 0;          // from 1
    std::uint32_t sequence = 0;      // within the talk, from 0
    std::int64_t spoken_ns = 0;      // CLOCK_MONOTONIC of the last sample, as near as the microphone's reader knows
    bool rehearsal = false;          // nobody's voice: a tone or a file in place of a microphone
    std::array<std::int16_t, kVoiceBlock> samples{};
};
struct VoiceEnd {                // after the last block
    std::uint32_t talk = 0;
};

// ---- player -> console ----
struct Ready {                 // the calm room is on screen; the mirror's memory file rides on this message (SCM_RIGHTS)
    std::string renderer;      // device name
    std::string runtime;       // "off-screen", "Monado(XRT) 25.0.0", ...
    std::uint32_t eye_width = 0, eye_height = 0;
    std::uint32_t mirror_width = 0, mirror_height = 0;
    std::string driver;        // "llvmpipe: Mesa 25.0.7 (LLVM 19.1.7)"; with device and processor it decides whether pictures can be compared
    std::uint32_t samples = 1; // a pixel
};
struct SceneLoaded {
    std::string scene;
    std::int64_t triangles = 0;
    std::int32_t load_ms = 0;
};
struct SceneShown {
    std::string scene;
    std::int32_t level = 0;
    std::uint64_t frame = 0;
};
struct CalmShown {
    std::string reason;        // "stop in the headset", "console lost", "console hung", "tracking lost", "asked", ...
    std::uint64_t frame = 0;
    std::int32_t frames_after_input = 0;  // submitted frames from the input to the first neutral one
};
struct RatingShown {           // the panel with this request was part of a submitted frame
    std::int32_t request = 0;
    std::uint64_t frame = 0;
};
struct RatingGiven {
    std::int32_t request = 0;
    std::int32_t value = 0;
    std::uint64_t frame = 0;
    std::string how;           // "controller", "hand", "gaze dwell"
};
struct StopPressed {           // the player has gone to calm before it sends this, and stays there (see kStopAcknowledged)
    std::uint64_t frame = 0;
};
struct TrackingChanged {
    bool tracked = true;
};
struct RuntimeChanged {        // "lost", "recovered", "idle", "running"
    std::string state;
    std::string detail;
};
struct FrameTimes {            // a measurement, about once a second
    std::uint64_t frames = 0;
    float median_ms = 0, p95_ms = 0, worst_ms = 0;
    std::uint32_t missed = 0;
    std::uint32_t draws = 0;
    std::uint64_t triangles = 0;
};
struct Fault {                 // something is wrong and was handled: the calm room is shown instead
    std::string what;
    std::string hint;
};
struct Goodbye {};             // answers Quit

// The exposure dose: a measurement about once a second while a cue is seen, and at every change of scene or level. Times are seconds
// in which any part of the cue was visible, visible within 10 degrees of the head's direction, and within 2 degrees of the gaze.
struct CueDose {
    std::string cue;
    float visible_s = 0, central_s = 0, gaze_s = 0;
    float sr_s = 0;            // solid angle summed over time, steradian seconds; mean of both eyes
    float greatest_sr = 0;
    bool operator==(const CueDose&) const = default;
};
inline constexpr std::size_t kMostCues = 64;
struct ExposureDose {
    std::string scene;
    std::int32_t level = 0;
    std::int64_t session_ms = -1;   // virtual time: where it ends; -1: now
    float seconds = 0;              // how much time it is about
    std::string gaze;               // "head" or "eyes": whose direction stands for the gaze
    std::vector<CueDose> cues;      // those that were seen
};
struct DoseTold {};
struct Comfort {               // a measurement, about once a second; a negative number: not known
    float seconds = 0;
    std::uint32_t frames = 0;
    float left_luminance = -1, right_luminance = -1, greatest_luminance = -1;     // mean of the picture, 0 to 1
    std::int32_t flashes = -1, area_flashes = -1, flashes_in_a_second = -1;       // whole picture; its worst area; most in any second
    float head_median_deg_s = -1, head_p95_deg_s = -1, scene_deg_s = 0;
    std::uint32_t missed = 0;
    std::int32_t late = -1;
    float motion_to_photon_ms = -1;
};

// What every submitted picture was drawn from: enough to draw it again (clinician/session/replay.h).
struct ShownEye {
    glm::vec3 position_m{0};
    glm::quat orientation{1, 0, 0, 0};
    float left = 0, right = 0, up = 0, down = 0;  // half angles, radians
    bool operator==(const ShownEye&) const = default;
};
struct ShownFrame {
    std::uint64_t frame = 0;
    std::int64_t monotonic_ns = 0;     // CLOCK_MONOTONIC, which both programs share, when it was submitted
    double scene_time_s = 0;
    std::int32_t level = 0;
    float brightness = 1;
    std::uint32_t drawn_width = 0, drawn_height = 0;  // of one eye, pixels: the render scale; 0: all of it
    bool calm = true;
    glm::vec3 head_position_m{0};
    glm::quat head_orientation{1, 0, 0, 0};
    ShownEye left, right;              // as drawn, after the last look at the poses
    std::uint32_t panel = 0;           // PanelPlate::id; 0: no panel
    std::int32_t panel_value = -1;     // steps above the scale's minimum that are pointed at or given; -1: none
    std::int32_t dwell_percent = 0;
    bool by_gaze = false;
    bool operator==(const ShownFrame&) const = default;
};
inline constexpr std::size_t kMostShownFrames = 20;
struct ShownFrames {           // frames of one scene, told together and late: a measurement; those before an event come before it
    std::string scene;
    std::vector<ShownFrame> frames;
    bool compressed = false;   // its textures were BC7 blocks (scenes/player/theatre.h)
};
struct PanelPlate {            // what is written on the panel from now on, before the first frame that names it
    std::uint32_t id = 0;
    std::uint8_t kind = 0;     // scenes::PanelContent::Kind
    std::string language, text, low_anchor, high_anchor;
    std::int32_t minimum = 0, maximum = 100;
};
// What the lenses hide (xr::HiddenMesh, hidden_mesh.h), in parts: in the frames told after the last part, until another mesh comes.
struct HiddenMeshPart {
    std::uint32_t left_points = 0, right_points = 0;  // of the whole mesh, three a triangle; none: nothing is hidden
    std::uint32_t first_point = 0;                    // where these stand: the left eye's points, then the right one's
    std::vector<float> tangents;                      // x and y of each
};
inline constexpr std::size_t kMostTangents = 2048;    // of one part

// The patient hears the clinician, or does not: told when a talk is first heard, when it ends, and when it can't be heard.
struct VoiceHeard {
    std::uint32_t talk = 0;
    bool heard = false;
    std::string scene;               // where the patient is
    bool person = false;             // from a person of the scene; else from beside the patient
    std::int32_t length_ms = 0;      // so far; 0 when it begins
    std::int32_t latency_ms = -1;    // the worst from the microphone's reader to the mix, device and jitter buffer included; -1: not known
    std::int32_t lost = 0;           // blocks that did not come in time
    std::string why;                 // not heard any more or at all: "released", "stop", "silence", "no sound", "kept", "console"
};

using Message = std::variant<Hello, Heartbeat, LoadScenes, ShowScene, ShowCalm, AskRating, HideRating, ShowText, HideText, PauseScene,
                             SceneClock, SimulatedHands, Quit, Ready, SceneLoaded, SceneShown, CalmShown, RatingShown, RatingGiven,
                             StopPressed, TrackingChanged, RuntimeChanged, FrameTimes, Fault, Goodbye, ShownFrames, PanelPlate, AskDose,
                             ExposureDose, DoseTold, Comfort, HiddenMeshPart, VoiceBlock, VoiceEnd, VoiceHeard>;

// One serialiser: little endian, a 16-bit tag (the variant's index), then the fields in order; strings and lists carry a 32-bit length.
std::vector<std::uint8_t> encode(const Message& message);
// A wrong tag, a short buffer, a length over the bound or bytes left over are errors.
Result<Message> decode(std::span<const std::uint8_t> bytes);

}  // namespace accalmie::link
