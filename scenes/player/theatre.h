// SPDX-License-Identifier: Apache-2.0
// Owns: the headset (or window, or off-screen images), the GPU and the scenes that are on it: all that goes when a runtime goes.
// Never: decides what is shown. Thread: the frame thread. It is opened anew after a lost runtime.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/gpu/device.h"
#include "engine/render/renderer.h"
#include "engine/xr/session.h"
#include "scenes/player/options.h"

namespace accalmie::scenes {

class Theatre {
public:
    // `hands` outlives the theatre; the off-screen session reads it.
    static Result<std::unique_ptr<Theatre>> open(const PlayerOptions& options, const xr::SimulatedInput* hands);
    ~Theatre();
    Theatre(const Theatre&) = delete;
    Theatre& operator=(const Theatre&) = delete;

    xr::Session& session() { return *session_; }
    render::Renderer& renderer() { return *renderer_; }
    const gpu::Device& device() const { return *device_; }

    Result<void> add(const content::SceneAsset& asset);
    bool has(const std::string& scene) const { return scenes_.contains(scene); }
    render::SceneId scene(const std::string& name) const { return scenes_.at(name); }
    const std::string* name_of(render::SceneId scene) const;  // null: not here

    // The newest panel picture into a free quad image; false when the runtime has none free now.
    Result<bool> show_panel(std::span<const std::uint8_t> rgba);
    VkImage panel_image() const { return panel_image_; }

private:
    Theatre() = default;
    std::unique_ptr<xr::Session> session_;
    std::unique_ptr<gpu::Device> device_;
    std::unique_ptr<render::Renderer> renderer_;
    std::map<std::string, render::SceneId> scenes_;
    VkImage panel_image_ = VK_NULL_HANDLE;
};

}  // namespace accalmie::scenes
