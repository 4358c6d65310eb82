// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of collected discussions (CSV or JSON): discussions whose every field keeps its bounds, or an error with a message.
#include "clinician/between/corpus/thread_file.h"
#include "clinician/between/corpus/title_words.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace accalmie::between;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ThreadLimits limits{.bytes = 1u << 20, .threads = 200};
    const auto threads = parse_threads({reinterpret_cast<const char*>(data), size}, "fuzz", limits);
    if (!threads) {
        if (threads.error().message.empty()) std::abort();
        return 0;
    }
    if (threads->empty() || threads->size() > limits.threads) std::abort();
    const TitleWords words(epidemic_words());
    for (const auto& [line, thread, handle] : *threads) {
        if (line < 1 || handle.empty() || thread.title.empty() || thread.title.size() > limits.title || thread.views < 0 || thread.counted < thread.date) std::abort();
        if (!iso_week(thread.date) || !iso_week(thread.counted)) std::abort();
        (void)words.in(thread.title);
    }
    return 0;
}
