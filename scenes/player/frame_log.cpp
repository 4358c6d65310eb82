// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/frame_log.h"

#include <cmath>

namespace accalmie::scenes {
namespace {

bool same_plate(const PanelContent& a, const PanelContent& b) {
    return a.kind == b.kind && a.minimum == b.minimum && a.maximum == b.maximum && a.language == b.language && a.text == b.text &&
           a.low_anchor == b.low_anchor && a.high_anchor == b.high_anchor;
}

link::ShownEye eye_of(const xr::View& view) {
    return {view.world_from_eye.position_m, view.world_from_eye.orientation, view.fov.left, view.fov.right, view.fov.up, view.fov.down};
}

bool finite(const glm::vec3& v) { return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z); }
// The link takes nothing else for a turn.
bool turns(const glm::quat& q) {
    const float length = std::sqrt(glm::dot(q, q));
    return length > 0.5f && length < 2.0f;
}
bool drawable(const link::ShownEye& eye) {
    return finite(eye.position_m) && turns(eye.orientation) && std::isfinite(eye.left) && std::isfinite(eye.right) && std::isfinite(eye.up) && std::isfinite(eye.down);
}

}  // namespace

std::optional<link::PanelPlate> FrameLog::panel(const PanelContent* on_image) {
    panel_now_ = {};
    if (on_image == nullptr || on_image->kind == PanelContent::Kind::hidden) return std::nullopt;
    std::optional<link::PanelPlate> fresh;
    if (!plate_ || !same_plate(*plate_, *on_image)) {
        plate_ = *on_image;
        fresh = link::PanelPlate{++plates_, static_cast<std::uint8_t>(on_image->kind), on_image->language, on_image->text, on_image->low_anchor,
                                 on_image->high_anchor, on_image->minimum, on_image->maximum};
    }
    panel_now_.panel = plates_;
    panel_now_.panel_value = on_image->value ? *on_image->value - on_image->minimum : -1;
    panel_now_.dwell_percent = on_image->dwell_percent;
    panel_now_.by_gaze = on_image->by_gaze;
    return fresh;
}

void FrameLog::add(const std::string& scene, bool compressed, link::ShownFrame shown, const xr::Frame& frame) {
    shown.head_position_m = frame.world_from_head.position_m;
    shown.head_orientation = frame.world_from_head.orientation;
    shown.drawn_width = frame.extent.width;
    shown.drawn_height = frame.extent.height;
    shown.left = eye_of(frame.views[0]);
    shown.right = eye_of(frame.views[1]);
    shown.panel = panel_now_.panel;
    shown.panel_value = panel_now_.panel_value;
    shown.dwell_percent = panel_now_.dwell_percent;
    shown.by_gaze = panel_now_.by_gaze;
    if (!drawable(shown.left) || !drawable(shown.right) || !finite(shown.head_position_m) || !turns(shown.head_orientation)) return;
    if (batch_.frames.empty()) {
        batch_.scene = scene;
        batch_.compressed = compressed;
    }
    batch_.frames.push_back(shown);
}

PanelContent content_of(const link::PanelPlate& plate, const link::ShownFrame& frame) {
    PanelContent content;
    content.kind = plate.kind <= static_cast<std::uint8_t>(PanelContent::Kind::text) ? static_cast<PanelContent::Kind>(plate.kind) : PanelContent::Kind::hidden;
    content.language = plate.language;
    content.text = plate.text;
    content.low_anchor = plate.low_anchor;
    content.high_anchor = plate.high_anchor;
    content.minimum = plate.minimum;
    content.maximum = plate.maximum;
    if (frame.panel_value >= 0) content.value = plate.minimum + frame.panel_value;
    content.by_gaze = frame.by_gaze;
    content.dwell_percent = frame.dwell_percent;
    return content;
}

}  // namespace accalmie::scenes
