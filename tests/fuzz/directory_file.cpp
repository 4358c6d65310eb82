// SPDX-License-Identifier: Apache-2.0
// Any bytes as a table of services: each line is a service or a problem with its line; what is a service can be searched and measured.
#include "clinician/between/directory/directory_file.h"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

using namespace accalmie;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto table = between::parse_csv_table(text, "fuzz.csv", {.bytes = 1u << 20, .rows = 10'000, .columns = 64});
    if (!table) {
        if (table.error().message.empty()) std::abort();
        return 0;
    }
    const auto file = between::read_directory_file(*table, {{"opening", "rs"}});
    if (!file) {
        if (file.error().message.empty()) std::abort();
        return 0;
    }
    if (file->services.size() + file->problems.size() != table->rows.size()) std::abort();
    for (const Error& problem : file->problems)
        if (problem.message.empty() || problem.line < 1) std::abort();
    std::set<std::string> ids;
    for (const between::Service& service : file->services) {
        if (service.id.empty() || service.name.empty() || !ids.insert(service.id).second) std::abort();
        const auto at = between::position_of(service);
        if (at && !(between::distance_km(*at, {48.85, 2.35}) <= 20'038)) std::abort();  // half the way around; not a number fails too
    }
    return 0;
}
