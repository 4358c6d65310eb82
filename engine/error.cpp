// SPDX-License-Identifier: Apache-2.0
#include "engine/error.h"

#include <format>

namespace accalmie {

std::string describe(const Error& error) {
    std::string text;
    if (!error.file.empty()) {
        text = error.file;
        if (error.line > 0) text += std::format(":{}", error.line);
        if (error.line > 0 && error.column > 0) text += std::format(":{}", error.column);
        text += ": ";
    }
    text += error.message;
    if (!error.hint.empty()) text += std::format(" ({})", error.hint);
    return text;
}

}  // namespace accalmie
