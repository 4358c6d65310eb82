// SPDX-License-Identifier: Apache-2.0
// Owns: the Vulkan instance, device, queue and allocator, made through the XR backend's VulkanMaker.
// Never: draws. Validation messages are counted here, so that tests can demand zero.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <vulkan/vulkan.h>

#include "engine/error.h"
#include "engine/gpu/stereo.h"
#include "engine/xr/session.h"

struct VmaAllocator_T;

namespace accalmie::gpu {

// A planted fault, for tests: memory ends at one allocation. Allocations are counted over all devices that were given it.
struct MemoryFault {
    std::uint64_t at = 0;                 // this one is answered VK_ERROR_OUT_OF_DEVICE_MEMORY, from 1; 0: none
    std::uint64_t times = 1;              // and so many in a row
    std::atomic<std::uint64_t> seen = 0;
    bool fired() const { return at != 0 && seen >= at; }
};

struct DeviceOptions {
    bool validation = false;  // VK_LAYER_KHRONOS_validation with synchronisation checks; an error when it is not installed
    StereoWish stereo = StereoWish::automatic;
    MemoryFault* memory_fault = nullptr;                     // outlives the device
    std::atomic<std::uint32_t>* message_count = nullptr;     // validation messages are counted here too: a leak is told when the device goes
};

class Device {
public:
    static Result<std::unique_ptr<Device>> create(xr::VulkanMaker& maker, const DeviceOptions& options);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    const xr::VulkanHandles& handles() const { return handles_; }
    VmaAllocator_T* allocator() const { return allocator_; }
    const std::string& name() const { return name_; }      // "llvmpipe (LLVM 19.1.7, 256 bits)"
    const std::string& driver() const { return driver_; }  // "llvmpipe: Mesa 25.0.7 (LLVM 19.1.7)": pictures are compared on one driver alone
    Stereo stereo() const { return stereo_; }               // the way that was chosen, for the device's life
    bool takes_bc7() const { return takes_bc7_; }           // textures of BC7 blocks
    bool software() const { return software_; }             // a driver that draws on the CPU (lavapipe)
    double timestamp_period_ns() const { return timestamp_period_ns_; }  // 0: the queue has no time stamps
    std::uint32_t validation_messages() const { return validation_messages_.load(); }
    // Asked before each allocation of memory, images and buffers and command pools alike.
    VkResult room_for_one_more() const { return fault_ != nullptr && fault_->at != 0 && ++fault_->seen - fault_->at < fault_->times ? VK_ERROR_OUT_OF_DEVICE_MEMORY : VK_SUCCESS; }

private:
    Device() = default;
    Result<void> make_instance(xr::VulkanMaker& maker, const DeviceOptions& options);
    Result<void> make_device(xr::VulkanMaker& maker);
    Result<void> choose_device(xr::VulkanMaker& maker, const DeviceOptions& options);
    Result<void> make_allocator();
    static VkBool32 VKAPI_PTR on_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT type,
                                         const VkDebugUtilsMessengerCallbackDataEXT* data, void* device);
    xr::VulkanHandles handles_;
    VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
    VmaAllocator_T* allocator_ = nullptr;
    std::string name_, driver_;
    bool software_ = false, takes_bc7_ = false;
    Stereo stereo_ = Stereo::layered;
    double timestamp_period_ns_ = 0;
    std::atomic<std::uint32_t> validation_messages_ = 0;  // the layer may speak on any thread
    std::atomic<std::uint32_t>* message_count_ = nullptr;
    MemoryFault* fault_ = nullptr;
};

// A plain maker: no runtime's wishes. Picks the best device: discrete, integrated, then software.
std::unique_ptr<xr::VulkanMaker> make_plain_vulkan();
// What any maker answers when there is nothing to draw with.
Error no_device_error();

}  // namespace accalmie::gpu
