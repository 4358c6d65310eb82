// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_swapchain.h"

namespace accalmie::xr {
namespace {

// Long enough for a compositor that is late, short enough that the stop and the heartbeats never wait on a picture.
constexpr XrDuration kWait_ns = 250'000'000;

}  // namespace

Checked<void> Swapchain::create(XrSession session, VkFormat format, VkExtent2D extent, std::uint32_t layers,
                                XrSwapchainUsageFlags usage, const void* more) {
    XrSwapchainCreateInfo info{XR_TYPE_SWAPCHAIN_CREATE_INFO, more};
    info.usageFlags = usage;
    info.format = format;
    info.sampleCount = 1;
    info.width = extent.width;
    info.height = extent.height;
    info.faceCount = 1;
    info.arraySize = layers;
    info.mipCount = 1;
    ACCALMIE_XR(xrCreateSwapchain(session, &info, handle_.put()));

    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateSwapchainImages(get(), 0, &count, nullptr));
    std::vector<XrSwapchainImageVulkan2KHR> images(count, {XR_TYPE_SWAPCHAIN_IMAGE_VULKAN2_KHR});
    ACCALMIE_XR(xrEnumerateSwapchainImages(get(), count, &count, reinterpret_cast<XrSwapchainImageBaseHeader*>(images.data())));
    images_.clear();
    for (const auto& image : images) images_.push_back(image.image);
    extent_ = extent;
    state_ = State::released;
    ever_released_ = false;
    return {};
}

Checked<std::optional<std::uint32_t>> Swapchain::acquire() {
    if (state_ == State::ready) return index_;
    if (state_ == State::released) {
        const XrSwapchainImageAcquireInfo info{XR_TYPE_SWAPCHAIN_IMAGE_ACQUIRE_INFO};
        ACCALMIE_XR(xrAcquireSwapchainImage(get(), &info, &index_));
        state_ = State::acquired;
    }
    const XrSwapchainImageWaitInfo info{XR_TYPE_SWAPCHAIN_IMAGE_WAIT_INFO, nullptr, kWait_ns};
    const XrResult result = xrWaitSwapchainImage(get(), &info);
    if (result == XR_TIMEOUT_EXPIRED) return std::nullopt;
    if (XR_FAILED(result)) return std::unexpected(XrFailure{result, "xrWaitSwapchainImage"});
    state_ = State::ready;
    return index_;
}

Checked<void> Swapchain::release() {
    if (state_ != State::ready) return {};
    state_ = State::released;
    ever_released_ = true;
    const XrSwapchainImageReleaseInfo info{XR_TYPE_SWAPCHAIN_IMAGE_RELEASE_INFO};
    ACCALMIE_XR(xrReleaseSwapchainImage(get(), &info));
    return {};
}

void Swapchain::destroy() {
    handle_.reset();
    images_.clear();
    state_ = State::released;
}

}  // namespace accalmie::xr
