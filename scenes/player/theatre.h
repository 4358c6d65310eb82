// SPDX-License-Identifier: Apache-2.0
// Owns: the headset (or window, or off-screen images), the GPU and the scenes that are on it: all that goes when a runtime goes.
// Never: decides what is shown. Thread: the frame thread. It is opened anew after a lost runtime.
#pragma once

#include <deque>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/content/texture_cache.h"
#include "engine/gpu/device.h"
#include "engine/render/renderer.h"
#include "engine/xr/resolution_scale.h"
#include "engine/xr/session.h"
#include "scenes/player/options.h"
#include "scenes/player/texture_compressor.h"

namespace accalmie::scenes {

// How a scene's textures go to the GPU: all that may be as BC7 blocks (texture_cache.h), or none.
enum class Textures : std::uint8_t {
    automatic,   // blocks where device and quirks want them and the cache has all of them
    plain,
    compressed,  // blocks where the device takes them and the cache has all of them
};

class Theatre {
public:
    // `hands` outlives the theatre; the off-screen session reads it. `first`: a scene that has to fit, the calm room; null: none.
    // Where graphics memory ends the picture gets fewer samples, then fewer pixels (0.85 of a side at least); shortage() says so.
    // `compressor` outlives the theatre and is given what the cache of compressed textures lacks, once a scene stands; null: nobody makes it.
    static Result<std::unique_ptr<Theatre>> open(const PlayerOptions& options, const xr::SimulatedInput* hands, const content::SceneAsset* first = nullptr,
                                                 TextureCompressor* compressor = nullptr);
    ~Theatre();
    Theatre(const Theatre&) = delete;
    Theatre& operator=(const Theatre&) = delete;

    xr::Session& session() { return *session_; }
    render::Renderer& renderer() { return *renderer_; }
    const gpu::Device& device() const { return *device_; }
    std::uint32_t samples() const { return quality_.samples; }
    bool smaller() const { return quality_.steps < xr::ResolutionScale::kFullSteps; }
    // What the picture lost because memory is short, in words; empty: nothing.
    std::string shortage() const;

    // At once, and waited for: the calm room before the first frame, and tools.
    Result<void> add(content::SceneAsset asset, Textures textures = Textures::automatic);
    // In steps: prepared by a thread of its own, copied and warmed by the frames that are drawn meanwhile.
    void begin(content::SceneAsset asset);
    struct Arrived {
        std::string scene;
        std::optional<Error> error;  // then it is not here
    };
    // What became of a scene that was begun, each once; asked every frame. With `wait` the first of them is finished now, for a time
    // without frames; what it was not drawn with then is compiled in its first frame.
    std::optional<Arrived> arrived(bool wait);
    bool has(const std::string& scene) const { return scenes_.contains(scene); }
    render::SceneId scene(const std::string& name) const { return scenes_.at(name).id; }
    bool compressed(const std::string& name) const { return scenes_.at(name).compressed; }
    void remove(const std::string& name);  // waits for the frames that may show it
    const std::string* name_of(render::SceneId scene) const;  // null: not here

    // The newest panel picture into a free quad image; false when the runtime has none free now.
    Result<bool> show_panel(std::span<const std::uint8_t> rgba);
    VkImage panel_image() const { return panel_image_; }

private:
    struct Quality {
        std::uint32_t samples = 4;
        int steps = xr::ResolutionScale::kFullSteps;  // of each side
    };
    Theatre() = default;
    static std::optional<Quality> next_lower(const Quality& quality);
    Result<void> build(const PlayerOptions& options, const Quality& quality, const xr::SimulatedInput* hands, const content::SceneAsset* first);
    void take_down();
    std::unique_ptr<gpu::MemoryFault> fault_ = std::make_unique<gpu::MemoryFault>();
    struct Here {
        render::SceneId id = 0;
        bool compressed = false;
    };
    struct Prepared {
        render::PreparedScene scene;
        bool compressed = false;
        std::vector<content::Image> lacking;  // of the cache
    };
    bool compress(content::SceneAsset& asset, Textures textures, std::vector<content::Image>& lacking) const;
    content::TextureCache textures_{content::TextureCache::users_folder()};
    TextureCompressor* compressor_ = nullptr;
    bool wants_bc7_ = false;
    VkExtent2D whole_{};  // an eye's picture before anything was given up
    Quality quality_;
    std::uint32_t wanted_samples_ = 4;
    std::unique_ptr<xr::Session> session_;
    std::unique_ptr<gpu::Device> device_;
    std::unique_ptr<render::Renderer> renderer_;
    std::map<std::string, Here> scenes_;
    VkImage panel_image_ = VK_NULL_HANDLE;
    struct Coming {
        std::string scene;
        std::future<Result<Prepared>> preparing;  // its end waits for the thread
        std::optional<render::SceneId> id;        // once the frames take it in
        Prepared told{};                          // but for the scene, which the frames have then
    };
    Result<bool> advance(Coming& coming, bool wait);
    std::deque<content::SceneAsset> waiting_;
    std::optional<Coming> coming_;  // one at a time
};

}  // namespace accalmie::scenes
