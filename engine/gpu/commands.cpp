// SPDX-License-Identifier: Apache-2.0
#include "engine/gpu/commands.h"

#include <utility>

#include "engine/gpu/check.h"

namespace accalmie::gpu {
namespace {

// A GPU that has not answered for this long is hung; the driver resets it, and waiting on would hang the player with it.
constexpr std::uint64_t kPatience_ns = 20'000'000'000;

}  // namespace

Result<Commands> Commands::create(Device& device) {
    Commands made;
    made.device_ = device.handles().device;
    made.queue_ = device.handles().queue;
    ACCALMIE_VK_TRY(device.room_for_one_more());
    const VkCommandPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, .queueFamilyIndex = device.handles().queue_family};
    ACCALMIE_VK_TRY(vkCreateCommandPool(made.device_, &pool, nullptr, &made.pool_));
    const VkCommandBufferAllocateInfo buffer{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, .commandPool = made.pool_,
                                             .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY, .commandBufferCount = 1};
    ACCALMIE_VK_TRY(vkAllocateCommandBuffers(made.device_, &buffer, &made.commands_));
    const VkFenceCreateInfo fence{.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    ACCALMIE_VK_TRY(vkCreateFence(made.device_, &fence, nullptr, &made.fence_));
    return made;
}

Commands::~Commands() {
    if (device_ == VK_NULL_HANDLE) return;
    (void)wait();
    if (fence_ != VK_NULL_HANDLE) vkDestroyFence(device_, fence_, nullptr);
    if (pool_ != VK_NULL_HANDLE) vkDestroyCommandPool(device_, pool_, nullptr);
}

void Commands::swap(Commands& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(queue_, other.queue_);
    std::swap(pool_, other.pool_);
    std::swap(commands_, other.commands_);
    std::swap(fence_, other.fence_);
    std::swap(under_way_, other.under_way_);
}

Result<void> Commands::begin() {
    ACCALMIE_TRY(wait());
    ACCALMIE_VK_TRY(vkResetCommandPool(device_, pool_, 0));
    const VkCommandBufferBeginInfo info{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    ACCALMIE_VK_TRY(vkBeginCommandBuffer(commands_, &info));
    return {};
}

Result<void> Commands::submit() {
    ACCALMIE_VK_TRY(vkEndCommandBuffer(commands_));
    const VkCommandBufferSubmitInfo commands{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO, .commandBuffer = commands_};
    const VkSubmitInfo2 info{.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO_2, .commandBufferInfoCount = 1, .pCommandBufferInfos = &commands};
    ACCALMIE_VK_TRY(vkQueueSubmit2(queue_, 1, &info, fence_));
    under_way_ = true;
    return {};
}

Result<void> Commands::wait() {
    if (!under_way_) return {};
    const VkResult waited = vkWaitForFences(device_, 1, &fence_, VK_TRUE, kPatience_ns);
    if (waited == VK_TIMEOUT) return std::unexpected(Error{.message = "the graphics card does not answer", .hint = "start the player again"});
    if (waited < 0) return std::unexpected(vulkan_error("vkWaitForFences", waited));
    under_way_ = false;
    ACCALMIE_VK_TRY(vkResetFences(device_, 1, &fence_));
    return {};
}

Result<bool> Commands::finished() {
    if (!under_way_) return true;
    const VkResult status = vkGetFenceStatus(device_, fence_);
    if (status < 0) return std::unexpected(vulkan_error("vkGetFenceStatus", status));
    return status == VK_SUCCESS;
}

}  // namespace accalmie::gpu
