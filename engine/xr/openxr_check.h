// SPDX-License-Identifier: Apache-2.0
// Owns: what an OpenXR call that failed becomes: a value that carries the result and the text of the call.
// Never: decides what follows. A lost session is told apart by is_lost(), since the program goes on after it.
#pragma once

// The platform header needs Vulkan's types and this definition before it.
#define XR_USE_GRAPHICS_API_VULKAN
#define XR_USE_TIMESPEC
#include <vulkan/vulkan.h>

#include <openxr/openxr.h>
#include <openxr/openxr_platform.h>

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.h"

namespace accalmie::xr {

struct XrFailure {
    XrResult result = XR_SUCCESS;
    std::string_view call;  // the text of the call, a string literal

    operator Error() const;  // "xrWaitFrame(...): XR_ERROR_RUNTIME_FAILURE" with what to do
};

template <class T>
using Checked = std::expected<T, XrFailure>;

std::string_view result_name(XrResult result);

// The session, the instance or the runtime behind it is gone. RUNTIME_FAILURE in the frame loop means that too: no call of the
// same session is any good after it, and a new session is the only way on.
bool is_lost(XrResult result);

inline constexpr const char* kNoRuntimeMessage = "no OpenXR runtime is active";
inline constexpr const char* kNoRuntimeHint =
    "start your headset's runtime, or Monado: XRT_COMPOSITOR_NULL=1 XRT_NO_STDIN=1 monado-service, or run with --xr offscreen";

// A move-only OpenXR handle.
template <class T, auto destroy>
class Handle {
public:
    Handle() = default;
    Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, T{})) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            value_ = std::exchange(other.value_, T{});
        }
        return *this;
    }
    ~Handle() { reset(); }

    void reset() {
        if (value_ != T{}) destroy(std::exchange(value_, T{}));
    }
    T get() const { return value_; }
    T* put() {
        reset();
        return &value_;
    }
    explicit operator bool() const { return value_ != T{}; }

private:
    T value_{};
};

using InstanceHandle = Handle<XrInstance, &xrDestroyInstance>;
using SessionHandle = Handle<XrSession, &xrDestroySession>;
using SpaceHandle = Handle<XrSpace, &xrDestroySpace>;
using SwapchainHandle = Handle<XrSwapchain, &xrDestroySwapchain>;
using ActionSetHandle = Handle<XrActionSet, &xrDestroyActionSet>;

}  // namespace accalmie::xr

// Leaves the function with an XrFailure when the call fails; success codes other than XR_SUCCESS pass.
#define ACCALMIE_XR(call)                                                                                      \
    do {                                                                                                       \
        if (const XrResult xr_result_ = (call); XR_FAILED(xr_result_))                                          \
            return std::unexpected(::accalmie::xr::XrFailure{xr_result_, #call});                              \
    } while (false)
