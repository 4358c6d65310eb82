// SPDX-License-Identifier: Apache-2.0
// Owns: the stream of the running session: what the player tells of its frames goes in, a chunk a second goes to the disk.
// Never: decides anything, waits for the disk (close() apart), or ends a session: a stream that fails is left with what it has.
// Thread: the session's. Units: milliseconds of session time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "clinician/records/frame_record.h"
#include "clinician/records/stream.h"
#include "clinician/records/study.h"

namespace accalmie::session {

class SessionStream {
public:
    void open(const records::Study& study, const std::string& session);
    // A player answered; its frames and plates are numbered anew. The row session.device of it is written at the same time.
    void view();
    void plate(const link::PanelPlate& plate);
    void hidden(const link::HiddenMeshPart& part);
    void frame(const records::ShownScene& scene, std::int64_t t_ms, const link::ShownFrame& shown);
    // The newest picture of the patient's view: its hash is kept once a second, and always at a rating.
    void picture(std::uint64_t frame, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba, bool at_rating);
    void tick();
    // Waits for the disk. None: there is no stream, or it failed.
    std::optional<records::StreamSummary> close();
    std::optional<Error> take_failure();  // why nothing more is recorded; given once

private:
    using Clock = std::chrono::steady_clock;
    records::FrameRecords::Sink sink();

    std::unique_ptr<records::StreamWriter> writer_;
    records::FrameRecords records_;
    std::optional<Error> failure_;
    bool failure_told_ = false;
    int views_ = 0;
    std::uint64_t hashed_frame_ = 0;
    Clock::time_point hashed_, cut_;
};

}  // namespace accalmie::session
