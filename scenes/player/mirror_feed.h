// SPDX-License-Identifier: Apache-2.0
// Owns: the way of the patient's view into the shared mirror, without a wait in the frame loop: one read-back is under way at a time,
// so that each picture is known by the number of its frame. Thread: the frame thread. Units: pixels; seconds of the player's clock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/render/renderer.h"
#include "scenes/link/channel.h"

namespace accalmie::scenes {

inline constexpr std::uint32_t kMirrorWidth = 960;
inline constexpr double kMirrorEvery_s = 1.0 / 15;  // on a headset; off-screen every frame

constexpr VkExtent2D mirror_extent(VkExtent2D eye) {
    if (eye.width <= kMirrorWidth) return eye;
    return {kMirrorWidth, std::max(1u, static_cast<std::uint32_t>(std::uint64_t{eye.height} * kMirrorWidth / eye.width))};
}

class MirrorFeed {
public:
    Result<void> open(VkExtent2D eye) {
        const VkExtent2D size = mirror_extent(eye);
        if (writer_ && writer_->width() == size.width && writer_->height() == size.height) return {};
        auto made = link::MirrorWriter::create(size.width, size.height);
        if (!made) return std::unexpected(std::move(made.error()));
        writer_.emplace(std::move(*made));
        return {};
    }
    bool is_open() const { return writer_.has_value(); }
    const link::MirrorWriter& writer() const { return *writer_; }
    // The renderer and what was under way in it are gone.
    void drop_pending() { pending_frame_.reset(); }

    // Publishes what is finished.
    Result<void> collect(render::Renderer& renderer) {
        if (!pending_frame_) return {};
        auto finished = renderer.poll_mirror(picture_);
        if (!finished) return std::unexpected(std::move(finished.error()));
        if (!*finished) return {};
        writer_->publish(*pending_frame_, picture_.rgba);
        pending_frame_.reset();
        return {};
    }
    bool wants(double now_s, bool every_frame) const { return writer_ && !pending_frame_ && (every_frame || now_s - begun_s_ >= kMirrorEvery_s); }
    // After draw() and before the image goes back to its swapchain.
    Result<void> begin(render::Renderer& renderer, VkImage target, const xr::View& left, const xr::Quad& quad, VkImage quad_image, std::uint64_t frame, double now_s) {
        auto begun = renderer.begin_mirror(target, 0, left, quad, quad_image, {writer_->width(), writer_->height()});
        if (!begun) return std::unexpected(std::move(begun.error()));
        if (*begun) pending_frame_ = frame;
        begun_s_ = now_s;
        return {};
    }

private:
    std::optional<link::MirrorWriter> writer_;
    std::optional<std::uint64_t> pending_frame_;
    render::Renderer::Picture picture_;
    double begun_s_ = -1;
};

}  // namespace accalmie::scenes
