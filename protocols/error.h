// SPDX-License-Identifier: Apache-2.0
// Owns: the error value of this room. A place in a file that a person wrote, what is wrong there, and what to do.
#pragma once

#include <expected>
#include <string>

namespace accalmie::protocols {

struct Error {
    std::string message;  // what is wrong, one line
    std::string hint;     // what to do, one line; may be empty
    std::string file;     // empty when no file is at fault
    int line = 0;         // 1-based; 0 when unknown
    int column = 0;       // 1-based; 0 when unknown
};

template <class T>
using Result = std::expected<T, Error>;

// "file:line:column: message (hint)", leaving out what is not known.
std::string describe(const Error& error);

}  // namespace accalmie::protocols
