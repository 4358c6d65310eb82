// SPDX-License-Identifier: Apache-2.0
// Reading substance checks back from the ledger, and counting them so that no small cell is told.
#include <algorithm>
#include <map>

#include "clinician/session/nir_field.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::optional<double> number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}
std::vector<double> numbers_of(const json& payload, const char* name) {
    std::vector<double> numbers;
    const auto found = payload.find(name);
    if (found == payload.end() || !found->is_array()) return numbers;
    for (const auto& each : *found)
        if (each.is_number()) numbers.push_back(each.get<double>());
    return numbers;
}

void take(FieldCheck& check, const records::Row& row, const json& payload) {
    if (row.kind == "consent" && text_of(payload, "form") != kFieldPlaceForm) {
        check.consent = payload.value("given", json()) == json(true);
    } else if (row.kind == "nir.spectrum") {
        check.spectrum_source = text_of(payload, "source");
        check.spectrum_sha = text_of(payload, "sha");
        check.simulated = check.spectrum_source == "simulated spectrometer";
    } else if (row.kind == "nir.result") {
        check.verdict = text_of(payload, "verdict");
        check.model = text_of(payload, "model");
        check.unit = text_of(payload, "unit");
        check.value = number_of(payload, "value");
        check.interval_low = number_of(payload, "interval_low");
        check.interval_high = number_of(payload, "interval_high");
        if (const auto judged = payload.find("judged"); judged != payload.end() && judged->is_array())
            for (const auto& id : *judged)
                if (id.is_string()) check.judged.push_back(id.get<std::string>());
    } else if (row.kind == "nir.place") {
        check.cell = text_of(payload, "cell");
        check.week = text_of(payload, "week");
    } else if (row.kind == "session.end") {
        check.outcome = text_of(payload, "outcome");
    }
}

}  // namespace

Result<std::vector<FieldCheck>> field_checks(const records::Study& study) {
    std::vector<FieldCheck> checks;
    std::map<std::string, std::size_t> places;
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.session.empty()) return;
        const bool start = row.kind == "session.start";
        const auto known = places.find(row.session);
        if (!start && known == places.end()) return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        if (start && text_of(payload, "kind") == kFieldKind) {
            places.emplace(row.session, checks.size());
            checks.push_back({.session = row.session, .outcome = "interrupted"});
        } else if (known != places.end()) {
            take(checks[known->second], row, payload);
        }
    });
    if (!read) return std::unexpected(std::move(read.error()));
    return checks;
}

Result<std::optional<KeptSpectrum>> spectrum_of(const records::Study& study, const std::string& session) {
    std::optional<KeptSpectrum> spectrum;
    auto read = study.ledger().read(session, [&](const records::Row& row) {
        if (row.kind != "nir.values") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        KeptSpectrum kept{numbers_of(payload, "axis"), numbers_of(payload, "values"), text_of(payload, "unit"), text_of(payload, "quantity")};
        if (!kept.axis.empty() && kept.axis.size() == kept.values.size()) spectrum = std::move(kept);
    });
    if (!read) return std::unexpected(std::move(read.error()));
    return spectrum;
}

bool FieldCounts::shows(std::string_view cell) const { return std::ranges::contains(cells, cell, &CellCount::cell); }

FieldCounts count_checks(std::span<const FieldCheck> checks) {
    FieldCounts counts;
    std::map<std::string, int> by_cell;
    for (const FieldCheck& check : checks) {
        if (check.verdict == nir::name_of(nir::Identity::identified)) ++counts.identified;
        else if (check.verdict == nir::name_of(nir::Identity::none)) ++counts.none;
        else if (check.verdict == nir::name_of(nir::Identity::several)) ++counts.several;
        else ++(check.outcome == "stopped" ? counts.refused : counts.interrupted);
        if (check.verdict.empty()) continue;
        if (check.cell.empty()) ++counts.without_place;
        else ++by_cell[check.cell];
    }
    for (const auto& [cell, number] : by_cell) {
        if (number < kFewestInCell) counts.in_small_cells += number;
        else counts.cells.push_back({cell, number});
    }
    return counts;
}

}  // namespace accalmie::session
