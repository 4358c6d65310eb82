// SPDX-License-Identifier: Apache-2.0
// What is heard, measured on the rendered samples.
#include "engine/sound/mixer.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <numbers>

#include "tests/unit/engine/sound_stage.h"

using namespace sound_test;

namespace {

#ifndef __SANITIZE_ADDRESS__
// Counted on this thread while it is asked for; OpenAL's library calls these operators too.
thread_local bool counting = false;
thread_local int allocations = 0;

void* counted(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
    if (counting) ++allocations;
    void* memory = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) : std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
#endif

double both_db(const Heard& heard) { return level_db(heard.left); }

}  // namespace

// The address sanitiser has operators of its own, and what they gave must not come back to ours: there nothing is counted.
#ifndef __SANITIZE_ADDRESS__
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

TEST_CASE("a sound at the left is louder in the left ear and comes there first, and the same turned round") {
    Stage stage;
    CHECK(stage.mixer().output().hrtf());
    content::SoundFile click = tone(2000, 0.5);
    const ClipId clip = stage.clip(click);
    const PlayId id = stage.mixer().play({.clip = clip, .position_m = glm::vec3(-2, 0, 0)});
    REQUIRE(id);
    const Heard left = stage.listen(0.3);
    CHECK(level_db(left.left) > level_db(left.right) + 6);
    const auto first = [](std::span<const float> ear) { return std::ranges::find_if(ear, [](float s) { return std::abs(s) > 1e-3f; }) - ear.begin(); };
    CHECK(first(left.left) < first(left.right));

    stage.listener.orientation = glm::angleAxis(std::numbers::pi_v<float>, glm::vec3(0, 1, 0));  // the patient looks the other way
    stage.listen(0.1);
    const Heard turned = stage.listen(0.3);
    CHECK(level_db(turned.right) > level_db(turned.left) + 6);

    stage.listener.orientation = glm::angleAxis(std::numbers::pi_v<float> / 2, glm::vec3(0, 1, 0));  // turned to it
    stage.listen(0.1);
    const Heard ahead = stage.listen(0.3);
    CHECK(std::abs(level_db(ahead.right) - level_db(ahead.left)) < 1);
}

TEST_CASE("twice as far is half as loud from the reference distance to the farthest, and no quieter beyond") {
    for (const bool hrtf : {false, true}) {
        Stage stage(hrtf);
        const ClipId clip = stage.clip(tone(500));
        const PlayId id = stage.mixer().play({.clip = clip, .position_m = glm::vec3(0, 0, -1), .reference_m = 1, .farthest_m = 8});
        stage.listen(0.1);
        const double near_db = both_db(stage.listen(0.2));
        for (const float distance_m : {0.25f, 0.5f, 1.0f, 2.0f, 3.0f, 4.0f, 8.0f, 16.0f}) {
            INFO(distance_m << " m, HRTF " << hrtf);
            stage.mixer().move(id, {0, 0, -distance_m});
            stage.listen(0.1);
            const double expected_db = -20 * std::log10(std::clamp(distance_m, 1.0f, 8.0f));
            CHECK(both_db(stage.listen(0.2)) - near_db == Catch::Approx(expected_db).margin(0.2));
        }
    }
}

TEST_CASE("a loop goes on, and a sound that is no loop ends and gives its place back") {
    Stage stage;
    const ClipId clip = stage.clip(tone(440, 0.25));
    const PlayId loop = stage.mixer().play({.clip = clip}), once = stage.mixer().play({.clip = clip, .loop = false});
    stage.listen(2);
    CHECK(stage.mixer().is_playing(loop));
    CHECK_FALSE(stage.mixer().is_playing(once));
    CHECK(both_db(stage.listen(0.5)) > -20);
    int places = 0;
    while (stage.mixer().play({.clip = clip})) ++places;
    CHECK(places == kMostSounds - 1);
}

TEST_CASE("a handle that is over stops nothing that plays now") {
    Stage stage;
    const ClipId clip = stage.clip(tone(440));
    const PlayId old = stage.mixer().play({.clip = clip});
    stage.mixer().stop(old, 0.01f);
    stage.listen(0.2);
    const PlayId fresh = stage.mixer().play({.clip = clip});
    CHECK(fresh.slot == old.slot);
    stage.mixer().stop(old, 0.01f);
    stage.listen(0.2);
    CHECK(stage.mixer().is_playing(fresh));
}

TEST_CASE("the volume of the rooms follows the picture, and the panel's does not") {
    Stage stage(false);
    const ClipId low = stage.clip(tone(400)), high = stage.clip(tone(4000));
    stage.mixer().play({.clip = low, .bus = Bus::cue});
    stage.mixer().play({.clip = high, .bus = Bus::panel});
    stage.listen(0.1);
    const Heard bright = stage.listen(0.2);
    stage.mixer().set_brightness(0.25f);
    stage.listen(0.1);
    const Heard dim = stage.listen(0.2);
    CHECK(tone_db(dim.left, 400) - tone_db(bright.left, 400) == Catch::Approx(-12.04).margin(0.2));
    CHECK(tone_db(dim.left, 4000) == Catch::Approx(tone_db(bright.left, 4000)).margin(0.1));
    stage.mixer().set_brightness(0);
    stage.listen(0.1);
    CHECK(tone_db(stage.listen(0.2).left, 400) < -80);
}

TEST_CASE("a room around the patient is as loud as one sound at its gain and has no side") {
    Stage stage;
    content::SoundFile noise{.rate_hz = 24'000, .channels = 1, .samples = std::vector<float>(48'000)};
    std::uint32_t state = 1;
    for (float& sample : noise.samples) sample = static_cast<float>(static_cast<std::int32_t>(state = state * 1664525u + 1013904223u)) / 2147483648.0f * 0.3f;
    for (const Playing& place : room_around(stage.clip(noise), Bus::ambience, 0, 0)) REQUIRE(stage.mixer().play(place));
    stage.listen(0.2);
    const Heard room = stage.listen(2);
    CHECK(std::abs(level_db(room.left) - level_db(room.right)) < 1.5);
    double product = 0;
    for (std::size_t i = 0; i < room.left.size(); ++i) product += static_cast<double>(room.left[i]) * room.right[i];
    const double correlation = product / static_cast<double>(room.left.size()) / std::pow(10, (level_db(room.left) + level_db(room.right)) / 20);
    CHECK(correlation < 0.7);  // wide, not in the middle of the head
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("the call of every frame allocates nothing once it is warm, and the counter sees what does") {
    allocations = 0;
    counting = true;
    auto planted = std::make_unique<std::vector<int>>(100);
    counting = false;
    CHECK(allocations == 2);
    counting = true;
    Stage other;  // OpenAL's library is counted as well
    counting = false;
    CHECK(allocations > 20);

    Stage stage;
    const ClipId clip = stage.clip(tone(300));
    for (int i = 0; i < 10; ++i) stage.mixer().play({.clip = clip, .bus = Bus::cue, .position_m = glm::vec3(i, 0, -2), .fade_in_s = 0.5f});
    std::vector<float> block(2 * kMixRate_hz / 90);
    PlayId moving = stage.mixer().play({.clip = clip, .position_m = glm::vec3(1, 0, 0)});
    allocations = 0;
    for (int frame = 0; frame < 900; ++frame) {
        counting = frame >= 90;  // the first second warms OpenAL's own pools
        stage.listener.position_m.x = static_cast<float>(frame) * 0.001f;
        stage.mixer().set_brightness(static_cast<float>(frame % 50) / 50);
        stage.mixer().move(moving, {std::sin(static_cast<float>(frame)), 0, -1});
        if (frame % 100 == 99) {
            stage.mixer().stop(moving, 0.1f);
            counting = false;  // OpenAL makes a queue for what begins; that is no call of every frame
            moving = stage.mixer().play({.clip = clip, .position_m = glm::vec3(1, 0, 0)});
        }
        counting = frame >= 90;
        if (frame == 500) stage.mixer().cut(Bus::cue);
        stage.mixer().update(stage.listener, frame / 90.0);
        counting = false;
        stage.mixer().output().render(block);
    }
    CHECK(allocations == 0);
}
#endif

TEST_CASE("without a device everything is quiet and nothing fails") {
    Mixer mixer(make_silence("no device"));
    const auto clip = mixer.add(tone(440));
    REQUIRE(clip);
    CHECK_FALSE(mixer.play({.clip = *clip}));
    mixer.cut(Bus::cue);
    mixer.update({}, 1);
    mixer.remove(*clip);
    CHECK(mixer.output().name() == "no device");
    CHECK_FALSE(mixer.output().hrtf());
}

TEST_CASE("a device that is not there is an error with a hint, not a crash") {
    const auto none = open_device("no such device at all");
    REQUIRE_FALSE(none);
    CHECK_FALSE(none.error().message.empty());
    CHECK_FALSE(none.error().hint.empty());
}

TEST_CASE("what is mixed can be written as a WAV and read back") {
    Stage stage;
    stage.mixer().play({.clip = stage.clip(tone(440))});
    const std::string path = std::filesystem::temp_directory_path() / "accalmie-sound-test.wav";
    REQUIRE(stage.render_wav(1, path));
    const auto back = content::read_sound(path);
    REQUIRE(back);
    CHECK(back->channels == 2);
    CHECK(back->rate_hz == kMixRate_hz);
    CHECK(back->seconds() == Catch::Approx(1).margin(0.001));
    CHECK(peak_db(back->samples) > -12);
    std::filesystem::remove(path);
    CHECK_FALSE(stage.render_wav(0.1, "/nonexistent/x.wav"));
}
