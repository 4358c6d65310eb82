// SPDX-License-Identifier: Apache-2.0
// Owns: what every session that measures a sample has in common: the rows it writes as it goes, and getting one spectrum, from a file or
// from the simulated spectrometer, with the two rows that keep it (nir.spectrum, nir.values).
// Never: measures before its caller asked for it (consent comes first), records a file's name (it may hold a person's).
// Units: session time in ms. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "clinician/records/study.h"
#include "device/nir/simulated.h"
#include "device/nir/spectrum.h"

namespace accalmie::session {

Error from_device(device::Error error);

// Two digits below the model's own error: finer digits would differ from processor to processor, and the digest with them.
double rounded_to_error(double value, double rmsecv);

// The rows of one session, each on disk before the next step.
class NirRows {
public:
    NirRows(records::Study& study, std::string account) : study_(study), account_(std::move(account)) {}

    Result<void> begin(const nlohmann::json& start);  // takes the next session id
    Result<void> write(const std::string& kind, const nlohmann::json& payload, const char* role, records::RowClass row_class = records::RowClass::decision);
    Result<void> end(const std::string& outcome) { return write("session.end", {{"outcome", outcome}}, "system"); }
    // The session closes whole; what failed is told to the caller even when that cannot be recorded either.
    std::unexpected<Error> interrupted(Error error);
    const std::string& session() const { return session_; }
    void wait(std::int64_t ms) { t_ms_ += ms; }

private:
    records::Study& study_;
    std::string account_, session_;
    std::int64_t t_ms_ = 0;
};

struct SampleSource {
    std::string spectrum_file;                        // CSV or JCAMP-DX; empty: the simulated spectrometer measures `simulated`
    int row = 0;                                      // which spectrum of the file, from 1; 0: it holds only one
    nir::SimulatedScan simulated;
    std::uint64_t seed = 1;                           // of the simulated spectrometer
    bool is_simulated() const { return spectrum_file.empty(); }
};

struct MeasuredSample {
    nir::SpectrumTable spectrum;                      // one row
    std::string source, sha;                          // as recorded
    std::vector<std::string> notes;                   // the reader's
};
Result<MeasuredSample> measure_sample(const SampleSource& source, NirRows& rows);

}  // namespace accalmie::session
