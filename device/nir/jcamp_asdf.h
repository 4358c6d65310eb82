// SPDX-License-Identifier: Apache-2.0
// Owns: the ordinate lines of JCAMP-DX (X++(Y..Y)): AFFN, PAC, SQZ, DIF and DUP (McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151).
// Never: holds more values than it was told to expect, whatever a DUP count says. Thread: one decoder per block.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "device/nir/spectrum.h"

namespace accalmie::nir {

class AsdfDecoder {
public:
    AsdfDecoder(const std::string& file, std::size_t expected_points) : file_(file), expected_(expected_points) {}

    struct LineStart {
        double x = 0;             // as written, before XFACTOR
        double x_resolution = 1;  // half of it is the rounding of x
        std::size_t index = 0;    // of the line's first value
        bool repeats = false;     // that value is the last of the line before; some writers then give the x of the next one
        int line = 0;
    };

    // One line, comments already gone.
    Result<void> line(std::string_view text, int number);
    // A last line that repeats the last value and disagrees is told here, since no value depends on it.
    const std::vector<std::string>& warnings() const { return warnings_; }
    const std::vector<double>& values() const { return values_; }
    const std::vector<LineStart>& line_starts() const { return starts_; }
    Result<void> finish();

private:
    struct Token {
        enum class Kind { plain, difference, duplicate } kind = Kind::plain;
        double value = 0;
        int column = 0;
    };
    Result<Token> token(std::string_view text, std::size_t& at) const;
    Result<void> put(double value, const Token& token);
    Result<void> check_first(double value, const Token& token);
    std::unexpected<Error> refuse(std::string message, std::string hint, int column) const;

    const std::string& file_;
    std::size_t expected_;
    std::vector<double> values_;
    std::vector<LineStart> starts_;
    std::vector<std::string> warnings_;
    bool checkpoint_due_ = false;      // the line before ended in a difference, so this one repeats its last value
    bool mismatch_ = false;            // ... and it did not; forgiven only on a last line without values
    Error mismatch_error_;
    int number_ = 0;
};

}  // namespace accalmie::nir
