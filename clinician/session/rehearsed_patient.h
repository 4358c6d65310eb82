// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated patient's body in a rehearsal: when the question is answered, where the hand points, when it presses.
// Never: decides what the patient feels (protocols/simulated_patient.h). While the hand works, virtual time stands still, so that the
// session's decisions do not depend on how fast pictures are drawn. Units: milliseconds of session time. Thread: the session's.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "clinician/session/patient_hands.h"
#include "protocols/simulated_patient.h"

namespace accalmie::session {

class RehearsedPatient {
public:
    RehearsedPatient(const protocols::PatientParameters& parameters, std::uint64_t seed, std::optional<int> stop_at_level);
    void give_hands(std::unique_ptr<PatientHands> hands) { hands_ = std::move(hands); }

    void observe(const protocols::Command& command, std::int64_t t_ms) { patient_.observe(command, t_ms); }
    void asked(int request, const protocols::RatingScale& scale, int cue_level, std::int64_t t_ms);
    void withdrawn();  // the question is gone, or the player is

    // When the hand next begins to move; none: nothing planned or already moving.
    std::optional<std::int64_t> due_ms() const;
    bool working() const { return stage_ != Stage::still && stage_ != Stage::planned; }
    Result<void> begin(std::uint64_t mirror_frame);  // the clock has reached due_ms(); mirror_frame: the newest picture so far

    void panel_shown(int request, std::uint64_t frame);
    // The panel is on the mirror and the ray is on it: the moment for the picture, just before the press.
    bool ready_to_press(std::uint64_t mirror_frame) const;
    Result<void> press();
    Result<void> rating_arrived();
    Result<void> stop_arrived();
    // A press that nobody noticed for seconds (real ones) is repeated; call now and then.
    Result<void> insist();

private:
    enum class Stage : std::uint8_t { still, planned, looking, pressing, stopping };
    protocols::SimulatedPatient patient_;
    std::unique_ptr<PatientHands> hands_;
    std::optional<int> stop_at_level_;
    Stage stage_ = Stage::still;
    int questions_at_stop_level_ = 0;
    int request_ = 0;
    int value_ = 0;
    int minimum_ = 0, maximum_ = 100;
    std::int64_t due_ms_ = 0;
    bool panel_seen_ = false;
    std::uint64_t panel_frame_ = 0;
    std::uint64_t aimed_after_frame_ = 0;
    std::chrono::steady_clock::time_point acted_;
};

}  // namespace accalmie::session
