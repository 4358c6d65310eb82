// SPDX-License-Identifier: Apache-2.0
#include "engine/gpu/device.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <format>
#include <print>
#include <vector>

#include <vulkan/vk_enum_string_helper.h>

#include "engine/gpu/check.h"
#include "engine/gpu/vma.h"

namespace accalmie::gpu {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

bool layer_installed(const char* name) {
    std::uint32_t count = 0;
    vkEnumerateInstanceLayerProperties(&count, nullptr);
    std::vector<VkLayerProperties> layers(count);
    if (count > 0) vkEnumerateInstanceLayerProperties(&count, layers.data());
    return std::ranges::any_of(layers, [&](const VkLayerProperties& layer) { return std::strcmp(layer.layerName, name) == 0; });
}

void add_unique(std::vector<const char*>& names, const char* name) {
    if (std::ranges::none_of(names, [&](const char* have) { return std::strcmp(have, name) == 0; })) names.push_back(name);
}

// The features that the renderer stands on, asked for one structure each: a runtime that adds structures of its own
// (Monado does) must not meet the same feature twice in one chain.
struct Features {
    VkPhysicalDeviceSynchronization2Features synchronization2{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SYNCHRONIZATION_2_FEATURES};
    VkPhysicalDeviceDynamicRenderingFeatures dynamic_rendering{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DYNAMIC_RENDERING_FEATURES,
                                                               .pNext = &synchronization2};
    VkPhysicalDeviceFeatures2 core{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &dynamic_rendering};
};

// Empty when the device has all that is needed, else the name of what it lacks.
const char* missing_feature(VkPhysicalDevice device) {
    Features has;
    vkGetPhysicalDeviceFeatures2(device, &has.core);
    if (!has.dynamic_rendering.dynamicRendering) return "dynamicRendering";
    if (!has.synchronization2.synchronization2) return "synchronization2";
    if (!has.core.features.dualSrcBlend) return "dualSrcBlend";
    if (!has.core.features.samplerAnisotropy) return "samplerAnisotropy";
    return "";
}

StereoSupport stereo_support(VkPhysicalDevice device) {
    VkPhysicalDeviceVulkan12Features vulkan12{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    VkPhysicalDeviceMultiviewFeatures multiview{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MULTIVIEW_FEATURES, .pNext = &vulkan12};
    VkPhysicalDeviceFeatures2 features{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &multiview};
    vkGetPhysicalDeviceFeatures2(device, &features);
    VkPhysicalDeviceDriverProperties driver{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &driver};
    vkGetPhysicalDeviceProperties2(device, &properties);
    return {.shader_output_layer = vulkan12.shaderOutputLayer == VK_TRUE, .multiview = multiview.multiview == VK_TRUE, .lavapipe = driver.driverID == VK_DRIVER_ID_MESA_LLVMPIPE};
}

}  // namespace

bool out_of_memory(const Error& error) {
    return error.message.contains("VK_ERROR_OUT_OF_DEVICE_MEMORY") || error.message.contains("VK_ERROR_OUT_OF_HOST_MEMORY") || error.message.contains("VK_ERROR_OUT_OF_POOL_MEMORY");
}

Error vulkan_error(const char* call, VkResult result) {
    Error error{.message = std::format("{} gave {}", call, string_VkResult(result))};
    if (result == VK_ERROR_DEVICE_LOST) error.hint = "the graphics driver was reset; start the player again";
    if (out_of_memory(error)) error.hint = "out of graphics memory; close other programs or lower --size or --msaa";
    return error;
}

VkBool32 VKAPI_PTR Device::on_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT,
                                      const VkDebugUtilsMessengerCallbackDataEXT* data, void* device) {
    // A driver that is installed but has no device is the loader's concern, not a misuse of ours.
    const bool from_loader = data->pMessageIdName != nullptr && std::strcmp(data->pMessageIdName, "Loader Message") == 0;
    if (from_loader) return VK_FALSE;
    auto* const self = static_cast<Device*>(device);
    self->validation_messages_.fetch_add(1);
    if (self->message_count_ != nullptr) self->message_count_->fetch_add(1);
    const char* kind = (severity & VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT) != 0 ? "error" : "warning";
    std::println(stderr, "vulkan {}: {}: {}", kind, data->pMessageIdName != nullptr ? data->pMessageIdName : "-", data->pMessage);
    return VK_FALSE;
}

Result<std::unique_ptr<Device>> Device::create(xr::VulkanMaker& maker, const DeviceOptions& options) {
    std::unique_ptr<Device> device(new Device);
    device->fault_ = options.memory_fault;
    device->message_count_ = options.message_count;
    ACCALMIE_TRY(device->make_instance(maker, options));
    ACCALMIE_TRY(device->choose_device(maker, options));
    ACCALMIE_TRY(device->make_device(maker));
    ACCALMIE_TRY(device->make_allocator());
    return device;
}

Result<void> Device::make_instance(xr::VulkanMaker& maker, const DeviceOptions& options) {
    std::vector<const char*> extensions;
    for (const char* name : maker.instance_extensions()) add_unique(extensions, name);

    VkDebugUtilsMessengerCreateInfoEXT messenger{.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
    messenger.messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    messenger.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT;
    messenger.pfnUserCallback = &Device::on_message;
    messenger.pUserData = this;

    const VkBool32 on = VK_TRUE;
    const VkLayerSettingEXT synchronisation{kValidationLayer, "validate_sync", VK_LAYER_SETTING_TYPE_BOOL32_EXT, 1, &on};
    const VkLayerSettingsCreateInfoEXT settings{.sType = VK_STRUCTURE_TYPE_LAYER_SETTINGS_CREATE_INFO_EXT, .pNext = &messenger,
                                                .settingCount = 1, .pSettings = &synchronisation};
    if (options.validation) {
        if (!layer_installed(kValidationLayer))
            return std::unexpected(Error{.message = std::format("{} is not installed", kValidationLayer), .hint = "install vulkan-validationlayers"});
        add_unique(extensions, VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
        add_unique(extensions, VK_EXT_LAYER_SETTINGS_EXTENSION_NAME);
    }

    const VkApplicationInfo application{.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .pApplicationName = "accalmie", .applicationVersion = 1,
                                        .pEngineName = "accalmie", .engineVersion = 1, .apiVersion = VK_API_VERSION_1_3};
    VkInstanceCreateInfo info{.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pNext = options.validation ? &settings : nullptr};
    info.pApplicationInfo = &application;
    info.enabledLayerCount = options.validation ? 1 : 0;
    info.ppEnabledLayerNames = &kValidationLayer;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();

    const VkResult made = maker.create_instance(info, &handles_.instance);
    if (made == VK_ERROR_INCOMPATIBLE_DRIVER) return std::unexpected(no_device_error());
    if (made < 0) return std::unexpected(vulkan_error("create_instance", made));

    if (options.validation) {
        const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(handles_.instance, "vkCreateDebugUtilsMessengerEXT"));
        if (create != nullptr) ACCALMIE_VK_TRY(create(handles_.instance, &messenger, nullptr, &messenger_));
    }
    return {};
}

namespace {

std::string driver_of(VkPhysicalDevice device, std::uint32_t api_version) {
    if (api_version < VK_API_VERSION_1_2) return {};  // refused anyway
    VkPhysicalDeviceDriverProperties driver{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &driver};
    vkGetPhysicalDeviceProperties2(device, &properties);
    return std::format("{}: {}", driver.driverName, driver.driverInfo);
}

}  // namespace

Result<void> Device::choose_device(xr::VulkanMaker& maker, const DeviceOptions& options) {
    auto picked = maker.pick_physical_device(handles_.instance);
    if (!picked) return std::unexpected(std::move(picked.error()));
    handles_.physical_device = *picked;

    VkPhysicalDeviceProperties properties{};
    vkGetPhysicalDeviceProperties(handles_.physical_device, &properties);
    name_ = properties.deviceName;
    driver_ = driver_of(handles_.physical_device, properties.apiVersion);
    software_ = properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    if (properties.apiVersion < VK_API_VERSION_1_3)
        return std::unexpected(Error{.message = std::format("{} has no Vulkan 1.3", name_), .hint = "update the graphics driver"});
    if (const char* lacks = missing_feature(handles_.physical_device); *lacks != 0)
        return std::unexpected(Error{.message = std::format("{} lacks the Vulkan feature {}", name_, lacks), .hint = "update the graphics driver"});
    auto stereo = choose_stereo(stereo_support(handles_.physical_device), options.stereo);
    if (!stereo) return std::unexpected(std::move(stereo.error()));
    stereo_ = *stereo;
    VkPhysicalDeviceFeatures features{};
    vkGetPhysicalDeviceFeatures(handles_.physical_device, &features);
    takes_bc7_ = features.textureCompressionBC == VK_TRUE;

    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(handles_.physical_device, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(handles_.physical_device, &count, families.data());
    const auto graphics = std::ranges::find_if(families, [](const VkQueueFamilyProperties& family) { return (family.queueFlags & VK_QUEUE_GRAPHICS_BIT) != 0; });
    if (graphics == families.end()) return std::unexpected(Error{.message = std::format("{} has no graphics queue", name_), .hint = "choose another device"});
    handles_.queue_family = static_cast<std::uint32_t>(graphics - families.begin());
    timestamp_period_ns_ = graphics->timestampValidBits > 0 ? static_cast<double>(properties.limits.timestampPeriod) : 0.0;
    return {};
}

Result<void> Device::make_device(xr::VulkanMaker& maker) {
    Features wanted;
    wanted.synchronization2.synchronization2 = VK_TRUE;
    wanted.dynamic_rendering.dynamicRendering = VK_TRUE;
    wanted.core.features.dualSrcBlend = VK_TRUE;
    wanted.core.features.samplerAnisotropy = VK_TRUE;
    wanted.core.features.textureCompressionBC = takes_bc7_ ? VK_TRUE : VK_FALSE;

    VkPhysicalDeviceMultiviewFeatures multiview{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MULTIVIEW_FEATURES, .multiview = VK_TRUE};
    if (stereo_ == Stereo::multiview) wanted.synchronization2.pNext = &multiview;
    // Enables shaderOutputLayer without the Vulkan 1.2 features structure (see Features).
    std::vector<const char*> extensions;
    if (stereo_ == Stereo::layered) extensions.push_back(VK_EXT_SHADER_VIEWPORT_INDEX_LAYER_EXTENSION_NAME);
    for (const char* name : maker.device_extensions()) add_unique(extensions, name);
    const float priority = 1;
    const VkDeviceQueueCreateInfo queue{.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueFamilyIndex = handles_.queue_family,
                                        .queueCount = 1, .pQueuePriorities = &priority};
    VkDeviceCreateInfo info{.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, .pNext = &wanted.core};
    info.queueCreateInfoCount = 1;
    info.pQueueCreateInfos = &queue;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    if (const VkResult made = maker.create_device(handles_.physical_device, info, &handles_.device); made < 0)
        return std::unexpected(vulkan_error("create_device", made));
    vkGetDeviceQueue(handles_.device, handles_.queue_family, 0, &handles_.queue);
    return {};
}

Result<void> Device::make_allocator() {
    VmaAllocatorCreateInfo info{};
    info.instance = handles_.instance;
    info.physicalDevice = handles_.physical_device;
    info.device = handles_.device;
    info.vulkanApiVersion = VK_API_VERSION_1_3;
    ACCALMIE_VK_TRY(vmaCreateAllocator(&info, &allocator_));
    return {};
}

Device::~Device() {
    if (allocator_ != nullptr) vmaDestroyAllocator(allocator_);
    if (handles_.device != VK_NULL_HANDLE) vkDestroyDevice(handles_.device, nullptr);
    if (messenger_ != VK_NULL_HANDLE) {
        const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(handles_.instance, "vkDestroyDebugUtilsMessengerEXT"));
        if (destroy != nullptr) destroy(handles_.instance, messenger_, nullptr);
    }
    if (handles_.instance != VK_NULL_HANDLE) vkDestroyInstance(handles_.instance, nullptr);
}

}  // namespace accalmie::gpu
