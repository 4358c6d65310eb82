// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <array>
#include <format>

#include "device/nir/identify.h"
#include "device/nir/read.h"
#include "device/nir/sha256.h"
#include "device/nir/simulated.h"
#include "nir_shared.h"

using namespace accalmie::nir;
using Catch::Matchers::WithinRel;

namespace {

const std::string folder = std::string(ACCALMIE_SOURCE_DIR) + "/device/nir/models/";
constexpr std::size_t powder = 0, tablet = 1;  // index of the shipped models

std::vector<Model> shipped() { return must(read_models({folder + "simulated-powder.model", folder + "simulated-tablet.model"})); }

Training retrained_powder() {
    TrainingSetup setup{.name = "simulated-powder", .target = "active_percent", .unit = "%", .prep = must(parse_chain("snv, sg(9,2,1)"))};
    return must(train(simulate_table(SimulatedSample::powder, 240, 2027), setup));
}

}  // namespace

TEST_CASE("a second substance leaves the spectra of the others as they were, byte for byte", "[nir]") {
    // SHA-256 of the CSV of 40 scans with seed 77, taken before the powder was added.
    for (const auto& [sample, sha] : {std::pair{SimulatedSample::tablet, "7bcb29236aa30fd688fbd57413313533cc1ab9a8054eb8df1ad603d21e263cac"},
                                      {SimulatedSample::foreign, "5f2efea611c422563f6df18e4da2a2e15bfd51f103e1038c9954b5ec57ce1bbb"},
                                      {SimulatedSample::mixture, "9a9d59bca86c210155b3a15f2066f3b1cd0c7fb545d26a1f7be203e0abd04418"}}) {
        INFO(name_of(sample));
        CHECK(sha256_hex(write_csv(simulate_table(sample, 40, 77))) == sha);
    }
    for (const auto sample : {SimulatedSample::tablet, SimulatedSample::foreign, SimulatedSample::mixture, SimulatedSample::powder})
        CHECK(simulated_sample(name_of(sample)) == sample);
    CHECK_FALSE(simulated_sample("talc").has_value());
}

TEST_CASE("training again gives the shipped powder model", "[nir]") {
    const auto model = must(read_model(folder + "simulated-powder.model"));
    const auto again = retrained_powder().model;
    CHECK(again.training_sha256 == model.training_sha256);
    REQUIRE(again.components() == model.components());
    CHECK_THAT(again.rmsecv, WithinRel(model.rmsecv, 1e-9));
    CHECK_THAT(again.q_limit, WithinRel(model.q_limit, 1e-6));
    CHECK(trained_on_simulated(model));
    CHECK(trained_on_simulated(model.id()));
    CHECK_FALSE(trained_on_simulated("octane@1234567890ab"));
}

TEST_CASE("each product is itself, a foreign powder and a mixture are none of these: 200 seeds each", "[nir]") {
    const auto models = shipped();
    for (const auto sample : {SimulatedSample::tablet, SimulatedSample::powder, SimulatedSample::foreign, SimulatedSample::mixture}) {
        int as_tablet = 0, as_powder = 0, none = 0, several = 0, covered = 0;
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            const auto table = simulate_table(sample, 1, seed);
            const auto answer = must(identify(models, table));
            REQUIRE(answer.candidates.size() == 2);
            CHECK((answer.identity == Identity::identified) == answer.chosen.has_value());
            none += answer.identity == Identity::none;
            several += answer.identity == Identity::several;
            const auto* found = answer.found();
            if (!found) continue;
            as_tablet += found->model == tablet;
            as_powder += found->model == powder;
            const double true_content = sample == SimulatedSample::powder ? powder_nominal_percent : simulated_nominal_mg;
            covered += found->prediction.interval_low <= true_content && true_content <= found->prediction.interval_high;
        }
        WARN(std::format("{:<8} 200 seeds: tablet {}, powder {}, none of these {}, more than one {}; interval holds the content {}", name_of(sample), as_tablet, as_powder, none, several, covered));
        CHECK(several == 0);
        if (sample == SimulatedSample::foreign || sample == SimulatedSample::mixture) CHECK(none == 200);
        CHECK((sample == SimulatedSample::tablet || as_tablet == 0));
        CHECK((sample == SimulatedSample::powder || as_powder == 0));
        if (sample == SimulatedSample::tablet) CHECK(as_tablet >= 190);  // two limits of 99 % each: 4 of 200 are expected beyond them
        if (sample == SimulatedSample::powder) CHECK(as_powder >= 190);
        if (sample == SimulatedSample::tablet || sample == SimulatedSample::powder) CHECK(covered >= 178);  // 95 % of those found
    }
}

TEST_CASE("two models that both accept give no answer and no number", "[nir]") {
    auto models = shipped();
    models.push_back(must(train(simulate_table(SimulatedSample::tablet, 120, 5), {.name = "another-tablet", .target = "active_mg", .unit = "mg", .prep = must(parse_chain("snv, sg(9,2,1)"))})).model);
    const auto answer = must(identify(models, simulate_table(SimulatedSample::tablet, 1, 11)));
    CHECK(answer.identity == Identity::several);
    CHECK(name_of(answer.identity) == "more than one is possible");
    CHECK(answer.found() == nullptr);
    CHECK(answer.candidates.size() == 3);
}

TEST_CASE("a model named twice counts once", "[nir]") {
    auto models = shipped();
    models.push_back(models[tablet]);
    const auto answer = must(identify(models, simulate_table(SimulatedSample::tablet, 1, 11)));
    CHECK(answer.identity == Identity::identified);
    CHECK(answer.candidates.size() == 2);
}

TEST_CASE("a model that cannot take the spectrum is named; when none can, that is an error", "[nir]") {
    const auto models = shipped();
    const auto part = must(cut_range(simulate_table(SimulatedSample::tablet, 60, 4), {1000, 1600}));
    auto with_part = models;
    with_part.push_back(must(train(part, {.name = "part", .target = "active_mg", .prep = must(parse_chain("snv, sg(9,2,1)"))})).model);
    const auto short_one = must(cut_range(simulate_table(SimulatedSample::tablet, 1, 11), {990, 1610}));
    const auto answer = must(identify(with_part, short_one));
    CHECK(answer.identity == Identity::identified);
    CHECK(answer.candidates.size() == 1);
    CHECK(answer.candidates[0].model == 2);
    REQUIRE(answer.notes.size() == 2);
    CHECK(answer.notes[0].contains("could not judge"));
    CHECK_FALSE(identify(models, short_one).has_value());
    CHECK_FALSE(identify({}, short_one).has_value());
    CHECK_FALSE(identify(with_part, short_one, 1).has_value());
}
