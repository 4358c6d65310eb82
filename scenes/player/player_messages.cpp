// SPDX-License-Identifier: Apache-2.0
// What the console says, and what it is told. Nothing that arrives here can end the program but Quit and a link of another version.
#include <cstdio>
#include <format>
#include <print>

#include "scenes/player/player.h"

namespace accalmie::scenes {
namespace {

constexpr int kMessagesAFrame = 256;      // a flood does not keep frames from being drawn
constexpr int kVoiceAFrame = 512;         // more than the link holds: what stands behind a flood of voice is heard in the same frame
constexpr double kFrameSilence_s = 1.0;   // of a console that is told no frames any more
constexpr int kComplaints = 5;            // about messages that make no sense
constexpr int kWidestScale = 10'000;

}  // namespace

void Player::say(const link::Message& message, int descriptor) {
    if (!channel_ || channel_->closed()) return;
    // The record has the frames before their event, and the first frame after the Ready that it brings and what was hidden in it.
    const bool before_frames = std::holds_alternative<link::Ready>(message) || std::holds_alternative<link::HiddenMeshPart>(message);
    if (!before_frames && !std::holds_alternative<link::Heartbeat>(message)) tell_frames();
    if (auto sent = channel_->send(message, descriptor); !sent) std::println(stderr, "accalmie-player: {}", describe(sent.error()));
}

// A console that does not read is told no frames: what waits on the link for it has to stay short.
void Player::tell_frames() {
    if (frame_log_.empty()) return;
    const double now = now_s();
    frames_told_s_ = now;
    if (channel_ && !channel_->closed() && console_.quiet_s(now) < kFrameSilence_s) {
        if (auto sent = channel_->send(frame_log_.batch()); !sent) std::println(stderr, "accalmie-player: {}", describe(sent.error()));
    }
    frame_log_.clear();
}

void Player::lenses_hide(const xr::HiddenMesh& mesh) {
    hidden_ = link::parts_of(mesh);
    if (!ready_said_) return;  // told after it
    tell_frames();             // drawn without it
    tell_hidden();
}

void Player::tell_hidden() {
    for (const link::HiddenMeshPart& part : hidden_) say(part);
}

bool Player::listen(std::chrono::milliseconds wait) {
    if (!channel_) return false;
    int others = 0;
    for (int voice = 0; others < kMessagesAFrame && voice < kVoiceAFrame && !channel_->closed();) {
        auto received = channel_->receive(wait);
        wait = std::chrono::milliseconds(0);
        if (received && !*received) break;
        if (received && take_voice((*received)->message)) {
            ++voice;
            continue;
        }
        ++others;
        if (!received) {
            if (++senseless_messages_ <= kComplaints) complain(received.error());
            continue;
        }
        console_.heard(now_s());
        take((*received)->message);
    }
    return others > 0;
}

// The voice comes from a thread of the console's that may live while its working thread hangs: it is no sign of life.
bool Player::take_voice(link::Message& message) {
    if (auto* block = std::get_if<link::VoiceBlock>(&message)) voice_.take(*block, now_s());
    else if (const auto* end = std::get_if<link::VoiceEnd>(&message)) voice_.take(*end);
    else return false;
    return true;
}

void Player::take(link::Message& message) {
    if (const auto* hello = std::get_if<link::Hello>(&message)) on(*hello);
    else if (const auto* load = std::get_if<link::LoadScenes>(&message)) on(*load);
    else if (const auto* show = std::get_if<link::ShowScene>(&message)) on(*show);
    else if (const auto* calm = std::get_if<link::ShowCalm>(&message)) on(*calm);
    else if (const auto* ask = std::get_if<link::AskRating>(&message)) on(*ask);
    else if (const auto* clock = std::get_if<link::SceneClock>(&message)) on(*clock);
    else if (const auto* text = std::get_if<link::ShowText>(&message)) panel_.show_text(text->text);
    else if (const auto* pause = std::get_if<link::PauseScene>(&message)) time_.pause(pause->paused, now_s());
    else if (const auto* hands = std::get_if<link::SimulatedHands>(&message)) hands_.push(*hands, frames_);
    else if (std::holds_alternative<link::HideRating>(message)) panel_.hide_rating();
    else if (std::holds_alternative<link::HideText>(message)) panel_.hide_text();
    else if (const auto* dose = std::get_if<link::AskDose>(&message)) on(*dose);
    else if (std::holds_alternative<link::Quit>(message)) quit_ = true;
}

void Player::on(const link::Hello& hello) {
    if (hello.version != link::kVersion) {
        complain({.message = std::format("the console speaks version {} of the link, this player version {}", hello.version, link::kVersion), .hint = "install one build of both", .file = {}});
        version_differs_ = quit_ = true;
        return;
    }
    options_.language = hello.language;
    panel_.set_language(hello.language);
    showing_.acknowledge_stop();
}

void Player::want_scene(const std::string& name) {
    if (name == kCalmRoom || (theatre_ && theatre_->has(name))) return;
    loader_.request(name);
}

void Player::on(const link::LoadScenes& load) {
    for (const std::string& name : load.scenes) {
        if (name == kCalmRoom) say(link::SceneLoaded{name, triangles_of(calm_.asset), calm_.load_ms});
        else if (theatre_ && theatre_->has(name)) say(link::SceneLoaded{name, 0, 0});
        else want_scene(name);
    }
}

bool Player::level_exists(const std::string& scene, int level) {
    const SceneFile& file = files_.at(scene);
    if (file.has_level(level)) return true;
    say(link::Fault{std::format("{} has no level {}", scene, level), std::format("its levels are 0 to {}", file.levels.size() - 1)});
    return false;
}

void Player::on(const link::ShowScene& show) {
    if (options_.plants.trust_late_scenes) showing_.acknowledge_stop();
    if (files_.contains(show.scene) && !level_exists(show.scene, show.level)) return;
    const bool refused = (stop_held_ && show.scene != kCalmRoom) || !showing_.show(show.scene, show.level, show.cut != 0);
    if (refused) {
        say(link::Fault{std::format("{} is not shown: the patient pressed stop", show.scene), "the calm room stays until the stop is acknowledged"});
        return;
    }
    if (!files_.contains(show.scene)) asked_levels_[show.scene] = show.level;
    want_scene(show.scene);
}

void Player::on(const link::ShowCalm& calm) {
    if (calm.reason == link::kStopAcknowledged) showing_.acknowledge_stop();
    go_calm(calm.reason, frames_, Hold::none);
}

void Player::on(const link::AskRating& ask) {
    const auto range = static_cast<std::int64_t>(ask.maximum) - ask.minimum;
    if (range < 1 || range > kWidestScale) {
        say(link::Fault{std::format("a scale from {} to {} cannot be shown", ask.minimum, ask.maximum), "correct the instrument's file"});
        return;
    }
    panel_.ask(ask);
}

void Player::on(const link::SceneClock& clock) {
    if (clock.virtual_time && time_.is_virtual()) virtual_time_passes(time_.at(0), static_cast<double>(clock.session_ms) / 1000);
    else if (clock.virtual_time != time_.is_virtual()) measuring_breaks_off(now_s());
    time_.session_says(clock.session_ms, clock.virtual_time, now_s());
    showing_.set_instant(clock.virtual_time);
    panel_.set_instant(clock.virtual_time);
}

}  // namespace accalmie::scenes
