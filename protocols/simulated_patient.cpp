// SPDX-License-Identifier: Apache-2.0
#include "protocols/simulated_patient.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace accalmie::protocols {

std::uint64_t SimulatedPatient::Random::next() {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

// Between 0 and 1, neither included: a logarithm of it is finite.
double SimulatedPatient::Random::uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1.0p-52; }

double SimulatedPatient::Random::normal() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    const double value = radius * std::cos(2.0 * std::numbers::pi * uniform());
    return std::round(value * 0x1.0p20) * 0x1.0p-20;
}

SimulatedPatient::SimulatedPatient(const PatientParameters& parameters, std::uint64_t seed) : parameters_(parameters), random_{seed} {
    baseline_ = std::clamp(parameters_.baseline_mean + parameters_.baseline_sd * random_.normal(), 0.0, 100.0);
    // exp(s z - s^2/2) has the mean 1, so the population's mean reaction is exactly the effect asked for.
    const double spread = parameters_.reaction_spread;
    sensitivity_ = parameters_.cue_effect_d * parameters_.between_sd * std::exp(spread * random_.normal() - spread * spread / 2);
}

void SimulatedPatient::observe(const Command& command, std::int64_t t_ms) {
    if (command.kind != CommandKind::show_scene && command.kind != CommandKind::show_calm) return;
    const bool calm = command.kind == CommandKind::show_calm || command.scene == kCalmRoom;
    if (!calm && neutral_scene_.empty()) neutral_scene_ = command.scene;

    const double carried = craving(t_ms) - baseline_;
    level_target_ = 0;
    if (!calm && command.scene != neutral_scene_) {
        const double level = static_cast<double>(std::max(0, command.level)) / std::max(1, parameters_.strongest_level);
        const double share = parameters_.context_share + (1.0 - parameters_.context_share) * std::min(1.0, level);
        level_target_ = sensitivity_ * share;
    }
    excess_at_change_ = std::max(carried, level_target_);
    changed_ms_ = t_ms;
}

double SimulatedPatient::craving(std::int64_t t_ms) const {
    const double half_lives = static_cast<double>(std::max<std::int64_t>(0, t_ms - changed_ms_)) / std::max(1.0, parameters_.decay_half_life_ms);
    return baseline_ + excess_at_change_ * std::exp2(-half_lives);
}

SimulatedPatient::Answer SimulatedPatient::answer(std::int64_t asked_t_ms, const RatingScale& scale) {
    // The same number of draws for every question, answered or not, so that later answers do not depend on earlier misses.
    const bool missed = random_.uniform() < parameters_.miss_probability;
    const double waited = -std::log(random_.uniform());
    const double noise = random_.normal();

    double mean_ms = parameters_.latency_mean_ms;
    if (scale.timeout_ms > 0) mean_ms = std::min(mean_ms, static_cast<double>(scale.timeout_ms) / 4);
    // A third of the time is reading and reaching, which nobody skips; the rest is exponential and has the mean asked for.
    const double latency_ms = mean_ms * (1.0 / 3 + 2.0 / 3 * std::min(waited, 8.0));
    Answer answer{.after_ms = std::max<std::int64_t>(1, std::llround(latency_ms)), .value = std::nullopt};
    if (missed) return answer;

    const double points = std::clamp(craving(asked_t_ms) + parameters_.rating_noise_sd * noise, 0.0, 100.0);
    const double on_scale = scale.minimum + points / 100.0 * (scale.maximum - scale.minimum);
    answer.value = std::clamp(static_cast<int>(std::lround(on_scale)), scale.minimum, scale.maximum);
    return answer;
}

}  // namespace accalmie::protocols
