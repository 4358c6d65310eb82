// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/panel.h"

#include <algorithm>
#include <cmath>

#include "scenes/link/panel_layout.h"

namespace accalmie::scenes {
namespace {

constexpr int kDwellSteps = 20;
constexpr double kGazeTolerance = 0.03;  // of the scale: a head is never quite still

}  // namespace

void Panel::ask(const link::AskRating& question) {
    question_ = question;
    question_->maximum = std::max(question.maximum, question.minimum + 1);
    shown_s_.reset();
    pointed_.reset();
    confirmed_.reset();
    forget_gaze();
}

void Panel::hide_rating() {
    question_.reset();
    confirmed_.reset();
    pointed_.reset();
}

void Panel::forget_gaze() {
    gaze_samples_ = 0;
    dwell_percent_ = 0;
}

// Gaze answers by staying: the mean of what was looked at, so that the tremor of the head does not decide the last point.
std::optional<int> Panel::dwelled(int value, double now_s) {
    const double tolerance = kGazeTolerance * (question_->maximum - question_->minimum);
    if (gaze_samples_ == 0 || std::abs(value - gaze_sum_ / gaze_samples_) > std::max(tolerance, 0.5)) {
        gaze_start_s_ = now_s;
        gaze_sum_ = 0;
        gaze_samples_ = 0;
    }
    gaze_sum_ += value;
    ++gaze_samples_;
    const double share = std::min((now_s - gaze_start_s_) / kDwell_s, 1.0);
    dwell_percent_ = static_cast<int>(share * kDwellSteps) * (100 / kDwellSteps);
    if (share < 1) return std::nullopt;
    return static_cast<int>(std::lround(gaze_sum_ / gaze_samples_));
}

std::optional<link::RatingGiven> Panel::look(const xr::Input& input, double now_s) {
    const bool pressed = input.select && !held_;
    held_ = input.select;
    pointed_.reset();
    if (!question_ || !notice_.empty() || !input.aim_valid) {
        forget_gaze();
        return std::nullopt;
    }
    by_gaze_ = input.aim_is_head;
    pointed_ = link::rating_at(input.world_from_aim, question_->minimum, question_->maximum);
    const bool attended = shown_s_ && (instant_ || now_s - *shown_s_ >= kAttention_s);
    if (!pointed_ || !attended) {
        forget_gaze();
        return std::nullopt;
    }
    std::optional<int> value = pressed ? pointed_ : std::nullopt;
    if (by_gaze_ && !value) value = dwelled(*pointed_, now_s);
    if (!by_gaze_) forget_gaze();
    if (!value) return std::nullopt;

    link::RatingGiven given{.request = question_->request, .value = *value, .frame = 0, .how = by_gaze_ && !pressed ? "gaze dwell" : input.aim_is_bare_hand ? "hand" : "controller"};
    pointed_ = value;
    confirmed_ = content(now_s);
    confirmed_->kind = PanelContent::Kind::confirmed;
    confirmed_->dwell_percent = 0;
    confirmed_s_ = now_s;
    question_.reset();
    pointed_.reset();
    forget_gaze();
    if (instant_) confirmed_.reset();
    return given;
}

PanelContent Panel::content(double now_s) const {
    PanelContent content;
    content.language = language_;
    if (!notice_.empty()) {
        content.kind = PanelContent::Kind::text;
        content.text = notice_;
    } else if (question_) {
        content.kind = PanelContent::Kind::question;
        content.text = question_->question;
        content.low_anchor = question_->low_anchor;
        content.high_anchor = question_->high_anchor;
        content.minimum = question_->minimum;
        content.maximum = question_->maximum;
        content.value = pointed_;
        content.by_gaze = by_gaze_;
        content.dwell_percent = dwell_percent_;
    } else if (confirmed_ && now_s - confirmed_s_ < kConfirmation_s) {
        return *confirmed_;
    } else if (!text_.empty()) {
        content.kind = PanelContent::Kind::text;
        content.text = text_;
    }
    return content;
}

std::optional<link::RatingShown> Panel::submitted(const PanelContent& content, double now_s, std::uint64_t frame) {
    if (content.kind != PanelContent::Kind::question || !question_ || shown_s_) return std::nullopt;
    shown_s_ = now_s;
    return link::RatingShown{question_->request, frame};
}

}  // namespace accalmie::scenes
