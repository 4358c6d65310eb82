// SPDX-License-Identifier: Apache-2.0
// One frame: begin, hear the console, watch, take the patient's input, draw, end. The order is the stop guarantee: the input of this
// frame is applied before this frame is drawn.
#include <cstdio>
#include <format>
#include <print>
#include <thread>
#include <utility>

#include "scenes/link/panel_layout.h"
#include "scenes/player/player.h"
#include "scenes/player/texts.h"

namespace accalmie::scenes {
namespace {

constexpr double kHeartbeat_s = 0.2, kHeartbeatToSilence_s = 1.0, kReport_s = 1.0;
constexpr double kFrameBatch_s = 0.5;  // what a frame was drawn from is told so late at most
constexpr double kPointerRedraw_s = 1.0 / 30;
constexpr double kOffScreenFrame_s = 1.0 / 30, kVirtualFrame_s = 0.004;  // off-screen nothing paces the loop
constexpr double kLinger_s = 60, kOffScreenLinger_s = 2;
constexpr int kMissedOnHeadset = 45;  // half a second at 90 Hz

bool same_but_pointer(PanelContent a, const PanelContent& b) {
    a.value = b.value;
    a.dwell_percent = b.dwell_percent;
    return a == b;
}

// The eyes as the runtime predicts them when the commands are already recorded; the mirror and the runtime get the same poses.
class Relocated final : public render::LateViews {
public:
    Relocated(xr::Session& session, xr::Frame& frame) : session_(session), frame_(frame) {}
    std::array<xr::View, 2> views_now() override {
        session_.relocate(frame_);
        posed_ns_ = session_.runtime_now_ns();
        return frame_.views;
    }
    std::optional<std::int64_t> posed_ns() const { return posed_ns_; }

private:
    std::optional<std::int64_t> posed_ns_;
    xr::Session& session_;
    xr::Frame& frame_;
};

const char* name_of(xr::Status status) {
    switch (status) {
        case xr::Status::running: return "running";
        case xr::Status::idle: return "idle";
        case xr::Status::lost: return "lost";
        case xr::Status::finished: return "finished";
    }
    return "lost";
}

}  // namespace

Player::Next Player::frame() {
    listen(std::chrono::milliseconds(0));
    hands_.next();
    xr::Frame frame;
    auto status = theatre_->session().step_begin(frame);
    if (!status || *status == xr::Status::lost) {
        lost_because_ = status ? "the runtime ended the session" : describe(status.error());
        return Next::runtime_lost;
    }
    if (*status == xr::Status::finished) return Next::finished;
    if (*status != status_) say(link::RuntimeChanged{name_of(*status), theatre_->session().runtime_name()});
    status_ = *status;
    if (status_ == xr::Status::running) return with_frame(frame);
    // The headset is off the head: no frames, but the console is heard and answered.
    measuring_breaks_off(now_s());
    tell_dose(-1);
    listen(std::chrono::milliseconds(0));
    watch_console(now_s());
    take_loaded_scenes(false);
    keep_alive(now_s());
    if (quit_) return Next::quit;
    return console_gone_s_ && now_s() - *console_gone_s_ >= options_.linger_s.value_or(kLinger_s) ? Next::console_gone : Next::frame;
}

Player::Next Player::with_frame(xr::Frame& frame) {
    const double began_s = now_s();
    listen(std::chrono::milliseconds(0));
    watch_console(began_s);
    watch_headset(frame, began_s);
    take_input(frame, began_s);
    take_loaded_scenes(frame.should_render);
    if (auto presented = present(frame, began_s); !presented) {
        lost_because_ = describe(presented.error());
        return Next::runtime_lost;
    }
    statistics_.add(frame, (now_s() - began_s) * 1000, drawn_, options_.xr != XrChoice::off_screen);
    keep_alive(now_s());
    if (quit_) return Next::quit;
    const double linger_s = options_.linger_s.value_or(options_.xr == XrChoice::off_screen ? kOffScreenLinger_s : kLinger_s);
    if (console_gone_s_ && now_s() - *console_gone_s_ >= linger_s) return Next::console_gone;
    pace(began_s);
    return Next::frame;
}

// A console that died or hangs must not leave the patient alone before a cue. Virtual time has no patient, and a console that is
// busy with the disk for two seconds is no reason to change a simulated session there.
void Player::watch_console(double now_s) {
    if (!channel_ || options_.plants.ignore_silence) {
        if (channel_ && channel_->closed() && !console_gone_s_) console_gone_s_ = now_s;
        return;
    }
    if (channel_->closed()) {
        if (console_gone_s_) return;
        console_gone_s_ = now_s;
        go_calm("console lost", frames_, Hold::fault);
        voice_.console_is_gone();
        panel_.hide_rating();
        panel_.hide_text();
        panel_.notice(console_away_text().in(options_.language));
        return;
    }
    if (!ready_said_ || time_.is_virtual()) return;
    if (const auto silent = console_.look(now_s)) {
        if (*silent) {
            go_calm("console hung", frames_, Hold::fault);
            voice_.console_is_gone();
            panel_.notice(console_away_text().in(options_.language));
        } else {
            panel_.clear_notice();
        }
    }
}

void Player::watch_headset(const xr::Frame& frame, double now_s) {
    if (const auto tracked = tracking_.look(frame.tracking == xr::TrackingState::tracked, now_s)) {
        if (*tracked) showing_.tracking_back();
        else go_calm("tracking lost", frames_, Hold::tracking);
        say(link::TrackingChanged{*tracked});
    }
    if (frame.recentred) std::println(stderr, "accalmie-player: the world was recentred before frame {}", frames_ + 1);
    // A driver that draws on the CPU keeps no headset's rate; there the rule would only ever say so.
    const bool judged = options_.xr == XrChoice::openxr && !theatre_->device().software();
    const int most = options_.missed_frames.value_or(judged ? kMissedOnHeadset : 0);
    if (most > 0 && !time_.is_virtual() && !showing_.in_calm() && statistics_.missed_in_a_row() >= most) {
        go_calm("missed frames", frames_, Hold::fault);
        say(link::Fault{std::format("{} frames were missed in a row; the calm room is shown", statistics_.missed_in_a_row()), "lower --size or --msaa, or close other programs"});
        statistics_.forgive();
    }
}

void Player::take_input(const xr::Frame& frame, double now_s) {
    if (frame.input.stop && !stop_held_) {
        go_calm("stop in the headset", hands_.take_stop_frames().value_or(frames_), Hold::stop);
        panel_.hide_rating();
        panel_.hide_text();
        stop_to_tell_ = true;
    }
    stop_held_ = frame.input.stop;
    if (auto given = panel_.look(frame.input, now_s)) {
        given->frame = frames_;
        say(*given);
        theatre_->session().pulse();
    }
}

void Player::take_loaded_scenes(bool drawing) {
    if (auto loaded = loader_.poll()) {
        const std::string name = loaded->name;
        if (loaded->error) {
            cannot_show(name, *loaded->error);
        } else if (auto added = sound_.add(loaded->file, loaded->sounds); !added) {
            cannot_show(name, added.error());
        } else {
            arriving_[name] = {triangles_of(loaded->asset), loaded->load_ms};
            files_[name] = std::move(loaded->file);
            theatre_->begin(std::move(loaded->asset));
        }
    }
    // Nobody waits for a frame while none is drawn, and in virtual time the session waits for the scene.
    const auto arrived = theatre_->arrived(!drawing || time_.is_virtual());
    if (!arrived) return;
    const std::string& name = arrived->scene;
    const Arriving was = std::exchange(arriving_[name], {});
    arriving_.erase(name);
    if (arrived->error) return cannot_show(name, *arrived->error);
    say(link::SceneLoaded{name, was.triangles, was.load_ms});
    tell_lost_levels(name);
    const auto asked = asked_levels_.find(name);
    if (asked != asked_levels_.end() && !level_exists(name, asked->second)) showing_.forget(name);
    asked_levels_.erase(name);
    showing_.scene_ready(name);
}

void Player::cannot_show(const std::string& scene, const Error& error) {
    loader_.forget(scene);
    showing_.forget(scene);
    asked_levels_.erase(scene);
    std::println(stderr, "accalmie-player: {}", describe(error));
    say(link::Fault{std::format("{} cannot be shown: {}", scene, describe(error)), "the calm room or the scene before stays"});
}

Result<void> Player::present(xr::Frame& frame, double now_s) {
    xr::Session& session = theatre_->session();
    render::Renderer& renderer = theatre_->renderer();
    const Showing::Drawn drawn = showing_.next(now_s);
    sound_.frame(drawn, frame.world_from_head, now_s);
    voice_.frame(now_s);
    const PanelContent content = panel_.content(now_s);
    const auto panel = refresh_panel(content, now_s);
    if (!panel) return std::unexpected(panel.error());
    const xr::Quad quad{.world_from_quad = link::panel_pose(), .size_m = link::kPanelSize_m, .visible = *panel != PanelImage::none};
    if (auto collected = mirror_.collect(renderer); !collected) return collected;
    Relocated late(session, frame);
    if (frame.should_render) {
        if (const xr::HiddenMesh* hidden = session.new_hidden_mesh()) {
            if (auto set = renderer.set_hidden_mesh(*hidden); !set) return set;
            lenses_hide(*hidden);
        }
        frame.extent = part_to_draw(frame);
        const VkImage target = session.color_images()[frame.image_index];
        auto stats = renderer.draw({.views = frame.views, .scene = theatre_->scene(drawn.scene), .level = drawn.level,
                                    .scene_time_s = time_.at(now_s), .brightness = drawn.brightness, .late_views = &late, .extent = frame.extent, .depth_target = frame.depth_image, .measure = what_to_measure(frame, drawn, now_s)}, target);
        if (!stats) return std::unexpected(std::move(stats.error()));
        drawn_ = *stats;
        take_measures();
        last_frame_ = frame;
        if (mirror_.wants(now_s, options_.xr == XrChoice::off_screen)) {
            if (auto begun = mirror_.begin(renderer, target, frame.views[0], quad, theatre_->panel_image(), frames_ + 1, now_s); !begun) return begun;
        }
    }
    if (auto ended = session.step_end(frame, quad); !ended) return ended;
    ++frames_;
    comfort_.frame(frame, time_.is_virtual(), late.posed_ns(), session.runtime_now_ns());
    log_frame(frame, drawn, *panel, now_s);
    return after_submit(*panel == PanelImage::current ? content : PanelContent{}, now_s);
}

// A driver that draws on the CPU is slow whatever the size: there the picture would only get worse.
VkExtent2D Player::part_to_draw(const xr::Frame& frame) {
    const Quirks& quirks = options_.quirks;
    const bool wanted = quirks.dynamic_resolution || (!theatre_->device().software() && !quirks.no_dynamic_resolution);
    // A picture that is smaller for want of memory is at its floor, or near it, already.
    if (options_.xr != XrChoice::openxr || !wanted || theatre_->smaller()) return {0, 0};
    resolution_.next(drawn_.gpu_ms, static_cast<double>(frame.predicted_period_ns) * 1e-6);
    return resolution_.part_of(theatre_->session().eye_extent());
}

Result<Player::PanelImage> Player::refresh_panel(const PanelContent& content, double now_s) {
    if (content.kind == PanelContent::Kind::hidden) return PanelImage::none;
    if (panel_on_image_ && *panel_on_image_ == content) return PanelImage::current;
    const bool only_pointer = panel_on_image_ && same_but_pointer(*panel_on_image_, content);
    if (only_pointer && !time_.is_virtual() && now_s - panel_drawn_s_ < kPointerRedraw_s) return PanelImage::current;
    auto shown = theatre_->show_panel(panel_picture_.draw(content));
    if (!shown) return std::unexpected(std::move(shown.error()));
    // No image is free: the picture before stays, and one that was hidden stays hidden.
    if (!*shown) return only_pointer ? PanelImage::stale : PanelImage::none;
    if (panel_picture_.cut_short() && !only_pointer) say(link::Fault{"a text is longer than the patient's panel; its end is not shown", "shorten it in the protocol file"});
    panel_on_image_ = content;
    panel_drawn_s_ = now_s;
    return PanelImage::current;
}

void Player::log_frame(const xr::Frame& frame, const Showing::Drawn& drawn, PanelImage panel, double now_s) {
    if (!channel_ || !frame.should_render) return;
    if (const auto plate = frame_log_.panel(panel != PanelImage::none && panel_on_image_ ? &*panel_on_image_ : nullptr)) say(*plate);
    const bool compressed = theatre_->compressed(drawn.scene);
    if (!frame_log_.fits(drawn.scene, compressed)) tell_frames();
    const auto submitted = std::chrono::steady_clock::now().time_since_epoch();
    frame_log_.add(drawn.scene, compressed, {.frame = frames_, .monotonic_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(submitted).count(),
                                 .scene_time_s = time_.at(now_s), .level = drawn.level, .brightness = drawn.brightness, .calm = drawn.calm()}, frame);
}

Result<void> Player::after_submit(const PanelContent& shown, double now_s) {
    if (!ready_said_) {
        ready_said_ = true;
        const VkExtent2D eye = theatre_->session().eye_extent();
        say(link::Ready{theatre_->device().name(), theatre_->session().runtime_name(), eye.width, eye.height, mirror_.writer().width(), mirror_.writer().height(),
                        theatre_->device().driver(), theatre_->samples()},
            mirror_.writer().descriptor());
        tell_hidden();
        console_.heard(now_s);
    }
    for (const link::Message& message : showing_.submitted(frames_)) say(message);
    if (std::exchange(stop_to_tell_, false)) say(link::StopPressed{frames_});
    tell_voice();
    if (const auto rating = panel_.submitted(shown, now_s, frames_)) say(*rating);
    return {};
}

void Player::keep_alive(double now_s) {
    // A console that is stopped does not read: what it will find later is kept short.
    const bool silent = console_.silent();
    if (now_s - heartbeat_s_ >= (silent ? kHeartbeatToSilence_s : kHeartbeat_s)) {
        heartbeat_s_ = now_s;
        say(link::Heartbeat{++heartbeats_});
    }
    if (now_s - frames_told_s_ >= kFrameBatch_s) tell_frames();
    if (now_s - report_s_ >= kReport_s && !silent) {
        const link::FrameTimes times = statistics_.report(frames_);
        say(times);
        say(comfort_.report(now_s - report_s_, times.missed));
        report_s_ = now_s;
    }
}

void Player::pace(double frame_began_s) {
    if (options_.xr != XrChoice::off_screen) return;
    const double end_s = frame_began_s + (time_.is_virtual() ? kVirtualFrame_s : kOffScreenFrame_s);
    for (;;) {
        const auto left = std::chrono::milliseconds(static_cast<int>((end_s - now_s()) * 1000));
        if (left.count() <= 0) return;
        if (!channel_ || channel_->closed()) return std::this_thread::sleep_for(left);
        if (listen(left)) return;  // what the console says ends the wait; its voice does not
    }
}

}  // namespace accalmie::scenes
