// SPDX-License-Identifier: Apache-2.0
// What the player measures of what it shows: cues at 10 Hz and at every change, luminance in every frame. In virtual time frames come as
// they can and say nothing about the session, so cues are looked at once for every scene, level and pose of the head, and what is seen
// counts for as long as the session's clock says: the dose is then the same in every run.
#include <algorithm>

#include "scenes/player/player.h"

namespace accalmie::scenes {
namespace {

constexpr double kLook_s = 0.1;

}  // namespace

render::MeasureRequest Player::what_to_measure(const xr::Frame& frame, const Showing::Drawn& drawn, double now_s) {
    render::MeasureRequest request{.luminance = true, .time_s = now_s, .world_from_head = frame.world_from_head, .world_from_gaze = frame.world_from_gaze};
    if (!channel_) return {};  // nobody records
    const bool changed = drawn.scene != looked_at_.scene || drawn.level != looked_at_.level;
    request.cues = !time_.is_virtual() && (changed || now_s - looked_at_.time_s >= kLook_s);
    if (request.cues) looked_at_ = {drawn.scene, drawn.level, frame.world_from_head, now_s};
    return request;
}

// Answers come two frames later, in order.
void Player::take_measures() {
    render::Renderer& renderer = theatre_->renderer();
    while (const render::CueViews* views = renderer.next_cues()) {
        if (const std::string* scene = theatre_->name_of(views->scene); scene != nullptr && !time_.is_virtual())
            dose_.see(views->time_s, *scene, views->level, renderer.cue_names(views->scene), *views);
    }
    while (const render::Luminance* luminance = renderer.next_luminance()) comfort_.luminance(*luminance, time_.is_virtual());
    if (!time_.is_virtual()) tell_dose(-1);
}

void Player::tell_dose(std::int64_t session_ms) {
    for (link::ExposureDose& dose : dose_.take()) {
        dose.session_ms = session_ms;
        say(dose);
    }
}

// No picture is before the patient from now on, or the times of what follows are another clock's.
void Player::measuring_breaks_off(double now_s) {
    if (!time_.is_virtual()) dose_.see_nothing(now_s);
    looked_at_ = {};
    comfort_.interrupted();
}

void Player::virtual_time_passes(double from_s, double to_s) {
    if (!theatre_ || !last_frame_ || to_s <= from_s) return;
    const Showing::Drawn& shown = showing_.shown();
    if (!theatre_->has(shown.scene)) return;
    const xr::Pose& head = last_frame_->world_from_head;
    const bool same = shown.scene == looked_at_.scene && shown.level == looked_at_.level && head.orientation == looked_at_.head.orientation && head.position_m == looked_at_.head.position_m;
    if (!same) {
        render::FrameInput input{.views = last_frame_->views, .scene = theatre_->scene(shown.scene), .level = shown.level, .scene_time_s = from_s};
        input.measure = {.cues = true, .time_s = from_s, .world_from_head = head, .world_from_gaze = last_frame_->world_from_gaze};
        auto views = theatre_->renderer().look(input);
        if (!views) return;  // the device is lost; the next frame says so
        looked_at_ = {shown.scene, shown.level, head, from_s};
        dose_.see(from_s, shown.scene, shown.level, theatre_->renderer().cue_names(input.scene), *views);
        tell_dose(static_cast<std::int64_t>(from_s * 1000 + 0.5));
    }
    dose_.until(to_s);
    tell_dose(static_cast<std::int64_t>(to_s * 1000 + 0.5));
}

void Player::on(const link::AskDose&) {
    dose_.close();
    tell_dose(time_.is_virtual() ? static_cast<std::int64_t>(time_.at(0) * 1000 + 0.5) : -1);
    say(link::DoseTold{});
}

}  // namespace accalmie::scenes
