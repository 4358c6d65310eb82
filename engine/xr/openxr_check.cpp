// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_check.h"

#include <openxr/openxr_reflection.h>

#include <format>

namespace accalmie::xr {

std::string_view result_name(XrResult result) {
#define ACCALMIE_XR_NAME(name, number) \
    case name: return #name;
    switch (result) {
        XR_LIST_ENUM_XrResult(ACCALMIE_XR_NAME)
        default: return "an unknown XrResult";
    }
#undef ACCALMIE_XR_NAME
}

bool is_lost(XrResult result) {
    return result == XR_ERROR_SESSION_LOST || result == XR_ERROR_INSTANCE_LOST || result == XR_ERROR_RUNTIME_FAILURE;
}

namespace {

std::string hint_for(XrResult result) {
    switch (result) {
        case XR_ERROR_RUNTIME_UNAVAILABLE: return kNoRuntimeHint;
        case XR_ERROR_FORM_FACTOR_UNAVAILABLE:
            return "the runtime answers but sees no headset: plug it in, switch it on and try again";
        case XR_ERROR_FORM_FACTOR_UNSUPPORTED:
            return "the active runtime drives no headset: choose another with XR_RUNTIME_JSON";
        case XR_ERROR_EXTENSION_NOT_PRESENT: return "the runtime has no XR_KHR_vulkan_enable2: update it or choose another";
        case XR_ERROR_API_LAYER_NOT_PRESENT: return "XR_ENABLE_API_LAYERS names a layer that XR_API_LAYER_PATH does not hold";
        case XR_ERROR_SESSION_LOST:
        case XR_ERROR_INSTANCE_LOST:
        case XR_ERROR_RUNTIME_FAILURE: return "the headset's runtime went away or refused: restart it";
        default: return {};
    }
}

}  // namespace

XrFailure::operator Error() const {
    if (result == XR_ERROR_RUNTIME_UNAVAILABLE) return Error{.message = kNoRuntimeMessage, .hint = kNoRuntimeHint};
    return Error{.message = std::format("{}: {}", call, result_name(result)), .hint = hint_for(result)};
}

}  // namespace accalmie::xr
