// SPDX-License-Identifier: Apache-2.0
#include "protocols/simulated_patient.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <vector>

using namespace accalmie::protocols;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int kPatients = 2000;

Command scene(const std::string& name, int level) { return {.kind = CommandKind::show_scene, .scene = name, .level = level}; }

struct Moments {
    double sum = 0, squares = 0;
    int count = 0;
    void add(double value) {
        sum += value;
        squares += value * value;
        ++count;
    }
    double mean() const { return sum / count; }
    double deviation() const { return std::sqrt(squares / count - mean() * mean()); }
};

struct Effect {
    double value = 0, standard_error = 0;  // in units of between_sd
};

// The mean difference in ratings between cue and neutral, over seeds.
Effect recovered_effect(const PatientParameters& parameters) {
    Moments difference;
    for (int seed = 1; seed <= kPatients; ++seed) {
        SimulatedPatient patient(parameters, static_cast<std::uint64_t>(seed));
        patient.observe(scene("waiting-room", 0), 0);
        const int neutral = *patient.answer(60'000, {}).value;
        patient.observe(scene("bar-night", parameters.strongest_level), 300'000);
        difference.add(*patient.answer(300'000, {}).value - neutral);
    }
    return {difference.mean() / parameters.between_sd, difference.deviation() / std::sqrt(kPatients) / parameters.between_sd};
}

}  // namespace

TEST_CASE("the effect that was asked for is recovered over 2000 patients", "[protocols][patient]") {
    for (const double effect : {0.62, 0.53, 0.35, 0.0}) {
        PatientParameters parameters;
        parameters.cue_effect_d = effect;
        const Effect found = recovered_effect(parameters);
        INFO(effect << " found as " << found.value << ", standard error " << found.standard_error);
        CHECK(found.standard_error < 0.02);
        CHECK_THAT(found.value, WithinAbs(effect, 4 * found.standard_error));
    }
    // The end of the scale takes a little from a strong effect.
    PatientParameters smokers;
    smokers.cue_effect_d = 1.041;
    CHECK_THAT(recovered_effect(smokers).value, WithinAbs(1.0, 0.1));
}

TEST_CASE("neutral ratings have the mean and the spread that were asked for", "[protocols][patient]") {
    Moments neutral;
    for (int seed = 1; seed <= kPatients; ++seed) {
        SimulatedPatient patient({}, static_cast<std::uint64_t>(seed));
        patient.observe(scene("waiting-room", 0), 0);
        neutral.add(*patient.answer(60'000, {}).value);
    }
    CHECK_THAT(neutral.mean(), WithinAbs(22.0, 0.7));
    CHECK_THAT(neutral.deviation(), WithinAbs(std::sqrt(8.0 * 8.0 + 3.0 * 3.0), 0.6));
}

TEST_CASE("craving over baseline halves every half-life while the cue stays, and after it", "[protocols][patient]") {
    SimulatedPatient patient({}, 7);
    const double baseline = patient.craving(0);
    patient.observe(scene("waiting-room", 0), 0);
    patient.observe(scene("bar-night", 4), 300'000);
    const double peak = patient.craving(300'000) - baseline;
    REQUIRE(peak > 1.0);
    CHECK_THAT(patient.craving(450'000) - baseline, WithinRel(peak / 2, 1e-9));
    CHECK_THAT(patient.craving(600'000) - baseline, WithinRel(peak / 4, 1e-9));
    patient.observe({.kind = CommandKind::show_calm}, 600'000);
    CHECK_THAT(patient.craving(600'000) - baseline, WithinRel(peak / 4, 1e-9));
    CHECK_THAT(patient.craving(750'000) - baseline, WithinRel(peak / 8, 1e-9));
    // Back to baseline within the 20 minutes of aftercare, as found in patients.
    CHECK(patient.craving(600'000 + 1'200'000) - baseline < 1.0);

    Moments onset, later;
    for (int seed = 1; seed <= kPatients; ++seed) {
        SimulatedPatient one({}, static_cast<std::uint64_t>(seed));
        one.observe(scene("waiting-room", 0), 0);
        const double neutral = *one.answer(0, {}).value;
        one.observe(scene("bar-night", 4), 0);
        onset.add(*one.answer(0, {}).value - neutral);
        later.add(*one.answer(150'000, {}).value - neutral);
    }
    CHECK_THAT(later.mean() / onset.mean(), WithinAbs(0.5, 0.03));
}

TEST_CASE("craving rises with the level, for every patient", "[protocols][patient]") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SimulatedPatient patient({}, seed);
        patient.observe(scene("waiting-room", 0), 0);
        double last = patient.craving(0);
        for (int level = 0; level <= 4; ++level) {
            SimulatedPatient fresh = patient;
            fresh.observe(scene("bar-night", level), 0);
            CHECK(fresh.craving(0) > last);
            last = fresh.craving(0);
        }
        // The neutral room and the calm room move nobody.
        SimulatedPatient calm = patient;
        calm.observe(scene("calm-room", 3), 0);
        calm.observe(scene("waiting-room", 3), 0);
        calm.observe({.kind = CommandKind::ask_rating, .level = 4}, 0);
        CHECK(calm.craving(0) == patient.craving(0));
    }
}

TEST_CASE("ratings stay on the scale whatever the parameters", "[protocols][patient]") {
    const PatientParameters wild{.baseline_mean = 90, .baseline_sd = 60, .cue_effect_d = 9, .rating_noise_sd = 80};
    RatingScale scale;
    scale.minimum = -3;
    scale.maximum = 10;
    bool low = false, high = false;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SimulatedPatient patient(wild, seed);
        patient.observe(scene("waiting-room", 0), 0);
        patient.observe(scene("bar-night", 4), 0);
        for (int i = 0; i < 5; ++i) {
            const int value = *patient.answer(i * 60'000, scale).value;
            REQUIRE(value >= -3);
            REQUIRE(value <= 10);
            low = low || value == -3;
            high = high || value == 10;
        }
    }
    CHECK(low);
    CHECK(high);
}

TEST_CASE("one seed is one patient, and another seed another", "[protocols][patient]") {
    const auto answers = [](std::uint64_t seed, double miss) {
        PatientParameters parameters;
        parameters.miss_probability = miss;
        SimulatedPatient patient(parameters, seed);
        patient.observe(scene("waiting-room", 0), 0);
        std::vector<int> values;
        for (int i = 0; i < 20; ++i) values.push_back(patient.answer(i * 60'000, {}).value.value_or(-1));
        return values;
    };
    CHECK(answers(7, 0) == answers(7, 0));
    CHECK(answers(7, 0) != answers(8, 0));
    // A miss takes nothing from the answers after it.
    const std::vector<int> all = answers(7, 0), some = answers(7, 0.4);
    int missed = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (some[i] < 0) ++missed;
        else CHECK(some[i] == all[i]);
    }
    CHECK(missed > 0);
    CHECK(missed < 20);
}

TEST_CASE("questions are missed and answered at the rates that were asked for", "[protocols][patient]") {
    PatientParameters parameters;
    parameters.miss_probability = 0.2;
    SimulatedPatient patient(parameters, 5);
    Moments missed, latency;
    for (int i = 0; i < 20'000; ++i) {
        const SimulatedPatient::Answer answer = patient.answer(0, {});
        missed.add(answer.value ? 0 : 1);
        latency.add(static_cast<double>(answer.after_ms));
    }
    CHECK_THAT(missed.mean(), WithinAbs(0.2, 0.015));
    CHECK_THAT(latency.mean(), WithinRel(2600.0, 0.02));
    // Little time: a quick answer, nearly always in time.
    RatingScale hurried;
    hurried.timeout_ms = 80;
    Moments late;
    for (int i = 0; i < 5000; ++i) late.add(patient.answer(0, hurried).after_ms >= 80 ? 1 : 0);
    CHECK(late.mean() < 0.01);
}
