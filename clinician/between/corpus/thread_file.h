// SPDX-License-Identifier: Apache-2.0
// Owns: reading a file of discussions that somebody already and lawfully collected: CSV, or JSON as an array of flat objects. Columns (keys)
// forum, title, date, views, counted, theme, product, status, author; others are passed over; product may be empty or missing. French names
// (titre, vues, ...) and statuses (nouveau, habitué, confirmé) are understood. Handles are still in what this returns: only import.cpp uses it.
// Never: goes to the network, writes. Errors: file:line (in JSON the line where the object begins), what to do. Thread: pure.
// Units: dates YYYY-MM-DD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/between/corpus/threads.h"
#include "engine/error.h"

namespace accalmie::between {

struct ThreadLimits {
    std::size_t bytes = 64u << 20;
    std::size_t threads = 200'000;
    std::size_t title = 500, word = 200;  // bytes of a title; of a forum, a theme, a product, a handle
    std::int64_t views = 1'000'000'000'000;
};

struct CollectedThread {
    int line = 0;
    Thread thread;        // its id and author are empty
    std::string handle;
};

// JSON when the first sign of the file is [ or {, else CSV.
Result<std::vector<CollectedThread>> parse_threads(std::string_view bytes, const std::string& file, const ThreadLimits& limits = {});

}  // namespace accalmie::between
