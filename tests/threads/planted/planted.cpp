// SPDX-License-Identifier: Apache-2.0
// Data races on purpose, one a word of the command line: two threads and a number, and three that break the rule in the header of one of the
// player's own hand-overs, on a thread of OpenAL's and in memory of the driver's too. The thread sanitiser has to see every one, with the
// player's suppressions on.
#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

#include "engine/gpu/resources.h"
#include "engine/sound/mixer.h"
#include "scenes/player/scene_loader.h"

namespace {

using namespace accalmie;

int fail(const Error& error) {
    std::fprintf(stderr, "planted: %s\n", describe(error).c_str());
    return 2;
}

void together(const auto& one, const auto& other) {
    const std::jthread first(one), second(other);
}

// Two threads and a number.
int plain() {
    int counted = 0;
    const auto count = [&] { for (int i = 0; i < 1000; ++i) ++counted; };
    together(count, count);
    std::printf("%d\n", counted);
    return 0;
}

// The loader's calls belong to the frame thread.
int loader() {
    scenes::SceneLoader loader("/nonexistent", false);
    together([&] { loader.request("one"); }, [&] { loader.request("other"); });
    return 0;
}

// The ring may be looked through while nobody else reads it, and here OpenAL's thread does.
int voice() {
    auto output = sound::open_device();
    if (!output) return fail(output.error());
    sound::Mixer mixer(std::move(*output));
    if (auto begun = mixer.begin_voice({}); !begun) return fail(begun.error());
    bool silent = true;
    for (int block = 0; block < 60; ++block) {
        std::array<float, 480> samples;
        samples.fill(0.25f);
        mixer.speak(samples, true);
        silent = mixer.voice_ring().holds_nothing() && silent;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return silent ? 3 : 0;
}

// A buffer has one owner at a time; this one's memory is the driver's.
int graphics() {
    const auto maker = gpu::make_plain_vulkan();
    auto device = gpu::Device::create(*maker, {});
    if (!device) return fail(device.error());
    auto buffer = gpu::Buffer::create(**device, 256, VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::Memory::upload);
    if (!buffer) return fail(buffer.error());
    const auto write = [memory = buffer->mapped()] { for (int i = 0; i < 1000; ++i) memory[0] = std::byte(i); };
    together(write, write);
    buffer->flush();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::string_view word = count == 2 ? words[1] : "";
    if (word == "plain") return plain();
    if (word == "loader") return loader();
    if (word == "voice") return voice();
    if (word == "graphics") return graphics();
    std::fprintf(stderr, "planted: plain, loader, voice or graphics\n");
    return 1;
}
