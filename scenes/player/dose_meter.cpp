// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/dose_meter.h"

#include <algorithm>

namespace accalmie::scenes {
namespace {

constexpr double kReport_s = 1.0;
constexpr std::size_t kLongestName = 60;  // so that a report is a message, whatever a scene's author called things

}  // namespace

void DoseMeter::see(double time_s, const std::string& scene, int level, std::span<const std::string> names, const render::CueViews& views) {
    until(time_s);
    if (scene != scene_ || level != level_ || views.by_eyes != by_eyes_) close();
    if (scene != scene_) {
        scene_ = scene;
        names_.clear();
        for (const std::string& name : names.first(std::min(names.size(), link::kMostCues))) names_.push_back(name.substr(0, kLongestName));
        totals_.assign(names_.size(), Total{});
    }
    level_ = level;
    by_eyes_ = views.by_eyes;
    seen_.assign(views.cues.begin(), views.cues.begin() + static_cast<std::ptrdiff_t>(std::min(views.cues.size(), names_.size())));
    at_s_ = time_s;
}

void DoseMeter::see_nothing(double time_s) {
    until(time_s);
    close();
    seen_.clear();
    at_s_.reset();
}

void DoseMeter::until(double time_s) {
    if (!at_s_ || time_s <= *at_s_) return;
    const double passed_s = time_s - *at_s_;
    at_s_ = time_s;
    seconds_ += passed_s;
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        const render::CueView& cue = seen_[i];
        if (!cue.visible()) continue;
        Total& total = totals_[i];
        total.visible_s += passed_s;
        if (cue.central_share() > 0) total.central_s += passed_s;
        if (cue.gaze_share() > 0) total.gaze_s += passed_s;
        total.sr_s += passed_s * static_cast<double>(cue.solid_angle_sr());
        total.greatest_sr = std::max(total.greatest_sr, cue.solid_angle_sr());
    }
    if (seconds_ >= kReport_s - 1e-9) close();
}

void DoseMeter::close() {
    link::ExposureDose report{.scene = scene_, .level = level_, .seconds = static_cast<float>(seconds_), .gaze = by_eyes_ ? "eyes" : "head", .cues = {}};
    for (std::size_t i = 0; i < totals_.size(); ++i) {
        const Total total = std::exchange(totals_[i], Total{});
        if (total.visible_s <= 0) continue;
        report.cues.push_back({.cue = names_[i], .visible_s = static_cast<float>(total.visible_s), .central_s = static_cast<float>(total.central_s),
                               .gaze_s = static_cast<float>(total.gaze_s), .sr_s = static_cast<float>(total.sr_s), .greatest_sr = total.greatest_sr});
    }
    seconds_ = 0;
    if (!report.cues.empty()) due_.push_back(std::move(report));
}

}  // namespace accalmie::scenes
