// SPDX-License-Identifier: Apache-2.0
// Owns: one picture of a scene as a seated patient sees it, drawn off-screen by the same code as on a headset, into a PNG.
// Never: needs a runtime, a window or a console.
#pragma once

#include <cstdint>
#include <string>

#include <vulkan/vulkan.h>

#include "engine/error.h"
#include "engine/render/renderer.h"
#include "scenes/player/quirks.h"

namespace accalmie::scenes {

struct Shot {
    std::string scene;
    int level = 0;
    VkExtent2D size{1280, 800};      // of one eye, in pixels
    std::uint32_t samples = 4;
    bool stereo = false;             // both eyes side by side
    bool validation = false;
    Quirks quirks{};                 // of them, the ways to draw both eyes
};

// Two pictures of one height as one.
render::Renderer::Picture side_by_side(const render::Renderer::Picture& left, const render::Renderer::Picture& right);

Result<void> render_shot(const Shot& shot, const std::string& png_path);

}  // namespace accalmie::scenes
