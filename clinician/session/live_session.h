// SPDX-License-Identifier: Apache-2.0
// Owns: one running session: the plan's state, the player process and its link, the clock (real or virtual), the ledger writes and,
// in rehearsal, the simulated patient. The console's panels and the headless demo drive the same object.
// Never: draws. Every event is in the ledger before the next step is taken; a rating is acknowledged only after its row is on disk.
// Thread: one owner; pump() is called at least every 100 ms. Units: milliseconds of session time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clinician/records/study.h"
#include "engine/sound/microphone.h"
#include "protocols/session.h"
#include "protocols/simulated_patient.h"
#include "scenes/link/channel.h"

namespace accalmie::session {

enum class XrKind : std::uint8_t { openxr, off_screen, desktop };

struct Setup {
    protocols::SessionPlan plan;
    std::string pseudonym;
    std::string account = "clinician";
    std::string language = "fr";
    XrKind xr = XrKind::off_screen;
    std::uint32_t eye_width = 0, eye_height = 0;
    bool simulated_patient = false;
    protocols::PatientParameters patient;
    std::uint64_t seed = 1;
    bool virtual_time = false;        // session time jumps from event to event; needs simulated_patient
    double virtual_speed = 0;         // virtual time: at most this many session seconds a second; 0: as fast as the player answers
    std::string pictures_directory;   // a PNG of the patient's view at every rating; empty: none
    std::optional<int> stop_at_level;          // rehearsal: the simulated patient answers the second question at this cue level with stop
    std::string player_program;                // empty: accalmie-player, beside this program
    std::vector<std::string> player_arguments; // added to the player's command line ("--validation", "--msaa", "1")
    // Real time without a sign of life after which the player counts as hung. 0: 700 ms, so that the console says so within 1 s; on a
    // software driver, whose frames and pipelines take as long as that, 4 s.
    int player_timeout_ms = 0;
    sound::VoiceChoice voice;                  // what the clinician speaks into; opened only while the button is held
    bool drop_ratings = false;                 // a fault that the flow tests plant: answers from the headset are ignored
};

struct Banner {
    enum class Severity : std::uint8_t { information, warning, alarm } severity = Severity::information;
    std::string text;      // already in the session's language; what happened and what to do
    std::int64_t t_ms = 0;
};

// The clinician's voice, for the panels: no sample of it is here or anywhere else in the console but on its way.
struct VoiceView {
    // opening: the button is held, and the patient does not hear it yet. heard: the player says that the patient does.
    enum class State : std::uint8_t { silent, opening, heard, unheard } state = State::silent;
    float level_db = -100;     // of full scale, while the button is held
    bool person = false;       // heard from a person of the scene, else from beside the patient
    std::string scene;
    std::string why;           // unheard: "microphone", or as in link::VoiceHeard
    std::string detail;        // about the microphone, in English: what is wrong and what to do
    bool rehearsal = false;    // a tone or a file speaks
};

// What the panels show. A projection, rebuilt by pump(); the panels own nothing.
struct View {
    std::string session_id, pseudonym;
    protocols::SessionState state;
    std::int64_t t_ms = 0;
    std::vector<protocols::RatingPoint> ratings;
    std::optional<int> awaiting_rating;       // request number while a question is open
    std::string scene;                        // what the player shows now
    int level = 0;
    bool calm = true;
    bool player_up = false;
    std::string renderer, runtime;
    link::FrameTimes frame_times;
    VoiceView voice;
    std::string last_rule;                    // why the last transition happened, in plain words of the session's language
    std::int64_t acknowledged_rows = 0;       // rows on disk
    std::vector<Banner> banners;              // newest last
    bool finished = false;
    std::string outcome;
};

enum class Action : std::uint8_t { start, pause, resume, next_level, previous_level, coping, stop, end };

class LiveSession {
public:
    static Result<std::unique_ptr<LiveSession>> begin(records::Study& study, Setup setup);
    ~LiveSession();

    // Takes in what the player said, advances the clock, writes rows, sends commands. Waits at most `wait_ms` for the player.
    Result<void> pump(int wait_ms = 0);

    void act(Action action);               // from the clinician; stop is sent to the player before anything else
    void rate(int value);                  // the clinician enters what the patient said aloud
    void note(const std::string& text);    // a clinician's note, a row of its own
    // Push-to-talk: called with true again and again while the button is held (VoiceSender::kUnheld_ms), with false when it is let go.
    // A stop, a lost player and the end let go by themselves; then the button has to be let go before it is heard again.
    void speak(bool held);

    const View& view() const;
    const protocols::SessionPlan& plan() const;
    // The newest picture of the patient's view: RGBA8, width x height; nullptr before the first. The pointer holds until the next pump().
    struct Mirror {
        std::uint32_t width = 0, height = 0;
        std::uint64_t frame = 0;
        const std::vector<std::uint8_t>* rgba = nullptr;
    };
    Mirror mirror() const;

private:
    struct Impl;
    explicit LiveSession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace accalmie::session
