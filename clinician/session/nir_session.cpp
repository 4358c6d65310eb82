// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/nir_session.h"

#include <algorithm>
#include <cmath>
#include <format>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "clinician/session/rows.h"
#include "device/nir/number.h"
#include "device/nir/read.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

std::string canonical(const json& payload) { return payload.dump(-1, ' ', false, json::error_handler_t::replace); }

Error from_device(device::Error error) { return {std::move(error.message), std::move(error.hint), std::move(error.file), error.line, error.column}; }

// Two digits below the model's own error: finer digits would differ from processor to processor, and the digest with them.
double rounded(double value, double rmsecv) {
    const int digits = rmsecv > 0 ? std::clamp(2 - static_cast<int>(std::floor(std::log10(rmsecv))), 0, 12) : 12;
    return nir::parse_number(std::format("{:.{}f}", value, digits)).value_or(value);
}

std::string hash_of(const std::string& text) {
    records::Hash hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return records::to_hex(hash);
}

class NirSession {
public:
    NirSession(records::Study& study, const NirSessionSetup& setup) : study_(study), setup_(setup) {}
    Result<NirOutcome> run();

private:
    Result<void> check() const;
    Result<void> start();
    Result<void> measure();
    Result<void> judge();
    Result<void> end(const std::string& outcome);
    Result<void> write(const std::string& kind, const json& payload, const char* role, records::RowClass row_class = records::RowClass::decision);
    std::unexpected<Error> interrupted(Error error);
    bool simulated() const { return setup_.spectrum_file.empty(); }

    records::Study& study_;
    const NirSessionSetup& setup_;
    nir::Model model_;
    nir::SpectrumTable spectrum_;
    NirOutcome outcome_;
    std::int64_t t_ms_ = 0;
};

Result<void> NirSession::write(const std::string& kind, const json& payload, const char* role, records::RowClass row_class) {
    auto written = study_.ledger().append(records::NewRow{.session = outcome_.session_id, .t_ms = t_ms_, .row_class = row_class, .kind = kind,
                                                          .payload = canonical(payload), .actor = setup_.account, .role = role});
    if (!written) return std::unexpected(std::move(written.error()));
    return {};
}

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
    auto id = study_.next_session_id();
    if (!id) return std::unexpected(std::move(id.error()));
    outcome_.session_id = *id;
    const json payload{{"kind", "nir"}, {"plan", ""}, {"protocol", "nir-verification"}, {"pseudonym", setup_.pseudonym},
                       {"seed", simulated() ? setup_.seed : 0}, {"version", 1}};
    if (auto done = write("session.start", payload, "clinician"); !done) return done;
    outcome_.consent_given = setup_.consent.given;
    return write("consent", {{"form", setup_.consent.form}, {"given", setup_.consent.given}, {"scope", setup_.consent.scope}, {"version", setup_.consent.version}}, "patient");
}

Result<void> NirSession::end(const std::string& outcome) {
    outcome_.outcome = outcome;
    return write("session.end", {{"outcome", outcome}}, "system");
}

// The session closes whole; what failed is told to the caller even when that cannot be recorded either.
std::unexpected<Error> NirSession::interrupted(Error error) {
    if (write("fault", {{"hint", error.hint}, {"what", error.message}}, "system", records::RowClass::measurement)) (void)end("interrupted");
    return std::unexpected(std::move(error));
}

Result<void> NirSession::measure() {
    if (simulated()) {
        const auto scan = nir::simulate_scan(setup_.simulated, setup_.seed);
        auto table = nir::table_of("", "simulated spectrometer", std::span(&scan, 1));
        if (!table) return std::unexpected(from_device(std::move(table.error())));
        spectrum_ = std::move(*table);
        outcome_.spectrum_source = "simulated spectrometer";
        t_ms_ += nir::simulated_scan_ms;
    } else {
        auto table = nir::read_spectra(setup_.spectrum_file);
        if (!table) return std::unexpected(from_device(std::move(table.error())));
        if (setup_.row == 0 && table->rows() != 1)
            return std::unexpected(Error{std::format("the file holds {} spectra", table->rows()), "say which row is the sample", setup_.spectrum_file});
        if (setup_.row < 0 || setup_.row > table->rows())
            return std::unexpected(Error{std::format("the file has no row {}", setup_.row), std::format("it has rows 1 to {}", table->rows()), setup_.spectrum_file});
        spectrum_ = nir::select_rows(*table, {std::max(setup_.row, 1) - 1});
        outcome_.notes = spectrum_.warnings;
        outcome_.spectrum_source = "file, " + spectrum_.format;   // its name may hold a person's
    }
    json axis = json::array(), values = json::array();
    for (const double x : spectrum_.axis.values) axis.push_back(x);
    for (Eigen::Index i = 0; i < spectrum_.channels(); ++i) values.push_back(spectrum_.values(0, i));
    const json kept{{"axis", std::move(axis)}, {"quantity", nir::name_of(spectrum_.quantity)}, {"unit", spectrum_.axis.label}, {"values", std::move(values)}};
    outcome_.spectrum_sha = hash_of(canonical(kept));
    const json payload{{"channels", spectrum_.channels()}, {"first_nm", spectrum_.axis.values.front()}, {"last_nm", spectrum_.axis.values.back()},
                       {"sha", outcome_.spectrum_sha}, {"source", outcome_.spectrum_source}};
    if (auto done = write("nir.spectrum", payload, "clinician"); !done) return done;
    return write("nir.values", kept, "system", records::RowClass::measurement);
}

Result<void> NirSession::judge() {
    auto predictions = nir::predict(model_, spectrum_, &outcome_.notes);
    if (!predictions) return std::unexpected(from_device(std::move(predictions.error())));
    nir::Prediction& prediction = predictions->front();
    for (double* value : {&prediction.value, &prediction.interval_low, &prediction.interval_high}) *value = rounded(*value, model_.rmsecv);
    json payload{{"model", outcome_.model_id}, {"unit", model_.unit}, {"verdict", nir::name_of(prediction.verdict)}};
    // A number beside "none of these" would be read as one, so it is not recorded; the spectrum is, and can be judged again.
    if (prediction.verdict == nir::Verdict::inside) {
        payload["value"] = prediction.value;
        payload["interval_low"] = prediction.interval_low;
        payload["interval_high"] = prediction.interval_high;
    }
    outcome_.card = result_card(model_, prediction, simulated(), setup_.language);
    outcome_.prediction = std::move(prediction);
    return write("nir.result", payload, "system");
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
    if (auto measured = measure(); !measured) return interrupted(std::move(measured.error()));
    if (auto judged = judge(); !judged) return interrupted(std::move(judged.error()));
    if (auto ended = end("completed"); !ended) return std::unexpected(std::move(ended.error()));
    return std::move(outcome_);
}

}  // namespace

Result<NirOutcome> run_nir_session(records::Study& study, const NirSessionSetup& setup) { return NirSession(study, setup).run(); }

}  // namespace accalmie::session
