// SPDX-License-Identifier: Apache-2.0
// Owns: the console's colours and fonts. Data colours are Okabe and Ito's, which people with colour-vision deficiency tell apart; a
// colour never speaks alone: shape and words say the same. Never: draws. Units: pixels at scale 1 (18 px body text).
#pragma once

#include <string>

#include <imgui.h>

#include "engine/error.h"

namespace accalmie::console {

namespace colour {
inline constexpr ImU32 ground = IM_COL32(14, 19, 23, 255);        // behind everything
inline constexpr ImU32 panel = IM_COL32(22, 29, 35, 255);
inline constexpr ImU32 raised = IM_COL32(32, 42, 50, 255);        // buttons, fields, the current step
inline constexpr ImU32 hovered = IM_COL32(43, 56, 66, 255);
inline constexpr ImU32 outline = IM_COL32(58, 74, 85, 255);
inline constexpr ImU32 ink = IM_COL32(233, 239, 242, 255);
inline constexpr ImU32 ink_soft = IM_COL32(178, 191, 199, 255);
inline constexpr ImU32 ink_faint = IM_COL32(147, 163, 173, 255);  // what is past, what is disabled
inline constexpr ImU32 ink_dark = IM_COL32(10, 15, 18, 255);      // on bright grounds
inline constexpr ImU32 sky = IM_COL32(0x56, 0xB4, 0xE9, 255);
inline constexpr ImU32 green = IM_COL32(0x00, 0x9E, 0x73, 255);
inline constexpr ImU32 orange = IM_COL32(0xE6, 0x9F, 0x00, 255);
inline constexpr ImU32 yellow = IM_COL32(0xF0, 0xE4, 0x42, 255);
inline constexpr ImU32 vermilion = IM_COL32(0xD5, 0x5E, 0x00, 255);
inline constexpr ImU32 stop = IM_COL32(0xAD, 0x0B, 0x1C, 255);
inline constexpr ImU32 stop_hovered = IM_COL32(0xBB, 0x0D, 0x20, 255);
inline constexpr ImU32 white = IM_COL32(255, 255, 255, 255);
}  // namespace colour

ImU32 with_alpha(ImU32 c, float alpha);
double contrast(ImU32 a, ImU32 b);  // WCAG 2 contrast ratio, 1 to 21; alpha is ignored

struct Fonts {
    ImFont* small = nullptr;   // 15 px
    ImFont* small_strong = nullptr;  // 15 px semi-bold
    ImFont* body = nullptr;    // 18 px
    ImFont* strong = nullptr;  // 18 px semi-bold
    ImFont* title = nullptr;   // 22 px semi-bold
    ImFont* large = nullptr;   // 34 px semi-bold: digits, the stop button
};

// Fills the atlas from Debian's Inter, else DejaVu. The Error names the package to install.
Result<Fonts> load_fonts(ImFontAtlas& atlas, float scale);
void apply_style(ImGuiStyle& style, float scale);

}  // namespace accalmie::console
