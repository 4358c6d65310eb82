// SPDX-License-Identifier: Apache-2.0
// Owns: the console's few signs, drawn as shapes: no icon font, and each can be told apart without its colour.
#pragma once

#include <cstdint>

#include <imgui.h>

namespace accalmie::console {

enum class Icon : std::uint8_t { none, play, pause, next, previous, calm, finish, stop, check, warning, information, alarm, note, cue, voice };

void draw_icon(ImDrawList& draw, Icon icon, ImVec2 center, float size, ImU32 ink, ImU32 ground);

}  // namespace accalmie::console
