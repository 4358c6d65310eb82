// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/gpu_device.h"

#include <array>
#include <format>
#include <utility>

namespace accalmie::console {

Result<void> check(VkResult result, const char* call) {
    if (result == VK_SUCCESS || result == VK_SUBOPTIMAL_KHR) return {};
    return std::unexpected(Error{std::format("the console's picture failed: {} returned {}", call, static_cast<int>(result)),
                                 "update the graphics driver, or use the software one: VK_LOADER_DRIVERS_SELECT='lvp*'"});
}

Result<GpuDevice> GpuDevice::make_instance(std::span<const char* const> extensions) {
    VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
    application.pApplicationName = "accalmie console";
    application.apiVersion = VK_API_VERSION_1_3;
    VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
    info.pApplicationInfo = &application;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    GpuDevice gpu;
    if (vkCreateInstance(&info, nullptr, &gpu.instance_) != VK_SUCCESS)
        return std::unexpected(Error{"no Vulkan driver answers, so the console cannot draw", "apt-get install mesa-vulkan-drivers"});
    return gpu;
}

namespace {

int rank(VkPhysicalDevice physical) {
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(physical, &properties);
    if (properties.apiVersion < VK_API_VERSION_1_3) return 0;
    switch (properties.deviceType) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return 4;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return 3;
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return 2;
        default: return 1;
    }
}

int usable_family(VkPhysicalDevice physical, VkSurfaceKHR surface) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    for (std::uint32_t i = 0; i < count; ++i) {
        VkBool32 shows = VK_TRUE;
        if (surface && vkGetPhysicalDeviceSurfaceSupportKHR(physical, i, surface, &shows) != VK_SUCCESS) shows = VK_FALSE;
        if ((families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) && shows) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace

Result<void> GpuDevice::choose(VkSurfaceKHR surface) {
    std::uint32_t count = 0;
    vkEnumeratePhysicalDevices(instance_, &count, nullptr);
    std::vector<VkPhysicalDevice> found(count);
    vkEnumeratePhysicalDevices(instance_, &count, found.data());
    int best = 0;
    for (VkPhysicalDevice candidate : found) {
        const int family = usable_family(candidate, surface);
        if (family < 0 || rank(candidate) <= best) continue;
        best = rank(candidate);
        physical_ = candidate;
        family_ = static_cast<std::uint32_t>(family);
    }
    if (!physical_) return std::unexpected(Error{"no graphics device with Vulkan 1.3 can draw the console", "apt-get install mesa-vulkan-drivers"});
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(physical_, &properties);
    name_ = properties.deviceName;

    const float priority = 1;
    VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
    queue.queueFamilyIndex = family_;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    VkPhysicalDeviceVulkan13Features features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
    features.synchronization2 = VK_TRUE;
    const std::array<const char*, 1> extensions{VK_KHR_SWAPCHAIN_EXTENSION_NAME};
    VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
    info.pNext = &features;
    info.queueCreateInfoCount = 1;
    info.pQueueCreateInfos = &queue;
    info.enabledExtensionCount = surface ? 1 : 0;
    info.ppEnabledExtensionNames = extensions.data();
    if (auto made = check(vkCreateDevice(physical_, &info, nullptr, &device_), "vkCreateDevice"); !made) return made;
    vkGetDeviceQueue(device_, family_, 0, &queue_);
    return {};
}

GpuDevice::GpuDevice(GpuDevice&& other) noexcept
    : instance_(std::exchange(other.instance_, VK_NULL_HANDLE)), physical_(other.physical_),
      device_(std::exchange(other.device_, VK_NULL_HANDLE)), queue_(other.queue_), family_(other.family_), name_(std::move(other.name_)) {}

GpuDevice::~GpuDevice() {
    if (device_) vkDestroyDevice(device_, nullptr);
    if (instance_) vkDestroyInstance(instance_, nullptr);
}

Result<std::uint32_t> GpuDevice::memory_type(std::uint32_t allowed, VkMemoryPropertyFlags wanted) const {
    VkPhysicalDeviceMemoryProperties memory;
    vkGetPhysicalDeviceMemoryProperties(physical_, &memory);
    for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i)
        if ((allowed & (1u << i)) && (memory.memoryTypes[i].propertyFlags & wanted) == wanted) return i;
    return std::unexpected(Error{"the graphics device has no memory of the kind that the console needs", "update the graphics driver"});
}

Result<GpuImage> GpuDevice::make_image(std::uint32_t width, std::uint32_t height, VkImageUsageFlags usage) const {
    GpuImage out{.width = width, .height = height};
    VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
    info.imageType = VK_IMAGE_TYPE_2D;
    info.format = VK_FORMAT_R8G8B8A8_UNORM;
    info.extent = {width, height, 1};
    info.mipLevels = info.arrayLayers = 1;
    info.samples = VK_SAMPLE_COUNT_1_BIT;
    info.tiling = VK_IMAGE_TILING_OPTIMAL;
    info.usage = usage;
    if (auto made = check(vkCreateImage(device_, &info, nullptr, &out.image), "vkCreateImage"); !made) return std::unexpected(made.error());
    VkMemoryRequirements needs;
    vkGetImageMemoryRequirements(device_, out.image, &needs);
    const auto type = memory_type(needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
    VkMemoryAllocateInfo allocation{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocation.allocationSize = needs.size;
    allocation.memoryTypeIndex = type.value_or(0);
    auto bound = type ? check(vkAllocateMemory(device_, &allocation, nullptr, &out.memory), "vkAllocateMemory") : Result<void>(std::unexpected(type.error()));
    if (bound) bound = check(vkBindImageMemory(device_, out.image, out.memory, 0), "vkBindImageMemory");
    VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    view.image = out.image;
    view.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view.format = info.format;
    view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    if (bound) bound = check(vkCreateImageView(device_, &view, nullptr, &out.view), "vkCreateImageView");
    if (bound) return out;
    destroy(out);
    return std::unexpected(bound.error());
}

Result<GpuBuffer> GpuDevice::make_buffer(std::size_t bytes, VkBufferUsageFlags usage) const {
    GpuBuffer out{.bytes = bytes};
    VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    info.size = bytes;
    info.usage = usage;
    if (auto made = check(vkCreateBuffer(device_, &info, nullptr, &out.buffer), "vkCreateBuffer"); !made) return std::unexpected(made.error());
    VkMemoryRequirements needs;
    vkGetBufferMemoryRequirements(device_, out.buffer, &needs);
    const auto type = memory_type(needs.memoryTypeBits, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
    VkMemoryAllocateInfo allocation{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocation.allocationSize = needs.size;
    allocation.memoryTypeIndex = type.value_or(0);
    auto bound = type ? check(vkAllocateMemory(device_, &allocation, nullptr, &out.memory), "vkAllocateMemory") : Result<void>(std::unexpected(type.error()));
    if (bound) bound = check(vkBindBufferMemory(device_, out.buffer, out.memory, 0), "vkBindBufferMemory");
    void* mapped = nullptr;
    if (bound) bound = check(vkMapMemory(device_, out.memory, 0, VK_WHOLE_SIZE, 0, &mapped), "vkMapMemory");
    out.data = static_cast<std::uint8_t*>(mapped);
    if (bound) return out;
    destroy(out);
    return std::unexpected(bound.error());
}

void GpuDevice::destroy(GpuImage& image) const {
    vkDestroyImageView(device_, image.view, nullptr);
    vkDestroyImage(device_, image.image, nullptr);
    vkFreeMemory(device_, image.memory, nullptr);
    image = {};
}

void GpuDevice::destroy(GpuBuffer& buffer) const {
    vkDestroyBuffer(device_, buffer.buffer, nullptr);
    vkFreeMemory(device_, buffer.memory, nullptr);
    buffer = {};
}

void barrier(VkCommandBuffer commands, VkImage image, VkImageLayout from, VkImageLayout to) {
    VkImageMemoryBarrier2 change{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
    change.srcStageMask = change.dstStageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
    change.srcAccessMask = VK_ACCESS_2_MEMORY_WRITE_BIT;
    change.dstAccessMask = VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT;
    change.oldLayout = from;
    change.newLayout = to;
    change.srcQueueFamilyIndex = change.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    change.image = image;
    change.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    VkDependencyInfo dependency{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
    dependency.imageMemoryBarrierCount = 1;
    dependency.pImageMemoryBarriers = &change;
    vkCmdPipelineBarrier2(commands, &dependency);
}

}  // namespace accalmie::console
