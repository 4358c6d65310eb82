// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/theatre.h"

#include "engine/render/projection.h"
#include "scenes/link/panel_layout.h"

namespace accalmie::scenes {
namespace {

Result<std::unique_ptr<xr::Session>> make_session(const PlayerOptions& options, const xr::SimulatedInput* hands) {
    const xr::Options wanted{.width = options.width, .height = options.height, .refresh_hz = options.refresh_hz,
                             .visibility_mask = !options.quirks.no_visibility_mask, .depth_layer = !options.quirks.no_depth_layer,
                             .near_m = render::kNear_m, .overlap = !options.quirks.no_overlap};
    switch (options.xr) {
        case XrChoice::openxr: return xr::make_openxr_session(wanted);
        case XrChoice::desktop: return xr::make_desktop_session(wanted);
        case XrChoice::off_screen: break;
    }
    return xr::make_off_screen_session(wanted, hands);
}

}  // namespace

Result<std::unique_ptr<Theatre>> Theatre::open(const PlayerOptions& options, const xr::SimulatedInput* hands) {
    std::unique_ptr<Theatre> theatre(new Theatre());
    auto session = make_session(options, hands);
    if (!session) return std::unexpected(std::move(session.error()));
    theatre->session_ = std::move(*session);
    auto device = gpu::Device::create(theatre->session_->vulkan(), {.validation = options.validation});
    if (!device) return std::unexpected(std::move(device.error()));
    theatre->device_ = std::move(*device);
    if (auto made = theatre->session_->init(theatre->device_->handles(), link::kPanelWidth, link::kPanelHeight); !made) return std::unexpected(std::move(made.error()));
    auto renderer = render::Renderer::create(*theatre->device_, {.color_format = theatre->session_->color_format(),
                                                                 .eye_extent = theatre->session_->eye_extent(), .samples = options.samples});
    if (!renderer) return std::unexpected(std::move(renderer.error()));
    theatre->renderer_ = std::move(*renderer);
    return theatre;
}

// The renderer's pictures are on the session's images, and those on the device; the runtime's instance goes last.
Theatre::~Theatre() {
    if (renderer_) renderer_->forget_targets();
    renderer_.reset();
    if (session_) session_->shutdown();
    device_.reset();
    session_.reset();
}

Result<void> Theatre::add(const content::SceneAsset& asset) {
    if (has(asset.name)) return {};
    auto added = renderer_->add_scene(asset);
    if (!added) return std::unexpected(std::move(added.error()));
    scenes_.emplace(asset.name, *added);
    return {};
}

const std::string* Theatre::name_of(render::SceneId scene) const {
    for (const auto& [name, id] : scenes_)
        if (id == scene) return &name;
    return nullptr;
}

Result<bool> Theatre::show_panel(std::span<const std::uint8_t> rgba) {
    auto image = session_->acquire_quad_image();
    if (!image) return std::unexpected(std::move(image.error()));
    if (!*image) return false;
    panel_image_ = **image;
    if (auto uploaded = renderer_->upload_quad(panel_image_, {link::kPanelWidth, link::kPanelHeight}, rgba); !uploaded) return std::unexpected(std::move(uploaded.error()));
    return true;
}

}  // namespace accalmie::scenes
