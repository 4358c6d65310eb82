// SPDX-License-Identifier: Apache-2.0
// Owns: the XrInstance, the head-mounted system of it, and Vulkan made the way that the runtime wants it (XR_KHR_vulkan_enable2).
// Never: a session. Thread: the frame thread. Errors: a missing runtime or headset says what to start.
#pragma once

#include <string>

#include "engine/xr/openxr_check.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

class OpenXrInstance final : public VulkanMaker {
public:
    static Result<std::unique_ptr<OpenXrInstance>> create();

    XrInstance get() const { return instance_.get(); }
    XrSystemId system() const { return system_; }
    const std::string& runtime_name() const { return runtime_name_; }
    bool has_hand_interaction() const { return has_hand_interaction_; }

    VkResult create_instance(const VkInstanceCreateInfo& info, VkInstance* instance) override;
    Result<VkPhysicalDevice> pick_physical_device(VkInstance instance) override;
    VkResult create_device(VkPhysicalDevice physical_device, const VkDeviceCreateInfo& info, VkDevice* device) override;

private:
    struct VulkanCalls {
        PFN_xrGetVulkanGraphicsRequirements2KHR requirements = nullptr;
        PFN_xrCreateVulkanInstanceKHR create_instance = nullptr;
        PFN_xrGetVulkanGraphicsDevice2KHR graphics_device = nullptr;
        PFN_xrCreateVulkanDeviceKHR create_device = nullptr;
    };

    OpenXrInstance() = default;
    Checked<void> open();
    Checked<void> load_vulkan_calls();

    InstanceHandle instance_;
    XrSystemId system_ = XR_NULL_SYSTEM_ID;
    std::string runtime_name_;
    bool has_hand_interaction_ = false;
    VulkanCalls vulkan_;
};

}  // namespace accalmie::xr
