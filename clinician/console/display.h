// SPDX-License-Identifier: Apache-2.0
// Owns: everything between the panels and the eye: SDL window (or none), Vulkan, ImGui's context, fonts at the right scale, key and mouse
// events, saved pictures. Never: knows a session. Thread: the main thread. Units: pixels; scale 1 is 18 px body text.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "clinician/console/gpu_canvas.h"
#include "clinician/console/gpu_window.h"
#include "clinician/console/ui.h"

namespace accalmie::console {

struct DisplayOptions {
    bool window = true;
    int width = 1600, height = 900;
    float scale = 1;
    std::string title = "Accalmie";
};

class Display {
public:
    static Result<std::unique_ptr<Display>> open(const DisplayOptions& options, const Language& language);
    ~Display();

    struct Events {
        bool close_asked = false;  // the window's own close button
        bool quit = false;         // the machine asks: leave now
        bool save_picture = false; // F2
    };
    Events poll();

    // One frame: draws the panels off-screen, then shows them. False when nothing can be seen (minimised) and nothing was drawn.
    Result<bool> frame(const std::function<void(Ui&)>& panels);
    Result<ImTextureID> mirror(std::uint32_t width, std::uint32_t height, std::uint64_t frame, const std::vector<std::uint8_t>* rgba);
    Result<void> save(const std::string& path);  // the last frame, as it was shown
    Ui& ui() { return *ui_; }

private:
    explicit Display(const DisplayOptions& options) : options_(options) {}
    Result<void> start(const Language& language);
    Result<void> fit();  // picture size and font scale follow the window

    DisplayOptions options_;
    ImGuiContext* context_ = nullptr;
    bool sdl_backend_ = false;
    std::unique_ptr<GpuDevice> gpu_;
    GpuWindow window_;
    std::unique_ptr<GpuCanvas> canvas_;
    std::unique_ptr<Ui> ui_;
    const Language* language_ = nullptr;
    std::uint32_t width_ = 0, height_ = 0;
    float scale_ = 0;
};

}  // namespace accalmie::console
