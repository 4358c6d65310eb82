// SPDX-License-Identifier: Apache-2.0
// Owns: drawing again what a patient saw, from the session's stream and its rows session.device. Never: writes to the study, runs a
// protocol, or takes a damaged stream for a whole one. Byte equality holds on the same driver, device and processor model; elsewhere
// verify() says so and judges nothing. Thread: one owner. Units: milliseconds of session time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clinician/records/frame_record.h"
#include "clinician/records/study.h"
#include "engine/render/renderer.h"
#include "scenes/player/redraw.h"

namespace accalmie::session {

enum class Likeness : std::uint8_t { ok, differs, not_comparable };
std::string_view name_of(Likeness likeness);  // "ok", "differs", "not comparable here"

enum class Eye : std::uint8_t { left, right, both };  // both: side by side

class Replay {
public:
    static Result<Replay> open(const records::Study& study, const std::string& session);

    const records::SessionFrames& frames() const { return frames_; }
    const std::vector<std::string>& notes() const { return notes_; }
    // The last frame submitted at or before a time (virtual time stands still while the hand works: then the one of the rating's picture); the frame with a number (of the last player that had it).
    Result<records::FrameRecord> at(std::int64_t t_ms) const;
    Result<records::FrameRecord> numbered(std::uint64_t frame) const;

    struct Drawn {
        render::Renderer::Picture picture;
        std::string not_comparable;    // why its bytes may be others than the patient's; empty: they are the same
        std::optional<bool> as_recorded;  // when the frame's picture was hashed, which is the left eye's
    };
    Result<Drawn> draw(const records::FrameRecord& frame, Eye eye = Eye::left);

    struct Verdict {
        Likeness likeness = Likeness::ok;
        std::int64_t compared = 0, equal = 0, unknown = 0;   // unknown: hashes whose frame was not told
        std::vector<std::string> differences;                 // "frame 120 at 3.204 s: the picture differs"
        std::string reason;                                   // why not comparable
    };
    Result<Verdict> verify();

    // A fault for the tests: what the lenses hid is drawn.
    void plant_unmasked() { unmasked_ = true; }

private:
    struct Machine {
        std::string renderer, driver, processor;
        scenes::Redraw::Size size;
    };
    Replay() = default;
    Result<scenes::Redraw*> redraw_for(int view);
    Result<std::string> difference_from_here(const records::FrameRecord& frame, scenes::Redraw& redraw) const;

    std::string session_;
    records::SessionFrames frames_;
    std::vector<Machine> machines_;   // one a view
    std::vector<std::string> notes_;
    std::unique_ptr<scenes::Redraw> redraw_;
    int redraw_view_ = 0;
    bool unmasked_ = false;
};

}  // namespace accalmie::session
