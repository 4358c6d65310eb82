// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/texture_compressor.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <iterator>
#include <print>

#include "engine/content/bc7.h"

namespace accalmie::scenes {
namespace {

constexpr int kBehindEverything = 19;  // nice value of the worker

}  // namespace

void TextureCompressor::request(std::vector<content::Image> images) {
    if (images.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        std::ranges::move(images, std::back_inserter(waiting_));
    }
    wake_.notify_one();
}

void TextureCompressor::work(const std::stop_token& stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kBehindEverything);
    for (;;) {
        content::Image image;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
            image = std::move(waiting_.front());
            waiting_.pop_front();
        }
        auto levels = content::bc7_levels(image.mips, image.width, image.height, stop);
        if (!levels) return;
        auto written = cache_.write(image, std::move(*levels));
        if (written) continue;
        std::println(stderr, "accalmie-player: textures are not kept compressed: {}", describe(written.error()));
        return;
    }
}

}  // namespace accalmie::scenes
