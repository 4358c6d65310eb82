// SPDX-License-Identifier: Apache-2.0
#include "engine/render/arrival.h"

#include <cstring>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/shadow.h"

namespace accalmie::render {

void ArrivalEnd::operator()(Arrival* arrival) const { delete arrival; }

Result<void> Arrivals::init(gpu::Device& device, VkFormat color_format, VkFormat depth_format, std::uint32_t samples) {
    auto warm_up = WarmUp::create(device, color_format, depth_format, samples);
    if (!warm_up) return std::unexpected(std::move(warm_up.error()));
    warm_up_ = std::move(*warm_up);
    return {};
}

Result<PreparedScene> Arrivals::prepare(const Foundations& on, content::SceneAsset asset) {
    const std::lock_guard lock(preparing_);
    return prepare_arrival(on, std::move(asset));
}

void Arrivals::begin(PreparedScene prepared, SceneId id) {
    prepared->id = id;
    row_.push_back(std::move(prepared));
}

void Arrivals::make_ready(VkCommandBuffer commands) const {
    if (!row_.empty() && row_.front()->upload.finished() && !row_.front()->course.finished()) warm_up_.make_ready(commands);
}

Arrivals::Step Arrivals::record(const Frame& frame, double budget_ms) {
    if (row_.empty()) return {};
    Arrival& first = *row_.front();
    Step step;
    if (!first.upload.finished()) {
        step.bytes = first.upload.record(frame.commands, frame.half, budget_ms);
        if (first.upload.finished()) first.asset = {};
    } else if (!first.course.finished()) {
        const shader::FrameBlock block = WarmUp::frame_block(*first.scene);
        std::memcpy(frame.block, &block, sizeof block);
        // With the driver's first shadow comes its map's layout too, which the draws that look into it need.
        if (std::exchange(first.shadow_due, false)) frame.shadow.record(frame.commands, frame.layout, *first.scene, 0, 0, frame.offset);
        else warm_up_.record(frame.commands, frame.layout, *first.scene, first.course, frame.offset);
        step.warmed = true;
    } else {
        return {};
    }
    first.last_frame = frame.number;
    return step;
}

PreparedScene Arrivals::take(std::uint64_t finished, bool warm) {
    if (row_.empty()) return {};
    const Arrival& first = *row_.front();
    if (!first.upload.finished() || (warm && !first.course.finished()) || first.last_frame > finished) return {};
    PreparedScene whole = std::move(row_.front());
    row_.pop_front();
    return whole;
}

void Arrivals::forget(SceneId id) {
    std::erase_if(row_, [&](const PreparedScene& each) { return each->id == id; });
}

}  // namespace accalmie::render
