// SPDX-License-Identifier: Apache-2.0
// Owns: how a failed Vulkan call becomes an Error that carries the call's own text.
// Never: throws or aborts. Thread: any.
#pragma once

#include <expected>

#include <vulkan/vulkan.h>

#include "engine/error.h"

namespace accalmie::gpu {

// "vkQueueSubmit2(queue, 1, &submit, fence) gave VK_ERROR_DEVICE_LOST", with a hint where one helps.
Error vulkan_error(const char* call, VkResult result);
// One of those errors is that memory ended: less of the same may fit.
bool out_of_memory(const Error& error);

}  // namespace accalmie::gpu

// Returns from the enclosing function, which returns a Result, when a Vulkan call fails.
#define ACCALMIE_VK_TRY(call)                                                                            \
    do {                                                                                                 \
        if (const VkResult vk_try_result = (call); vk_try_result < 0)                                    \
            return std::unexpected(::accalmie::gpu::vulkan_error(#call, vk_try_result));                 \
    } while (false)

// The same for a call that gives a Result<void>.
#define ACCALMIE_TRY(call)                                                                               \
    do {                                                                                                 \
        if (auto try_result = (call); !try_result) return std::unexpected(std::move(try_result.error())); \
    } while (false)
