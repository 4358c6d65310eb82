// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/theatre.h"

#include <chrono>
#include <format>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/projection.h"
#include "scenes/link/panel_layout.h"
#include "scenes/player/scene_loader.h"

namespace accalmie::scenes {
namespace {

Result<std::unique_ptr<xr::Session>> make_session(const PlayerOptions& options, VkExtent2D size, const xr::SimulatedInput* hands) {
    const xr::Options wanted{.width = size.width, .height = size.height, .refresh_hz = options.refresh_hz,
                             .visibility_mask = !options.quirks.no_visibility_mask, .foveation = !options.quirks.no_foveation, .depth_layer = !options.quirks.no_depth_layer && !options.quirks.two_passes,
                             .near_m = render::kNear_m, .overlap = !options.quirks.no_overlap};
    switch (options.xr) {
        case XrChoice::openxr: return xr::make_openxr_session(wanted);
        case XrChoice::desktop: return xr::make_desktop_session(wanted);
        case XrChoice::off_screen: break;
    }
    return xr::make_off_screen_session(wanted, hands);
}

}  // namespace

Result<std::unique_ptr<Theatre>> Theatre::open(const PlayerOptions& options, const xr::SimulatedInput* hands, const content::SceneAsset* first, TextureCompressor* compressor) {
    std::unique_ptr<Theatre> theatre(new Theatre());
    theatre->compressor_ = compressor;
    theatre->fault_->at = options.memory_fault;
    theatre->fault_->times = options.memory_fault_times;
    theatre->wanted_samples_ = options.samples;
    for (Quality quality{.samples = options.samples};;) {
        auto built = theatre->build(options, quality, hands, first);
        if (built) return theatre;
        theatre->take_down();
        const auto lower = next_lower(quality);
        const bool too_large = gpu::out_of_memory(built.error()) && lower && (lower->steps == quality.steps || theatre->whole_.width != 0);
        if (!too_large) return std::unexpected(std::move(built.error()));
        quality = *lower;
    }
}

// Samples first: an edge that is less smooth is the smaller loss.
std::optional<Theatre::Quality> Theatre::next_lower(const Quality& quality) {
    if (quality.samples > 1) return Quality{quality.samples > 4 ? 4U : 1U, quality.steps};
    if (quality.steps > xr::ResolutionScale::kFloorSteps) return Quality{quality.samples, quality.steps - 1};
    return std::nullopt;
}

Result<void> Theatre::build(const PlayerOptions& options, const Quality& quality, const xr::SimulatedInput* hands, const content::SceneAsset* first) {
    quality_ = quality;
    const VkExtent2D size = smaller() ? xr::ResolutionScale::part_of(whole_, quality.steps) : VkExtent2D{options.width, options.height};
    auto session = make_session(options, size, hands);
    if (!session) return std::unexpected(std::move(session.error()));
    session_ = std::move(*session);
    auto device = gpu::Device::create(session_->vulkan(), {.validation = options.validation, .stereo = stereo_wish(options.quirks), .memory_fault = fault_.get()});
    if (!device) return std::unexpected(std::move(device.error()));
    device_ = std::move(*device);
    wants_bc7_ = wants_bc7(options.quirks, device_->takes_bc7(), device_->software());
    if (auto made = session_->init(device_->handles(), link::kPanelWidth, link::kPanelHeight); !made) return made;
    if (!smaller()) whole_ = session_->eye_extent();
    auto renderer = render::Renderer::create(*device_, {.color_format = session_->color_format(), .eye_extent = session_->eye_extent(), .samples = quality.samples});
    if (!renderer) return std::unexpected(std::move(renderer.error()));
    renderer_ = std::move(*renderer);
    return first != nullptr ? add(*first) : Result<void>();
}

std::string Theatre::shortage() const {
    std::string lost;
    if (quality_.samples < wanted_samples_) lost = std::format("its edges are drawn with {} sample{} a pixel instead of {}", quality_.samples, quality_.samples == 1 ? "" : "s", wanted_samples_);
    if (smaller()) lost += std::format("{}it is drawn at {} % of its width and height", lost.empty() ? "" : ", and ", quality_.steps * 100 / xr::ResolutionScale::kFullSteps);
    return lost.empty() ? lost : "the graphics card's memory is full; the picture is less fine: " + lost;
}

Theatre::~Theatre() { take_down(); }

// The renderer's pictures are on the session's images, and those on the device; the runtime's instance goes last.
void Theatre::take_down() {
    coming_.reset();
    waiting_.clear();
    if (renderer_) renderer_->forget_targets();
    renderer_.reset();
    scenes_.clear();
    if (session_) session_->shutdown();
    device_.reset();
    session_.reset();
}

// On any thread: what it looks at does not change while scenes come.
bool Theatre::compress(content::SceneAsset& asset, Textures textures, std::vector<content::Image>& lacking) const {
    if (textures == Textures::automatic) return wants_bc7_ && textures_.compress(asset, compressor_ != nullptr ? &lacking : nullptr);
    return textures == Textures::compressed && device_->takes_bc7() && textures_.compress(asset, nullptr);
}

Result<void> Theatre::add(content::SceneAsset asset, Textures textures) {
    const std::string name = asset.name;
    if (has(name)) return {};
    std::vector<content::Image> lacking;
    const bool compressed = compress(asset, textures, lacking);
    auto added = renderer_->add_scene(std::move(asset));
    if (!added) return std::unexpected(std::move(added.error()));
    scenes_.emplace(name, Here{*added, compressed});
    if (compressor_ != nullptr) compressor_->request(std::move(lacking));
    return {};
}

void Theatre::remove(const std::string& name) {
    const auto found = scenes_.find(name);
    if (found == scenes_.end()) return;
    renderer_->remove_scene(found->second.id);
    scenes_.erase(found);
}

void Theatre::begin(content::SceneAsset asset) { waiting_.push_back(std::move(asset)); }

std::optional<Theatre::Arrived> Theatre::arrived(bool wait) {
    if (!coming_) {
        if (waiting_.empty()) return std::nullopt;
        coming_.emplace(waiting_.front().name);
        coming_->preparing = std::async(std::launch::async, [this, asset = std::move(waiting_.front())]() mutable -> Result<Prepared> {
            behind_the_frames();
            Prepared prepared;
            prepared.compressed = compress(asset, Textures::automatic, prepared.lacking);
            auto scene = renderer_->prepare_scene(std::move(asset));
            if (!scene) return std::unexpected(std::move(scene.error()));
            prepared.scene = std::move(*scene);
            return prepared;
        });
        waiting_.pop_front();
    }
    Arrived told{coming_->scene, {}};
    auto there = advance(*coming_, wait);
    if (there && !*there) return std::nullopt;
    if (there) {
        scenes_.emplace(told.scene, Here{*coming_->id, coming_->told.compressed});
        if (compressor_ != nullptr) compressor_->request(std::move(coming_->told.lacking));
    } else {
        told.error = std::move(there.error());
    }
    coming_.reset();
    return told;
}

// True: the scene is wholly there.
Result<bool> Theatre::advance(Coming& coming, bool wait) {
    if (!coming.id) {
        if (!wait && coming.preparing.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
        auto prepared = coming.preparing.get();
        if (!prepared) return std::unexpected(std::move(prepared.error()));
        coming.told = std::move(*prepared);
        coming.id = renderer_->begin_scene(std::move(coming.told.scene));
    }
    if (wait) {
        if (auto finished = renderer_->finish_scenes(); !finished) return std::unexpected(std::move(finished.error()));
    }
    return renderer_->has_scene(*coming.id);
}

const std::string* Theatre::name_of(render::SceneId scene) const {
    for (const auto& [name, here] : scenes_)
        if (here.id == scene) return &name;
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
