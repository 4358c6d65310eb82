// SPDX-License-Identifier: Apache-2.0
// Owns: the worker that makes BC7 blocks of what the cache of textures lacks, for the next start, when nobody else wants the processor.
// Never: touches the GPU or what is shown now; keeps the program from ending. A fault is said once on standard error, and no more are made.
// Thread: the frame thread calls; the worker is private.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/content/texture_cache.h"

namespace accalmie::scenes {

class TextureCompressor {
public:
    explicit TextureCompressor(content::TextureCache cache) : cache_(std::move(cache)), worker_([this](const std::stop_token& stop) { work(stop); }) {}
    void request(std::vector<content::Image> images);

private:
    void work(const std::stop_token& stop);

    content::TextureCache cache_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<content::Image> waiting_;
    std::jthread worker_;  // last: it ends before what it uses
};

}  // namespace accalmie::scenes
