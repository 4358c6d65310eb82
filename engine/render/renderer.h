// SPDX-License-Identifier: Apache-2.0
// Owns: the picture. One draw list for both eyes, in one pass where the device can (gpu/stereo.h); MSAA, baked light, reverse-Z.
// Never: decides what is shown, waits for the runtime, allocates in the frame loop after a scene is up.
// Units: metres, seconds, radians; colours linear until the tone map. Thread: the frame thread, one owner.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/content/scene_asset.h"
#include "engine/gpu/device.h"
#include "engine/render/measure.h"
#include "engine/xr/session.h"

namespace accalmie::render {

struct Options {
    VkFormat color_format = VK_FORMAT_R8G8B8A8_SRGB;
    VkExtent2D eye_extent{1024, 1024};
    std::uint32_t samples = 4;         // 1, 2, 4 or 8
};

using SceneId = std::uint32_t;

// Where the eyes are, asked once a frame: after the commands are recorded and just before they are submitted. Only the eyes' matrices
// follow the answer (they are in one small block that the GPU reads); what is drawn at all was chosen by FrameInput::views, with a
// margin for a head that turns meanwhile.
class LateViews {
public:
    virtual std::array<xr::View, 2> views_now() = 0;

protected:
    ~LateViews() = default;
};

struct FrameInput {
    std::array<xr::View, 2> views;
    SceneId scene = 0;
    int level = 0;              // a node is drawn when level_min <= level <= level_max
    double scene_time_s = 0;    // animation phase
    float brightness = 1;       // 0..1, for the fade; 0 is a dark picture, never used in mid-exposure
    LateViews* late_views = nullptr;  // null: `views` are the last word
    VkExtent2D extent{0, 0};    // the part of the target that is drawn, from its corner; no pixels: all of it
    // Gets the depth too, one sample a pixel: an array of two layers, D32, in DEPTH_STENCIL_ATTACHMENT_OPTIMAL and left so. Null: nobody asks.
    VkImage depth_target = VK_NULL_HANDLE;
    MeasureRequest measure{};   // what is to be measured of this frame
};

struct FrameStats {
    std::uint32_t draws = 0;
    std::uint64_t triangles = 0;   // of one eye
    double record_ms = 0;
    double gpu_ms = 0;             // of the frame two before, all passes; 0 until known
    double gpu_people_ms = 0;      // the part that bends people
    double gpu_shadow_ms = 0;      // the shadow's part of it
    double gpu_measure_ms = 0;     // and that of FrameInput::measure
    std::uint64_t arriving_bytes = 0;  // of a scene on its way in, copied with this frame
    bool warmed = false;               // or a pipeline of it was drawn with for the first time
};

// A scene that prepare_scene() has made ready to be copied (arrival.h).
struct Arrival;
struct ArrivalEnd { void operator()(Arrival* arrival) const; };
using PreparedScene = std::unique_ptr<Arrival, ArrivalEnd>;

class Renderer {
public:
    static Result<std::unique_ptr<Renderer>> create(gpu::Device& device, const Options& options);
    virtual ~Renderer() = default;

    // Uploads a scene that was read and decoded on any thread, and waits for it: for the time before the first frame, and for tools.
    virtual Result<SceneId> add_scene(content::SceneAsset asset) = 0;
    // The same for a scene that comes while frames are drawn, so that none of them waits. prepare_scene() may be called on any thread,
    // beside the frames; from begin_scene() on every draw() takes a step, in the order of the calls, until has_scene() says that the scene
    // is wholly there and was drawn with once. finish_scenes() takes all steps that are left and waits, warm or not.
    virtual Result<PreparedScene> prepare_scene(content::SceneAsset asset) = 0;
    virtual SceneId begin_scene(PreparedScene prepared) = 0;
    virtual bool has_scene(SceneId scene) const = 0;
    virtual Result<void> finish_scenes() = 0;
    // At any of these stages. Waits for the frames that may use it.
    virtual void remove_scene(SceneId scene) = 0;
    // How many of their largest levels a scene's textures lost because graphics memory ended: each halves their sides.
    virtual std::uint32_t lost_levels(SceneId scene) const = 0;

    // What the lenses hide is not drawn from now on: it keeps the clear colour. An empty mesh hides nothing. Waits for the GPU.
    virtual Result<void> set_hidden_mesh(const xr::HiddenMesh& mesh) = 0;

    // Records and submits the frame's commands; `target` is an array image of two layers, left in COLOR_ATTACHMENT_OPTIMAL.
    // Returns after submit, without waiting for the GPU; at most two frames are in flight.
    virtual Result<FrameStats> draw(const FrameInput& input, VkImage target) = 0;

    // Copies an RGBA8 picture (width x height as the image has it) into a quad image, left in COLOR_ATTACHMENT_OPTIMAL.
    virtual Result<void> upload_quad(VkImage target, VkExtent2D extent, std::span<const std::uint8_t> rgba) = 0;

    // The image views that draw() keeps of its targets are dropped; call before a swapchain is destroyed.
    virtual void forget_targets() = 0;

    // The patient's view for the mirror and for pictures: one eye of `target` plus the quad, as the compositor would show it,
    // in RGBA8 sRGB. Blocking variant of the mirror path; `target` is a picture that draw() filled.
    struct Picture {
        std::uint32_t width = 0, height = 0;
        std::vector<std::uint8_t> rgba;
    };
    // `quad_image` is one that upload_quad() filled; the newest uploaded picture is shown.
    // Both are called after draw() and before the target goes back to its swapchain; it was made with TRANSFER_SRC.
    virtual Result<Picture> read_eye(VkImage target, int eye, const xr::View& view, const xr::Quad& quad, VkImage quad_image) = 0;

    // The mirror without waiting: begin records and submits the copy, made smaller to `size`; false when three are still under way.
    // poll gives the newest finished one, once; false when there is none.
    virtual Result<bool> begin_mirror(VkImage target, int eye, const xr::View& view, const xr::Quad& quad, VkImage quad_image, VkExtent2D size) = 0;
    virtual Result<bool> poll_mirror(Picture& picture) = 0;

    // What frames with a MeasureRequest found, each once and oldest first: known when the second frame after it is drawn, or after
    // finish_measures(), which waits. Null: none yet. A pointer holds until the next draw; answers nobody takes are dropped, three are kept.
    virtual const CueViews* next_cues() = 0;
    virtual const Luminance* next_luminance() = 0;
    virtual Result<void> finish_measures() = 0;
    // The cues of a picture that nobody is shown: waits. For tools, tests and virtual time; `input.measure` gives head, gaze and time.
    virtual Result<CueViews> look(const FrameInput& input) = 0;
    virtual std::span<const std::string> cue_names(SceneId scene) const = 0;
};

}  // namespace accalmie::render
