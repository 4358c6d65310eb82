// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/live_model.h"

#include <algorithm>
#include <filesystem>

namespace accalmie::console {

namespace {

constexpr std::size_t kTimelineLength = 200;

TimelineEntry::Kind kind_of(session::Banner::Severity severity) {
    switch (severity) {
        case session::Banner::Severity::information: return TimelineEntry::Kind::information;
        case session::Banner::Severity::warning: return TimelineEntry::Kind::warning;
        case session::Banner::Severity::alarm: return TimelineEntry::Kind::alarm;
    }
    return TimelineEntry::Kind::information;
}

}  // namespace

LiveModel::LiveModel(session::LiveSession& session, std::string site, bool rehearsal, std::string directory, std::vector<scenes::SceneFile> scenes)
    : session_(session), site_(std::move(site)), rehearsal_(rehearsal), directory_(std::move(directory)), scenes_(std::move(scenes)) {
    observe();
}

void LiveModel::add(TimelineEntry::Kind kind, std::int64_t t_ms, std::string text) {
    if (timeline_.size() >= kTimelineLength) timeline_.erase(timeline_.begin());
    timeline_.push_back({kind, t_ms, std::move(text)});
}

const scenes::SceneFile* LiveModel::scene(const std::string& name) const {
    const auto found = std::ranges::find(scenes_, name, &scenes::SceneFile::name);
    return found == scenes_.end() ? nullptr : &*found;
}

void LiveModel::note(const std::string& text) {
    session_.note(text);
    add(TimelineEntry::Kind::note, view().t_ms, text);
}

// What the patient is meant to be shown, from the state alone: pictures follow a moment later, and in virtual time many levels fit a moment.
bool LiveModel::in_calm() const {
    const auto& state = view().state;
    using protocols::PauseCause;
    if (state.stopped) return true;
    if (state.phase == protocols::Phase::paused) {
        if (state.pause_cause == PauseCause::player || state.pause_cause == PauseCause::tracking || state.pause_cause == PauseCause::calm) return true;
    } else if (state.phase != protocols::Phase::running) {
        return true;
    }
    const scenes::SceneFile* shown = scene(plan().steps[static_cast<std::size_t>(state.step)].scene);
    return shown && shown->kind == scenes::SceneKind::calm;
}

void LiveModel::mark_level() {
    const session::View& now = view();
    const auto& state = now.state;
    if (state.step < 0 || static_cast<std::size_t>(state.step) >= plan().steps.size()) return;
    const auto& levels = plan().steps[static_cast<std::size_t>(state.step)].levels;
    const auto index = static_cast<std::size_t>(std::max(0, state.level_index));
    const int level = index < levels.size() ? levels[index] : 0;
    LevelMark mark{state.level_started_ms, state.step, level, in_calm()};
    if (!marks_.empty()) {
        const LevelMark& last = marks_.back();
        const bool same_level = last.step == mark.step && last.level == mark.level;
        if (same_level && last.calm == mark.calm) return;
        if (same_level) mark.t_ms = now.t_ms;
        mark.t_ms = std::max(mark.t_ms, last.t_ms);
    }
    marks_.push_back(mark);
    if (!now.last_rule.empty()) add(TimelineEntry::Kind::rule, mark.t_ms, now.last_rule);
}

void LiveModel::observe() {
    const auto& banners = view().banners;
    for (; banners_seen_ < banners.size(); ++banners_seen_) {
        const session::Banner& banner = banners[banners_seen_];
        add(kind_of(banner.severity), banner.t_ms, banner.text);
    }
    mark_level();
    if (--until_disk_check_ > 0) return;
    until_disk_check_ = 300;
    std::error_code failure;
    const auto space = std::filesystem::space(directory_, failure);
    disk_.free_bytes = failure ? -1 : static_cast<std::int64_t>(space.available);
}

void LiveModel::record_failed(const Error& error) {
    if (!disk_.writing) return;
    disk_.writing = false;
    const bool told = !view().banners.empty() && view().banners.back().severity == session::Banner::Severity::alarm;
    if (!told) add(TimelineEntry::Kind::alarm, view().t_ms, describe(error));
}

}  // namespace accalmie::console
