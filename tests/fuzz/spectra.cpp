// SPDX-License-Identifier: Apache-2.0
// Any bytes as a spectrum file (CSV, JCAMP-DX) or a model file: a table of the size that it says, or an error.
#include "device/nir/model.h"
#include "device/nir/read.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace accalmie::nir;

namespace {

void check(const Result<SpectrumTable>& table) {
    if (!table) {
        if (table.error().message.empty()) std::abort();
        return;
    }
    if (static_cast<std::size_t>(table->channels()) != table->axis.values.size()) std::abort();
    for (const Column& column : table->columns) {
        if (column.cells.size() != static_cast<std::size_t>(table->rows())) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ReadLimits limits{.bytes = 1u << 20, .cells = 1u << 20, .channels = 1u << 16};
    check(read_csv(text, "fuzz.csv", limits));
    check(read_jcamp(text, "fuzz.dx", limits));
    (void)parse_model_body(text, "fuzz.model");
    return 0;
}
