// SPDX-License-Identifier: Apache-2.0
#include "engine/gpu/stereo.h"

namespace accalmie::gpu {

const char* name_of(Stereo stereo) {
    switch (stereo) {
        case Stereo::layered: return "layered";
        case Stereo::multiview: return "multiview";
        case Stereo::two_passes: break;
    }
    return "two passes";
}

Result<Stereo> choose_stereo(const StereoSupport& has, StereoWish wish) {
    switch (wish) {
        case StereoWish::multiview:
            if (has.multiview) return Stereo::multiview;
            return std::unexpected(Error{.message = "the quirk multiview is forced, and this graphics driver has no multiview", .hint = "leave the quirk out", .file = {}});
        case StereoWish::two_passes: return Stereo::two_passes;
        case StereoWish::no_multiview: return has.shader_output_layer ? Stereo::layered : Stereo::two_passes;
        case StereoWish::automatic: break;
    }
    if (has.shader_output_layer) return Stereo::layered;
    const bool lavapipe_no_multiview = has.lavapipe;
    return has.multiview && !lavapipe_no_multiview ? Stereo::multiview : Stereo::two_passes;
}

}  // namespace accalmie::gpu
