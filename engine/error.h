// SPDX-License-Identifier: Apache-2.0
// Owns: the error value of this room.
#pragma once

#include <expected>
#include <string>

namespace accalmie {

// Shared by engine/ and the rooms above it (scenes/, clinician/).
struct Error {
    std::string message;  // what is wrong, one line, with the text of the failed call where there was one
    std::string hint;     // what to do, one line; may be empty
    std::string file;
    int line = 0;         // 1-based; 0 when unknown
    int column = 0;
};

template <class T>
using Result = std::expected<T, Error>;

std::string describe(const Error& error);  // "file:line:column: message (hint)"

}  // namespace accalmie
