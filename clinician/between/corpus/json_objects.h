// SPDX-License-Identifier: Apache-2.0
// Owns: cutting a JSON array of objects into its objects, each with the line where it begins, so that an error can name it. Each piece is
// parsed by nlohmann's library afterwards; here only strings and brackets are followed.
// Never: recurses; takes brackets deeper than the limit. Errors: file:line. Thread: pure; the pieces point into the bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace accalmie::between {

struct JsonPiece {
    int line = 0;
    std::string_view text;  // "{...}"
};

Result<std::vector<JsonPiece>> json_objects(std::string_view bytes, const std::string& file, std::size_t most_objects, int deepest = 8);

}  // namespace accalmie::between
