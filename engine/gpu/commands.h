// SPDX-License-Identifier: Apache-2.0
// Owns: one command buffer with the fence that says when the GPU is done with it.
// Never: shared between threads. begin() waits for the last submission. Thread: the frame thread.
#pragma once

#include "engine/gpu/device.h"

namespace accalmie::gpu {

class Commands {
public:
    static Result<Commands> create(Device& device);
    Commands() = default;
    ~Commands();
    Commands(Commands&& other) noexcept { swap(other); }
    Commands& operator=(Commands&& other) noexcept { swap(other); return *this; }

    VkCommandBuffer handle() const { return commands_; }
    Result<void> begin();
    Result<void> submit();
    Result<void> wait();
    bool under_way() const { return under_way_; }   // submitted and not yet waited for
    Result<bool> finished();                        // asks without waiting

private:
    void swap(Commands& other) noexcept;
    VkDevice device_ = VK_NULL_HANDLE;
    VkQueue queue_ = VK_NULL_HANDLE;
    VkCommandPool pool_ = VK_NULL_HANDLE;
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
    VkFence fence_ = VK_NULL_HANDLE;
    bool under_way_ = false;
};

}  // namespace accalmie::gpu
