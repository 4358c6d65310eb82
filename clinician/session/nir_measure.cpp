// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/nir_measure.h"

#include <algorithm>
#include <cmath>
#include <format>

#include <sodium.h>

#include "device/nir/number.h"
#include "device/nir/read.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

std::string canonical(const json& payload) { return payload.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string hash_of(const std::string& text) {
    records::Hash hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return records::to_hex(hash);
}

Result<MeasuredSample> simulate(const SampleSource& source) {
    const auto scan = nir::simulate_scan(source.simulated, source.seed);
    auto table = nir::table_of("", "simulated spectrometer", std::span(&scan, 1));
    if (!table) return std::unexpected(from_device(std::move(table.error())));
    return MeasuredSample{.spectrum = std::move(*table), .source = "simulated spectrometer", .sha = {}, .notes = {}};
}

Result<MeasuredSample> read(const SampleSource& source) {
    auto table = nir::read_spectra(source.spectrum_file);
    if (!table) return std::unexpected(from_device(std::move(table.error())));
    if (source.row == 0 && table->rows() != 1)
        return std::unexpected(Error{std::format("the file holds {} spectra", table->rows()), "say which row is the sample", source.spectrum_file});
    if (source.row < 0 || source.row > table->rows())
        return std::unexpected(Error{std::format("the file has no row {}", source.row), std::format("it has rows 1 to {}", table->rows()), source.spectrum_file});
    MeasuredSample sample{.spectrum = nir::select_rows(*table, {std::max(source.row, 1) - 1}), .source = {}, .sha = {}, .notes = {}};
    sample.notes = sample.spectrum.warnings;
    sample.source = "file, " + sample.spectrum.format;   // its name may hold a person's
    return sample;
}

}  // namespace

Error from_device(device::Error error) { return {std::move(error.message), std::move(error.hint), std::move(error.file), error.line, error.column}; }

double rounded_to_error(double value, double rmsecv) {
    const int digits = rmsecv > 0 ? std::clamp(2 - static_cast<int>(std::floor(std::log10(rmsecv))), 0, 12) : 12;
    return nir::parse_number(std::format("{:.{}f}", value, digits)).value_or(value);
}

Result<void> NirRows::begin(const json& start) {
    auto id = study_.next_session_id();
    if (!id) return std::unexpected(std::move(id.error()));
    session_ = std::move(*id);
    return write("session.start", start, "clinician");
}

Result<void> NirRows::write(const std::string& kind, const json& payload, const char* role, records::RowClass row_class) {
    auto written = study_.ledger().append(records::NewRow{.session = session_, .t_ms = t_ms_, .row_class = row_class, .kind = kind, .payload = canonical(payload),
                                                          .actor = account_, .role = role});
    if (!written) return std::unexpected(std::move(written.error()));
    return {};
}

std::unexpected<Error> NirRows::interrupted(Error error) {
    if (write("fault", {{"hint", error.hint}, {"what", error.message}}, "system", records::RowClass::measurement)) (void)end("interrupted");
    return std::unexpected(std::move(error));
}

Result<MeasuredSample> measure_sample(const SampleSource& source, NirRows& rows) {
    auto sample = source.is_simulated() ? simulate(source) : read(source);
    if (!sample) return sample;
    if (source.is_simulated()) rows.wait(nir::simulated_scan_ms);
    const auto& spectrum = sample->spectrum;
    json axis = json::array(), values = json::array();
    for (const double x : spectrum.axis.values) axis.push_back(x);
    for (Eigen::Index i = 0; i < spectrum.channels(); ++i) values.push_back(spectrum.values(0, i));
    const json kept{{"axis", std::move(axis)}, {"quantity", nir::name_of(spectrum.quantity)}, {"unit", spectrum.axis.label}, {"values", std::move(values)}};
    sample->sha = hash_of(canonical(kept));
    const json payload{{"channels", spectrum.channels()}, {"first_nm", spectrum.axis.values.front()}, {"last_nm", spectrum.axis.values.back()},
                       {"sha", sample->sha}, {"source", sample->source}};
    if (auto done = rows.write("nir.spectrum", payload, "clinician"); !done) return std::unexpected(std::move(done.error()));
    if (auto done = rows.write("nir.values", kept, "system", records::RowClass::measurement); !done) return std::unexpected(std::move(done.error()));
    return sample;
}

}  // namespace accalmie::session
