// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/nir_session.h"

#include <algorithm>
#include <format>

#include "clinician/session/nir_measure.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

class NirSession {
public:
    NirSession(records::Study& study, const NirSessionSetup& setup)
        : study_(study), setup_(setup), source_{setup.spectrum_file, setup.row, setup.simulated, setup.seed}, rows_(study, setup.account) {}
    Result<NirOutcome> run();

private:
    Result<void> check() const;
    Result<void> start();
    Result<void> measure();
    Result<void> judge();
    Result<void> end(const std::string& outcome);

    records::Study& study_;
    const NirSessionSetup& setup_;
    SampleSource source_;
    NirRows rows_;
    nir::Model model_;
    nir::SpectrumTable spectrum_;
    NirOutcome outcome_;
};

// What a caller got wrong is told before anything is recorded.
Result<void> NirSession::check() const {
    auto patients = study_.patients();
    if (!patients) return std::unexpected(std::move(patients.error()));
    if (std::ranges::find(*patients, setup_.pseudonym) == patients->end())
        return std::unexpected(Error{std::format("the study has no patient '{}'", setup_.pseudonym), "add the patient first, or correct the pseudonym"});
    if (setup_.consent.form.empty() || setup_.consent.scope.empty() || setup_.consent.version < 1)
        return std::unexpected(Error{"the consent does not say its form, version and scope", "name the form that the patient was shown"});
    return {};
}

Result<void> NirSession::start() {
    const json payload{{"kind", "nir"}, {"plan", ""}, {"protocol", "nir-verification"}, {"pseudonym", setup_.pseudonym},
                       {"seed", source_.is_simulated() ? setup_.seed : 0}, {"version", 1}};
    if (auto done = rows_.begin(payload); !done) return done;
    outcome_.session_id = rows_.session();
    outcome_.consent_given = setup_.consent.given;
    return rows_.write("consent", {{"form", setup_.consent.form}, {"given", setup_.consent.given}, {"scope", setup_.consent.scope}, {"version", setup_.consent.version}}, "patient");
}

Result<void> NirSession::end(const std::string& outcome) {
    outcome_.outcome = outcome;
    return rows_.end(outcome);
}

Result<void> NirSession::measure() {
    auto sample = measure_sample(source_, rows_);
    if (!sample) return std::unexpected(std::move(sample.error()));
    spectrum_ = std::move(sample->spectrum);
    outcome_.notes = std::move(sample->notes);
    outcome_.spectrum_source = std::move(sample->source);
    outcome_.spectrum_sha = std::move(sample->sha);
    return {};
}

Result<void> NirSession::judge() {
    auto predictions = nir::predict(model_, spectrum_, &outcome_.notes);
    if (!predictions) return std::unexpected(from_device(std::move(predictions.error())));
    nir::Prediction& prediction = predictions->front();
    for (double* value : {&prediction.value, &prediction.interval_low, &prediction.interval_high}) *value = rounded_to_error(*value, model_.rmsecv);
    json payload{{"model", outcome_.model_id}, {"unit", model_.unit}, {"verdict", nir::name_of(prediction.verdict)}};
    // A number beside "none of these" would be read as one, so it is not recorded; the spectrum is, and can be judged again.
    if (prediction.verdict == nir::Verdict::inside) {
        payload["value"] = prediction.value;
        payload["interval_low"] = prediction.interval_low;
        payload["interval_high"] = prediction.interval_high;
    }
    outcome_.card = result_card(model_, prediction, source_.is_simulated(), setup_.language);
    outcome_.prediction = std::move(prediction);
    return rows_.write("nir.result", payload, "system");
}

Result<NirOutcome> NirSession::run() {
    if (auto checked = check(); !checked) return std::unexpected(std::move(checked.error()));
    auto model = nir::read_model(setup_.model_path);
    if (!model) return std::unexpected(from_device(std::move(model.error())));
    model_ = std::move(*model);
    outcome_.model_id = model_.id();
    outcome_.target = model_.target;
    outcome_.unit = model_.unit;

    if (auto started = start(); !started) return std::unexpected(std::move(started.error()));
    if (!setup_.consent.given) {
        outcome_.card = refusal_card(setup_.language);
        if (auto ended = end("stopped"); !ended) return std::unexpected(std::move(ended.error()));
        return std::move(outcome_);
    }
    if (auto measured = measure(); !measured) return rows_.interrupted(std::move(measured.error()));
    if (auto judged = judge(); !judged) return rows_.interrupted(std::move(judged.error()));
    if (auto ended = end("completed"); !ended) return std::unexpected(std::move(ended.error()));
    return std::move(outcome_);
}

}  // namespace

Result<NirOutcome> run_nir_session(records::Study& study, const NirSessionSetup& setup) { return NirSession(study, setup).run(); }

}  // namespace accalmie::session
