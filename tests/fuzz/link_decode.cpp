// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message of the other program: refused, or a message that is written back to the same bytes.
#include "scenes/link/messages.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace accalmie;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<link::Message> message = link::decode({data, size});
    if (!message) {
        if (message.error().message.empty()) std::abort();
        return 0;
    }
    const std::vector<std::uint8_t> again = link::encode(*message);
    if (!std::ranges::equal(again, std::span(data, size))) std::abort();
    return 0;
}
