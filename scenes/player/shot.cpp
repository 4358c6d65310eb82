// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/shot.h"

#include <algorithm>
#include <format>

#include "engine/content/png_file.h"
#include "scenes/data_root.h"
#include "scenes/player/theatre.h"
#include "scenes/scene_file.h"

namespace accalmie::scenes {
namespace {

using Picture = render::Renderer::Picture;

Result<Picture> draw(Theatre& theatre, const Shot& shot) {
    xr::Frame frame;
    auto status = theatre.session().step_begin(frame);
    if (!status) return std::unexpected(std::move(status.error()));
    const VkImage target = theatre.session().color_images()[frame.image_index];
    auto drawn = theatre.renderer().draw({.views = frame.views, .scene = theatre.scene(shot.scene), .level = shot.level}, target);
    if (!drawn) return std::unexpected(std::move(drawn.error()));
    auto left = theatre.renderer().read_eye(target, 0, frame.views[0], {}, VK_NULL_HANDLE);
    if (!left) return left;
    if (shot.stereo) {
        auto right = theatre.renderer().read_eye(target, 1, frame.views[1], {}, VK_NULL_HANDLE);
        if (!right) return right;
        *left = side_by_side(*left, *right);
    }
    if (auto ended = theatre.session().step_end(frame, {}); !ended) return std::unexpected(std::move(ended.error()));
    return left;
}

}  // namespace

Picture side_by_side(const Picture& left, const Picture& right) {
    Picture both{.width = left.width + right.width, .height = left.height, .rgba = {}};
    both.rgba.reserve(left.rgba.size() + right.rgba.size());
    for (std::uint32_t y = 0; y < left.height; ++y)
        for (const Picture* eye : {&left, &right}) {
            const auto row = eye->rgba.begin() + static_cast<std::ptrdiff_t>(y) * eye->width * 4;
            both.rgba.insert(both.rgba.end(), row, row + static_cast<std::ptrdiff_t>(eye->width) * 4);
        }
    return both;
}

Result<void> render_shot(const Shot& shot, const std::string& png_path) {
    auto root = find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto scene = find_scene(*root, shot.scene);
    if (!scene) return std::unexpected(std::move(scene.error()));
    if (!scene->has_level(shot.level))
        return std::unexpected(Error{.message = std::format("{} has no level {}", shot.scene, shot.level), .hint = std::format("0 to {}", scene->levels.size() - 1), .file = {}});
    auto asset = load_model(*scene);
    if (!asset) return std::unexpected(std::move(asset.error()));
    PlayerOptions options;
    options.width = shot.size.width;
    options.height = shot.size.height;
    options.samples = shot.samples;
    options.validation = shot.validation;
    options.quirks = shot.quirks;
    auto theatre = Theatre::open(options, nullptr);
    if (!theatre) return std::unexpected(std::move(theatre.error()));
    if (auto added = (*theatre)->add(std::move(*asset)); !added) return added;
    auto picture = draw(**theatre, shot);
    if (!picture) return std::unexpected(std::move(picture.error()));
    if (shot.validation && (*theatre)->device().validation_messages() != 0)
        return std::unexpected(Error{.message = "the Vulkan validation layer had something to say", .hint = "its messages are on standard error", .file = {}});
    return content::write_png(png_path, picture->width, picture->height, picture->rgba);
}

}  // namespace accalmie::scenes
