// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/nir_field.h"

#include <chrono>
#include <cmath>
#include <format>

#include "device/nir/number.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

constexpr std::string_view scope = "this sample, one measurement, result to the person who brought it";
constexpr std::string_view place_scope = "the coarse square and the week of this check";

class Check {
public:
    Check(records::Study& study, const records::Account& account, const FieldSetup& setup) : setup_(setup), rows_(study, account.name) {}
    Result<FieldOutcome> run();

private:
    Result<void> prepare();
    Result<void> start();
    Result<void> measure_and_judge();
    Result<void> keep_place();
    Result<void> end(const std::string& outcome);

    const FieldSetup& setup_;
    NirRows rows_;
    std::vector<nir::Model> models_;
    std::string cell_;
    FieldOutcome outcome_;
};

// What a caller got wrong is told before anything is recorded.
Result<void> Check::prepare() {
    if (setup_.place) {
        auto cell = cell_of(setup_.place->latitude_deg, setup_.place->longitude_deg);
        if (!cell) return std::unexpected(std::move(cell.error()));
        cell_ = std::move(*cell);
        if (!is_iso_week(setup_.place->week))
            return std::unexpected(Error{std::format("'{}' is no ISO week", setup_.place->week), "write the year and the week, such as 2026-W47"});
    }
    auto models = nir::read_models(setup_.models);
    if (!models) return std::unexpected(from_device(std::move(models.error())));
    models_ = std::move(*models);
    return {};
}

Result<void> Check::start() {
    FieldCheck& check = outcome_.check;
    check.simulated = setup_.sample.is_simulated();
    check.consent = setup_.consent;
    const json payload{{"kind", kFieldKind}, {"plan", ""}, {"protocol", kFieldKind}, {"pseudonym", ""}, {"seed", check.simulated ? setup_.sample.seed : 0}, {"version", 1}};
    if (auto done = rows_.begin(payload); !done) return done;
    check.session = rows_.session();
    if (auto done = rows_.write("consent", {{"form", kFieldKind}, {"given", setup_.consent}, {"scope", scope}, {"version", 1}}, "clinician"); !done) return done;
    if (!setup_.consent || !setup_.place) return {};
    return rows_.write("consent", {{"form", kFieldPlaceForm}, {"given", setup_.place_consent}, {"scope", place_scope}, {"version", 1}}, "clinician");
}

Result<void> Check::end(const std::string& outcome) {
    outcome_.check.outcome = outcome;
    return rows_.end(outcome);
}

Result<void> Check::measure_and_judge() {
    auto sample = measure_sample(setup_.sample, rows_);
    if (!sample) return std::unexpected(std::move(sample.error()));
    auto answer = nir::identify(models_, sample->spectrum);
    if (!answer) return std::unexpected(from_device(std::move(answer.error())));
    FieldCheck& check = outcome_.check;
    outcome_.notes = std::move(sample->notes);
    outcome_.notes.insert(outcome_.notes.end(), answer->notes.begin(), answer->notes.end());
    check.spectrum_source = std::move(sample->source);
    check.spectrum_sha = std::move(sample->sha);
    check.verdict = nir::name_of(answer->identity);
    for (const auto& candidate : answer->candidates) check.judged.push_back(candidate.id);
    json payload{{"judged", check.judged}, {"verdict", check.verdict}};
    // A number beside "none of these" would be read as one, so it is not recorded; the spectrum is, and can be judged again.
    if (const auto* found = answer->found()) {
        const nir::Model& model = models_[found->model];
        check.model = found->id;
        check.unit = model.unit;
        check.value = rounded_to_error(found->prediction.value, model.rmsecv);
        check.interval_low = rounded_to_error(found->prediction.interval_low, model.rmsecv);
        check.interval_high = rounded_to_error(found->prediction.interval_high, model.rmsecv);
        payload.update({{"model", check.model}, {"unit", check.unit}, {"value", *check.value}, {"interval_low", *check.interval_low}, {"interval_high", *check.interval_high}});
    }
    return rows_.write("nir.result", payload, "system");
}

Result<void> Check::keep_place() {
    if (!setup_.place || !setup_.place_consent) return {};
    outcome_.check.cell = cell_;
    outcome_.check.week = setup_.place->week;
    return rows_.write("nir.place", {{"cell", cell_}, {"week", setup_.place->week}}, "clinician");
}

Result<FieldOutcome> Check::run() {
    if (auto prepared = prepare(); !prepared) return std::unexpected(std::move(prepared.error()));
    if (auto started = start(); !started) return std::unexpected(std::move(started.error()));
    if (!setup_.consent) {
        if (auto ended = end("stopped"); !ended) return std::unexpected(std::move(ended.error()));
        return std::move(outcome_);
    }
    if (auto judged = measure_and_judge(); !judged) return rows_.interrupted(std::move(judged.error()));
    if (auto kept = keep_place(); !kept) return rows_.interrupted(std::move(kept.error()));
    if (auto ended = end("completed"); !ended) return std::unexpected(std::move(ended.error()));
    return std::move(outcome_);
}

}  // namespace

Result<std::string> cell_of(double latitude_deg, double longitude_deg) {
    if (!(std::abs(latitude_deg) <= 90) || !(std::abs(longitude_deg) <= 180))
        return std::unexpected(Error{std::format("{},{} is no place on the earth", latitude_deg, longitude_deg), "write latitude,longitude in degrees, such as 48.7,2.2"});
    // The north pole and the date line have no square of their own; adding 0 turns -0 into 0.
    const double south = std::min(std::floor(latitude_deg / kCellDegrees) * kCellDegrees, 90 - kCellDegrees) + 0.0;
    const double west = std::floor((longitude_deg == 180 ? -180 : longitude_deg) / kCellDegrees) * kCellDegrees + 0.0;
    return std::format("{:.1f},{:.1f}", south, west);
}

std::optional<CellCorner> corner_of(std::string_view cell) {
    const auto comma = cell.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const auto south = nir::parse_number(cell.substr(0, comma)), west = nir::parse_number(cell.substr(comma + 1));
    if (!south || !west) return std::nullopt;
    const auto again = cell_of(*south, *west);
    return again && *again == cell ? std::optional(CellCorner{*south, *west}) : std::nullopt;
}

bool is_iso_week(std::string_view text) {
    if (text.size() != 8 || text.substr(4, 2) != "-W") return false;
    for (const std::size_t at : {0, 1, 2, 3, 6, 7})
        if (text[at] < '0' || text[at] > '9') return false;
    const int year = nir::parse_integer(text.substr(0, 4)).value_or(0), week = 10 * (text[6] - '0') + (text[7] - '0');
    if (year < 1900 || week < 1 || week > 53) return false;
    if (week < 53) return true;
    // A year has a week 53 when its 31 December or its 1 January is a Thursday.
    using namespace std::chrono;
    const auto is_thursday = [](year_month_day day) { return weekday(sys_days(day)) == Thursday; };
    return is_thursday(std::chrono::year(year) / January / 1) || is_thursday(std::chrono::year(year) / December / 31);
}

Result<FieldOutcome> run_field_check(records::Study& study, const records::Account& account, const FieldSetup& setup) {
    if (auto allowed = records::require(account, records::Right::check_substances); !allowed) return std::unexpected(std::move(allowed.error()));
    return Check(study, account, setup).run();
}

}  // namespace accalmie::session
