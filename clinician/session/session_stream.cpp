// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/session_stream.h"

#include <utility>

#include <sodium.h>

namespace accalmie::session {
namespace {

constexpr auto kChunkEvery = std::chrono::seconds(1);
constexpr auto kHashEvery = std::chrono::seconds(1);

}  // namespace

void SessionStream::open(const records::Study& study, const std::string& session) {
    auto made = records::StreamWriter::create(records::stream_path(study.directory(), session), session, records::stream_key(study.streams_key(), session));
    if (made) writer_ = std::move(*made);
    else failure_ = std::move(made.error());
    cut_ = Clock::now();
}

records::FrameRecords::Sink SessionStream::sink() {
    return [this](std::span<const std::uint8_t> record, bool is_frame) { writer_->add(record, is_frame); };
}

void SessionStream::view() {
    if (!writer_) return;
    records_.view(++views_, sink());
    hashed_frame_ = 0;
}

void SessionStream::plate(const link::PanelPlate& plate) {
    if (writer_ && views_ > 0) records_.plate(plate, sink());
}

void SessionStream::hidden(const link::HiddenMeshPart& part) {
    if (writer_ && views_ > 0) records_.hidden(part, sink());
}

void SessionStream::frame(const records::ShownScene& scene, std::int64_t t_ms, const link::ShownFrame& shown) {
    if (writer_ && views_ > 0) records_.frame(scene, t_ms, shown, sink());
}

void SessionStream::picture(std::uint64_t frame, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba, bool at_rating) {
    const auto now = Clock::now();
    if (!writer_ || views_ == 0 || (frame == hashed_frame_ && !at_rating) || (!at_rating && now - hashed_ < kHashEvery)) return;
    hashed_ = now;
    hashed_frame_ = frame;
    records::PictureRecord picture{.frame = frame, .width = width, .height = height, .sha = {}, .at_rating = at_rating};
    crypto_generichash(picture.sha.data(), picture.sha.size(), rgba.data(), rgba.size(), nullptr, 0);
    records_.picture(picture, sink());
}

void SessionStream::tick() {
    if (!writer_) return;
    if (const auto now = Clock::now(); now - cut_ >= kChunkEvery) {
        cut_ = now;
        if (!writer_->empty()) (void)writer_->cut();
    }
    if (auto failed = writer_->failure()) {
        failure_ = std::move(failed);
        writer_.reset();
    }
}

std::optional<records::StreamSummary> SessionStream::close() {
    if (!writer_) return std::nullopt;
    auto summary = writer_->close();
    writer_.reset();
    if (summary) return *summary;
    failure_ = std::move(summary.error());
    return std::nullopt;
}

std::optional<Error> SessionStream::take_failure() {
    if (!failure_ || failure_told_) return std::nullopt;
    failure_told_ = true;
    return failure_;
}

}  // namespace accalmie::session
