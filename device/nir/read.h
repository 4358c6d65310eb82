// SPDX-License-Identifier: Apache-2.0
// Owns: the readers of spectrum files. CSV and its European and tab relatives (one spectrum a row with the axis in the header, or two
// columns axis and value), JCAMP-DX 4.24 and 5.01 (AFFN, PAC, SQZ, DIF, DUP).
// Never: trusts a size or a count in a file, guesses where two readings are possible. Errors carry file:line:column and what to do.
// Units: nm and absorbance as in spectrum.h. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

struct ReadLimits {                       // a file beyond them is refused before memory is asked for
    std::size_t bytes = 256u << 20;
    std::size_t cells = 64u << 20;
    std::size_t channels = 1u << 20;
};

Result<SpectrumTable> read_spectra(const std::string& path);                               // the format is recognised by content
Result<SpectrumTable> read_spectra_text(std::string_view bytes, const std::string& name);  // the same for bytes in memory
Result<SpectrumTable> read_csv(std::string_view bytes, const std::string& name, const ReadLimits& limits = {});
Result<SpectrumTable> read_jcamp(std::string_view bytes, const std::string& name, const ReadLimits& limits = {});

// The wide CSV that read_csv reads back to the same numbers: named columns first, then the axis.
std::string write_csv(const SpectrumTable& table);

// A text file as bytes; refuses folders, unreadable files and files beyond the limit.
Result<std::string> read_file(const std::string& path, std::size_t limit);
// Writes beside the target and renames, so that a reader never meets half a file.
Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace accalmie::nir
