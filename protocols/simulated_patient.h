// SPDX-License-Identifier: Apache-2.0
// Owns: the simulated patient, a product feature (rehearsal, demonstration, power simulation), never evidence about people.
// Craving over baseline rises when a cue level is shown and decays exponentially towards baseline while it stays. The room shown first
// is neutral, and so is the calm room; every other scene is a cue, more so the higher its level. How strongly a patient reacts differs
// between patients (log-normal, so that nobody's craving falls at the sight of a cue) around a mean of cue_effect_d * between_sd points.
// All randomness comes from the seed and its own generator, with normal values rounded to 2^-20 so that libraries that differ in the
// last place of a logarithm agree; two patients with one seed and one history of commands give the same ratings.
// Units: milliseconds of session time, craving points 0-100. Thread: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/session.h"

namespace accalmie::protocols {

struct PatientParameters {
    double baseline_mean = 22, baseline_sd = 8;     // points
    double cue_effect_d = 0.62;                     // standard mean difference cue v. neutral (alcohol in VR; docs cite the source)
    double between_sd = 20;                         // points that one d is worth
    double decay_half_life_ms = 150'000;            // within-session habituation
    double rating_noise_sd = 3;                     // points
    double latency_mean_ms = 2'600;                 // from question to answer
    double miss_probability = 0.0;                  // a question left unanswered
    double reaction_spread = 0.8;                   // sigma of the log-normal reaction
    double context_share = 0.2;                     // of the strongest reaction, that the cue scene brings at level 0 ...
    int strongest_level = 4;                        // ... rising evenly to all of it at this level
};

class SimulatedPatient {
public:
    SimulatedPatient(const PatientParameters& parameters, std::uint64_t seed);

    // What the patient is shown changes what the patient feels.
    void observe(const Command& command, std::int64_t t_ms);

    struct Answer {
        std::int64_t after_ms = 0;        // latency from the question
        std::optional<int> value;         // none: left unanswered
    };
    // A patient who is given little time answers faster: the mean latency is at most a quarter of the scale's time-out.
    Answer answer(std::int64_t asked_t_ms, const RatingScale& scale);

    double craving(std::int64_t t_ms) const;  // the latent curve, without rating noise

private:
    struct Random {  // SplitMix64 and a Box-Muller normal: the same on every standard library
        std::uint64_t state;
        std::uint64_t next();
        double uniform();
        double normal();
    };
    PatientParameters parameters_;
    Random random_;
    double baseline_ = 0;
    double sensitivity_ = 0;       // points at the strongest level
    double level_target_ = 0;      // points over baseline at the moment the level began
    std::string neutral_scene_;    // the first one seen
    double excess_at_change_ = 0;  // points over baseline when the level began
    std::int64_t changed_ms_ = 0;
};

}  // namespace accalmie::protocols
