// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/showing.h"

#include <algorithm>
#include <utility>

namespace accalmie::scenes {

bool Showing::is_ready(const std::string& scene) const { return scene == kCalmRoom || std::ranges::contains(ready_, scene); }

void Showing::scene_ready(const std::string& scene) {
    if (!is_ready(scene)) ready_.push_back(scene);
}

bool Showing::forget(const std::string& scene) {
    const bool waited = (wanted_ && wanted_->scene == scene) || (suspended_ && suspended_->scene == scene);
    if (wanted_ && wanted_->scene == scene) wanted_.reset();
    if (suspended_ && suspended_->scene == scene) suspended_.reset();
    return waited;
}

bool Showing::show(const std::string& scene, int level, bool cut) {
    const Wanted wanted{scene, level, cut};
    if (hold_ == Hold::stop && scene != kCalmRoom) return false;
    if (hold_ == Hold::tracking) {
        suspended_ = wanted;
        return true;
    }
    if (hold_ == Hold::fault) hold_ = Hold::none;
    wanted_ = wanted;
    return true;
}

void Showing::calm(const std::string& reason, std::uint64_t frames_at_input, Hold hold) {
    calmed_.push_back({reason, frames_at_input});
    if (ignores_stop_ && hold == Hold::stop) return;
    if (hold == Hold::tracking && hold_ < Hold::tracking) {
        if (!suspended_) suspended_ = wanted_;
        if (!suspended_ && !now_.calm()) suspended_ = Wanted{now_.scene, now_.level, false};
    } else if (hold != Hold::tracking) {
        suspended_.reset();
    }
    hold_ = std::max(hold_, hold);
    wanted_.reset();
    scene_arrived_ = false;
    if (!now_.calm()) {
        now_ = Drawn{.brightness = instant_ ? 1 : kDimmest};
        begin_fade(Fade::up, kBrighten_s);
    } else if (fade_ == Fade::down) {
        begin_fade(Fade::up, kBrighten_s);
    }
}

void Showing::acknowledge_stop() {
    if (hold_ == Hold::stop) hold_ = Hold::none;
}

void Showing::tracking_back() {
    if (hold_ != Hold::tracking) return;
    hold_ = Hold::none;
    wanted_ = std::exchange(suspended_, std::nullopt);
}

void Showing::begin_fade(Fade fade, double length_s) {
    fade_ = fade;
    fade_from_ = now_.brightness;
    fade_length_s_ = length_s;
    fade_start_s_.reset();  // starts with the next frame, however long that takes to come
}

void Showing::arrive() {
    now_.scene = wanted_->scene;
    now_.level = wanted_->level;
    wanted_.reset();
    scene_arrived_ = true;
}

void Showing::advance_fade(double now_s) {
    if (fade_ == Fade::none) return;
    if (!fade_start_s_) fade_start_s_ = now_s;
    const double share = std::clamp((now_s - *fade_start_s_) / fade_length_s_, 0.0, 1.0);
    const float to = fade_ == Fade::down ? kDimmest : 1.0f;
    now_.brightness = fade_from_ + (to - fade_from_) * static_cast<float>(share);
    if (share < 1) return;
    if (fade_ == Fade::up) {
        fade_ = Fade::none;
        return;
    }
    if (wanted_ && is_ready(wanted_->scene)) arrive();
    begin_fade(Fade::up, kHalfFade_s);
    fade_start_s_ = now_s;
}

Showing::Drawn Showing::next(double now_s) {
    if (wanted_ && is_ready(wanted_->scene)) {
        const bool there = wanted_->scene == now_.scene && wanted_->level == now_.level;
        if (wanted_->cut || instant_ || there) {
            if (fade_ == Fade::down) begin_fade(Fade::up, kHalfFade_s);
            const bool cut = wanted_->cut || instant_;
            arrive();
            if (cut) {
                fade_ = Fade::none;
                now_.brightness = 1;
            }
        } else if (fade_ != Fade::down) {
            begin_fade(Fade::down, kHalfFade_s);
        }
    }
    if (instant_ && fade_ != Fade::none) {
        fade_ = Fade::none;
        now_.brightness = 1;
    }
    advance_fade(now_s);
    return now_;
}

std::vector<link::Message> Showing::submitted(std::uint64_t frame) {
    std::vector<link::Message> told;
    for (Calmed& one : calmed_)
        told.emplace_back(link::CalmShown{std::move(one.reason), frame, static_cast<std::int32_t>(std::min<std::uint64_t>(frame - one.frames_at_input, 1'000'000))});
    calmed_.clear();
    if (std::exchange(scene_arrived_, false)) told.emplace_back(link::SceneShown{now_.scene, now_.level, frame});
    return told;
}

}  // namespace accalmie::scenes
