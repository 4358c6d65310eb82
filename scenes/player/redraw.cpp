// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/redraw.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "scenes/data_root.h"
#include "scenes/link/panel_layout.h"
#include "scenes/player/frame_log.h"
#include "scenes/player/mirror_feed.h"
#include "scenes/player/scene_loader.h"

namespace accalmie::scenes {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);  // for one picture on a software driver

xr::View view_of(const link::ShownEye& eye) { return {{eye.orientation, eye.position_m}, {eye.left, eye.right, eye.up, eye.down}}; }

}  // namespace

Result<Redraw> Redraw::open(const Size& size, bool validation) {
    auto root = find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto font = Font::find();
    if (!font) return std::unexpected(std::move(font.error()));
    PlayerOptions options;
    options.width = size.eye_width;
    options.height = size.eye_height;
    options.samples = size.samples;
    options.validation = validation;
    auto theatre = Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    return Redraw(std::move(*theatre), std::move(*root), PanelPicture(std::move(*font)), {size.eye_width, size.eye_height});
}

Result<bool> Redraw::bring(const std::string& scene, bool compressed) {
    const auto before = brought_.find(scene);
    if (before == brought_.end() || before->second != compressed) {
        theatre_->remove(scene);
        LoadedScene loaded = load_scene(root_, scene, false);
        if (loaded.error) return std::unexpected(std::move(*loaded.error));
        if (auto added = theatre_->add(std::move(loaded.asset), compressed ? Textures::compressed : Textures::plain); !added) return std::unexpected(std::move(added.error()));
        brought_[scene] = compressed;
    }
    return theatre_->compressed(scene) == compressed;
}

Result<void> Redraw::hide(const xr::HiddenMesh& mesh) {
    if (mesh.triangles == hidden_.triangles) return {};
    auto set = theatre_->renderer().set_hidden_mesh(mesh);
    if (set) hidden_ = mesh;
    return set;
}

Result<render::Renderer::Picture> Redraw::picture(const std::string& scene, const Recorded& recorded, int eye) {
    const auto& [shown, plate, hidden, compressed] = recorded;
    if (auto there = bring(scene, compressed); !there) return std::unexpected(std::move(there.error()));
    if (auto set = hide(hidden); !set) return std::unexpected(std::move(set.error()));
    xr::Session& session = theatre_->session();
    render::Renderer& renderer = theatre_->renderer();
    xr::Frame frame;
    auto status = session.step_begin(frame);
    if (!status) return std::unexpected(std::move(status.error()));
    frame.views = {view_of(shown.left), view_of(shown.right)};
    const xr::Quad quad{.world_from_quad = link::panel_pose(), .size_m = link::kPanelSize_m, .visible = plate != nullptr};
    if (plate) {
        auto put = theatre_->show_panel(panel_.draw(content_of(*plate, shown)));
        if (!put) return std::unexpected(std::move(put.error()));
    }
    const VkImage target = session.color_images()[frame.image_index];
    auto drawn = renderer.draw({.views = frame.views, .scene = theatre_->scene(scene), .level = shown.level, .scene_time_s = shown.scene_time_s,
                                .brightness = shown.brightness,
                                .extent = {std::min(shown.drawn_width, eye_.width), std::min(shown.drawn_height, eye_.height)}}, target);
    if (!drawn) return std::unexpected(std::move(drawn.error()));
    auto begun = renderer.begin_mirror(target, eye, frame.views[static_cast<std::size_t>(eye)], quad, theatre_->panel_image(), mirror_extent(eye_));
    if (!begun) return std::unexpected(std::move(begun.error()));
    if (auto ended = session.step_end(frame, quad); !ended) return std::unexpected(std::move(ended.error()));
    render::Renderer::Picture picture;
    for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
        auto finished = renderer.poll_mirror(picture);
        if (!finished) return std::unexpected(std::move(finished.error()));
        if (*finished) return picture;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::unexpected(Error{.message = "the GPU does not finish a picture", .hint = "look after the graphics driver", .file = {}});
}

}  // namespace accalmie::scenes
