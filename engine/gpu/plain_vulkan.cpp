// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "engine/gpu/device.h"

namespace accalmie::gpu {
namespace {

int rank(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return 4;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return 3;
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return 2;
        case VK_PHYSICAL_DEVICE_TYPE_CPU: return 1;
        default: return 0;
    }
}

class PlainVulkan final : public xr::VulkanMaker {
public:
    VkResult create_instance(const VkInstanceCreateInfo& info, VkInstance* instance) override {
        return vkCreateInstance(&info, nullptr, instance);
    }

    Result<VkPhysicalDevice> pick_physical_device(VkInstance instance) override {
        std::uint32_t count = 0;
        vkEnumeratePhysicalDevices(instance, &count, nullptr);
        std::vector<VkPhysicalDevice> devices(count);
        if (count > 0) vkEnumeratePhysicalDevices(instance, &count, devices.data());

        VkPhysicalDevice best = VK_NULL_HANDLE;
        int best_rank = -1;
        for (VkPhysicalDevice device : devices) {
            VkPhysicalDeviceProperties properties{};
            vkGetPhysicalDeviceProperties(device, &properties);
            if (properties.apiVersion < VK_API_VERSION_1_3) continue;
            if (rank(properties.deviceType) > best_rank) {
                best = device;
                best_rank = rank(properties.deviceType);
            }
        }
        if (best == VK_NULL_HANDLE) return std::unexpected(no_device_error());
        return best;
    }

    VkResult create_device(VkPhysicalDevice physical_device, const VkDeviceCreateInfo& info, VkDevice* device) override {
        return vkCreateDevice(physical_device, &info, nullptr, device);
    }
};

}  // namespace

Error no_device_error() {
    return {.message = "no Vulkan device",
            .hint = "install mesa-vulkan-drivers for the software driver, or the graphics card's own driver with Vulkan 1.3"};
}

std::unique_ptr<xr::VulkanMaker> make_plain_vulkan() { return std::make_unique<PlainVulkan>(); }

}  // namespace accalmie::gpu
