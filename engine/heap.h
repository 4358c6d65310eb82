// SPDX-License-Identifier: Apache-2.0
// Owns: how the C library's allocator is set, for every program that draws. Called first in main(), before any thread.
#pragma once

#include <malloc.h>

namespace accalmie {

inline void set_up_heap() {
    // Without this glibc learns from the first large block that is freed to keep such blocks: 70 MB of a scene's pictures would stay.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    // One arena for all threads: each of the software driver's would keep what its largest frame took (12 MiB in the bar). The frame loop
    // allocates nothing, so nobody waits for it.
    mallopt(M_ARENA_MAX, 1);
}

}  // namespace accalmie
