// SPDX-License-Identifier: Apache-2.0
// Owns: the XrInstance, the head-mounted system of it, and Vulkan made the way that the runtime wants it (XR_KHR_vulkan_enable2).
// Never: a session. Thread: the frame thread. Errors: a missing runtime or headset says what to start.
#pragma once

#include <ctime>
#include <optional>
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
    // What is enabled of what the runtime has.
    struct Features {
        bool hand_interaction = false, depth = false, visibility_mask = false, refresh_rate = false, eye_gaze = false, hand_joints = false;
        bool foveation = false;  // with its levels and their change on a swapchain
    };
    const Features& features() const { return features_; }
    XrVersion api_version() const { return api_version_; }
    // A function of an extension; null where it is not enabled.
    template <class Function>
    void find(const char* name, Function& function) const {
        if (XR_FAILED(xrGetInstanceProcAddr(get(), name, reinterpret_cast<PFN_xrVoidFunction*>(&function)))) function = nullptr;
    }
    std::optional<XrTime> now() const;  // by XR_KHR_convert_timespec_time, where the runtime has it

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
    Checked<void> look_at_system();
    Checked<void> load_vulkan_calls();

    InstanceHandle instance_;
    XrSystemId system_ = XR_NULL_SYSTEM_ID;
    std::string runtime_name_;
    Features features_;
    XrVersion api_version_ = XR_API_VERSION_1_1;
    PFN_xrConvertTimespecTimeToTimeKHR convert_time_ = nullptr;
    VulkanCalls vulkan_;
};

}  // namespace accalmie::xr
