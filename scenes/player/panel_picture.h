// SPDX-License-Identifier: Apache-2.0
// Owns: the panel's picture, drawn on the CPU: a calm dark plate, the question or the text, the scale and the pointer.
// Never: knows the GPU or decides what is asked. RGBA8 sRGB, straight alpha, link::kPanelWidth x kPanelHeight.
// The plate with everything that does not follow the hand is kept, so that a moving pointer costs a copy and a few letters.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scenes/player/font.h"
#include "scenes/player/panel.h"

namespace accalmie::scenes {

// The smallest letters of the panel. Inter's capitals are 0.73 of it: 1.25 degrees at the panel's distance (facts: at least 1.2).
inline constexpr float kSmallestText_px = 54;

class PanelPicture {
public:
    explicit PanelPicture(Font font) : font_(std::move(font)) {}

    std::span<const std::uint8_t> draw(const PanelContent& content);
    // The last text was longer than the panel; its end is not readable.
    bool cut_short() const { return cut_short_; }

private:
    void draw_plate(const PanelContent& content);
    void draw_question(const PanelContent& content);
    void draw_text(const PanelContent& content);
    void draw_scale(const PanelContent& content);
    void draw_pointer(const PanelContent& content);

    Font font_;
    PanelContent plate_for_;
    bool has_plate_ = false;
    bool cut_short_ = false;
    std::vector<std::uint8_t> plate_, picture_;
};

}  // namespace accalmie::scenes
