// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/display.h"

#include <algorithm>
#include <cmath>

#include <SDL.h>
#include <imgui_impl_sdl2.h>
#include <imgui_impl_vulkan.h>

#include "clinician/console/screen.h"
#include "engine/content/png_file.h"

namespace accalmie::console {

Result<std::unique_ptr<Display>> Display::open(const DisplayOptions& options, const Language& language) {
    std::unique_ptr<Display> display(new Display(options));
    if (auto started = display->start(language); !started) return std::unexpected(started.error());
    return display;
}

Result<void> Display::start(const Language& language) {
    language_ = &language;
    width_ = static_cast<std::uint32_t>(options_.width);
    height_ = static_cast<std::uint32_t>(options_.height);
    if (options_.window)
        if (auto opened = window_.open(options_.title.c_str(), options_.width, options_.height); !opened) return opened;
    context_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;

    const auto extensions = options_.window ? window_.instance_extensions() : std::vector<const char*>{};
    auto gpu = GpuDevice::make_instance(extensions);
    if (!gpu) return std::unexpected(gpu.error());
    gpu_ = std::make_unique<GpuDevice>(std::move(*gpu));
    if (auto chosen = options_.window ? window_.attach(*gpu_) : gpu_->choose(VK_NULL_HANDLE); !chosen) return chosen;
    if (options_.window) {
        sdl_backend_ = ImGui_ImplSDL2_InitForVulkan(window_.handle());
        if (auto size = window_.show_size(width_, height_); !size) return size;
    }
    canvas_ = std::make_unique<GpuCanvas>(*gpu_);
    // The fonts have to be there when the canvas opens.
    scale_ = std::min({options_.scale, static_cast<float>(width_) / kSmallestWidth, static_cast<float>(height_) / kSmallestHeight});
    scale_ = std::max(scale_, 0.5f);
    auto fonts = load_fonts(*io.Fonts, scale_);
    if (!fonts) return std::unexpected(fonts.error());
    apply_style(ImGui::GetStyle(), scale_);
    ui_ = std::make_unique<Ui>(language, *fonts, scale_);
    return canvas_->open(std::max(width_, 16u), std::max(height_, 16u));
}

Result<void> Display::fit() {
    if (options_.window)
        if (auto size = window_.show_size(width_, height_); !size) return size;
    if (auto resized = canvas_->resize(width_, height_); !resized) return resized;
    float scale = std::min({options_.scale, static_cast<float>(width_) / kSmallestWidth, static_cast<float>(height_) / kSmallestHeight});
    scale = std::max(0.5f, std::round(scale * 20) / 20);
    if (std::abs(scale - scale_) < 0.04f) return {};
    scale_ = scale;
    auto fonts = load_fonts(*ImGui::GetIO().Fonts, scale_);
    if (!fonts) return std::unexpected(fonts.error());
    canvas_->fonts_changed();
    apply_style(ImGui::GetStyle(), scale_);
    const Language& language = ui_->language();
    ui_ = std::make_unique<Ui>(language, *fonts, scale_);
    return {};
}

Display::Events Display::poll() {
    Events events;
    if (!options_.window) return events;
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        ImGui_ImplSDL2_ProcessEvent(&event);
        if (event.type == SDL_QUIT) events.quit = true;
        if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_CLOSE) events.close_asked = true;
        if (event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_F2 && event.key.repeat == 0) events.save_picture = true;
    }
    return events;
}

Result<bool> Display::frame(const std::function<void(Ui&)>& panels) {
    const bool hidden = options_.window && window_.minimised();
    if (!hidden)
        if (auto fitted = fit(); !fitted) return std::unexpected(fitted.error());
    ImGui_ImplVulkan_NewFrame();
    if (sdl_backend_) {
        ImGui_ImplSDL2_NewFrame();
    } else {
        ImGui::GetIO().DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
        ImGui::GetIO().DeltaTime = 1.0f / 30;
    }
    if (hidden) {  // keys may still arrive; the picture may not
        ImGui::GetIO().DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    }
    // The whole picture is in drawable pixels, so that a dense display gets sharp letters.
    const ImVec2 shown = ImGui::GetIO().DisplaySize;
    if (sdl_backend_ && shown.x > 0) {
        const float dense = static_cast<float>(width_) / shown.x;
        if (dense > 1.01f) {
            ImGui::GetIO().DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
            ImGui::GetIO().DisplayFramebufferScale = {1, 1};
        }
    }
    ImGui::NewFrame();
    panels(*ui_);
    ImGui::Render();
    if (hidden) return false;
    if (auto drawn = canvas_->draw(ImGui::GetDrawData()); !drawn) return std::unexpected(drawn.error());
    if (options_.window)
        if (auto presented = window_.present(*canvas_); !presented) return std::unexpected(presented.error());
    return true;
}

Result<ImTextureID> Display::mirror(std::uint32_t width, std::uint32_t height, std::uint64_t frame, const std::vector<std::uint8_t>* rgba) {
    return canvas_->mirror(width, height, frame, rgba);
}

Result<void> Display::save(const std::string& path) {
    auto rgba = canvas_->read();
    if (!rgba) return std::unexpected(rgba.error());
    return content::write_png(path, canvas_->image().width, canvas_->image().height, *rgba);
}

Display::~Display() {
    if (!context_) return;
    ImGui::SetCurrentContext(context_);
    canvas_.reset();
    if (sdl_backend_) ImGui_ImplSDL2_Shutdown();
    window_.detach();
    gpu_.reset();
    ImGui::DestroyContext(context_);
}

}  // namespace accalmie::console
