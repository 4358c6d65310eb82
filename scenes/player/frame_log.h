// SPDX-License-Identifier: Apache-2.0
// Owns: what the last frames were drawn from, until the console is told: a fixed batch, so that no frame allocates for it.
// Never: sends, or reads a clock. Thread: the frame thread. Units: those of link::ShownFrame.
// A change of scene ends a batch, and so does whatever else is told to the console: the record has the frames before their event.
#pragma once

#include <optional>
#include <string>

#include "engine/xr/session.h"
#include "scenes/link/messages.h"
#include "scenes/player/panel.h"

namespace accalmie::scenes {

class FrameLog {
public:
    FrameLog() { batch_.frames.reserve(link::kMostShownFrames); }

    // What hangs before the patient in the coming frames; null: nothing. A plate that the console does not know yet is given once.
    std::optional<link::PanelPlate> panel(const PanelContent* on_image);
    // False when the batch is of another scene (or of its textures as they are not now) or full: take it first.
    bool fits(const std::string& scene, bool compressed) const {
        return batch_.frames.empty() || (batch_.scene == scene && batch_.compressed == compressed && batch_.frames.size() < link::kMostShownFrames);
    }
    // A frame with a number that is not finite cannot be drawn again and is left out.
    void add(const std::string& scene, bool compressed, link::ShownFrame shown, const xr::Frame& frame);
    bool empty() const { return batch_.frames.empty(); }
    const link::ShownFrames& batch() const { return batch_; }
    void clear() { batch_.frames.clear(); }

private:
    link::ShownFrames batch_;
    std::optional<PanelContent> plate_;
    std::uint32_t plates_ = 0;
    link::ShownFrame panel_now_;  // its panel fields alone
};

// The panel's content again, from what was told.
PanelContent content_of(const link::PanelPlate& plate, const link::ShownFrame& frame);

}  // namespace accalmie::scenes
