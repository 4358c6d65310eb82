// SPDX-License-Identifier: Apache-2.0
// A fault put there on purpose: tests/fuzz/run must see it, or its silence about the others means nothing.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || std::memcmp(data, "boom", 4) != 0) return 0;
    std::vector<std::uint8_t> copy(data, data + size);
    volatile std::uint8_t* past = copy.data();
    return past[size] == 0 ? 0 : 0;  // one byte past the end
}
