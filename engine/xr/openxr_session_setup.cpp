// SPDX-License-Identifier: Apache-2.0
// The beginning of a session: what the runtime has is asked, and what is used of it is made. The frame loop is in openxr_session.cpp.
#include "engine/xr/openxr_session.h"

#include <algorithm>
#include <format>
#include <vector>

#include "engine/xr/hidden_mesh.h"
#include "engine/xr/openxr_pose.h"
#include "engine/xr/refresh_rate.h"

namespace accalmie::xr {
namespace {

constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;

}  // namespace

Result<void> OpenXrSession::init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) {
    if (auto opened = open(handles, {quad_width, quad_height}); !opened) {
        shutdown();
        return std::unexpected(Error(opened.error()));
    }
    return {};
}

Checked<void> OpenXrSession::open(const VulkanHandles& handles, VkExtent2D quad_extent) {
    device_ = handles.device;
    const XrGraphicsBindingVulkan2KHR binding{XR_TYPE_GRAPHICS_BINDING_VULKAN2_KHR, nullptr, handles.instance, handles.physical_device,
                                              handles.device, handles.queue_family, 0};
    const XrSessionCreateInfo info{XR_TYPE_SESSION_CREATE_INFO, &binding, 0, instance_->system()};
    ACCALMIE_XR(xrCreateSession(instance_->get(), &info, session_.put()));

    if (auto chosen = choose_blend_mode(); !chosen) return chosen;
    auto extent = choose_extent();
    if (!extent) return std::unexpected(extent.error());
    auto format = choose_format();
    if (!format) return std::unexpected(format.error());
    format_ = static_cast<VkFormat>(*format);

    constexpr XrSwapchainUsageFlags drawn = XR_SWAPCHAIN_USAGE_COLOR_ATTACHMENT_BIT | XR_SWAPCHAIN_USAGE_TRANSFER_SRC_BIT;
    constexpr XrSwapchainUsageFlags painted = drawn | XR_SWAPCHAIN_USAGE_TRANSFER_DST_BIT | XR_SWAPCHAIN_USAGE_SAMPLED_BIT;
    const bool foveated = options_.foveation && instance_->features().foveation;
    const XrSwapchainCreateInfoFoveationFB may_change{XR_TYPE_SWAPCHAIN_CREATE_INFO_FOVEATION_FB, nullptr, 0};
    if (auto made = color_.create(session_.get(), format_, *extent, 2, drawn, foveated ? &may_change : nullptr); !made) return made;
    if (foveated) {
        if (auto applied = foveation_.apply(*instance_, session_.get(), color_.get()); !applied) return applied;
    }
    if (auto made = quad_.create(session_.get(), VK_FORMAT_R8G8B8A8_SRGB, quad_extent, 1, painted); !made) return made;
    if (has_depth_) {
        if (auto made = depth_.create(session_.get(), kDepthFormat, *extent, 2, XR_SWAPCHAIN_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT); !made) return made;
    }
    if (auto made = create_spaces(); !made) return made;
    if (auto asked = ask_refresh_rate(); !asked) return asked;
    if (auto asked = ask_hidden_mesh(); !asked) return asked;
    if (auto made = hands_.create(*instance_, session_.get()); !made) return made;
    const auto& features = instance_->features();
    return actions_.create(instance_->get(), session_.get(), features.hand_interaction, features.eye_gaze);
}

Checked<VkExtent2D> OpenXrSession::choose_extent() const {
    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateViewConfigurationViews(instance_->get(), instance_->system(), kStereo, 0, &count, nullptr));
    std::vector<XrViewConfigurationView> views(count, {XR_TYPE_VIEW_CONFIGURATION_VIEW});
    ACCALMIE_XR(xrEnumerateViewConfigurationViews(instance_->get(), instance_->system(), kStereo, count, &count, views.data()));
    VkExtent2D extent{}, most{~0u, ~0u};
    for (const auto& view : views) {  // one array image serves both eyes
        extent.width = std::max(extent.width, view.recommendedImageRectWidth);
        extent.height = std::max(extent.height, view.recommendedImageRectHeight);
        most.width = std::min(most.width, view.maxImageRectWidth);
        most.height = std::min(most.height, view.maxImageRectHeight);
    }
    if (options_.width != 0) extent.width = options_.width;
    if (options_.height != 0) extent.height = options_.height;
    return VkExtent2D{std::min(extent.width, most.width), std::min(extent.height, most.height)};
}

Checked<void> OpenXrSession::choose_blend_mode() {
    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateEnvironmentBlendModes(instance_->get(), instance_->system(), kStereo, 0, &count, nullptr));
    std::vector<XrEnvironmentBlendMode> modes(count);
    ACCALMIE_XR(xrEnumerateEnvironmentBlendModes(instance_->get(), instance_->system(), kStereo, count, &count, modes.data()));
    if (!modes.empty() && !std::ranges::contains(modes, blend_mode_)) blend_mode_ = modes.front();
    return {};
}

Checked<std::int64_t> OpenXrSession::choose_format() {
    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateSwapchainFormats(session_.get(), 0, &count, nullptr));
    std::vector<std::int64_t> formats(count);
    ACCALMIE_XR(xrEnumerateSwapchainFormats(session_.get(), count, &count, formats.data()));
    has_depth_ = options_.depth_layer && instance_->features().depth && std::ranges::contains(formats, static_cast<std::int64_t>(kDepthFormat));
    for (const std::int64_t wanted : {VK_FORMAT_R8G8B8A8_SRGB, VK_FORMAT_B8G8R8A8_SRGB})
        if (std::ranges::contains(formats, wanted)) return wanted;
    return std::unexpected(XrFailure{XR_ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED, "an sRGB swapchain with 8 bits a channel"});
}

Checked<void> OpenXrSession::create_spaces() {
    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateReferenceSpaces(session_.get(), 0, &count, nullptr));
    std::vector<XrReferenceSpaceType> types(count);
    ACCALMIE_XR(xrEnumerateReferenceSpaces(session_.get(), count, &count, types.data()));

    XrReferenceSpaceCreateInfo info{XR_TYPE_REFERENCE_SPACE_CREATE_INFO};
    info.poseInReferenceSpace.orientation.w = 1;
    info.referenceSpaceType = XR_REFERENCE_SPACE_TYPE_VIEW;
    ACCALMIE_XR(xrCreateReferenceSpace(session_.get(), &info, view_.put()));

    has_stage_ = std::ranges::contains(types, XR_REFERENCE_SPACE_TYPE_STAGE);
    return place_world({});
}

Checked<void> OpenXrSession::place_world(const Pose& on_plain) {
    XrReferenceSpaceCreateInfo info = world_space(has_stage_);
    info.poseInReferenceSpace = xr::to_xr(compose(to_pose(info.poseInReferenceSpace), on_plain));
    ACCALMIE_XR(xrCreateReferenceSpace(session_.get(), &info, world_.put()));
    plain_from_world_ = on_plain;
    return {};
}

// A wish: a display that refuses keeps its own rate.
Checked<void> OpenXrSession::ask_refresh_rate() {
    if (!instance_->features().refresh_rate) return {};
    PFN_xrEnumerateDisplayRefreshRatesFB enumerate = nullptr;
    PFN_xrRequestDisplayRefreshRateFB request = nullptr;
    PFN_xrGetDisplayRefreshRateFB get = nullptr;
    instance_->find("xrEnumerateDisplayRefreshRatesFB", enumerate);
    instance_->find("xrRequestDisplayRefreshRateFB", request);
    instance_->find("xrGetDisplayRefreshRateFB", get);
    if (enumerate == nullptr || request == nullptr || get == nullptr) return {};
    std::uint32_t count = 0;
    ACCALMIE_XR(enumerate(session_.get(), 0, &count, nullptr));
    std::vector<float> rates(count);
    ACCALMIE_XR(enumerate(session_.get(), count, &count, rates.data()));
    rates.resize(count);
    if (const auto rate = nearest_rate(rates, options_.refresh_hz)) {
        const XrResult asked = request(session_.get(), *rate);
        if (is_lost(asked)) return std::unexpected(XrFailure{asked, "xrRequestDisplayRefreshRateFB"});
    }
    float now_hz = 0;
    if (XR_SUCCEEDED(get(session_.get(), &now_hz)) && now_hz > 0) refresh_hz_ = now_hz;
    return {};
}

// A runtime that knows the extension may still have no mesh for its headset: then nothing is hidden.
Checked<void> OpenXrSession::ask_hidden_mesh() {
    PFN_xrGetVisibilityMaskKHR ask = nullptr;
    if (options_.visibility_mask && instance_->features().visibility_mask) instance_->find("xrGetVisibilityMaskKHR", ask);
    if (ask == nullptr) return {};
    HiddenMesh mesh;
    for (std::uint32_t eye = 0; eye < 2; ++eye) {
        XrVisibilityMaskKHR mask{XR_TYPE_VISIBILITY_MASK_KHR};
        ACCALMIE_XR(ask(session_.get(), kStereo, eye, XR_VISIBILITY_MASK_TYPE_HIDDEN_TRIANGLE_MESH_KHR, &mask));
        std::vector<XrVector2f> points(mask.vertexCountOutput);
        std::vector<std::uint32_t> indices(mask.indexCountOutput);
        if (points.empty() || indices.empty()) continue;
        mask.vertexCapacityInput = mask.vertexCountOutput;
        mask.vertices = points.data();
        mask.indexCapacityInput = mask.indexCountOutput;
        mask.indices = indices.data();
        ACCALMIE_XR(ask(session_.get(), kStereo, eye, XR_VISIBILITY_MASK_TYPE_HIDDEN_TRIANGLE_MESH_KHR, &mask));
        for (const std::uint32_t index : indices)
            if (index < points.size()) mesh.triangles[eye].emplace_back(points[index].x, points[index].y);
        if (mesh.triangles[eye].size() != indices.size() || !usable(mesh.triangles[eye])) mesh.triangles[eye].clear();
    }
    hidden_ = std::move(mesh);
    hidden_is_new_ = true;
    return {};
}

std::string OpenXrSession::features() const {
    const auto& has = instance_->features();
    const XrVersion api = instance_->api_version();
    return std::format("OpenXR {}.{}; display {} ({:.0f} Hz wished); depth layer {}; visibility mask {}; eye gaze {}; bare hands {}; hand joints {}; foveation {}; wait {}",
                       XR_VERSION_MAJOR(api), XR_VERSION_MINOR(api), refresh_hz_ ? std::format("{:.0f} Hz", *refresh_hz_) : std::string("at its own rate"),
                       options_.refresh_hz, has_depth_ ? "on" : has.depth ? "off" : "not there",
                       !has.visibility_mask ? "not there" : !options_.visibility_mask ? "off" : hidden_.triangles[0].empty() ? "empty" : "on", has.eye_gaze ? "on" : "not there",
                       has.hand_interaction ? "on" : "not there", hands_.there() ? "on" : "not there", !has.foveation ? "not there" : !options_.foveation ? "off" : !foveation_.on() ? "refused" : foveation_.dynamic() ? "medium, dynamic" : "medium", options_.overlap ? "overlapped" : "in line");
}

Result<std::unique_ptr<Session>> make_openxr_session(const Options& options) {
    auto instance = OpenXrInstance::create();
    if (!instance) return std::unexpected(instance.error());
    return std::make_unique<OpenXrSession>(std::move(*instance), options);
}

}  // namespace accalmie::xr
