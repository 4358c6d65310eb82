// SPDX-License-Identifier: Apache-2.0
// Any bytes as a protocol file: a plan or errors with places, and what the ledger would keep parses to the same plan.
#include "protocols/plan.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace accalmie::protocols;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Diagnosis diagnosis = diagnose_plan(text, "fuzz.toml");
    if (diagnosis.plan.has_value() == !diagnosis.errors.empty()) std::abort();
    for (const Error& error : diagnosis.errors) {
        if (error.message.empty() || describe(error).find('\n') != std::string::npos) std::abort();
    }
    if (!diagnosis.plan) return 0;
    const Result<SessionPlan> again = parse_plan(diagnosis.plan->source_text, "again.toml");
    if (!again || *again != *diagnosis.plan) std::abort();
    return 0;
}
