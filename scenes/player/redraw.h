// SPDX-License-Identifier: Apache-2.0
// Owns: drawing a recorded frame again, off-screen, with the same code and the same read-back as the player's mirror, so that on the same
// driver, device and processor the bytes are the same. Never: needs a runtime, a window or a console. Thread: one owner.
// Errors: a scene that is not there any more, a level that it has not, a GPU that fails.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "scenes/link/messages.h"
#include "scenes/player/panel_picture.h"
#include "scenes/player/theatre.h"

namespace accalmie::scenes {

class Redraw {
public:
    struct Size {
        std::uint32_t eye_width = 0, eye_height = 0, samples = 1;
    };
    static Result<Redraw> open(const Size& size, bool validation = false);

    const std::string& device() const { return theatre_->device().name(); }
    const std::string& driver() const { return theatre_->device().driver(); }
    std::uint32_t validation_messages() const { return theatre_->device().validation_messages(); }

    // One eye (0: left, 1: right) with the panel over it, as the mirror has it; `plate` is what was written on the panel, null without one.
    struct Recorded {
        const link::ShownFrame& shown;
        const link::PanelPlate* plate = nullptr;
        const xr::HiddenMesh& hidden;   // what the lenses hid
        bool compressed = false;        // the scene's textures were BC7 blocks
    };
    Result<render::Renderer::Picture> picture(const std::string& scene, const Recorded& recorded, int eye = 0);
    // Brings a scene with its textures as they were. False: they were blocks, and device or cache do not have them here; it is drawn plain.
    Result<bool> bring(const std::string& scene, bool compressed);

private:
    Redraw(std::unique_ptr<Theatre> theatre, std::string root, PanelPicture panel, VkExtent2D eye)
        : theatre_(std::move(theatre)), root_(std::move(root)), panel_(std::move(panel)), eye_(eye) {}
    Result<void> hide(const xr::HiddenMesh& mesh);

    std::unique_ptr<Theatre> theatre_;
    std::string root_;
    PanelPicture panel_;
    VkExtent2D eye_;
    xr::HiddenMesh hidden_;
    std::map<std::string, bool> brought_;  // with textures asked for as blocks
};

}  // namespace accalmie::scenes
