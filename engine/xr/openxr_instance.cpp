// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/openxr_instance.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <format>
#include <utility>
#include <vector>

namespace accalmie::xr {
namespace {

Checked<std::vector<std::string>> available_extensions() {
    std::uint32_t count = 0;
    ACCALMIE_XR(xrEnumerateInstanceExtensionProperties(nullptr, 0, &count, nullptr));
    std::vector<XrExtensionProperties> properties(count, {XR_TYPE_EXTENSION_PROPERTIES});
    ACCALMIE_XR(xrEnumerateInstanceExtensionProperties(nullptr, count, &count, properties.data()));
    std::vector<std::string> names;
    for (const auto& property : properties) names.emplace_back(property.extensionName);
    return names;
}

XrResult create(XrVersion api, const std::vector<const char*>& extensions, XrInstance* instance) {
    XrInstanceCreateInfo info{XR_TYPE_INSTANCE_CREATE_INFO};
    std::strncpy(info.applicationInfo.applicationName, "Accalmie", XR_MAX_APPLICATION_NAME_SIZE - 1);
    std::strncpy(info.applicationInfo.engineName, "Accalmie", XR_MAX_ENGINE_NAME_SIZE - 1);
    info.applicationInfo.applicationVersion = 1;
    info.applicationInfo.engineVersion = 1;
    info.applicationInfo.apiVersion = api;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.enabledExtensionNames = extensions.data();
    return xrCreateInstance(&info, instance);
}

template <class Function>
XrResult load(XrInstance instance, const char* name, Function& function) {
    return xrGetInstanceProcAddr(instance, name, reinterpret_cast<PFN_xrVoidFunction*>(&function));
}

VkResult vulkan_result(XrResult result, VkResult result_of_vulkan) {
    if (XR_FAILED(result)) return VK_ERROR_INITIALIZATION_FAILED;
    return result_of_vulkan;
}

}  // namespace

Result<std::unique_ptr<OpenXrInstance>> OpenXrInstance::create() {
    std::unique_ptr<OpenXrInstance> made(new OpenXrInstance);
    if (auto opened = made->open(); !opened) return std::unexpected(Error(opened.error()));
    return made;
}

Checked<void> OpenXrInstance::open() {
    auto available = available_extensions();
    if (!available) return std::unexpected(available.error());
    std::vector<const char*> wanted{XR_KHR_VULKAN_ENABLE2_EXTENSION_NAME};
    const auto want = [&](const char* name) {
        const bool there = std::ranges::contains(*available, name);
        if (there) wanted.push_back(name);
        return there;
    };
    features_.hand_interaction = want(XR_EXT_HAND_INTERACTION_EXTENSION_NAME);
    features_.depth = want(XR_KHR_COMPOSITION_LAYER_DEPTH_EXTENSION_NAME);
    features_.visibility_mask = want(XR_KHR_VISIBILITY_MASK_EXTENSION_NAME);
    features_.refresh_rate = want(XR_FB_DISPLAY_REFRESH_RATE_EXTENSION_NAME);
    features_.eye_gaze = want(XR_EXT_EYE_GAZE_INTERACTION_EXTENSION_NAME);
    features_.hand_joints = want(XR_EXT_HAND_TRACKING_EXTENSION_NAME);
    constexpr std::array foveation{XR_FB_FOVEATION_EXTENSION_NAME, XR_FB_FOVEATION_CONFIGURATION_EXTENSION_NAME, XR_FB_SWAPCHAIN_UPDATE_STATE_EXTENSION_NAME};
    features_.foveation = std::ranges::all_of(foveation, [&](const char* name) { return std::ranges::contains(*available, name); });
    if (features_.foveation) wanted.insert(wanted.end(), foveation.begin(), foveation.end());
    const bool tells_time = std::ranges::contains(*available, XR_KHR_CONVERT_TIMESPEC_TIME_EXTENSION_NAME);
    if (tells_time) wanted.push_back(XR_KHR_CONVERT_TIMESPEC_TIME_EXTENSION_NAME);

    XrResult result = xr::create(XR_API_VERSION_1_1, wanted, instance_.put());
    if (result == XR_ERROR_API_VERSION_UNSUPPORTED) result = xr::create(api_version_ = XR_API_VERSION_1_0, wanted, instance_.put());
    // The loader found a manifest, but nothing stands behind it: Monado's client without its service fails so, and an API layer
    // in between makes another code of it.
    if (result == XR_ERROR_RUNTIME_FAILURE || result == XR_ERROR_INITIALIZATION_FAILED) result = XR_ERROR_RUNTIME_UNAVAILABLE;
    if (XR_FAILED(result)) return std::unexpected(XrFailure{result, "xrCreateInstance"});

    XrInstanceProperties properties{XR_TYPE_INSTANCE_PROPERTIES};
    ACCALMIE_XR(xrGetInstanceProperties(get(), &properties));
    runtime_name_ = std::format("{} {}.{}.{}", properties.runtimeName, XR_VERSION_MAJOR(properties.runtimeVersion),
                                XR_VERSION_MINOR(properties.runtimeVersion), XR_VERSION_PATCH(properties.runtimeVersion));

    const XrSystemGetInfo system_info{XR_TYPE_SYSTEM_GET_INFO, nullptr, XR_FORM_FACTOR_HEAD_MOUNTED_DISPLAY};
    ACCALMIE_XR(xrGetSystem(get(), &system_info, &system_));
    if (tells_time) ACCALMIE_XR(load(get(), "xrConvertTimespecTimeToTimeKHR", convert_time_));
    if (auto looked = look_at_system(); !looked) return looked;
    return load_vulkan_calls();
}

// A runtime may know an extension whose device is not there.
Checked<void> OpenXrInstance::look_at_system() {
    XrSystemProperties properties{XR_TYPE_SYSTEM_PROPERTIES};
    XrSystemEyeGazeInteractionPropertiesEXT eyes{XR_TYPE_SYSTEM_EYE_GAZE_INTERACTION_PROPERTIES_EXT};
    XrSystemHandTrackingPropertiesEXT hands{XR_TYPE_SYSTEM_HAND_TRACKING_PROPERTIES_EXT};
    if (features_.eye_gaze) properties.next = &eyes;
    if (features_.hand_joints) hands.next = std::exchange(properties.next, &hands);
    ACCALMIE_XR(xrGetSystemProperties(get(), system_, &properties));
    features_.eye_gaze = eyes.supportsEyeGazeInteraction == XR_TRUE;
    features_.hand_joints = hands.supportsHandTracking == XR_TRUE;
    return {};
}

std::optional<XrTime> OpenXrInstance::now() const {
    timespec monotonic{};
    XrTime time = 0;
    if (convert_time_ == nullptr || clock_gettime(CLOCK_MONOTONIC, &monotonic) != 0 || XR_FAILED(convert_time_(get(), &monotonic, &time))) return std::nullopt;
    return time;
}

Checked<void> OpenXrInstance::load_vulkan_calls() {
    ACCALMIE_XR(load(get(), "xrGetVulkanGraphicsRequirements2KHR", vulkan_.requirements));
    ACCALMIE_XR(load(get(), "xrCreateVulkanInstanceKHR", vulkan_.create_instance));
    ACCALMIE_XR(load(get(), "xrGetVulkanGraphicsDevice2KHR", vulkan_.graphics_device));
    ACCALMIE_XR(load(get(), "xrCreateVulkanDeviceKHR", vulkan_.create_device));
    return {};
}

VkResult OpenXrInstance::create_instance(const VkInstanceCreateInfo& info, VkInstance* instance) {
    // The runtime demands that its requirements are asked for first.
    XrGraphicsRequirementsVulkan2KHR requirements{XR_TYPE_GRAPHICS_REQUIREMENTS_VULKAN2_KHR};
    if (XR_FAILED(vulkan_.requirements(get(), system_, &requirements))) return VK_ERROR_INITIALIZATION_FAILED;
    const std::uint32_t wanted = info.pApplicationInfo != nullptr ? info.pApplicationInfo->apiVersion : VK_API_VERSION_1_0;
    const XrVersion version = XR_MAKE_VERSION(VK_API_VERSION_MAJOR(wanted), VK_API_VERSION_MINOR(wanted), 0);
    if (version < requirements.minApiVersionSupported) return VK_ERROR_INCOMPATIBLE_DRIVER;

    XrVulkanInstanceCreateInfoKHR create_info{XR_TYPE_VULKAN_INSTANCE_CREATE_INFO_KHR};
    create_info.systemId = system_;
    create_info.pfnGetInstanceProcAddr = &vkGetInstanceProcAddr;
    create_info.vulkanCreateInfo = &info;
    VkResult vulkan = VK_ERROR_INITIALIZATION_FAILED;
    const XrResult result = vulkan_.create_instance(get(), &create_info, instance, &vulkan);
    return vulkan_result(result, vulkan);
}

Result<VkPhysicalDevice> OpenXrInstance::pick_physical_device(VkInstance instance) {
    const XrVulkanGraphicsDeviceGetInfoKHR info{XR_TYPE_VULKAN_GRAPHICS_DEVICE_GET_INFO_KHR, nullptr, system_, instance};
    VkPhysicalDevice device = VK_NULL_HANDLE;
    const auto pick = [&]() -> Checked<void> {
        ACCALMIE_XR(vulkan_.graphics_device(get(), &info, &device));
        return {};
    };
    if (auto picked = pick(); !picked) {
        Error error = XrFailure{picked.error().result, "xrGetVulkanGraphicsDevice2KHR"};
        error.hint = "the runtime's graphics device is not one that Vulkan shows here: check the driver";
        return std::unexpected(error);
    }
    return device;
}

VkResult OpenXrInstance::create_device(VkPhysicalDevice physical_device, const VkDeviceCreateInfo& info, VkDevice* device) {
    XrVulkanDeviceCreateInfoKHR create_info{XR_TYPE_VULKAN_DEVICE_CREATE_INFO_KHR};
    create_info.systemId = system_;
    create_info.pfnGetInstanceProcAddr = &vkGetInstanceProcAddr;
    create_info.vulkanPhysicalDevice = physical_device;
    create_info.vulkanCreateInfo = &info;
    VkResult vulkan = VK_ERROR_INITIALIZATION_FAILED;
    const XrResult result = vulkan_.create_device(get(), &create_info, device, &vulkan);
    return vulkan_result(result, vulkan);
}

}  // namespace accalmie::xr
