// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/scene_sound.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <print>
#include <utility>

#include "engine/sound/wav_file.h"

namespace accalmie::scenes {
namespace {

constexpr double kLongestMix_s = 0.5;      // a frame that took longer leaves a hole; nobody hears it
constexpr double kLongestWav_s = 120;
const glm::vec3 kBesidePatient_m(0.55f, 0, -0.35f);  // to the right and a little ahead: somebody who sits with the patient
constexpr float kSourceStart_share = 0.4f; // a source may be the same loop as the ambience: not in step with it

sound::Bus bus_of(SceneKind kind) {
    switch (kind) {
        case SceneKind::calm: return sound::Bus::calm;
        case SceneKind::neutral: return sound::Bus::ambience;
        case SceneKind::cue: return sound::Bus::cue;
    }
    return sound::Bus::cue;
}

std::unique_ptr<sound::Output> open_output(SoundChoice choice, bool to_file) {
    if (choice == SoundChoice::off && !to_file) return sound::make_silence("sound is off");
    auto output = choice == SoundChoice::on && !to_file ? sound::open_device() : sound::open_loopback();
    if (output) return std::move(*output);
    std::println(stderr, "accalmie-player: no sound will be heard: {}", describe(output.error()));
    return sound::make_silence(output.error().message);
}

}  // namespace

SceneSound::SceneSound(SoundChoice choice, std::string wav_path) : SceneSound(open_output(choice, !wav_path.empty())) {
    in_memory_ = wanted() && (choice == SoundChoice::null || !wav_path.empty());
    wav_path_ = std::move(wav_path);
    if (in_memory_) scratch_.resize(static_cast<std::size_t>(2 * kLongestMix_s * sound::kMixRate_hz));
}

// The voice's source is made now: when somebody speaks, nothing is allocated.
SceneSound::SceneSound(std::unique_ptr<sound::Output> output) : mixer_(std::move(output)) {
    if (wanted()) (void)mixer_.begin_voice({});  // a device that cannot says so when somebody speaks
    mixer_.cut_voice();
}

SceneSound::Mouth SceneSound::mouth() const {
    const bool person = current_ != nullptr && current_->voice && current_->voice->level_first <= level_ && level_ <= current_->voice->level_last;
    if (person) return {.scene = on_, .person = true, .at_m = current_->voice->at_m};
    const glm::vec3 ahead = head_.orientation * glm::vec3(0, 0, -1);
    const glm::quat turned = glm::angleAxis(std::atan2(-ahead.x, -ahead.z), glm::vec3(0, 1, 0));  // as the head, but upright
    return {.scene = on_, .person = false, .at_m = head_.position_m + turned * kBesidePatient_m};
}

Result<void> SceneSound::add(const SceneFile& scene, std::span<const content::SoundFile> files) {
    if (!wanted() || scenes_.contains(scene.name)) return {};
    Scene made{.bus = bus_of(scene.kind), .pieces = {}, .voice = scene.voice};
    const float fade_in_s = made.bus == sound::Bus::calm ? kCalmFadeIn_s : kSceneFadeIn_s;
    auto file = files.begin();
    const auto next_clip = [&]() -> Result<sound::ClipId> {
        if (file == files.end()) return std::unexpected(Error{.message = "a sound of the scene was not read", .hint = {}, .file = scene.name});
        return mixer_.add(*file++);
    };
    if (!scene.sounds.ambience_path.empty()) {
        const auto clip = next_clip();
        if (!clip) return std::unexpected(clip.error());
        made.pieces.push_back({.places = sound::room_around(*clip, made.bus, scene.sounds.ambience_gain_db, fade_in_s), .count = 4, .level_first = 0, .level_last = 1'000});
    }
    for (const SceneSource& source : scene.sounds.sources) {
        const auto clip = next_clip();
        if (!clip) return std::unexpected(clip.error());
        Piece piece{.level_first = source.level_first, .level_last = source.level_last};
        piece.places[0] = {.clip = *clip, .bus = made.bus, .gain_db = source.gain_db, .loop = source.loop, .position_m = source.position_m,
                           .fade_in_s = fade_in_s, .start_share = source.loop ? kSourceStart_share : 0};
        made.pieces.push_back(piece);
    }
    scenes_.emplace(scene.name, std::move(made));
    return {};
}

void SceneSound::calm() {
    mixer_.cut(sound::Bus::cue);
    mixer_.cut(sound::Bus::ambience);
    if (current_ == nullptr || current_->bus == sound::Bus::calm) return;
    for (Piece& piece : current_->pieces) piece.started = false;
    current_ = nullptr;
    on_.clear();
}

// The picture is at its dim floor, or was cut: the sound of the scene before has nothing to fade for.
void SceneSound::leave() {
    if (current_ == nullptr) return;
    mixer_.cut(current_->bus);
    for (Piece& piece : current_->pieces) piece.started = false;
    current_ = nullptr;
}

void SceneSound::turn_to(int level) {
    level_ = level;
    for (Piece& piece : current_->pieces) {
        const bool heard = piece.level_first <= level && level <= piece.level_last;
        if (heard == piece.started) continue;
        piece.started = heard;
        for (std::size_t i = 0; i < piece.count; ++i) {
            if (heard) piece.ids[i] = mixer_.play(piece.places[i]);
            else mixer_.stop(piece.ids[i], kLevelFadeOut_s);
        }
    }
}

void SceneSound::frame(const Showing::Drawn& drawn, const xr::Pose& head, double now_s) {
    if (!wanted()) return;
    head_ = head;
    if (!device_lost_said_ && !mixer_.output().connected()) {
        device_lost_said_ = true;
        std::println(stderr, "accalmie-player: the sound device {} is gone; nothing is heard until the view is started again", mixer_.output().name());
    }
    if (drawn.scene != on_) {
        leave();
        on_ = drawn.scene;
        const auto found = scenes_.find(on_);
        current_ = found == scenes_.end() ? nullptr : &found->second;
        level_ = -1;
    }
    if (current_ != nullptr && drawn.level != level_) turn_to(drawn.level);
    mixer_.set_brightness(std::clamp((drawn.brightness - kDimmest) / (1 - kDimmest), 0.0f, 1.0f));
    mixer_.update({.position_m = head.position_m, .orientation = head.orientation}, now_s);
    if (in_memory_) mix_into_memory(now_s);
}

void SceneSound::mix_into_memory(double now_s) {
    const double passed_s = std::clamp(now_s - mixed_until_s_.value_or(now_s), 0.0, kLongestMix_s);
    mixed_until_s_ = now_s;
    const std::span<float> mixed(scratch_.data(), static_cast<std::size_t>(passed_s * sound::kMixRate_hz) * 2);
    mixer_.output().render(mixed);
    if (!wav_path_.empty() && static_cast<double>(kept_.size()) < 2 * kLongestWav_s * sound::kMixRate_hz) kept_.insert(kept_.end(), mixed.begin(), mixed.end());
}

Result<void> SceneSound::finish() {
    if (wav_path_.empty()) return {};
    return sound::write_wav(std::exchange(wav_path_, {}), kept_, 2, sound::kMixRate_hz);
}

}  // namespace accalmie::scenes
