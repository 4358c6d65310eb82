// SPDX-License-Identifier: Apache-2.0
// Owns: the records in a session's stream and their bytes. Each is a kind (1 byte), a length (2, little endian) and its fields; a kind that
// is not known is skipped and fields may be added at the end, so that a stream stays readable for as long as the study is kept.
// Never: opens a file (stream.h) or draws (session/replay.h). Units: milliseconds of session time; those of link::ShownFrame.
//   1 view    number (4): a player answered for the n-th time; the n-th row session.device says on what. Frame numbers begin anew
//   2 scene   id (2), name, whether its textures were BC7 blocks (1; 0 in streams that end before it): named once each, before its first frame
//   3 plate   id (4) and what is written on the panel
//   4 frame   scene (2), t_ms (8), then link::ShownFrame field by field
//   5 picture frame (8), width (4), height (4), BLAKE2b-256 of the mirror's RGBA8 bytes, whether it was the moment of a rating (1)
//   6 hidden  a link::HiddenMeshPart: what the lenses hide in the frames after its last part, until another mesh or the next view. A
//             stream without it is of a headset that hides nothing, or older than this kind
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "clinician/records/ledger.h"
#include "scenes/link/hidden_mesh.h"
#include "scenes/link/messages.h"

namespace accalmie::records {

struct ShownScene {
    std::string name;
    bool compressed = false;    // its textures were BC7 blocks
    auto operator<=>(const ShownScene&) const = default;
};
struct FrameRecord {
    int view = 0;               // 1: the session's first player
    std::uint16_t scene = 0;    // index into SessionFrames::scenes
    std::size_t hidden = 0;     // index into SessionFrames::hidden
    std::int64_t t_ms = 0;
    link::ShownFrame shown;
};
struct PictureRecord {          // a picture of the patient's view that was read anyway: left eye with panel, as the mirror has it
    int view = 0;
    std::uint64_t frame = 0;
    std::uint32_t width = 0, height = 0;
    Hash sha{};
    bool at_rating = false;     // the one that a rating's picture was saved from, or would have been
};

// Turns what happens into records, in order.
class FrameRecords {
public:
    using Sink = std::function<void(std::span<const std::uint8_t> record, bool is_frame)>;
    void view(int number, const Sink& sink);
    void plate(const link::PanelPlate& plate, const Sink& sink);
    void hidden(const link::HiddenMeshPart& part, const Sink& sink);
    void frame(const ShownScene& scene, std::int64_t t_ms, const link::ShownFrame& shown, const Sink& sink);
    void picture(const PictureRecord& picture, const Sink& sink);

private:
    void finish(std::uint8_t kind, const Sink& sink, bool is_frame = false);
    std::vector<std::uint8_t> body_, record_;
    std::map<ShownScene, std::uint16_t> scenes_;
};

// Everything that a stream tells, chunk by chunk.
struct SessionFrames {
    std::vector<ShownScene> scenes;
    std::vector<FrameRecord> frames;
    std::map<std::pair<int, std::uint32_t>, link::PanelPlate> plates;  // by view and id
    std::vector<PictureRecord> pictures;
    std::vector<xr::HiddenMesh> hidden{1};  // the first hides nothing
    int views = 0;
    std::vector<std::string> problems;  // (records)

    void take(std::span<const std::uint8_t> chunk);

private:
    std::size_t hidden_now_ = 0;
    link::HiddenMeshParts parts_;
};

}  // namespace accalmie::records
