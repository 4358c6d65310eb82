// SPDX-License-Identifier: Apache-2.0
#include "protocols/error.h"

namespace accalmie::protocols {

std::string describe(const Error& error) {
    std::string text;
    if (!error.file.empty()) {
        text += error.file;
        if (error.line > 0) {
            text += ':' + std::to_string(error.line);
            if (error.column > 0) text += ':' + std::to_string(error.column);
        }
        text += ": ";
    }
    text += error.message;
    if (!error.hint.empty()) text += " (" + error.hint + ')';
    return text;
}

}  // namespace accalmie::protocols
