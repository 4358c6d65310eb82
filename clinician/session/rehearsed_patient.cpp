// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/rehearsed_patient.h"

#include <algorithm>

#include "scenes/link/panel_layout.h"

namespace accalmie::session {

namespace {

constexpr auto kPatience = std::chrono::seconds(5);
// The ray has to be part of the picture, and the mirror runs a frame or two behind.
constexpr std::uint64_t kFramesToSeeTheRay = 3;

}  // namespace

RehearsedPatient::RehearsedPatient(const protocols::PatientParameters& parameters, std::uint64_t seed, std::optional<int> stop_at_level)
    : patient_(parameters, seed), stop_at_level_(stop_at_level) {}

void RehearsedPatient::asked(int request, const protocols::RatingScale& scale, int cue_level, std::int64_t t_ms) {
    if (stop_at_level_ && cue_level == *stop_at_level_) ++questions_at_stop_level_;
    const auto answer = patient_.answer(t_ms, scale);
    request_ = request;
    minimum_ = scale.minimum;
    maximum_ = scale.maximum;
    panel_seen_ = false;
    if (!answer.value) {
        stage_ = Stage::still;
        return;
    }
    value_ = *answer.value;
    due_ms_ = t_ms + answer.after_ms;
    stage_ = Stage::planned;
}

void RehearsedPatient::withdrawn() {
    stage_ = Stage::still;
    if (hands_) {
        (void)hands_->press(false);
        (void)hands_->stop(false);
    }
}

std::optional<std::int64_t> RehearsedPatient::due_ms() const {
    if (stage_ != Stage::planned) return std::nullopt;
    return due_ms_;
}

Result<void> RehearsedPatient::begin(std::uint64_t mirror_frame) {
    aimed_after_frame_ = mirror_frame;
    acted_ = std::chrono::steady_clock::now();
    if (questions_at_stop_level_ == 2) {
        ++questions_at_stop_level_;  // once
        stage_ = Stage::stopping;
        return hands_->stop(true);
    }
    stage_ = Stage::looking;
    return hands_->aim(pointing_at(link::rating_point(value_, minimum_, maximum_)));
}

void RehearsedPatient::panel_shown(int request, std::uint64_t frame) {
    if (request != request_) return;
    panel_seen_ = true;
    panel_frame_ = frame;
}

bool RehearsedPatient::ready_to_press(std::uint64_t mirror_frame) const {
    return stage_ == Stage::looking && panel_seen_ && mirror_frame >= std::max(panel_frame_, aimed_after_frame_) + kFramesToSeeTheRay;
}

Result<void> RehearsedPatient::press() {
    stage_ = Stage::pressing;
    acted_ = std::chrono::steady_clock::now();
    return hands_->press(true);
}

Result<void> RehearsedPatient::rating_arrived() {
    stage_ = Stage::still;
    return hands_ ? hands_->press(false) : Result<void>{};
}

Result<void> RehearsedPatient::stop_arrived() {
    stage_ = Stage::still;
    return hands_ ? hands_->stop(false) : Result<void>{};
}

Result<void> RehearsedPatient::insist() {
    if (stage_ != Stage::pressing || std::chrono::steady_clock::now() - acted_ < kPatience) return {};
    if (auto released = hands_->press(false); !released) return released;
    stage_ = Stage::looking;  // the next picture, then the press again
    return {};
}

}  // namespace accalmie::session
