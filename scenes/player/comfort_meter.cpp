// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/comfort_meter.h"

#include <algorithm>
#include <cmath>

namespace accalmie::scenes {
namespace {

constexpr std::size_t kMostSpeeds = 512;   // of a report: no display shows more frames in a second

float turned_deg(const glm::quat& from, const glm::quat& to) {
    const float cos_half = std::min(std::abs(glm::dot(from, to)), 1.0f);
    return glm::degrees(2 * std::acos(cos_half));
}

float at_share(std::vector<float>& sorted, double share) { return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)]; }

}  // namespace

ComfortMeter::ComfortMeter() { speeds_deg_s_.reserve(kMostSpeeds); }

void ComfortMeter::frame(const xr::Frame& frame, bool is_virtual, std::optional<std::int64_t> posed_ns, std::optional<std::int64_t> ended_ns) {
    ++frames_;
    const bool known = !is_virtual && frame.tracking == xr::TrackingState::tracked;
    const std::int64_t passed_ns = frame.predicted_display_time_ns - head_at_ns_;
    if (known && head_ && passed_ns > 0 && speeds_deg_s_.size() < kMostSpeeds) {
        const float speed = turned_deg(head_->orientation, frame.world_from_head.orientation) / (static_cast<float>(passed_ns) * 1e-9f);
        speeds_deg_s_.push_back(speed);
        head_still_ = speed <= kStillHead_deg_s;
    }
    head_ = known ? std::optional(frame.world_from_head) : std::nullopt;
    head_at_ns_ = frame.predicted_display_time_ns;
    if (is_virtual) return;
    if (posed_ns && frame.predicted_display_time_ns > *posed_ns) {
        motion_to_photon_ms_ += static_cast<double>(frame.predicted_display_time_ns - *posed_ns) * 1e-6;
        ++posed_;
    }
    if (ended_ns) {
        ++clocked_;
        if (*ended_ns > frame.predicted_display_time_ns) ++late_;
    }
}

void ComfortMeter::luminance(const render::Luminance& luminance, bool is_virtual) {
    ++pictures_;
    for (std::size_t eye = 0; eye < 2; ++eye) {
        sum_[eye] += static_cast<double>(luminance.mean[eye]);
        brightest_ = std::max(brightest_, luminance.mean[eye]);
    }
    if (is_virtual) return;
    judged_ = true;
    whole_.add(luminance.time_s, luminance.mean);
    if (head_still_) areas_.add(luminance.time_s, luminance.cells);
    else areas_.forget();
}

void ComfortMeter::interrupted() {
    head_.reset();
    whole_.forget();
    areas_.forget();
}

link::Comfort ComfortMeter::report(double seconds, std::uint32_t missed) {
    link::Comfort comfort{.seconds = static_cast<float>(seconds), .frames = frames_, .missed = missed};
    if (pictures_ > 0) {
        comfort.left_luminance = static_cast<float>(sum_[0] / pictures_);
        comfort.right_luminance = static_cast<float>(sum_[1] / pictures_);
        comfort.greatest_luminance = brightest_;
    }
    const auto whole = whole_.take(), areas = areas_.take();
    if (judged_) {
        comfort.flashes = static_cast<std::int32_t>(whole.flashes);
        comfort.area_flashes = static_cast<std::int32_t>(areas.flashes);
        comfort.flashes_in_a_second = static_cast<std::int32_t>(std::max(whole.most_in_a_second, areas.most_in_a_second));
    }
    if (!speeds_deg_s_.empty()) {
        std::ranges::sort(speeds_deg_s_);
        comfort.head_median_deg_s = at_share(speeds_deg_s_, 0.5);
        comfort.head_p95_deg_s = at_share(speeds_deg_s_, 0.95);
    }
    if (clocked_ > 0) comfort.late = static_cast<std::int32_t>(late_);
    if (posed_ > 0) comfort.motion_to_photon_ms = static_cast<float>(motion_to_photon_ms_ / posed_);
    speeds_deg_s_.clear();
    judged_ = false;
    pictures_ = frames_ = late_ = clocked_ = posed_ = 0;
    sum_ = {};
    brightest_ = 0;
    motion_to_photon_ms_ = 0;
    return comfort;
}

}  // namespace accalmie::scenes
